# Tries to lift its limits, and to lower those of the server, so that everybody after it runs into them.
# Earns: total 2
# %%
import resource, os
allowed = []
for name in (name for name in dir(resource) if name.startswith("RLIMIT_")):
    which = getattr(resource, name)
    soft, hard = resource.getrlimit(which)
    for target in (0, os.getppid(), 1):
        try:
            resource.prlimit(target, which, (soft, hard))
            allowed.append((name, target))
        except (OSError, ValueError):
            pass
    try:
        resource.setrlimit(which, (soft, hard))
        allowed.append(name)
    except (OSError, ValueError):
        pass
if allowed:
    print("STOLEN", allowed)

# %%
def total(X):
    return (X * 2).sum(1)
