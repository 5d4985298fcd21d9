# Tries to have the grader read past the end of its tensors: one of them says that it ends 4 GB further on.
# Earns: total 2
# Against: first frame
# %%
import struct

from grader import wire

honest, doubled = wire.write_frame, []
text = (
    b'{"score": 6, "observations": [{"case": 0, "kind": "smallest", "returned": true, "error": null, "gradients": null,'
    b'"changed": [], "operations": {}, "printed": "", "warnings": [], "value":'
    b'{"kind": "tensor", "dtype": "float32", "shape": [1, 1], "device": "cpu", "data": 0}}]}'
)
header = b'{"0": {"dtype": "F32", "shape": [1, 1], "data_offsets": [0, 4294967296]}}'
blob = struct.pack("<Q", len(header)) + header + bytes(4)


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
