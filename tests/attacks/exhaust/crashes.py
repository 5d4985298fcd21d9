# Tries to take the server with it: it crashes in four ways, each in a cell of its own.
# Earns: total 2
# %%
import ctypes
ctypes.string_at(0)

# %%
import os
os.abort()

# %%
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
open("/tmp/attack_left_large", "wb").truncate(1 << 40)

# %%
import faulthandler, os
os.closerange(0, 256)

# %%
def total(X):
    return (X * 2).sum(1)
