# Tries to smuggle words in as the names of parts of a result: keys, fields of a module, an answer that is text.
# Earns: double 1
# %%
import torch
WORDS = "<script>alert(1)</script>\x1b[31m\u202e=1+1 `<b>` ../.."

def double(X):
    if isinstance(X, str):
        raise TypeError(WORDS)
    return {WORDS: X, X: WORDS, (WORDS,): [WORDS]} if X.shape[0] > 1 else WORDS

# %%
def total(X):
    model = torch.nn.Module()
    model._buffers[WORDS] = X
    model._parameters[WORDS] = torch.nn.Parameter(X.detach())
    return model if X.shape[0] > 1 else type("text", (str,), {"__str__": lambda self: WORDS})(WORDS)
