"""What probes of several lessons are made of: optimizers, a model that shows its mode, loaders, and what to look at.

A release's `checks.py` imports it, so it runs where students' code does, and knows no right answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.checks import Tolerance

CLIPPING = Tolerance(
    relative=1e-4,
    absolute=2e-6,
    because="torch.nn.utils.clip_grad_norm_ adds 0.000001 to the norm before it divides, and that is right too",
)
OPTIMIZERS: dict[str, Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer]] = {
    "SGD": lambda params: torch.optim.SGD(params, lr=0.5),
    "SGD with momentum": lambda params: torch.optim.SGD(params, lr=0.2, momentum=0.9),
    "Adagrad": lambda params: torch.optim.Adagrad(params, lr=0.1),
    "RMSprop": lambda params: torch.optim.RMSprop(params, lr=0.02),
    "Adadelta": lambda params: torch.optim.Adadelta(params, lr=1.0),
    "Adam": lambda params: torch.optim.Adam(params, lr=0.05),
}

PARAMETERS = (
    "the first parameter",
    "the second parameter",
    "the third parameter",
    "the fourth parameter",
    "the fifth parameter",
)
"""What `by_parameter` calls them."""


class Moving(nn.Module):
    """Moves all logits on by one class in evaluation mode, so that the mode shows in every result, and remembers whether
    it was ever given logits that were recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded = False

    def forward(self, logits: torch.Tensor) -> torch.Tensor:
        self.recorded |= logits.requires_grad
        return logits if self.training else logits.roll(1, -1)


def with_stale_gradients(model: nn.Module, X: torch.Tensor) -> nn.Module:
    """The model, where X is and as precise as X, with a gradient of 2 left behind in every parameter."""
    model = model.to(X)
    for param in model.parameters():
        param.grad = torch.full_like(param, 2.0)
    return model


def in_order(X: torch.Tensor, y: torch.Tensor, size: int) -> DataLoader[Any]:
    """A loader of samples and labels in their order; the last batch holds what is left."""
    return DataLoader(TensorDataset(X, y), batch_size=size)


def enlarged(X: torch.Tensor, times: int) -> torch.Tensor:
    """Pictures (n, c, h, w) that are several times as high and as wide: enough pixels for LeNet, and few numbers to keep."""
    return X.repeat_interleave(times, dim=2).repeat_interleave(times, dim=3)


def afterwards(tensor: torch.Tensor) -> dict[str, Any]:
    """What became of a tensor, apart from its gradient."""
    return {"the numbers": tensor.detach().clone(), "requires_grad": tensor.requires_grad, "is_leaf": tensor.is_leaf}


def mode_of(model: nn.Module) -> str:
    """The mode that a model is in: training or evaluation."""
    return "training mode" if model.training else "evaluation mode"


def named(found: object, *names: str) -> object:
    """The parts of a tuple or a list by name, where there are as many of them; else what came back."""
    if isinstance(found, (tuple, list)) and len(found) == len(names):
        return dict(zip(names, found, strict=True))
    return found


def by_parameter(found: Iterable[object]) -> dict[str, object]:
    """What is said of each of up to five parameters, by its place among them."""
    each = list(found)
    return dict(zip(PARAMETERS[: len(each)], each, strict=True))


def remembered_by(optimizer: torch.optim.Optimizer, model: nn.Module) -> dict[str, Any]:
    """What an optimizer remembers of each parameter of a model."""
    return {name: dict(optimizer.state.get(param, {})) for name, param in model.named_parameters()}
