# Tries to run before everything else: Python imports a sitecustomize.py that it finds when it starts.
# Earns: total 2
# Against: startup
# %%
import torch

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
