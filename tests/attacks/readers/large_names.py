# Tries to fill the disk and the screen of whoever reads, with names, messages and output of a megabyte.
# Earns: double 1
# %%
WORDS = "<&`$[x](" * 150_000
NAME = WORDS

def double(X):
    if isinstance(X, str):
        raise type(NAME, (TypeError,), {})(WORDS)
    raise type(NAME, (Exception,), {"__module__": WORDS, "__qualname__": NAME})(WORDS)

# %%
def total(X):
    return type(NAME, (), {"__repr__": lambda self: WORDS, "__doc__": WORDS})()

# %%
print(WORDS)

# %%
raise LookupError(WORDS)
