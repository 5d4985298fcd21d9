# Tries to earn the points for an operation that the check forbids, in a program that TorchScript runs.
# Earns: double 2, total 2
# %%
import torch

TWICE = torch.jit.CompilationUnit("def twice(X):\n    return X + X\n")

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return TWICE.twice(X)


# %%
def total(X):
    return (X * 2).sum(1)
