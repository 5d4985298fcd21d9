# Tries to take all memory, from Python, from PyTorch and from the system; not more than six gigabytes, and touches few of them.
# Earns: total 2
# %%
import mmap, torch
kept = []
try:
    for _ in range(6):
        kept.append(bytearray(1 << 30))
except MemoryError:
    print(len(kept))
kept.clear()

# %%
try:
    for _ in range(6):
        kept.append(torch.empty(1 << 28))
except RuntimeError:
    print(len(kept))
kept.clear()

# %%
try:
    for _ in range(6):
        kept.append(mmap.mmap(-1, 1 << 30))
except OSError:
    print(len(kept))
if len(kept) == 6:
    print("STOLEN memory")

# %%
def total(X):
    return (X * 2).sum(1)
