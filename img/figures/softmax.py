"""The figures of the lesson on softmax."""

from __future__ import annotations

from collections.abc import Callable

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from torch import Tensor, nn

from figures.sketch import (
    DARK,
    FILLS,
    LINE,
    MIDDLE,
    PALE,
    PLAIN,
    arrow,
    chart,
    decimals,
    frame,
    gettext,
    grid,
    page,
    short,
    write,
)

PICTURE = torch.tensor([[0.2, 0.8], [0.9, 0.4]])
W = torch.tensor([[1.0, -0.5, 0.5], [-1.0, 1.5, 0.5], [1.0, 1.0, -1.0], [-1.5, 0.5, 1.5]])
B = torch.tensor([-0.2, -0.2, 0.1])
"""A picture of 2×2 pixels, the weights (4 pixels, 3 classes) and the biases: the same in all the figures."""
SCORES = PICTURE.reshape(4) @ W + B


def _classes() -> list[str]:
    """What a picture may show: words of all the figures here."""
    return [gettext("shirt"), gettext("shoe"), gettext("bag")]


def from_scores_to_probabilities() -> Figure:
    """One picture of 2×2 pixels becomes a row x of 4 numbers. x times the 4×3 matrix W, plus b, gives one score o for each
    class: shirt -0.5, shoe 2.0, bag 0.3. Softmax takes exp of each score, which is never negative: 0.61, 7.39, 1.35.
    Divided by their sum, 9.35, these become probabilities, which sum to 1: shirt 0.065, shoe 0.791, bag 0.144."""
    words = {
        "picture": gettext("picture"),
        "linear": gettext("Linear: o = xW + b"),
        "softmax": "Softmax",
        "scores": gettext("scores o"),
        "powers": "exp(o)",
        "probabilities": gettext("probabilities ŷ"),
        "sum": gettext("sum {}"),
    }
    x, powers, probabilities = PICTURE.reshape(1, 4), SCORES.exp(), SCORES.softmax(0)
    tenths, hundredths = decimals(1), decimals(2)
    cell, middle = 1.95, 9.8
    row = middle - cell / 2
    sheet, axes = page(23.0)

    write(axes, 0.8, 1.0, words["linear"], bold=True)
    write(axes, 5.2, 2.6 + cell, words["picture"])
    grid(axes, 0.8, 2.6, PICTURE, torch.where(PICTURE > 0.6, PALE, DARK), cell=cell, show=tenths)
    arrow(axes, (0.8 + cell, 6.9), (0.8 + cell, row - 0.3))
    for name, left, top, matrix in (
        ("x", 0.8, row, x), ("W", 9.8, middle - 2 * cell, W), ("b", 17.0, row, B[None]), ("o", 24.2, row, SCORES[None]),
    ):  # fmt: skip
        write(axes, left, top - 0.9, name)
        grid(axes, left, top, matrix, MIDDLE if name == "o" else PLAIN, cell=cell, show=tenths)
    for left, sign in ((9.2, "·"), (16.3, "+"), (23.5, "=")):
        write(axes, left, middle, sign, at="center", bold=True)

    write(axes, 0.8, 15.4, words["softmax"], bold=True)
    heights = (18.0, 19.6, 21.2)
    for label, height in zip(_classes(), heights, strict=True):
        write(axes, 0.8, height, label)
    for heading, left, values, scale, show in (
        ("scores", 5.0, SCORES, 1.6, tenths), ("powers", 13.8, powers, 0.55, hundredths),
        ("probabilities", 24.2, probabilities, 5.0, decimals(3)),
    ):  # fmt: skip
        write(axes, left, 16.6, words[heading])
        _bars(axes, left, heights, values, scale, show)
    for left, sign in ((10.4, "exp"), (20.5, f"÷ {hundredths(powers.sum().item())}")):
        write(axes, left + 1.2, heights[1] - 0.8, sign, at="center")
        arrow(axes, (left, heights[1]), (left + 2.4, heights[1]))
    for left, values in ((13.8, powers), (24.2, probabilities)):
        write(axes, left, 22.4, words["sum"].format(hundredths(values.sum().item())))
    return sheet


def _bars(
    axes: Axes, left: float, heights: tuple[float, ...], values: Tensor, scale: float, show: Callable[[float], str]
) -> None:
    """Draw one bar a class, from zero at `left`, with its value beside it."""
    axes.plot([left, left], [heights[0] - 0.7, heights[-1] + 0.7], color="black", linewidth=1.2)
    for height, value in zip(heights, values.tolist(), strict=True):
        start = left + min(value, 0.0) * scale
        axes.add_patch(Rectangle((start, height - 0.45), abs(value) * scale, 0.9, facecolor=LINE))
        write(axes, left + max(value, 0.0) * scale + 0.3, height, show(value))


