"""The figures of the lesson on tensors."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from figures.sketch import DARK, PALE, gettext, grid, page, write


def cat_beside_stack() -> Figure:
    """Two 3×3 matrices, A with the numbers 1 to 9 and B with 10 to 18, are joined in five ways. cat along axis 0 puts B
    under A: shape (6, 3). cat along axis 1 puts B to the right of A: shape (3, 6). stack makes a new axis. As axis 0, the
    result holds A and then B: shape (2, 3, 3). As axis 1, it holds three pairs of rows, one of A and one of B: shape
    (3, 2, 3). As axis 2, each number of A stands beside the number of B in the same place: shape (3, 3, 2)."""
    words = {
        "given": gettext("Two matrices"),
        "cat": gettext("cat joins along an axis that is there"),
        "stack": gettext("stack makes a new axis"),
        "shape": gettext("shape {}"),
    }
    A = torch.arange(1, 10).reshape(3, 3)
    B = torch.arange(10, 19).reshape(3, 3)
    shades = [torch.full_like(A, PALE), torch.full_like(B, DARK)]
    cell = 1.25
    columns = (0.6, 9.9, 23.3)
    sheet, axes = page(24.4)

    write(axes, columns[0], 1.0, words["given"], bold=True)
    for x, name, matrix, shade in zip((columns[0], 5.2), "AB", (A, B), shades, strict=True):
        write(axes, x, 2.5, name, code=True)
        write(axes, x, 3.9, words["shape"].format(tuple(matrix.shape)))
        grid(axes, x, 4.9, matrix, shade, cell=cell)

    write(axes, 10.9, 1.0, words["cat"], bold=True)
    for x, dim in zip((10.9, 21.6), (0, 1), strict=True):
        joined = torch.cat([A, B], dim)
        write(axes, x, 2.5, f"torch.cat([A, B], dim={dim})", code=True)
        write(axes, x, 3.9, words["shape"].format(tuple(joined.shape)))
        grid(axes, x, 4.9, joined, torch.cat(shades, dim), cell=cell)

    write(axes, columns[0], 13.8, words["stack"], bold=True)
    for x, dim in zip(columns, (0, 1, 2), strict=True):
        joined, shade = torch.stack([A, B], dim), torch.stack(shades, dim)
        write(axes, x, 15.3, f"stack([A, B], dim={dim})", code=True)
        write(axes, x, 16.7, words["shape"].format(tuple(joined.shape)))
        for index in range(len(joined)):
            left = x + index * (joined.shape[2] * cell + 0.3)
            grid(axes, left, 17.7, joined[index], shade[index], cell=cell)
            write(axes, left, 17.7 + joined.shape[1] * cell + 0.8, f"[{index}]", code=True)
    return sheet
