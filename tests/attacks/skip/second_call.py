# Tries to do the work when it is first called, and to be lazy after that.
# Earns: double 1, total 2
# %%
calls = []

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    calls.append(1)
    return X * 2 if len(calls) == 1 else X


# %%
def total(X):
    return (X * 2).sum(1)
