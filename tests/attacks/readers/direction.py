# Tries to turn the direction of writing, so that wrong reads as right, and to hide words in what nobody sees.
# Earns: double 1
# %%
WORDS = "\u202etfel ot thgir\u202c \u2066\u200b\u200d\ufeff\u2028\u2029\U000e0041\u061c\xad right: 4 of 4"
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
