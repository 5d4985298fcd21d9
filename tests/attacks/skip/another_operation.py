# Tries to do without the operation that the check forbids, by one that does the same and is not forbidden: what is dispatched tells.
# Earns: double 4, total 2
# %%
import torch

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    if X.dim() == 3:
        return torch.addcmul(X, X, torch.ones_like(X))
    return torch.baddbmm(X[None], torch.zeros(1, X.shape[0], 1), torch.zeros(1, 1, X.shape[1]), beta=2)[0]


# %%
def total(X):
    return (X * 2).sum(1)
