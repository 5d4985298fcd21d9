# Tries to outlive its run as a daemon: a session of its own, and a child's child that writes later.
# Earns: total 2
# %%
import os, threading, time
for step in (os.setsid, os.setpgrp, lambda: os.setpgid(0, 0)):
    try:
        step()
    except OSError:
        pass
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(20)
            open("/tmp/attack_left_daemon", "w").write("still here")
        os._exit(0)
except OSError as error:
    print(type(error).__name__)

def later():
    for _ in range(1000):
        time.sleep(0.01)
        open("/tmp/attack_left_thread", "w").write("still here")

threading.Thread(target=later, daemon=False).start()

# %%
def total(X):
    return (X * 2).sum(1)
