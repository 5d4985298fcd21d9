"""The checks of lesson 2: gradients one by one, added up, cleared, by small steps, and a first step downhill."""

from math import inf, nan, prod

import torch
from torch import nn

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
    """The gradient of several functions, at a plain tensor."""
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


@gradient_of.check(points=0.5)
def leaves_a_leaf_alone(answer, x=normal("n m"), f=choice("sum of cubes", "mean"), old=choice(None, 2.0)):
    """A leaf that requires gradients stays as it is, and so does the old gradient in it, if there is one."""
    x = leaf(x, old)
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


@gradient_of.check(points=0.75, hidden=True)
def takes_any_shape_and_precision(
    answer,
    x=normal("12", dtype="float64"),
    shape=choice((), (3, 1, 4), (12,), (1, 1)),
    f=choice("sum of cubes", "sum", "sum of sines"),
    old=choice(-1.0, None),
):
    """Tensors with many axes or none, in double precision."""
    x = leaf(x[: prod(shape)].reshape(shape), old)
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


gradients_in_turn = lesson.exercise("gradients_in_turn")


@gradients_in_turn.check(points=0.5)
def mean_then_sum(answer, x=normal("n m")):
    """The mean of `n` numbers gives `1 / n` everywhere, and the sum after it gives 1."""
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
    """One function or several, whether or not there is an old gradient."""
    x = leaf(x, old)
    found = answer.gradients_in_turn([FUNCTIONS[f] for f in fs], x)
    return {"the gradients": in_any_sequence(found), "x afterwards": afterwards(x)}


@gradients_in_turn.check(points=0.75, hidden=True)
def many_functions_and_shapes(
    answer,
    x=normal("12"),
    shape=choice((2, 2, 3), (), (4,)),
    fs=choice(("sum of cubes", "log of the sum of exponentials", "mean"), ("sum", "sum"), tuple(FUNCTIONS)),
    old=choice(5.0, -1.0),
):
    """Many functions, the same one twice, leaves of every shape."""
    x = leaf(x[: prod(shape)].reshape(shape), old)
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
    """Batches of different sizes together give the gradient of the whole, whatever was in `w.grad` before."""
    return gathered(answer, X, y, leaf(w, old), sizes, LOSSES[loss])


@accumulated_gradient.check(points=0.75, hidden=True)
def takes_batches_of_all_sizes(
    answer,
    X=normal("11 d>=2"),
    y=normal("11"),
    w=normal("d"),
    sizes=choice((4, 4, 3), (1, 1, 1, 5), (6, 1), (1,)),
    loss=choice("absolute error", "squared error", "logistic loss"),
    old=choice(-1.0, None, 3.0),
):
    """A smaller batch at the end, many of one sample, a single batch."""
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
    """The gradients of all parameters in a list are cleared, the numbers in them stay."""
    params = [leaf(first, old), leaf(second, old)]
    answer.zero_gradients(params)
    return by_parameter(map(cleared, params))


@zero_gradients.check(points=0.5)
def takes_what_has_none(answer, first=normal("n m"), second=normal("k")):
    """A generator will do, and so will parameters without a gradient."""
    params = [leaf(second, -3.0), leaf(first), leaf(first, 0.5), leaf(second)]
    answer.zero_gradients(param for param in params)
    return by_parameter(map(cleared, params))


@zero_gradients.check(points=0.5, hidden=True)
def an_older_graph_still_works(answer, first=normal("n m"), second=normal("k"), old=choice(inf, 2.0)):
    """Going backward through a graph that was recorded before gives fresh gradients; a frozen parameter stays frozen."""
    frozen = leaf(second).requires_grad_(False)
    params = [frozen, leaf(first, old), leaf(second)]
    output = (params[1] ** 2).sum() * params[2].sin().sum()
    answer.zero_gradients(iter(params))
    found = [cleared(param) for param in params]
    output.backward()
    fresh = [{"the fresh gradient": cleared(param)["grad"]} for param in params]
    return by_parameter(at_once | later for at_once, later in zip(found, fresh, strict=True))


numeric_gradient = lesson.exercise("numeric_gradient")


@numeric_gradient.check(points=0.5)
def steps_up_and_down(
    answer, x=normal("n>=2"), f=choice("sum of squares", "sum of cubes", "sum of sines"), h=choice(0.1, 0.5, 0.0001)
):
    """Central differences of several functions, along a row of numbers."""
    return answer.numeric_gradient(FUNCTIONS[f], x, h)


@numeric_gradient.check(points=0.5)
def steps_in_a_matrix(
    answer, x=normal("n m"), f=choice("sum of cubes", "log of the sum of exponentials"), h=choice(0.5, 0.01)
):
    """Each entry of a matrix moves alone."""
    return answer.numeric_gradient(FUNCTIONS[f], x, h)


@numeric_gradient.check(points=0.75, hidden=True)
def steps_along_any_axes(
    answer,
    x=normal("6", dtype="float64"),
    shape=choice((2, 3, 1), (), (5,), (1, 4)),
    f=choice("log of the sum of exponentials", "sum of cubes"),
    h=choice(0.2, 0.3, 0.002),
):
    """Tensors with many axes or none, which stay as they are."""

    def flat_to_pytorch(x):
        """The same numbers, and a gradient of 0 for whoever goes backward."""
        return FUNCTIONS[f](x.detach()) + 0 * FUNCTIONS[f](x)

    return answer.numeric_gradient(flat_to_pytorch, x[: prod(shape)].reshape(shape), h)


detached_update = lesson.exercise("detached_update")


@detached_update.check(points=0.75)
def steps_downhill(answer, w=normal("n m"), gradient=normal("n m"), lr=choice(0.5, 0.1, 2.0)):
    """The leaf moves in place, remains a leaf, and a graph from before notices that it moved."""
    w = leaf(w)
    w.grad = gradient.clone()
    return moved(answer, w, lr, steps=1)


@detached_update.check(points=0.5, hidden=True)
def steps_several_times(
    answer, w=normal("12"), gradient=normal("12"), shape=choice((), (2, 3, 2), (5,)), lr=choice(0.25, 0.01)
):
    """Three steps in a row, with a parameter of any shape."""
    param = nn.Parameter(w[: prod(shape)].reshape(shape).clone())
    param.grad = gradient[: prod(shape)].reshape(shape).clone()
    return moved(answer, param, lr, steps=3)


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
