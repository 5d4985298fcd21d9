# Tries to take the grader down with it: a pointer to nowhere.
# Earns: total 2
# Against: file
# %%
import ctypes


def double(X):
    return ctypes.string_at(0)


# %%
def total(X):
    return (X * 2).sum(1)
