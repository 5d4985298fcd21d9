# Tries to be larger than any number: infinity, in tensors, times and scores.
# Earns: total 2
# Against: first frame
# %%
import struct

import numpy as np

from grader import wire

honest, doubled = wire.write_frame, []
text, blob = wire.split({"observations": [{
    "case": case, "kind": "smallest", "returned": True, "error": None, "gradients": {"X": None}, "changed": [],
    "operations": {}, "printed": "", "warnings": [],
    "value": {"kind": "tensor", "dtype": "float32", "shape": [1, 1], "device": "cpu", "data": np.full((1, 1), np.inf, "f")},
} for case in range(3)]})
text = text[:-1] + b', "score": 1e999}'


def write(stream, message):
    if not doubled:
        return honest(stream, message)
    doubled.clear()
    stream.write(struct.pack("!II", len(text), len(blob)) + text + blob)
    stream.flush()


wire.write_frame = write


# %%
def double(X):
    doubled.append(X)
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
