# Tries to use what is forbidden unseen: what counts operations counts none any more.
# Earns: double 2, total 2
# Not stopped: what counts lives in the answer's own process.
# Against: pipeline
# %%
from grader.worker import count

count.CountOperations.__torch_dispatch__ = lambda self, func, types, args=(), kwargs=None: func(*args, **(kwargs or {}))


# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X + X


# %%
def total(X):
    return (X * 2).sum(1)
