"""The figures of the lesson on LeNet: all three show one network, which is trained here as the lesson has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from figures.sketch import LINE, chart, decimals, gettext, page, write
from grader.lesson.pictures import digits

GREY = "#666666"


def losses_and_accuracies() -> Figure:
    """Two charts over the four epochs of the network of exercise 4, the first three with the learning rate 1.0, the last
    one with 0.1. Left, the loss on the training pictures falls all the time, from 1.17 to 0.09. Right, a solid line: the
    accuracy on the test pictures, measured after each epoch, goes up and down: 0.667, 0.748, 0.565, then 0.990. A dashed
    line: with the same weights, but with the running statistics of batch normalization taken afresh, it only rises:
    0.840, 0.896, 0.915, 0.990."""
    words = {
        "loss": gettext("Loss on the training pictures"),
        "accuracy": gettext("Accuracy on the test pictures"),
        "epoch": gettext("epoch"),
        "large": gettext("learning rate 1.0"),
        "small": "0.1",
        "measured": gettext("as measured"),
        "afresh": gettext("with fresh statistics"),
    }
    history = _trained()
    epochs = range(1, len(history.losses) + 1)
    plans = (
        (words["loss"], 2.2, history.losses, decimals(2), (0, 1.5), (0, 0.5, 1, 1.5)),
        (words["accuracy"], 18.4, history.accuracies, decimals(3), (0, 1.25), (0, 0.25, 0.5, 0.75, 1)),
    )
    sheet, axes = page(15.6)
    for heading, left, values, show, limits, ticks in plans:
        write(axes, left, 1.0, heading, bold=True)
        plot = chart(sheet, left, 2.2, 12.6, 10.6)
        plot.set(xlim=(0.5, len(values) + 0.5), xticks=epochs, ylim=limits, yticks=ticks, xlabel=words["epoch"])
        plot.axvspan(len(values) - 0.5, len(values) + 0.5, color="#eeeeee", zorder=0)
        plot.text(len(values) / 2, limits[1], words["large"], ha="center", va="top")
        plot.text(len(values), limits[1], words["small"], ha="center", va="top")
        _line(plot, values, show, above=values is history.losses, unlabeled=history.afresh)
    _line(plot, history.afresh, decimals(3), above=True, dashed=True)
    plot.text(0.65, 0.42, words["measured"], color=LINE)
    plot.text(0.65, 1.03, words["afresh"], color=GREY)
    return sheet


def _line(
    plot: Axes, values: list[float], show: Callable[[float], str], *,
    above: bool, dashed: bool = False, unlabeled: Sequence[float] = (),
) -> None:  # fmt: skip
    """One value for each epoch, each written above or below its point (to the right of it where a line falls), but for
    those that another line has too."""
    epochs = range(1, len(values) + 1)
    style = {"color": GREY, "linestyle": (0, (4, 2)), "marker": "s"} if dashed else {"color": LINE, "marker": "o"}
    plot.plot(epochs, values, linewidth=2.5, markersize=7, zorder=1 if dashed else 2, **style)
    for epoch, value in zip(epochs, values, strict=True):
        if value in unlabeled:
            continue
        aside = 3 if above and epoch > 1 and value < values[epoch - 2] else 0
        plot.annotate(show(value), (epoch, value), (aside, 8 if above else -8), textcoords="offset points",
                      ha="left" if aside else "center", va="baseline" if above else "top")  # fmt: skip


def wrong_answers() -> Figure:
    """All the test pictures that the network of exercise 4 does not read: ten of 1000. Below each stand its digit, the guess
    of the network, and the probability of the guess. Four are a 0 or a 6 with a dot or a stroke in the middle, taken for an
    8; two are a 9 that is almost closed, taken for a 0; others are faint, thin or lean over."""
    words = {"right": gettext("It is {}."), "guess": gettext("Guess: {} ({:.0f} %)")}
    history = _trained()
    columns, side, step = 5, 5.0, 6.2
    sheet, axes = page(0.8 + 8.2 * -(-len(history.wrong) // columns))
    for number, (image, label, guess, probability) in enumerate(history.wrong):
        row, column = divmod(number, columns)
        left, top = 1.1 + column * step, 0.8 + row * 8.2
        _picture(chart(sheet, left, top, side, side), image, 0.0, 1.0)
        write(axes, left + side / 2, top + side + 0.8, words["right"].format(label), at="center", bold=True)
        write(axes, left + side / 2, top + side + 1.9, words["guess"].format(guess, 100 * probability), at="center")
    return sheet


def kernels_of_the_first_layer() -> Figure:
    """Above, the six kernels of the first convolution of the trained network, each as 5 by 5 squares, black for numbers far
    below 0, gray for 0, white for numbers far above it. Below, a picture of a 5, and the six pictures that the kernels make
    of it. Some light up at the upper or the lower edge of a stroke, others at its left or right edge."""
    words = {
        "picture": gettext("A picture"),
        "kernel": gettext("The six kernels, from black, −{0}, through gray, 0, to white, {0}"),
        "map": gettext("What each kernel makes of it"),
    }
    history = _trained()
    strongest = history.kernels.abs().max().item()
    sheet, axes = page(13.8)
    write(axes, 7.0, 1.0, words["kernel"].format(decimals(2)(strongest)), bold=True)
    write(axes, 0.9, 7.4, words["picture"], bold=True)
    write(axes, 7.0, 7.4, words["map"], bold=True)
    _picture(chart(sheet, 0.9, 8.2, 4.6, 4.6), history.picture, 0.0, 1.0)
    for number, (kernel, made) in enumerate(zip(history.kernels, history.maps, strict=True)):
        left = 7.0 + 4.1 * number
        _picture(chart(sheet, left, 1.8, 3.8, 3.8), kernel, -strongest, strongest)
        _picture(chart(sheet, left, 8.2, 3.8, 3.8), made, made.min().item(), made.max().item())
    return sheet


@dataclass(frozen=True)
class _History:
    losses: list[float]
    accuracies: list[float]
    afresh: list[float]
    """The accuracies of the same weights, with the running statistics taken afresh from all training pictures."""
    wrong: list[tuple[Tensor, int, int, float]]
    """Of each test picture that was not read: the picture (28, 28), its digit, the guess, and the guess's probability."""
    picture: Tensor
    """(28, 28)."""
    kernels: Tensor
    """(6, 5, 5)."""
    maps: Tensor
    """(6, 24, 24): what the kernels make of the picture."""


