# Tries to keep the grader waiting: it sends half a frame, and sleeps.
# Earns: total 2
# Against: patience
# %%
import os
import stat
import struct
import time

for number in range(3, 256):
    try:
        if stat.S_ISSOCK(os.fstat(number).st_mode):
            os.write(number, struct.pack("!II", 1000, 0) + b'{"error": ')
            break
    except OSError:
        pass
time.sleep(10_000)

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
