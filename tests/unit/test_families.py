"""What is forbidden is forbidden under every name that PyTorch has for it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Categorical, OneHotCategorical
from torch.distributions.transforms import SoftmaxTransform

from grader import normal
from grader.families import family

SIMILAR = {
    "convolution": "conv",
    "softmax": "softmax,attention",
    "normalization": "norm",
    "stack": "stack",
    "pooling": "pool",
    "loss": "nll,cross_entropy,loss,kl_div",
    "unfold": "im2col,col2im,unfold,stft",
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


def softmax(X):
    exps = (X - X.amax(1, keepdim=True)).exp()
    return exps / exps.sum(1, keepdim=True)


@torch.library.custom_op("tests_of_families::softmax_of_rows", mutates_args=())
def one_of_its_own(X: torch.Tensor) -> torch.Tensor:
    return torch.softmax(X, 1)


def by_attention(X):
    numbers = torch.eye(X.shape[1])[None, None]
    return nn.functional.scaled_dot_product_attention(X[None, None], numbers, numbers, scale=1.0)[0, 0]


def in_inference_mode(X):
    with torch.inference_mode():
        return one_of_its_own(X)


READY_MADE = {
    "an operator of the answer's own around it": one_of_its_own,
    "the same where no gradient is recorded": in_inference_mode,
    "what PyTorch replaces it by": lambda X: torch._decomp.decomposition_table[torch.ops.aten._softmax.default](X, 1, False),
    "its reference in Python": lambda X: torch._refs.softmax(X, 1),
    "a transformation of distributions": lambda X: SoftmaxTransform()(X),
    "attention": by_attention,
    "a distribution that takes the logits apart": lambda X: Categorical(logits=X).logits.exp(),
    "another that holds it": lambda X: OneHotCategorical(logits=X).logits.exp(),
}


@pytest.mark.parametrize("name", READY_MADE)
def test_a_ready_made_function_is_forbidden_whatever_it_is_made_of(question, name):
    asked = question(softmax, X=normal("n>=2 m>=2"), gradients=False, forbids=["_softmax"])
    assert asked.message(READY_MADE[name]).startswith("Do not use PyTorch's built-in softmax here")
    free = question(softmax, X=normal("n>=2 m>=2"), gradients=False)
    assert free.verdict(READY_MADE[name]).passed is True


class Normalized(nn.BatchNorm1d):
    """A layer whose parameters and buffers are PyTorch's, and whose work is its own."""

    def forward(self, X):
        return self.weight * (X - X.mean(0)) / (X.var(0, correction=0) + self.eps).sqrt() + self.bias


