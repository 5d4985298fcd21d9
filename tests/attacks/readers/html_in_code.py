# Tries to break out of what a page sets as code, by the marks of code itself.
# Earns: double 1
# %%
WORDS = "`<b onclick=alert(1)>` ```\n</code></pre><iframe src=javascript:alert(2)></iframe>\n```\n~~~\n{{ 7 * 7 }} {% raw %} {#"
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
