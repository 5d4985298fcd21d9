# Tries to earn the points for an operation that the check forbids, hidden in a function of autograd of its own.
# Earns: double 2, total 2
# %%
import torch

class Twice(torch.autograd.Function):
    @staticmethod
    def forward(context, X):
        return X.detach() + X.detach()

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
