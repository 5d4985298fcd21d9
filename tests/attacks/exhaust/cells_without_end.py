# Tries to have the grader run more cells than a person writes.
# Earns: nothing
# %%
def total(X):
    return (X * 2).sum(1)
# %% × 1001
0
