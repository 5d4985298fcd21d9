# Tries to have the grader keep and tell why 300 cells fail, each at length.
# Earns: total 2
# %% × 300
raise OSError("x" * 10**5)
# %%
def total(X):
    return (X * 2).sum(1)
