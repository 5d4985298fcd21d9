# Tries to answer all of the grader's questions itself, from within a cell that never comes to an end.
# Earns: nothing
# Against: first frame
# %%
import os
import select
import stat
import struct

text = (
    b'{"score": 6, "error": null, "printed": "", "kinds": {"double": "callable", "total": "callable"},'
    b'"lesson": "numbers", "exercises": [], "checks": [], "misconceptions": [],'
    b'"observations": [{"case": 0, "kind": "smallest", "returned": true, "error": null, "gradients": null,'
    b'"changed": [], "operations": {}, "printed": "", "warnings": [], "value": null}]}'
)


def is_socket(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False


channel = next(filter(is_socket, range(3, 256)))
os.write(channel, struct.pack("!II", len(text), 0) + text)
while select.select([channel], [], [], 0.3)[0] and os.read(channel, 1 << 20):
    os.write(channel, struct.pack("!II", len(text), 0) + text)

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return X.sum(1)
