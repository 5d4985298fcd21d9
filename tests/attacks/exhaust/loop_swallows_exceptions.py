# Tries to stop the class with a loop that catches whatever is raised in it, interrupts and exits too.
# Earns: double 4
# %%
import sys
sys.unraisablehook = sys.excepthook = lambda *what: None

# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2


# %%
def total(X):
    while True:
        try:
            while True:
                pass
        except:
            continue
