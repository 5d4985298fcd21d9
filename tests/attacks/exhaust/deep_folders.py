# Tries to leave folders that are too deep to be removed, and locked.
# Earns: total 2
# %%
import os
os.mkdir("/tmp/attack_left_deep")
os.chdir("/tmp/attack_left_deep")
try:
    for _ in range(1500):
        os.mkdir("d" * 100)
        os.chdir("d" * 100)
    os.chmod("/tmp/attack_left_deep", 0)
except OSError as error:
    print(error)

# %%
def total(X):
    return (X * 2).sum(1)
