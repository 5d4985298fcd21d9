"""The figures of the lesson on convolution."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import nn

from figures.sketch import DARK, MIDDLE, PALE, PLAIN, arrow, frame, grid, page, write


def one_by_one_as_a_product() -> Figure:
    """A 1×1 convolution as a matrix product. An image of 3 channels with 2×4 pixels is reshaped to a matrix of 3 rows, one
    a channel, and 8 columns, one a pixel. The 2×3 kernel matrix times that matrix gives 2 rows, one an output channel,
    and 8 columns, which are reshaped to an image of 2 channels with 2×4 pixels. One pixel is framed throughout: its
    column of three numbers becomes a column of two, and no other pixel takes part."""
    words = {
        "image": "image: 3 channels, 2×4 pixels",
        "result": "result: 2 channels, 2×4 pixels",
        "kernel": "2 kernels,\none a row",
        "rows": "each row is a channel, each column is a pixel",
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

    flat, product = X.reshape(3, 8), K.reshape(2, 3) @ X.reshape(3, 8)
    for left, matrix, shade in (
        (left_k, K.reshape(2, 3), inputs),
        (left_x, flat, inputs[:, None]),
        (left_y, product, PLAIN),
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
