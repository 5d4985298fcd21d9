# Tries to stand in the way of the result: a folder lies where its file belongs.
# Earns: total 2
# Against: file
# %%
from pathlib import Path

Path("results.json").mkdir()

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
