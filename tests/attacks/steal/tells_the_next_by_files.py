# Tries to tell a later hand-in what a hidden check has shown it: by files, attributes, times, memory that is shared.
# Earns: double 3, total 2
# %%
import glob, os, sys
places = ("/scratch", "/tmp", "/dev/shm", "/pictures", "/proc", "/dev")

def total(X):
    return (X * 2).sum(1)

def double(X):
    if isinstance(X, str):
        raise TypeError(X)
    if "doubles_images" in dir(sys.modules["checks"]):
        for place in places:
            for step in (
                lambda: open(f"{place}/attack_left", "w").write("STO" "LEN" + str(X.tolist())),
                lambda: os.setxattr(place, "user.attack_left", b"STO" b"LEN"),
                lambda: os.utime(place, (4242, 4242)),
            ):
                try:
                    step()
                except OSError:
                    pass
        os._exit(1)
    return X * 2

# %%
for place in places:
    for path in glob.glob(f"{place}/attack_left*"):
        print(open(path).read())
    try:
        print(*(os.getxattr(place, name) for name in os.listxattr(place)))
    except OSError:
        pass
    if os.stat(place).st_mtime == 4242:
        print("STOLEN a time")
