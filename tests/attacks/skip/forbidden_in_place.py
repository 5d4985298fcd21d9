# Tries to earn the points for an operation that the check forbids, in place.
# Earns: double 2, total 2
# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X.clone().add_(X)


# %%
def total(X):
    return (X * 2).sum(1)
