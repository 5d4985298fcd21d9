# Tries to have the kernel send the server a signal: as the owner of a pipe that becomes ready.
# Earns: total 2
# %%
import fcntl, os, signal, socket, struct
one, other = socket.socketpair()
found = []
for command, target in ((fcntl.F_SETOWN, os.getppid()), (15, struct.pack("ii", 1, os.getppid()))):
    try:
        fcntl.fcntl(one, command, target)
        found.append(command)
    except OSError:
        pass
for request in (0x8901, 0x8902):
    try:
        fcntl.ioctl(one, request, struct.pack("i", os.getppid()))
        found.append(request)
    except OSError:
        pass
fcntl.fcntl(one, 10, signal.SIGWINCH)
fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC)
other.send(b"x")
if found:
    print("STOLEN", found)

# %%
def total(X):
    return (X * 2).sum(1)