RIGHT = {
    "_softmax": lambda X: softmax(X),
    "native_batch_norm": lambda X: Normalized(X.shape[1])(X),
    "convolution": lambda X: nn.functional.linear(X, nn.Conv1d(1, 1, 1).weight.detach()[0] * 0 + torch.eye(X.shape[1])),
    "stack": lambda X: torch.cat([row[None] for row in X]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_building_a_layer_or_borrowing_its_parameters_is_not_using_it(question, name):
    asked = question(RIGHT[name], X=normal("n>=2 m>=2"), gradients=False, forbids=[name])
    assert asked.verdict(RIGHT[name]).passed is True


@torch.library.custom_op("tests_of_families::rows_in_turn", mutates_args=())
def rows_in_turn(X: torch.Tensor) -> torch.Tensor:
    return torch.cat([2 * row[None] for row in X])


def test_a_loop_inside_an_operator_of_the_answers_own_is_counted(question):
    asked = question(lambda X: X * 2, X=normal("n>=2 m"), gradients=False, vectorized=True)
    assert asked.message(rows_in_turn).startswith("The number of tensor operations grows")


def in_threads(X):
    with ThreadPoolExecutor(2) as pool:
        return torch.cat(list(pool.map(lambda row: 2 * row[None], X)))


def test_what_is_done_in_other_threads_is_counted(question):
    asked = question(lambda X: X * 2, X=normal("n>=2 m"), gradients=False, vectorized=True, forbids=["exp"])
    assert asked.message(in_threads).startswith("The number of tensor operations grows")
    with ThreadPoolExecutor(1) as pool:
        assert "PyTorch's built-in exp" in asked.message(lambda X: pool.submit(lambda: 2 * X + 0 * X.exp()).result())
        assert asked.verdict(lambda X: pool.submit(lambda: X + X).result()).passed is True
    assert "leaves PyTorch" in asked.message(
        lambda X: ThreadPoolExecutor(1).submit(lambda: 2 * X + len(X.tolist()) * 0).result()
    )


STACKED = {
    "vstack": lambda X: torch.vstack([2 * row for row in X]),
    "row_stack": lambda X: torch.row_stack([2 * row for row in X]),
    "dstack": lambda X: torch.dstack([2 * row for row in X])[0].T,
    "column_stack": lambda X: torch.column_stack([2 * row for row in X]).T,
}


@pytest.mark.parametrize("name", STACKED)
def test_a_function_that_dispatches_something_else_goes_by_its_own_name(question, name):
    asked = question(lambda X: 2 * X, X=normal("n>=2 m"), gradients=False, forbids=["stack"])
    assert asked.message(STACKED[name]).startswith("Do not use PyTorch's built-in stack here")
    assert asked.verdict(lambda X: torch.cat([2 * row[None] for row in X])).passed is True


LOSSES = {
    "kl_div": lambda logs, right: nn.functional.kl_div(logs, right, reduction="batchmean"),
    "nn.KLDivLoss": lambda logs, right: nn.KLDivLoss(reduction="batchmean")(logs, right),
    "poisson_nll_loss": lambda logs, right: (
        (nn.functional.poisson_nll_loss(logs, right, reduction="none") - logs.exp()).sum(1).mean()
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_of_pytorch_is_of_one_family(question, name):
    def answer(X):
        logs = X - X.logsumexp(1, keepdim=True)
        right = torch.eye(X.shape[1]).to(X)[torch.arange(len(X)) % X.shape[1]]
        return logs, right

    asked = question(
        lambda X: -(answer(X)[0] * answer(X)[1]).sum(1).mean(),
        X=normal("n m"),
        gradients=False,
        forbids=["nll_loss_forward"],
    )
    assert asked.message(lambda X: LOSSES[name](*answer(X))).startswith("Do not use PyTorch's built-in loss here")


def joined_by_arrays(shape):
    return np.concatenate([np.ndarray(tuple(shape)), np.ndarray(tuple(shape))]).shape[0]


IN_NUMPY = {
    "functions": lambda shape: np.vstack([np.empty(tuple(shape))] * 2).shape[0],
    "types and a function": joined_by_arrays,
    "an index": lambda shape: np.r_[np.ndarray(tuple(shape)), np.ndarray(tuple(shape))].shape[0],
    "another thread": lambda shape: ThreadPoolExecutor(1).submit(joined_by_arrays, shape).result(),
}


@pytest.mark.parametrize("name", IN_NUMPY)
def test_where_plain_numbers_are_enough_numpy_is_forbidden_too(question, name):
    asked = question(lambda shape: 2 * shape[0], shape=[2, 3], gradients=False, forbids=["numpy"])
    assert asked.message(IN_NUMPY[name]).startswith("Do not use NumPy here")
    assert asked.verdict(lambda shape: int(torch.tensor(2 * shape[0]))).passed is True
    assert question(lambda shape: 2 * shape[0], shape=[2, 3], gradients=False).verdict(IN_NUMPY[name]).passed is True


class Late(torch.autograd.Function):
    """A softmax that is put into its place only while the gradient flows back."""

    @staticmethod
    def forward(context, X, made):
        context.X, context.made = X.detach(), made
        return torch.zeros_like(X)

    @staticmethod
    def backward(context, gradient):
        made = torch.softmax(context.X, 1)
        context.made[0].data.copy_(made)
        return made * (gradient - (gradient * made).sum(1, keepdim=True)), None


def on_the_way_back(X):
    made = []
    made.append(Late.apply(X, made))
    return made[0]


class WhenRead(torch.Tensor):
    """A softmax that is computed when somebody asks for the numbers."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            args = [torch.softmax(item.as_subclass(torch.Tensor), 1) if type(item) is cls else item for item in args]
            return function(*args, **(kwargs or {}))


def test_what_is_computed_after_the_answer_came_back_is_forbidden_too(question):
    asked = question(softmax, X=normal("n>=2 m>=2"), forbids=["_softmax"])
    assert asked.message(on_the_way_back).startswith("Do not use PyTorch's built-in softmax here")
    free = question(softmax, X=normal("n>=2 m>=2"))
    assert free.verdict(on_the_way_back).passed is True
    asked = question(softmax, X=normal("n>=2 m>=2"), gradients=False, forbids=["_softmax"])
    assert asked.message(lambda X: X.clone().as_subclass(WhenRead)).startswith("Do not use PyTorch's built-in softmax here")


def test_taking_apart_what_is_stacked_on_the_way_back_is_no_stacking(question):
    asked = question(lambda X: 2 * X, X=normal("n>=2 m"), forbids=["stack"])
    assert asked.verdict(lambda X: torch.cat([2 * row[None] for row in X.unbind()])).passed is True
