# Tries to earn points by giving back None, then nothing.
# Earns: double 1, total 2
# %%
import torch

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return None


# %%
def total(X):
    return (X * 2).sum(1)
