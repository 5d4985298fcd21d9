# Tries to flood every log: both streams, below Python too, warnings, logging, and the system's own log.
# Earns: total 2
# %%
import ctypes, logging, os, sys, syslog, warnings
logging.basicConfig(level=0)
for number in range(300):
    print("x" * 100_000)
    print("x" * 100_000, file=sys.stderr)
    sys.__stdout__ and sys.__stdout__.write("x" * 1000)
    os.write(1, b"x" * 100_000)
    os.write(2, b"x" * 100_000)
    warnings.warn(f"{number}" + "x" * 10_000)
    logging.error("x" * 10_000)
    syslog.syslog("attack_left")
ctypes.CDLL(None).perror(b"x" * 10_000)

# %%
def total(X):
    return (X * 2).sum(1)
