# Tries to be read as Markdown and as mathematics, where links and references are alive.
# Earns: double 1
# %%
WORDS = "[go](javascript:alert(1)) ![x](https://attack.invalid/x) <https://attack.invalid> $\\href{javascript:alert(2)}{x}$"
WORDS += "\n\n[a]: javascript:alert(3)\n\n# [a] \\(\\href{javascript:alert(4)}{y}\\)\n\n<div>"
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
