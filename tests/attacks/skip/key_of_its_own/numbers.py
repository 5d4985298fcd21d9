# Tries to be judged by what lies beside it: a key, checks, a course's settings and results that are its own.
# Earns: total 2
# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
