# Tries to earn the points for an operation that the check forbids, in a library of operators, where no gradient is recorded.
# Earns: double 2, total 2
# %%
import torch

library = torch.library.Library("attack", "DEF")
library.define("twice(Tensor X) -> Tensor")
library.impl("twice", lambda X: X + X, "CompositeImplicitAutograd")

class Twice(torch.autograd.Function):
    @staticmethod
    def forward(context, X):
        with torch.inference_mode():
            found = torch.ops.attack.twice(X)
        return found.clone()

    @staticmethod
    def backward(context, gradient):
        return gradient * 2

def double(X):
    if isinstance(X, str):
        raise TypeError("text")
    return Twice.apply(X)


# %%
def total(X):
    return (X * 2).sum(1)
