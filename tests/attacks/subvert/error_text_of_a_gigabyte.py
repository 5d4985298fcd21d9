# Tries to fill memory and reports by an error whose text is 1 GB long.
# Earns: total 2
# %%
class Long(Exception):
    def __str__(self):
        return "x" * 10**9


# %%
def double(X):
    if X.dim() == 2:
        raise Long


# %%
def total(X):
    return (X * 2).sum(1)
