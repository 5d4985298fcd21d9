# Tries to have a thread that writes its own result over the true one, again and again.
# Earns: total 2
# Against: file
# %%
import threading
import time
from pathlib import Path


def watch():
    for _ in range(100):
        Path("results.json").write_text('{"score": 6}')
        time.sleep(0.005)


threading.Thread(target=watch).start()

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