def as_a_network() -> Figure:
    """Softmax regression as a network of one layer. Each of the four inputs x1 to x4 is connected with each of the three
    scores o1 to o3, by 12 weights in all, and each score has a bias. A thick line is a large weight, a dashed line a
    negative one. Softmax takes the three scores together and gives three probabilities: ŷ1 = 0.065 for shirt, ŷ2 = 0.791
    for shoe, ŷ3 = 0.144 for bag."""
    words = {
        "inputs": gettext("4 inputs"),
        "weights": gettext("12 weights, 3 biases"),
        "scores": gettext("3 scores"),
        "softmax": "softmax",
        "probabilities": gettext("3 probabilities"),
        "lines": gettext("Thick line: large weight. Dashed line: negative weight."),
    }
    left, middle, right = 2.6, 14.0, 24.6
    top, step = 4.0, 3.2
    sheet, axes = page(17.4)
    inputs = [top + step * i for i in range(4)]
    outputs = [top + step * (j + 0.5) for j in range(3)]
    for i, start in enumerate(inputs):
        for j, end in enumerate(outputs):
            weight = W[i, j].item()
            style = (0, (3, 1.5)) if weight < 0 else "-"
            axes.plot([left, middle], [start, end], color=LINE, linewidth=2.5 * abs(weight), linestyle=style, zorder=1)
    for height in outputs:
        arrow(axes, (middle + 1.3, height), (18.0, height))
        arrow(axes, (20.6, height), (right - 1.3, height))
    axes.add_patch(Rectangle((18.2, top), 2.2, 3 * step, facecolor=FILLS[MIDDLE], edgecolor="black", linewidth=0.8))
    axes.text(19.3, top + 1.5 * step, words["softmax"], rotation=90, ha="center", va="center")

    for name, x, heights, values, places in (
        ("x", left, inputs, PICTURE.reshape(4), 1),
        ("o", middle, outputs, SCORES, 1),
        ("ŷ", right, outputs, SCORES.softmax(0), 3),
    ):
        for number, (height, value) in enumerate(zip(heights, values.tolist(), strict=True)):
            axes.add_patch(Circle((x, height), 1.0, facecolor=FILLS[PALE], edgecolor="black", linewidth=0.8, zorder=2))
            write(axes, x, height, name + "₁₂₃₄"[number], at="center")
            write(axes, x, height + 1.5, decimals(places)(value), at="center")
    for label, height in zip(_classes(), outputs, strict=True):
        write(axes, right + 1.5, height, label)
    for x, heading in (
        (left, "inputs"),
        ((left + middle) / 2, "weights"),
        (middle, "scores"),
        (right, "probabilities"),
    ):
        write(axes, x, 1.2, words[heading], at="center", bold=True)
    write(axes, 1.6, 16.4, words["lines"])
    return sheet


def softmax_and_cross_entropy_in_one() -> Figure:
    """Above, the loss of two samples, step by step: log_softmax turns the rows of logits into log-probabilities; the entry
    at the sample's label is picked and its sign is changed; the mean of both is the loss. Below, the loss of a
    sample with 10 classes, while the logit of the right class grows and the other nine stay 0: cross_entropy(logits)
    falls to 0, but with a softmax before it the loss stays above 1.461, however sure the model is."""
    words = {
        "steps": gettext("From logits to the loss"),
        "logits": "logits",
        "log": gettext("log-probabilities"),
        "label": gettext("label"),
        "pick": gettext("pick,\n× (−1)"),
        "losses": gettext("losses"),
        "mean": gettext("mean"),
        "loss": gettext("loss"),
        "twice": gettext("No softmax before cross_entropy: it has one inside (10 classes)"),
        "right class": gettext("logit of the right class; the other nine are 0"),
        "floor": gettext("never below {}"),
    }
    logits = torch.stack([SCORES, torch.tensor([1.2, 0.4, -0.9])])
    labels = torch.tensor([1, 2])
    logs = logits.log_softmax(1)
    losses = nn.functional.cross_entropy(logits, labels, reduction="none")
    loss = nn.functional.cross_entropy(logits, labels)
    cell, top = 2.2, 4.2
    middle = top + cell
    hundredths = decimals(2)
    sheet, axes = page(24.2)

    write(axes, 0.8, 1.0, words["steps"], bold=True)
    for heading, left, matrix, shade, show in (
        ("logits", 0.8, logits, PLAIN, decimals(1)), ("log", 11.8, logs, PALE, hundredths),
        ("label", 19.0, labels[:, None], PLAIN, short), ("losses", 24.3, losses[:, None], PALE, hundredths),
    ):  # fmt: skip
        write(axes, left, top - 0.9, words[heading])
        grid(axes, left, top, matrix, shade, cell=cell, show=show)
    for sample, label in enumerate(labels.tolist()):
        frame(axes, 11.8 + label * cell, top + sample * cell, cell, cell)
    write(axes, 29.3, middle - cell / 2 - 0.9, words["loss"])
    grid(axes, 29.3, middle - cell / 2, loss.reshape(1, 1), DARK, cell=cell, show=hundredths)
    for left, right, word in ((7.7, 11.5, "log_softmax"), (21.5, 24.0, words["pick"]), (26.8, 29.0, words["mean"])):
        arrow(axes, (left, middle), (right, middle))
        write(axes, (left + right) / 2, middle - (1.2 if "\n" in word else 0.8), word, at="center", code="_" in word)

    write(axes, 0.8, 11.0, words["twice"], bold=True)
    plot = chart(sheet, 2.6, 12.2, 28.2, 9.6)
    right_logit = torch.linspace(-4, 14, 181)
    ten = torch.zeros(181, 10)
    ten[:, 0] = right_logit
    zeros = torch.zeros(181, dtype=torch.long)
    once = nn.functional.cross_entropy(ten, zeros, reduction="none")
    twice = nn.functional.cross_entropy(ten.softmax(1), zeros, reduction="none")
    plot.plot(right_logit.numpy(), once.numpy(), color="black", linewidth=2.2)
    plot.plot(right_logit.numpy(), twice.numpy(), color=LINE, linewidth=2.2, linestyle="--")
    plot.set(xlim=(-4, 14), ylim=(0, 6.5), xlabel=words["right class"], ylabel=words["loss"], yticks=range(7))
    plot.text(13.8, 2.35, "cross_entropy(softmax(logits))", family="DejaVu Sans Mono", ha="right", va="center")
    plot.text(13.8, 1.8, words["floor"].format(decimals(3)(twice.min().item())), ha="right", va="center")
    plot.text(13.8, 0.4, "cross_entropy(logits)", family="DejaVu Sans Mono", ha="right", va="center")
    return sheet
