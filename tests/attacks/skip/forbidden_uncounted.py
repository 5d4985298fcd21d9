# Tries to earn the points for an operation that the check forbids, while the counting is switched off.
# Earns: double 2, total 2
# Not stopped: what counts lives in the answer's own process.
# %%
from torch.utils._python_dispatch import _disable_current_modes

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    with _disable_current_modes():
        return X + X


# %%
def total(X):
    return (X * 2).sum(1)
