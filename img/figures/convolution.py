"""The figures of the lesson on convolution."""

from __future__ import annotations

from itertools import product
from typing import Any

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from torch import nn

from figures.sketch import DARK, FILLS, LINE, MIDDLE, PALE, PLAIN, arrow, frame, gettext, grid, page, short, write


def a_kernel_at_two_places() -> Figure:
    """A kernel of shape (2, 2) on an image of shape (3, 4), at two of its six places. At the upper left it covers the
    numbers 1, 3, 0, 2. Each is multiplied by the kernel's number in the same place. The sum is 5: row 0, column 0 of the
    result. At the lower right it covers 1, 4, 3, 0. The sum is 18: row 1, column 2 of the result, whose shape is (2, 3)."""
    words = {
        "image": gettext("image X"),
        "kernel": gettext("kernel K"),
        "result": gettext("result Y"),
        "shape": gettext("shape {}"),
        "place": "Y[{}, {}]",
    }
    X = torch.tensor([[1, 3, 0, 2], [0, 2, 1, 4], [2, 1, 3, 0]])
    K = torch.tensor([[1, 2], [3, -1]])
    Y = nn.functional.conv2d(X[None, None], K[None, None])[0, 0]
    kh, kw = K.shape
    cell = 1.6
    left_x, left_k, left_y, right = 0.8, 9.4, 26.0, 13.4
    sheet, axes = page(16.0)
    for left, heading, numbers in ((left_x, "image", X), (left_k, "kernel", K), (left_y, "result", Y)):
        write(axes, left, 1.0, words[heading], bold=True)
        write(axes, left, 2.3, words["shape"].format(tuple(numbers.shape)))
    for (i, j), top in (((0, 0), 3.6), ((1, 2), 10.2)):
        window = X[i : i + kh, j : j + kw]
        shade_x, shade_y = torch.full_like(X, PLAIN), torch.full_like(Y, PLAIN)
        shade_x[i : i + kh, j : j + kw], shade_y[i, j] = PALE, MIDDLE
        middle = top + 1.5 * cell
        grid(axes, left_x, top, X, shade_x, cell=cell)
        frame(axes, left_x + j * cell, top + i * cell, kw * cell, kh * cell)
        grid(axes, left_k, middle - cell, K, DARK, cell=cell)
        grid(axes, left_y, middle - cell, Y, shade_y, cell=cell)
        frame(axes, left_y + j * cell, middle - cell + i * cell, cell, cell)
        products = " + ".join(
            f"{short(x)}·{short(k) if k >= 0 else f'({short(k)})'}"
            for x, k in zip(window.flatten().tolist(), K.flatten().tolist(), strict=True)
        )
        write(axes, (right + left_y) / 2, middle - 0.9, products, at="center")
        arrow(axes, (right, middle), (left_y - 0.6, middle))
        place = words["place"].format(i, j)
        write(axes, (right + left_y) / 2, middle + 0.9, f"= {short(Y[i, j].item())} = {place}", at="center")
    return sheet


