# Tries to send what is no text: half characters, NUL, what XML has not, the end of a section, an entity.
# Earns: double 1
# %%
NAME = "\ufffe\uffff]]><![CDATA[<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;&#0;"
WORDS = NAME + "\x00\ud800\udfff"

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
