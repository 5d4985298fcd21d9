"""The figures of the lesson on training."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from torch import Tensor, nn

from figures.sketch import FILLS, LINE, MIDDLE, PALE, chart, decimals, gettext, grid, page, short, write


def what_each_line_leaves_behind() -> Figure:
    """What weight and weight.grad hold after each line of a training step. Before it, the weight is 2, −1, and the
    gradient of the step before is still there: −0.8, 0.6. sgd.zero_grad() sets the gradient to None. The forward pass
    gives the loss 0.25 and changes neither of them. L.backward() writes the gradient 3, −4, of length 5. Clipping to
    length 1 makes it 0.6, −0.8. sgd.step() is the only line that changes the weight, to 1.94, −0.92. It leaves the
    gradient as it is."""
    words = {
        "line": gettext("line of the step"),
        "start": gettext("before the step"),
        "clip": gettext("clipping, θ = {}"),
        "old": gettext("old gradient, from\nthe step before"),
        "zero": gettext("old gradient cleared"),
        "forward": "L = {}",
        "backward": gettext("new gradient,\nlength {}"),
        "clipped": gettext("same direction,\nlength {}"),
        "step": "weight − {} · weight.grad",
        "changed": gettext("changed by this line"),
    }
    theta, lr = 1.0, 0.1
    model = nn.Linear(2, 1, bias=False, dtype=torch.float64)
    weight = model.weight
    optimizer = torch.optim.SGD([nn.init.zeros_(weight)], lr=lr)
    with torch.no_grad():
        weight.copy_(torch.tensor([[1.92, -0.94]]))
    rows: list[tuple[str, bool, Tensor, Tensor | None, str]] = []

    def note(line: str, what: str, *, code: bool = True) -> None:
        rows.append((line, code, weight.detach().clone(), None if weight.grad is None else weight.grad.clone(), what))

    for X, y in (([-4.0, 3.0], -11.0), ([3.0, -4.0], 9.5)):
        rows.clear()
        note(words["start"], words["old"], code=False)
        optimizer.zero_grad()
        note("sgd.zero_grad()", words["zero"])
        loss = nn.functional.mse_loss(model(weight.new_tensor([X])), weight.new_tensor([[y]]))
        note("L = mse(net(X), y)", words["forward"].format(short(round(loss.item(), 6))))
        loss.backward()
        assert weight.grad is not None
        note("L.backward()", words["backward"].format(short(round(weight.grad.norm().item(), 4))))
        nn.utils.clip_grad_norm_(model.parameters(), theta)
        note(words["clip"].format(short(theta)), words["clipped"].format(short(theta)), code=False)
        optimizer.step()
        note("sgd.step()", words["step"].format(short(lr)))

    cell, top, step = 2.0, 2.0, 2.7
    sheet, axes = page(top + step * len(rows) + 1.6)
    for x, heading, code in ((0.8, words["line"], False), (11.2, "weight", True), (16.8, "weight.grad", True)):
        write(axes, x, 1.0, heading, bold=True, code=code)
    before: list[Tensor | None] = [rows[0][2], rows[0][3]]
    for number, (line, code, *held, what) in enumerate(rows):
        y = top + number * step
        write(axes, 0.8, y + cell / 2, line, code=code)
        write(axes, 22.4, y + cell / 2, what)
        for left, now, then in zip((11.2, 16.8), held, before, strict=True):
            same = now is then is None or (now is not None and then is not None and torch.equal(now, then))
            shade = PALE if same else MIDDLE
            if now is None:
                axes.add_patch(Rectangle((left, y), 2 * cell, cell, facecolor=FILLS[shade], edgecolor="black", lw=0.8))
                axes.text(left + cell, y + cell / 2, "None", ha="center", va="center_baseline")
            else:
                grid(axes, left, y, now, shade, cell=cell, show=_rounded)
        before = list(held)
    y = top + step * len(rows) + 0.4
    axes.add_patch(Rectangle((11.2, y - 0.4), 0.8, 0.8, facecolor=FILLS[MIDDLE], edgecolor="black", linewidth=0.8))
    write(axes, 12.4, y, words["changed"])
    return sheet


def _rounded(value: float) -> str:
    return short(round(value, 6))


def a_gradient_cut_to_length() -> Figure:
    """Two planes with the gradients of two parameters as axes, and in each a circle with the radius theta = 2.5. Left, the
    correct way: a long gradient of length 5.00 is cut to length 2.50; it points the same way as before and ends on the
    circle. A short gradient of length 1.50 is left alone. Right, the wrong way: each parameter is clipped by itself, so
    that the long gradient points another way and, with length 3.54, still leaves the circle."""
    words = {
        "joint": gettext("Correct: all parameters together"),
        "each": gettext("Wrong: each parameter by itself"),
        "theta": "θ = {}",
        "before": gettext("before:\nlength {}"),
        "after": gettext("after:\nlength {}"),
        "short": gettext("short: stays {}"),
        "w1": gettext("gradient of w₁"),
        "w2": gettext("gradient of w₂"),
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
    style = {"linestyle": (0, (4, 3)), "color": "#555555", "linewidth": 1.5} if dashed else {"color": LINE, "linewidth": 3}
    plane.annotate("", (to[0].item(), to[1].item()), (0, 0), arrowprops=arrow | style)
