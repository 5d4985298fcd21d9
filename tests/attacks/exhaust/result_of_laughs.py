# Tries to fill the memory of whoever reads a result, by a small list that holds a billion billions of others: each holds one list twice.
# Earns: total 2
# %%
def double(X):
    if not isinstance(X, str):
        return X * 0
    found = [X]
    for _ in range(60):
        found = [found, found]
    return found


# %%
def total(X):
    return (X * 2).sum(1)
