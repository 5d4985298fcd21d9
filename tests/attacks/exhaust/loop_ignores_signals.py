# Tries to stop the class with a loop that no signal ends: all that can be ignored are.
# Earns: double 4
# %%
import signal

# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2


# %%
def total(X):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        pass
