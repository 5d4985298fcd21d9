# Tries to take more time than a cell may: thirty threads keep the first one waiting in line, and waiting does not count.
# Earns: total 2
# %%
import threading, time, torch
started = time.monotonic()

def work():
    x = torch.ones(400, 400)
    while time.monotonic() - started < 60:
        x @ x

for _ in range(30):
    threading.Thread(target=work).start()
work()
print("STOLEN", time.monotonic() - started, "seconds")

# %%
def total(X):
    return (X * 2).sum(1)