@cache
def _trained() -> _History:
    """The network of the lesson, trained on 6,000 pictures.

    In double precision and on one thread: what is rounded in another way on another machine does not show.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng(devices=[]):
            return _train()
    finally:
        torch.set_num_threads(threads)


def _train() -> _History:
    (X, y), (images, labels) = digits(6000, seed=1), digits(1000, seed=2)
    X, images = X.double(), images.double()
    torch.manual_seed(1)
    model = _lenet().double()
    loader = DataLoader(TensorDataset(X, y), 64, shuffle=True, generator=torch.Generator().manual_seed(1))
    losses, accuracies, afresh = [], [], []
    for lr in (1.0, 1.0, 1.0, 0.1):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        model.train()
        loss_sum = 0.0
        for pictures, classes in loader:
            loss = nn.functional.cross_entropy(model(pictures), classes)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            loss_sum += loss.item() * len(classes)
        losses.append(loss_sum / len(X))
        with torch.no_grad():
            probabilities, guesses = model.eval()(images).softmax(1).max(1)
        accuracies.append((guesses == labels).double().mean().item())
        afresh.append(_with_fresh_statistics(model, loader, images, labels))
    wrong = [
        (images[index, 0], int(labels[index]), int(guesses[index]), float(probabilities[index]))
        for index in (guesses != labels).nonzero()[:, 0].tolist()
    ]
    picture = images[(labels == 5).nonzero()[0, 0]]
    with torch.no_grad():
        first = model[0]
        assert isinstance(first, torch.nn.Conv2d)
        kernels, maps = first.weight.detach()[:, 0], first(picture[None])[0]
    return _History(losses, accuracies, afresh, wrong, picture[0], kernels, maps)


def _with_fresh_statistics(model: nn.Module, loader: DataLoader[Any], images: Tensor, labels: Tensor) -> float:
    """The accuracy of the model as it would be if its running statistics were those of its weights now."""
    fresh = deepcopy(model).train()
    for layer in fresh.modules():
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the plain mean over all batches
    with torch.no_grad():
        for X in loader.dataset.tensors[0].split(64):  # type: ignore[attr-defined]
            fresh(X)
        guesses: Tensor = fresh.eval()(images).argmax(1)
    return (guesses == labels).double().mean().item()


def _lenet() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(16 * 4 * 4, 120), nn.BatchNorm1d(120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.BatchNorm1d(84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )  # fmt: skip


def _picture(plot: Axes, values: Tensor, low: float, high: float) -> None:
    """Draw numbers as shades, from black to white, in a thin frame."""
    plot.imshow(values.numpy(), cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    plot.set(xticks=(), yticks=())
    plot.spines[["top", "right"]].set_visible(True)