def channels_summed_and_kernels_stacked() -> Figure:
    """An image of 2 channels meets 2 kernels. Each kernel has a layer for each channel of the image. The layers of kernel 0
    slide over one channel each; the two maps are added, which gives the single map 0 of the result. In the same way, the
    layers of kernel 1 give map 1. These maps are the channels of the result, of shape (2, 2, 2)."""
    words = {
        "image": gettext("image X\nshape {}"),
        "kernel": gettext("kernels K\nshape {}"),
        "maps": gettext("each layer on\nits own channel"),
        "result": gettext("result Y\nshape {}"),
        "sum": gettext("sum"),
    }
    X = torch.tensor([[[1, 0, 2], [3, 1, 0], [0, 2, 1]], [[0, 2, 1], [1, 0, 3], [2, 1, 0]]])
    K = torch.tensor([[[[1, 0], [0, 1]], [[2, 1], [0, 0]]], [[[0, 1], [-1, 0]], [[1, 0], [0, -1]]]])
    maps = torch.stack([nn.functional.conv2d(X[None], kernel[:, None], groups=2)[0] for kernel in K])
    Y = nn.functional.conv2d(X[None], K)[0]
    cell, columns = 1.3, (0.8, 9.6, 17.4, 26.0)
    shades = (PALE, MIDDLE)
    lane, gap, top = 7.8, 1.2, 4.6
    sheet, axes = page(19.4)
    for left, heading, numbers in zip(columns, ("image", "kernel", "maps", "result"), (X, K, maps, Y), strict=True):
        write(axes, left, 1.5, words[heading].format(tuple(numbers.shape)), bold=True)
    middle = top + (lane + 4 * cell + gap) / 2
    for channel, shade in enumerate(shades):
        y = middle + (-3 * cell - 1.0 if channel == 0 else 1.0)
        grid(axes, columns[0], y, X[channel], shade, cell=cell)
        write(axes, columns[0], y - 0.8, f"X[{channel}]", code=True)
    for number in range(len(K)):
        y = top + number * lane
        centre = y + 2 * cell + gap / 2
        arrow(axes, (columns[0] + 3 * cell + 0.6, middle + (centre - middle) * 0.1), (columns[1] - 0.6, centre))
        for channel, shade in enumerate(shades):
            row = y + channel * (2 * cell + gap)
            grid(axes, columns[1], row, K[number, channel], shade, cell=cell)
            write(axes, columns[1], row - 0.6, f"K[{number}, {channel}]", code=True)
            arrow(axes, (columns[1] + 2 * cell + 0.6, row + cell), (columns[2] - 0.6, row + cell))
            grid(axes, columns[2], row, maps[number, channel], shade, cell=cell)
        write(axes, columns[2] + cell, centre, "+", at="center", bold=True)
        arrow(axes, (columns[2] + 2 * cell + 0.6, centre), (columns[3] - 0.6, centre))
        write(axes, (columns[2] + 2 * cell + columns[3]) / 2, centre - 0.7, words["sum"], at="center")
        grid(axes, columns[3], centre - cell, Y[number], PLAIN, cell=cell)
        write(axes, columns[3], centre - cell - 0.6, f"Y[{number}]", code=True)
    return sheet


def one_by_one_beside_fully_connected() -> Figure:
    """Two layers on the same image of 2 channels and 4 pixels, with one output for each pixel. Left, a 1×1 convolution:
    each output is joined to the two numbers of its own pixel, and all pixels use the same two weights, drawn as a solid
    and a dashed line. It has 3 parameters, for 2×2 pixels and for 28×28 pixels alike. Right, a fully connected layer after
    flattening: each of the 4 outputs is joined to all 8 numbers, by 32 lines with a weight of their own each. It has 36
    parameters for 2×2 pixels, and 1,230,096 for 28×28 pixels."""
    words = {
        "conv": gettext("1×1 convolution"),
        "full": gettext("Flatten, then fully connected"),
        "conv lines": gettext("the same 2 weights at every pixel"),
        "full lines": gettext("a weight of its own for every line"),
        "pixel": gettext("pixel {}"),
        "size": gettext("{side}×{side} pixels"),
        "conv count": gettext("{weights:,} weights + {biases:,} bias = {total:,} parameters"),
        "full count": gettext("{weights:,} weights + {biases:,} biases = {total:,}"),
    }
    channels, sides = 2, (2, 28)
    sheet, axes = page(21.6)
    height, first, pixels = 2.9, 3.2, sides[0] ** 2
    for left, heading, lines, shared in ((4.6, "conv", "conv lines", True), (20.4, "full", "full lines", False)):
        right, bottom = left + 5.8, first + pixels * height + 0.2
        write(axes, left - 3.8, 1.2, words[heading], bold=True)
        for p, q, c in product(range(pixels), range(pixels), range(channels)):
            start, end = first + p * height + 1.4 * c, first + q * height + 0.7
            style: dict[str, Any] = {"linewidth": 0.8}
            if shared:
                style = {"linewidth": 2.4, "linestyle": ("-", (0, (3, 1.5)))[c]}
            if p == q or not shared:
                axes.plot([left, right], [start, end], color=LINE, zorder=1, **style)
        for p in range(pixels):
            y = first + p * height
            for x, place, shade in ((left, y, PALE), (left, y + 1.4, MIDDLE), (right, y + 0.7, PLAIN)):
                axes.add_patch(Circle((x, place), 0.6, facecolor=FILLS[shade], edgecolor="black", lw=0.8, zorder=2))
            write(axes, left - 3.8, y + 0.7, words["pixel"].format(p))
        write(axes, left - 3.8, bottom, words[lines])
        for number, side in enumerate(sides):
            layer = nn.Conv2d(channels, 1, 1) if shared else nn.Linear(channels * side**2, side**2, device="meta")
            assert layer.bias is not None
            weights, biases = layer.weight.numel(), layer.bias.numel()
            y = bottom + 2.0 + 2.6 * number
            write(axes, left - 3.8, y, words["size"].format(side=side), bold=True)
            count = words[f"{heading} count"].format(weights=weights, biases=biases, total=weights + biases)
            write(axes, left - 3.8, y + 1.2, count)
    return sheet


