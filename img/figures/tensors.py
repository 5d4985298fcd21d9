"""The figures of the lesson on tensors."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from figures.sketch import DARK, PALE, grid, page, write


def cat_beside_stack() -> Figure:
    """Two 2×3 matrices, A with the numbers 1 to 6 and B with 7 to 12, are joined in five ways. cat along dim 0 puts B
    under A: shape (4, 3). cat along dim 1 puts B to the right of A: shape (2, 6). stack makes a new dimension: along dim
    0 the result holds A and then B, shape (2, 2, 3); along dim 1 it pairs the rows of A and B, also shape (2, 2, 3);
    along dim 2 it pairs the single numbers, shape (2, 3, 2)."""
    words = {
        "given": "Two matrices",
        "cat": "cat joins along a dimension that is there",
        "stack": "stack makes a new dimension",
        "shape": "shape {}",
    }
    A = torch.arange(1, 7).reshape(2, 3)
    B = torch.arange(7, 13).reshape(2, 3)
    shades = [torch.full_like(A, PALE), torch.full_like(B, DARK)]
    cell = 1.3
    columns = (1.0, 11.6, 22.1)
    sheet, axes = page(21.4)

    write(axes, columns[0], 1.0, words["given"], bold=True)
    for x, name, matrix, shade in zip((1.0, 6.0), "AB", (A, B), shades, strict=True):
        write(axes, x, 2.5, name, code=True)
        write(axes, x, 3.9, words["shape"].format(tuple(matrix.shape)))
        grid(axes, x, 4.9, matrix, shade, cell=cell)

    write(axes, columns[1], 1.0, words["cat"], bold=True)
    for x, dim in zip(columns[1:], (0, 1), strict=True):
        joined = torch.cat([A, B], dim)
        write(axes, x, 2.5, f"torch.cat([A, B], dim={dim})", code=True)
        write(axes, x, 3.9, words["shape"].format(tuple(joined.shape)))
        grid(axes, x, 4.9, joined, torch.cat(shades, dim), cell=cell)

    write(axes, columns[0], 11.2, words["stack"], bold=True)
    for x, dim in zip(columns, (0, 1, 2), strict=True):
        joined, shade = torch.stack([A, B], dim), torch.stack(shades, dim)
        write(axes, x, 12.7, f"torch.stack([A, B], dim={dim})", code=True)
        write(axes, x, 14.1, words["shape"].format(tuple(joined.shape)))
        for index in range(len(joined)):
            left = x + index * (joined.shape[2] * cell + 0.9)
            grid(axes, left, 15.1, joined[index], shade[index], cell=cell)
            write(axes, left, 15.1 + joined.shape[1] * cell + 0.8, f"[{index}]", code=True)
    return sheet
