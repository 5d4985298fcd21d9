# Tries to stop the class with a regular expression that goes through all ways to split a word, and lets no other thread in.
# Earns: double 4
# %%
import re

# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2


# %%
def total(X):
    re.fullmatch(r'(a|aa|a?a)+b', 'a' * 60)
