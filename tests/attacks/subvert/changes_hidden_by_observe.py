# Tries to change its input in place unseen: what looks for changes in the grader's own module finds none.
# Earns: total 2
# Not stopped: what looks for changes lives in the answer's own process.
# Against: pipeline
# %%
import torch

from grader.worker import observe

observe._same = lambda original, argument: True


# %%
def double(X):
    return X.mul_(2) if isinstance(X, torch.Tensor) else X


# %%
def total(X):
    return (X * 2).sum(1)
