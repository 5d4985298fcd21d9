# Tries to write a result to stderr when an object is thrown away, long after the cell.
# Earns: total 2
# Against: stdout
# %%
import sys


class Late:
    def __del__(self, stream=sys.__stderr__):
        stream.write('\n{"score": 6}\n')
        stream.flush()


kept = Late()

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
