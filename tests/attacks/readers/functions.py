# Tries to smuggle words in as what its functions are called, and as what stands in their place.
# Earns: nothing
# %%
WORDS = "<img src=x onerror=alert(1)>\x1b[31m\u202e=1+1 `<b>`"

double = type(WORDS, (), {"__module__": WORDS, "__name__": WORDS})()

# %%
def total(X):
    return (X * 2).sum(1).missing(WORDS)

total.__name__ = total.__qualname__ = total.__module__ = total.__doc__ = WORDS
