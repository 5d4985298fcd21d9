# Tries to attach to the server and to its parent as a debugger, and to read their memory.
# Earns: total 2
# %%
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
SEIZE, PEEK = 0x4206, 2  # it is not stopped, so nothing is lost when this ends
for pid in {1, 2, os.getppid()}:
    for request, address in ((SEIZE, None), (PEEK, id(os))):
        libc.ptrace.restype = ctypes.c_long
        if libc.ptrace(request, pid, ctypes.c_void_p(address), None) != -1:
            print("STOLEN", request, pid)

# %%
def total(X):
    return (X * 2).sum(1)
