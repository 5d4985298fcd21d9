# Tries to hold the grading up for ever when anything is asked of its result.
# Earns: total 2
# Against: patience
# %%
class Trap:
    def __getattr__(self, name):
        while True:
            pass


# %%
def double(X):
    return Trap()


# %%
def total(X):
    return (X * 2).sum(1)
