# Tries to stop the class with sleep: it takes no processor, and never comes back.
# Earns: double 4
# %%
import threading, time

# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2


# %%
def total(X):
    time.sleep(3600)
    threading.Event().wait()
