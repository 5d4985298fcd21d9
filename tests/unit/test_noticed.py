"""However an answer calls what is forbidden, it is seen where only that is noticed as it is where all is counted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

from grader import Lesson, normal
from grader.families import related
from grader.lesson.inputs import generator
from grader.worker import noticed
from grader.worker.observe import Answer, observe, run_check


def operations(answer, forbids, gradients=True, X=None):
    """What is noted of an answer where `forbids` alone are looked for; all that it does where they are None."""
    seen = observe(
        lambda answer, X: answer.f(X), Answer({"f": answer}), {"X": torch.ones(2, 3, 4) if X is None else X},
        cotangents=generator("cotangents") if gradients else None, count=True, forbids=forbids,
    )  # fmt: skip
    assert seen["error"] is None
    return seen["operations"]


class Softmax(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(X):
        return F.softmax(X, -1)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0]


class Late(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X):
        return X.clone()

    @staticmethod
    def backward(ctx, grad):
        return F.softmax(grad, -1)


@torch.library.custom_op("noticed::softmax", mutates_args=())
def custom(X: torch.Tensor) -> torch.Tensor:
    return F.softmax(X, -1)


scripted = torch.jit.CompilationUnit("def softmax(X):\n    return torch.softmax(X, -1)\n").softmax


def without_gradients(mode, function):
    def answer(X):
        with mode():
            return function(X)

    return answer


def in_a_thread(X):
    results = []
    thread = Thread(target=lambda: results.append(F.softmax(X, -1)))
    thread.start()
    thread.join()
    return results[0]


def in_a_pool(X):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(F.softmax, X, -1).result()


def softmax(X):
    return F.softmax(X, -1)


SOFTMAX = {
    "function": softmax,
    "method": lambda X: X.softmax(-1),
    "log": lambda X: F.log_softmax(X, -1),
    "operator": lambda X: torch.ops.aten._softmax.default(X, -1, False),
    "packet": lambda X: torch.ops.aten.softmax(X, -1),
    "module": nn.Softmax(-1),
    "loss": lambda X: F.cross_entropy(X[0], torch.zeros(3, dtype=torch.int64)),
    "attention": lambda X: F.scaled_dot_product_attention(X, X, X),
    "distribution": lambda X: torch.distributions.Categorical(logits=X).probs,
    "transform": lambda X: torch.distributions.transforms.SoftmaxTransform()(X),
    "reference": lambda X: torch._refs.softmax(X.detach(), -1),
    "vmap": torch.vmap(softmax),
    "gradient": torch.func.grad(lambda X: softmax(X)[..., 0].sum()),
    "hessian": lambda X: torch.func.hessian(lambda row: softmax(row).prod())(X[0, 0]),
    "jacobian": lambda X: torch.func.jvp(softmax, (X,), (X,)),
    "gradients of each": lambda X: torch.vmap(torch.func.grad(lambda row: softmax(row)[0]))(X[0]),
    "functionalized": lambda X: torch.func.functionalize(softmax)(X.detach()),
    "own function": Softmax.apply,
    "own function, vmap": torch.vmap(Softmax.apply),
    "own function, gradient": torch.func.grad(lambda X: Softmax.apply(X)[..., 0].sum()),
    "on the way back": Late.apply,
    "own operator": lambda X: custom(X.detach()),
    "torchscript": scripted,
    "traced": lambda X: torch.jit.trace(softmax, X)(X),
    "checkpoint": lambda X: checkpoint(softmax, X, use_reentrant=False),
    "thread": in_a_thread,
    "pool": in_a_pool,
    "no_grad": without_gradients(torch.no_grad, softmax),
    "inference_mode": without_gradients(torch.inference_mode, softmax),
    "inference_mode, torchscript": without_gradients(torch.inference_mode, scripted),
    "inference_mode, own operator": without_gradients(torch.inference_mode, custom),
    "inference_mode, loss": without_gradients(torch.inference_mode, lambda X: F.cross_entropy(X[:, :, 0], X[:, :, 1])),
    "inference_mode, reference": without_gradients(torch.inference_mode, lambda X: torch._refs.softmax(X, -1)),
    "autocast": without_gradients(lambda: torch.autocast("cpu"), softmax),
    "no function mode": without_gradients(torch._C.DisableTorchFunction, softmax),
    "out": lambda X: torch.softmax(X.detach(), -1, out=torch.empty_like(X)),
}


@pytest.mark.parametrize("name", SOFTMAX)
def test_a_ready_made_softmax_is_noticed_wherever_it_is_called(name):
    assert related(["_softmax"], operations(SOFTMAX[name], ["_softmax"])) == ["softmax"]
    if name != "inference_mode, loss":  # there one that counts is only shown the whole
        assert related(["_softmax"], operations(SOFTMAX[name], None)) == ["softmax"]


OTHERS = {
    "a slice is no as_strided": (["im2col"], lambda X: X[1:, :, ::2].transpose(1, 2)),
    "rows taken apart are no stack on the way back": (["stack"], lambda X: sum(row for row in X)),
    "a softmax of one's own": (["_softmax"], lambda X: X.exp() / X.exp().sum(-1, keepdim=True)),
    "layers that are only built": (["convolution"], lambda X: X * len([nn.Conv2d(1, 1, 1), nn.LazyConv2d(1, 1)])),
    "a copy": (["im2col", "_softmax"], lambda X: nn.Linear(4, 4).requires_grad_(False)(X.clone().contiguous())),
}


@pytest.mark.parametrize("mode", [None, torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("name", OTHERS)
def test_what_pytorch_calls_for_its_own_work_is_nobodys_use_of_it(name, mode):
    forbids, answer = OTHERS[name]
    answer = without_gradients(mode, answer) if mode else answer
    noted = operations(answer, forbids, gradients=mode is None)
    assert not related(forbids, noted) and not {*forbids} & {item.strip("_") for item in noted}


@pytest.mark.parametrize(
    "answer", [lambda X: X.add(1), lambda X: X.clone().add_(1), lambda X: torch._foreach_add([X], 1)[0]]
)
def test_an_operation_without_a_family_is_counted_with_all_others(answer):
    assert any("add" in name for name in operations(answer, ["add"]))


@pytest.mark.parametrize("answer", [
    lambda X: X.as_strided((2, 2), (1, 1)), lambda X: torch.as_strided(X, (2, 2), (1, 1)), lambda X: X.unfold(0, 1, 1),
    lambda X: torch.ops.aten.as_strided(X, (2, 2), (1, 1)), lambda X: F.unfold(X[None, None, 0], (1, 1)),
])  # fmt: skip
def test_a_view_of_ones_own_making_is_noticed_where_it_is_forbidden(answer):
    assert related(["im2col"], operations(answer, ["im2col"])) == ["unfold"]


def test_the_rows_of_unique_are_not_stacked_by_who_calls_it():
    assert not related(["stack"], operations(lambda X: torch.unique(X.detach(), dim=0), ["stack"]))


def test_a_check_that_forbids_an_operation_notices_it_in_each_of_its_cases():
    lesson = Lesson("lesson")
    f = lesson.exercise("f", forbids=["_softmax"])

    @f.check(points=1)
    def sums_to_one(answer, X=normal("n d")):
        """Each row sums to one."""
        return answer.f(X)

    seen = run_check(lesson, lesson.checks["sums_to_one"], Answer({"f": softmax}), "seed")
    assert all("_softmax" in item["operations"] for item in seen if item["operations"] is not None)
    assert sum(item["operations"] is not None for item in seen) >= 2


def test_what_comes_after_a_check_is_not_noted():
    noted = operations(lambda X: X + 1, ["_softmax"])
    F.softmax(torch.ones(2), -1)
    assert not related(["_softmax"], noted) and not torch._C._dispatch_tls_is_dispatch_key_included(noticed.KEY)


def test_where_a_pytorch_has_no_such_key_all_operations_are_counted(monkeypatch):
    monkeypatch.setattr(noticed, "available", lambda: False)
    assert operations(lambda X: X * 2, ["_softmax"])["mul"] == 1


def unkeyed(X):
    torch._C._dispatch_tls_set_dispatch_key_included(noticed.KEY, False)
    try:
        return scripted(X)
    finally:
        torch._C._dispatch_tls_set_dispatch_key_included(noticed.KEY, True)


def below_autograd(X):
    with torch._C._AutoDispatchBelowAutograd():
        return scripted(X.detach())


def forgotten(X):
    noted, counts = scripted(X), noticed._counts
    counts.clear()
    return noted


@pytest.mark.xfail(strict=True, reason="what looks on lives in the answer's own process")
@pytest.mark.parametrize("answer", [unkeyed, below_autograd, forgotten])
def test_an_answer_that_is_written_to_mislead_it_is_noticed(answer):
    assert related(["_softmax"], operations(answer, ["_softmax"])) == ["softmax"]


@pytest.mark.parametrize("guard", [torch._C._AutoDispatchBelowAutograd, torch._C.DisableTorchFunction])
def test_who_calls_by_name_what_is_forbidden_is_noticed_below_either_guard(guard):
    assert related(["_softmax"], operations(without_gradients(guard, softmax), ["_softmax"])) == ["softmax"]
