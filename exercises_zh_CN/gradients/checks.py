"""The checks of lesson 2: gradients one by one, added up, cleared, by small steps, and a first step downhill."""

from math import nan

import torch

from grader import Lesson, choice, normal
from grader.lesson.probes import afterwards, by_parameter

lesson = Lesson("gradients", number=2, gradients=False)

FUNCTIONS = {
    "mean": lambda x: x.mean(),
    "sum": lambda x: x.sum(),
    "sum of squares": lambda x: (x**2).sum(),
    "sum of cubes": lambda x: (x**3).sum(),
    "sum of sines": lambda x: x.sin().sum(),
    "log of the sum of exponentials": lambda x: x.exp().sum().log(),
}

LOSSES = {
    "squared error": lambda w, X, y: ((X @ w - y) ** 2).mean(),
    "absolute error": lambda w, X, y: (X @ w - y).abs().mean(),
    "logistic loss": lambda w, X, y: (1 + (-y * (X @ w)).exp()).log().mean(),
}


def leaf(numbers, old=None):
    """A leaf that requires gradients, with `old` in every place of its gradient, or without a gradient."""
    made = numbers.detach().clone().requires_grad_()
    made.grad = None if old is None else torch.full_like(numbers, old)
    return made


def cleared(param):
    """What became of a parameter whose gradient was to be cleared; None and zeros are the same."""
    return afterwards(param) | {"grad": torch.zeros_like(param) if param.grad is None else param.grad.clone()}


def in_any_sequence(found):
    """A list, where a list or a tuple came back."""
    return list(found) if isinstance(found, tuple) else found


gradient_of = lesson.exercise("gradient_of")


@gradient_of.check(points=0.5)
def finds_the_gradient(answer, x=normal("n m"), f=choice("sum of squares", "mean", "sum", "log of the sum of exponentials")):
    """几个函数在普通张量处的梯度。"""
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


@gradient_of.check(points=0.5)
def leaves_a_leaf_alone(answer, x=normal("n m"), f=choice("sum of cubes", "mean"), old=choice(None, 2.0)):
    """需要梯度的叶子张量保持不变，其中如果有旧的梯度，也保持不变。"""
    x = leaf(x, old)
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


gradients_in_turn = lesson.exercise("gradients_in_turn")


@gradients_in_turn.check(points=0.5)
def mean_then_sum(answer, x=normal("n m")):
    """`n` 个数的平均值的梯度处处为 `1 / n`，之后总和的梯度处处为 1。"""
    x = leaf(x)
    found = answer.gradients_in_turn([FUNCTIONS["mean"], FUNCTIONS["sum"]], x)
    return {"the gradients": in_any_sequence(found), "x afterwards": afterwards(x)}


@gradients_in_turn.check(points=0.75)
def each_function_on_its_own(
    answer,
    x=normal("n m"),
    fs=choice(("sum of squares", "sum"), ("sum of sines",), ("mean", "sum of cubes", "sum"), ("sum of squares", "mean")),
    old=choice(None, 2.0),
):
    """一个或几个函数，不管有没有旧的梯度。"""
    x = leaf(x, old)
    found = answer.gradients_in_turn([FUNCTIONS[f] for f in fs], x)
    return {"the gradients": in_any_sequence(found), "x afterwards": afterwards(x)}


accumulated_gradient = lesson.exercise("accumulated_gradient")


@accumulated_gradient.check(points=1.25)
def weighs_the_batches(
    answer,
    X=normal("7 d"),
    y=normal("7"),
    w=normal("d"),
    sizes=choice((2, 1), (3,), (2, 2, 3), (1, 4, 2)),
    loss=choice("squared error", "logistic loss"),
    old=choice(None, 2.0),
):
    """大小不同的批量合在一起给出整体的梯度，不管 `w.grad` 里原来有什么。"""
    return gathered(answer, X, y, leaf(w, old), sizes, LOSSES[loss])


def gathered(answer, X, y, w, sizes, loss):
    """What comes of gathering the gradient over batches of these sizes, and whether the loss saw more than one at once."""
    seen = []

    def watched(w, X, y):
        seen.append(len(X))
        return loss(w, X, y)

    samples = sum(sizes)
    batches = list(zip(X[:samples].split(sizes), y[:samples].split(sizes), strict=True))
    return {
        "the gradient": answer.accumulated_gradient(batches, watched, w),
        "loss got more samples at once than a batch holds": max(seen, default=0) > max(sizes),
        "w afterwards": afterwards(w),
    }


zero_gradients = lesson.exercise("zero_gradients")


@zero_gradients.check(points=0.25)
def clears_every_gradient(answer, first=normal("n m"), second=normal("k"), old=choice(2.0, nan)):
    """列表中所有参数的梯度都清除了，其中的数不变。"""
    params = [leaf(first, old), leaf(second, old)]
    answer.zero_gradients(params)
    return by_parameter(map(cleared, params))


@zero_gradients.check(points=0.5)
def takes_what_has_none(answer, first=normal("n m"), second=normal("k")):
    """生成器也可以，没有梯度的参数也可以。"""
    params = [leaf(second, -3.0), leaf(first), leaf(first, 0.5), leaf(second)]
    answer.zero_gradients(param for param in params)
    return by_parameter(map(cleared, params))


numeric_gradient = lesson.exercise("numeric_gradient")


@numeric_gradient.check(points=0.5)
def steps_up_and_down(
    answer, x=normal("n>=2"), f=choice("sum of squares", "sum of cubes", "sum of sines"), h=choice(0.1, 0.5, 0.0001)
):
    """几个函数的中心差分，沿着一行数。"""
    return answer.numeric_gradient(FUNCTIONS[f], x, h)


@numeric_gradient.check(points=0.5)
def steps_in_a_matrix(
    answer, x=normal("n m"), f=choice("sum of cubes", "log of the sum of exponentials"), h=choice(0.5, 0.01)
):
    """矩阵的每个元素单独移动。"""
    return answer.numeric_gradient(FUNCTIONS[f], x, h)


detached_update = lesson.exercise("detached_update")


@detached_update.check(points=0.75)
def steps_downhill(answer, w=normal("n m"), gradient=normal("n m"), lr=choice(0.5, 0.1, 2.0)):
    """叶子张量原地移动，仍然是叶子张量，之前的计算图能察觉它移动了。"""
    w = leaf(w)
    w.grad = gradient.clone()
    return moved(answer, w, lr, steps=1)


def moved(answer, w, lr, steps):
    """What became of a leaf that was updated, and whether a graph that was recorded before notices."""
    recorded = (w**3).sum()
    for _ in range(steps):
        answer.detached_update(w, lr)
    found = {
        "w afterwards": afterwards(w) | {"grad": None if w.grad is None else w.grad.clone()},
        "PyTorch records afterwards": torch.is_grad_enabled(),
    }
    try:
        recorded.backward()
        noticed = False
    except RuntimeError:
        noticed = True
    return found | {"a graph from before notices the change": noticed}
