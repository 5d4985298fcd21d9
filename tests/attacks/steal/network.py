# Tries to open a socket of every family, to call home.
# Earns: total 2
# %%
import socket
for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        for protocol in (0, 1, 6, 17):
            try:
                with socket.socket(family, kind, protocol):
                    print("STOLEN a socket", family, kind, protocol)
            except OSError:
                pass
try:
    import urllib.request
    urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
    print("STOLEN an answer")
except OSError as error:
    print(type(error).__name__)

# %%
def total(X):
    return (X * 2).sum(1)
