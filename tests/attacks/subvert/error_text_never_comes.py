# Tries to hold the grading up for ever by an error whose text never comes.
# Earns: total 2
# Against: patience
# %%
class Endless(Exception):
    def __str__(self):
        while True:
            pass


# %%
def double(X):
    if X.dim() == 2:
        raise Endless


# %%
def total(X):
    return (X * 2).sum(1)
