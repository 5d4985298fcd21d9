# Tries to run when its folder is put on Python's path: lines of a .pth file that begin with import are executed.
# Earns: total 2
# Against: file
# %%
import torch

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
