# Tries to break whoever writes down its error: the text of it is no text.
# Earns: total 2
# %%
class Wordless(Exception):
    def __str__(self):
        return 5


# %%
def double(X):
    raise Wordless


# %%
def total(X):
    return (X * 2).sum(1)
