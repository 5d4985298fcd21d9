"""The figures of the lesson on training."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from torch import Tensor, nn

from figures.sketch import LINE, chart, decimals, page, write


def a_gradient_cut_to_length() -> Figure:
    """Two planes with the gradients of two parameters as axes, and in each a circle with the radius theta = 2.5. Left, the
    correct way: a long gradient of length 5.00 is cut to length 2.50; it points the same way as before and ends on the
    circle. A short gradient of length 1.50 is left alone. Right, the wrong way: each parameter is clipped by itself, so
    that the long gradient points another way and, with length 3.54, still leaves the circle."""
    words = {
        "joint": "Correct: all parameters together",
        "each": "Wrong: each parameter by itself",
        "theta": "θ = {}",
        "before": "before:\nlength {}",
        "after": "after:\nlength {}",
        "short": "short: stays {}",
        "w1": "gradient of w₁",
        "w2": "gradient of w₂",
    }
    theta = 2.5
    long, short = torch.tensor([3.0, 4.0]), torch.tensor([-1.2, -0.9])
    show = decimals(2)
    clear = {"facecolor": "#f2f2f2", "edgecolor": "none", "pad": 1}
    sheet, page_axes = page(17.2)
    plans = (
        (words["joint"], 2.8, (0.85, 0.1), [long, short], _clipped(long, theta, together=True)),
        (words["each"], 18.6, (0.25, -0.15), [long], _clipped(long, theta, together=False)),
    )
    for heading, left, offset, gradients, clipped in plans:
        write(page_axes, left, 1.0, heading, bold=True)
        plane = chart(sheet, left, 2.2, 12.8, 12.8)
        plane.set(xlim=(-3, 5), ylim=(-3, 5), xticks=range(-3, 6), yticks=range(-3, 6), xlabel=words["w1"])
        plane.set_ylabel(words["w2"], labelpad=2)
        plane.axhline(0, color="#999999", linewidth=0.8)
        plane.axvline(0, color="#999999", linewidth=0.8)
        plane.add_patch(Circle((0, 0), theta, facecolor="#f2f2f2", edgecolor="black", linewidth=1.2, zorder=0))
        plane.text(0, -theta + 0.3, words["theta"].format(theta), ha="center", va="bottom", bbox=clear)
        for gradient in gradients:
            _vector(plane, gradient, dashed=gradient is long)
        _vector(plane, clipped, dashed=False)
        plane.text(2.6, 4.6, words["before"].format(show(long.norm().item())), ha="right", va="top")
        place = clipped + torch.tensor(offset)
        plane.text(place[0].item(), place[1].item(), words["after"].format(show(clipped.norm().item())), va="top")
        if len(gradients) > 1:
            still = _clipped(short, theta, together=True)
            plane.text(0, -1.1, words["short"].format(show(still.norm().item())), ha="center", va="top", bbox=clear)
    return sheet


def _clipped(gradient: Tensor, theta: float, *, together: bool) -> Tensor:
    """What PyTorch's own clipping makes of a gradient of two numbers, each of which belongs to a parameter of its own."""
    params = [nn.Parameter(torch.zeros(())) for _ in gradient]
    for param, part in zip(params, gradient, strict=True):
        param.grad = part.clone()
    for group in [params] if together else [[param] for param in params]:
        nn.utils.clip_grad_norm_(group, theta)
    return torch.stack([param.grad for param in params if param.grad is not None])


def _vector(plane: Axes, to: Tensor, *, dashed: bool) -> None:
    arrow = {"arrowstyle": "-|>", "mutation_scale": 14, "shrinkA": 0, "shrinkB": 0}
    style = (
        {"linestyle": (0, (4, 3)), "color": "#555555", "linewidth": 1.5} if dashed else {"color": LINE, "linewidth": 3}
    )
    plane.annotate("", (to[0].item(), to[1].item()), (0, 0), arrowprops=arrow | style)
