# Tries to end with success before anything is tested: sys.exit(0) in a cell.
# Earns: total 2
# Against: exit status
# %%
import sys

sys.exit(0)

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
