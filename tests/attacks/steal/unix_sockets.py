# Tries to talk to the machine's own services through Unix sockets, by path and by abstract name, with a pair it may have.
# Earns: total 2
# %%
import os, socket
names = ["/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/notify", "/dev/log"]
names += ["/tmp/.X11-unix/X0", "\0/tmp/.X11-unix/X0", "\0/tmp/dbus-attack", "\0attack_left"]
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try:
        one, _ = socket.socketpair(socket.AF_UNIX, kind)
    except OSError:
        continue
    for name in names:
        steps = [one.bind] * name.startswith("\0attack") + [one.connect, lambda name: socket.socket(socket.AF_UNIX).connect(name)]
        for step in steps + [lambda name: one.sendto(b"x", name)] * (kind is socket.SOCK_DGRAM):
            try:
                step(name)
                print("STOLEN a word with", name)
            except OSError:
                pass

# %%
def total(X):
    return (X * 2).sum(1)
