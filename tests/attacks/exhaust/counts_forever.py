# Tries to stop the class with an iterator that never ends, in the place of a list of numbers.
# Earns: double 4
# %%
import itertools, torch

# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2


# %%
def total(X):
    return torch.stack(list(iter(lambda: X.sum(1)[:0], None)))
