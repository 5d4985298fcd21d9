# Tries to use up the disk's own table of files; fifteen thousand where it may, below a folder of its own.
# Earns: total 2
# %%
import os
os.mkdir("/tmp/attack_left_files")
try:
    for number in range(15_000):
        os.close(os.open(f"/tmp/attack_left_files/{number}", os.O_CREAT | os.O_WRONLY))
    print("STOLEN", number)
except OSError as error:
    print(error)

# %%
def total(X):
    return (X * 2).sum(1)
