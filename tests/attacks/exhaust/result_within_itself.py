# Tries to have a result read without end: a list, a dict and a module that hold themselves, and an error that caused itself.
# Earns: total 2
# %%
from torch import nn

def double(X):
    if isinstance(X, str):
        error = ValueError("it")
        error.__cause__ = error.__context__ = error
        raise error
    found = [X]
    found.append({"again": found})
    module = nn.Module()
    module.__dict__["again"] = module
    module._modules["again"] = module
    return [found, module]


# %%
def total(X):
    return (X * 2).sum(1)
