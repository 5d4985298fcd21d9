# Tries to end the grading by a signal to itself.
# Earns: total 2
# Against: file
# %%
import os
import signal

os.kill(os.getpid(), signal.SIGKILL)

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
