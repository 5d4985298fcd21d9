# Tries to learn what the inputs of the next student are made from: the course's secret, in the frames, the objects, the files.
# Earns: total 2
# %%
import functools, gc, os, re, sys

@functools.cache
def seen():
    texts, frame = [], sys._getframe(1)
    while frame:
        texts += [item for item in frame.f_locals.values() if isinstance(item, str)]
        frame = frame.f_back
    gc.unfreeze()
    for item in gc.get_objects():
        if type(item) is dict:
            texts += [value for value in item.values() if type(value) is str and len(value) in (64, 81)]
    found = [text for text in texts if re.search(r"(^|:)[0-9a-f]{64}$", text)]
    return found + [path for path in ("/.grader/secret", "../../.grader/secret", "secret") if os.path.exists(path)]

# %%
def total(X):
    if found := seen():
        said = f"STOLEN {found}"
        raise LookupError(said)
    return (X * 2).sum(1)
