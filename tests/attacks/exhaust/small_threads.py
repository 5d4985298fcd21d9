# Tries to start threads so small that the limit of memory does not stop them; two thousand, and they never end.
# Earns: total 2
# %%
import threading
threading.stack_size(32 << 10)
stop = threading.Event()
for _ in range(2000):
    threading.Thread(target=stop.wait).start()

# %%
def total(X):
    return (X * 2).sum(1)
