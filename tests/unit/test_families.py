"""What is forbidden is forbidden under every name that PyTorch has for it."""

import pytest
import torch

from grader import normal
from grader.judge.families import family

SIMILAR = {
    "convolution": "conv",
    "softmax": "softmax",
    "normalization": "norm",
    "stack": "stack",
    "pooling": "pool",
    "negative log-likelihood": "nll,cross_entropy",
}
"""Pieces of names by which an operation of ATen looks as if it were of a family."""
OTHERS = {
    "_convert": "changes a format",
    "renorm": "limits a length",
    "normal": "draws random numbers",
    "vector_norm": "is a length",
    "matrix_norm": "is a length",
    "linalg_norm": "is a length",
    "frobenius_norm": "is a length",
    "nuclear_norm": "is a length",
    "foreach_norm": "is a length",
    "native_norm": "is a length",
    "weight_norm": "rescales weights, not activations",
    "norm_except_dim": "is a length",
}
"""Pieces of names that look so and mean something else, and what."""
NORM = "norm"
"""A length, whose name is a piece of all the others."""


def operators():
    schemas = torch._C._jit_get_all_schemas()
    return sorted({item.name.removeprefix("aten::") for item in schemas if item.name.startswith("aten::")})


@pytest.mark.parametrize("name", SIMILAR)
def test_every_operation_of_aten_that_looks_like_one_of_a_family_is_in_it(name):
    alike = [item for item in operators() if any(piece in item for piece in SIMILAR[name].split(","))]
    left = [item for item in alike if family(item) != name and item != NORM and not any(each in item for each in OTHERS)]
    assert len(alike) > 5 and left == []


@pytest.mark.parametrize(
    "name", ["convert", "_convert_weight_to_int4pack", NORM, "normal_", "linalg_vector_norm", "cat", "mm"]
)
def test_what_only_looks_alike_has_no_family(name):
    assert family(name) is None


def by_matmul(X, K):
    return (K.flatten(1) @ X.flatten(1)).reshape(-1, *X.shape[1:])


CONVOLUTIONS = {
    "_convolution": lambda X, K: torch._convolution(
        X[None], K, None, (1, 1), (0, 0), (1, 1), False, (0, 0), 1, False, False, False, False
    )[0],
    "conv_tbc": lambda X, K: torch.conv_tbc(
        X.flatten(1).T[:, None].contiguous(), K.flatten(1).T[None].contiguous(), torch.zeros(len(K))
    )[:, 0].T.reshape(-1, *X.shape[1:]),
    "thnn_conv2d": lambda X, K: torch._C._nn.thnn_conv2d(X[None], K, (1, 1))[0],
    "slow_conv3d": lambda X, K: torch._C._nn.slow_conv3d(X[None, :, None], K[:, :, None], (1, 1, 1))[0, :, 0],
    "slow_conv_dilated2d": lambda X, K: torch.ops.aten.slow_conv_dilated2d(X[None], K, (1, 1))[0],
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_a_convolution_under_another_name_is_forbidden_too(question, name):
    shapes = {"X": normal("c h w"), "K": normal("o c 1 1")}
    asked = question(by_matmul, **shapes, gradients=False, forbids=["convolution"])
    assert asked.verdict(by_matmul).passed is True
    assert asked.verdict(lambda X, K: torch.einsum("chw,ocij->ohw", X, K)).passed is True
    assert asked.message(CONVOLUTIONS[name]).startswith("Do not use PyTorch's built-in convolution here")
    assert question(by_matmul, **shapes, gradients=False).verdict(CONVOLUTIONS[name]).passed is True
