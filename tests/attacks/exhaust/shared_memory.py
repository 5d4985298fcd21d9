# Tries to fill the memory that all processes share, and to leave something in it.
# Earns: total 2
# %%
import ctypes, os
from multiprocessing import shared_memory
libc = ctypes.CDLL(None, use_errno=True)
held = 0
try:
    with open("/dev/shm/attack_left", "wb") as file:
        for _ in range(40):
            held += file.write(bytes(1 << 20))
            file.flush()
    print("STOLEN", held)
except OSError as error:
    print(error)
try:
    kept = shared_memory.SharedMemory("attack_left_shared", True, 1000)
except OSError as error:
    print(error)
for name, call in (
    ("shmget", lambda: libc.shmget(0x4242, 4096, 0o1600)), ("semget", lambda: libc.semget(0x4242, 1, 0o1600)),
    ("msgget", lambda: libc.msgget(0x4242, 0o1600)), ("memfd", lambda: libc.memfd_create(b"attack_left", 0)),
    ("add_key", lambda: libc.syscall(248, b"user", b"attack_left", b"x", 1, -3) if os.uname().machine == "x86_64" else -1),
):
    if call() >= 0:
        print("STOLEN", name)

# %%
def total(X):
    return (X * 2).sum(1)
