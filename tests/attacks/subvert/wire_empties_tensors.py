# Tries to have every message lose its tensors on the way.
# Earns: nothing
# Against: pipeline
# %%
import numpy as np

from grader import wire

honest = wire.split


def emptied(item):
    if isinstance(item, np.ndarray):
        return np.zeros_like(item)
    if isinstance(item, dict):
        return {name: emptied(each) for name, each in item.items()}
    return [emptied(each) for each in item] if isinstance(item, list) else item


wire.split = lambda message: honest(emptied(message))

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return X.sum(1)
