"""The figures of the lesson on batch normalization."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import nn

from figures.sketch import LINE, chart, decimals, gettext, page, short, write


def a_feature_on_its_way() -> Figure:
    """Three histograms, over the same axis, of one feature in a batch of 512 samples. Before: mean 6.0, std 2.5.
    Normalized: mean 0, std 1. Times gamma = 2 and plus beta = -3: mean -3, std 2. The lopsided shape stays the same; only
    its place and its width change."""
    words = {
        "before": gettext("1  Before"),
        "normalized": gettext("2  Minus the mean, divided by the std"),
        "learned": gettext("3  Times γ = {gamma}, plus β = {beta}"),
        "numbers": gettext("mean {mean}\nstd {std}"),
        "bar": gettext("mean ± std"),
        "axis": gettext("value of the feature"),
        "count": gettext("samples"),
    }
    gamma, beta = 2.0, -3.0
    draws = torch.randn(512, 3, generator=torch.Generator().manual_seed(4))
    lopsided = draws.square().sum(1).sqrt() ** 1.5
    before = 6.0 + 2.5 * (lopsided - lopsided.mean()) / lopsided.std(correction=0)
    normalize = nn.BatchNorm1d(1)
    normalized = normalize(before[:, None]).detach()[:, 0]
    nn.init.constant_(normalize.weight, gamma)
    nn.init.constant_(normalize.bias, beta)
    learned = normalize(before[:, None]).detach()[:, 0]

    learned_words = words["learned"].format(gamma=short(gamma), beta=short(beta))
    plans = ((words["before"], before), (words["normalized"], normalized), (learned_words, learned))
    sheet, axes = page(22.2)
    for number, (heading, values) in enumerate(plans):
        top = 0.9 + number * 6.6
        mean, std = values.mean().item(), values.std(correction=0).item()
        write(axes, 3.0, top, heading, bold=True)
        plot = chart(sheet, 3.0, top + 0.7, 23.0, 4.9)
        plot.hist(values.numpy(), bins=32, color="#b9d4ea", edgecolor="black", linewidth=0.6)
        plot.set(xlim=(-8, 18), xticks=range(-8, 19, 2), ylim=(0, 70), yticks=(0, 20, 40))
        plot.set_ylabel(words["count"], labelpad=2)
        plot.plot([mean, mean], [0, 64], color="black", linewidth=2)
        plot.annotate("", (mean - std, 64), (mean + std, 64), arrowprops={"arrowstyle": "|-|, widthA=.3, widthB=.3",
                      "shrinkA": 0, "shrinkB": 0, "linewidth": 2, "color": LINE})  # fmt: skip
        write(axes, 26.6, top + 3.0, words["numbers"].format(mean=decimals(1)(mean), std=decimals(1)(std)))
        plot.tick_params(labelbottom=number == 2)
        if number == 0:
            plot.text(mean + std + 0.3, 64, words["bar"], va="center")
    plot.set_xlabel(words["axis"])
    return sheet
