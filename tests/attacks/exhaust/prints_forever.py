# Tries to stop the class with output without end, to every stream that there is.
# Earns: double 4
# %%
import os, sys

# %%
def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return X * 2


# %%
def total(X):
    while True:
        print('x' * 100_000)
        sys.stderr.write('x' * 100_000)
        os.write(1, b'x' * 100_000)
        os.write(2, b'x' * 100_000)
