# Tries to earn the points for an operation that the check forbids, mapped over the rows by torch.func.
# Earns: double 2, total 2
# %%
import torch

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return torch.func.vmap(lambda row: row + row)(X)


# %%
def total(X):
    return (X * 2).sum(1)
