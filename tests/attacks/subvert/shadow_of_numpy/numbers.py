# Tries to be imported in the place of NumPy: a package numpy lies beside the hand-in.
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
