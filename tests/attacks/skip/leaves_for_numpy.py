# Tries to earn the points for a forbidden operation where none is counted: sample by sample, in NumPy.
# Earns: double 2, total 2
# %%
import numpy as np
import torch

class Twice(torch.autograd.Function):
    @staticmethod
    def forward(context, X):
        rows = [row + row for row in np.asarray(X.detach())]
        return torch.from_numpy(np.stack(rows))

    @staticmethod
    def backward(context, gradient):
        return gradient * 2

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return Twice.apply(X)


# %%
def total(X):
    return (X * 2).sum(1)
