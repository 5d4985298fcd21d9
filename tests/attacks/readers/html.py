# Tries to run a script in the browser of whoever reads the page: in names, messages, values and output.
# Earns: double 1
# %%
WORDS = """<script>alert('attack')</script><img src=x onerror=alert(1)>"><svg/onload=alert(2)>&lt;b&gt;</pre></code></td>"""
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