def one_by_one_as_a_product() -> Figure:
    """A 1×1 convolution as a matrix product. An image of 3 channels with 2×4 pixels is reshaped to a matrix of 3 rows, one
    per channel, and 8 columns, one per pixel. The 2×3 kernel matrix times that matrix gives 2 rows, one per output channel,
    and 8 columns, which are reshaped to an image of 2 channels with 2×4 pixels. One pixel is framed throughout: its
    column of three numbers becomes a column of two, and no other pixel takes part."""
    words = {
        "image": gettext("image: 3 channels, 2×4 pixels"),
        "result": gettext("result: 2 channels, 2×4 pixels"),
        "kernel": gettext("2 kernels,\none per row"),
        "rows": gettext("each row is a channel, each column is a pixel"),
    }
    X = torch.tensor([[1, 3, 0, 2, 5, 4, 1, 2], [0, 2, 1, 4, 3, 1, 5, 0], [2, 1, 3, 0, 1, 2, 0, 4]]).reshape(3, 2, 4)
    K = torch.tensor([[1, 0, 2], [0, 1, -1]]).reshape(2, 3, 1, 1)
    Y = nn.functional.conv2d(X[None], K)[0]
    pixel = 2
    inputs = torch.tensor([PALE, MIDDLE, DARK])
    cell = 1.25
    left_k, left_x, left_y, bottom = 1.0, 7.6, 20.6, 14.9
    sheet, axes = page(21.0)

    for left, image, heading, shades in (
        (left_x, X, words["image"], inputs.tolist()),
        (left_y, Y, words["result"], [PLAIN, PLAIN]),
    ):
        write(axes, left, 1.0, heading, bold=True)
        for channel, shade in enumerate(shades):
            top = 10.9 - (len(shades) - channel) * 3.0
            grid(axes, left + 2.5, top, image[channel], shade, cell=cell)
            frame(axes, left + 2.5 + pixel * cell, top, cell, cell)

    flat, mixed = X.reshape(3, 8), K.reshape(2, 3) @ X.reshape(3, 8)
    for left, matrix, shade in (
        (left_k, K.reshape(2, 3), inputs),
        (left_x, flat, inputs[:, None]),
        (left_y, mixed, PLAIN),
    ):
        grid(axes, left, bottom, matrix, torch.as_tensor(shade), cell=cell)
    for left, rows in ((left_x, 3), (left_y, 2)):
        frame(axes, left + pixel * cell, bottom, cell, rows * cell)
    write(axes, (left_k + 3 * cell + left_x) / 2, bottom + cell, "@", at="center", bold=True)
    write(axes, (left_x + 8 * cell + left_y) / 2, bottom + cell, "=", at="center", bold=True)
    write(axes, left_k, bottom - 1.4, words["kernel"], bold=True)
    arrow(axes, (left_x + 5.0, 11.4), (left_x + 5.0, 14.3))
    arrow(axes, (left_y + 4.6, 14.3), (left_y + 4.6, 11.4))
    write(axes, left_x + 5.4, 12.8, "reshape(3, 8)", code=True)
    write(axes, left_y + 5.0, 12.8, "reshape(2, 2, 4)", code=True)
    write(axes, left_x, bottom + 4.7, words["rows"])
    return sheet
