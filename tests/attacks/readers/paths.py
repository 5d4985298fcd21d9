# Tries to be written somewhere else, by names that lead out of a folder.
# Earns: double 1
# %%
WORDS = "../../../gradebook.db /tmp/attack_left C:\\attack_left %2e%2e%2f ~/attack_left file:///etc/passwd .."
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
