"""The checks of lesson 2: gradients one by one, added up, cleared, by small steps, and a first step downhill."""

from math import inf, nan, prod

import torch
from torch import nn

from grader import Lesson, choice, normal, value

lesson = Lesson("gradients", number=2)

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


def afterwards(x):
    """What became of a tensor, apart from its gradient."""
    return {"numbers": x.detach().clone(), "requires_grad": x.requires_grad, "is_leaf": x.is_leaf}


def cleared(param):
    """What became of a parameter whose gradient was to be cleared; None and zeros are the same."""
    return afterwards(param) | {"grad": torch.zeros_like(param) if param.grad is None else param.grad.clone()}


def in_any_sequence(found):
    """A list, where a list or a tuple came back."""
    return list(found) if isinstance(found, tuple) else found


lesson.exercise(
    "gradient_of",
    difficulty=2,
    minutes=12,
    hints=(
        "Work on a tensor of your own, one that holds the numbers of `x` but has nothing else to do with it.",
        "`x.detach()` gives the numbers of `x` cut off from every graph. Does PyTorch watch it already?",
        "Make the detached tensor require gradients, give it to `f`, and go backward from the result. `backward` itself "
        "returns nothing: look into the `.grad` of your own tensor.",
    ),
)


@lesson.check(
    "gradient_of",
    points=0.5,
    gradients=False,
    x=normal("n m"),
    f=choice("sum of squares", "mean", "sum", "log of the sum of exponentials"),
)
def finds_the_gradient(answer, x, f):
    """The gradient of several functions, at a plain tensor."""
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


@lesson.check(
    "gradient_of", points=0.5, gradients=False, x=normal("n m"), f=choice("sum of cubes", "mean"), old=choice(None, 2.0)
)
def leaves_a_leaf_alone(answer, x, f, old):
    """A leaf that requires gradients stays as it is, and so does the old gradient in it, if there is one."""
    x = leaf(x, old)
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


lesson.exercise(
    "gradients_in_turn",
    difficulty=2,
    minutes=12,
    hints=(
        "Go through the functions one by one. What has to be true of `x.grad` each time just before `backward`?",
        "Setting `x.grad` to `None` clears it. Do that before each `backward`, the first one too, not after it.",
        "In the loop: clear, call the function on `x`, go backward, put `x.grad` into a list. If you clear by `zero_()`, "
        "the list needs a copy of the gradient, and the first time there may be nothing to clear.",
    ),
)


@lesson.check("gradients_in_turn", points=0.5, gradients=False, x=value(torch.ones(2, 3)))
def mean_then_sum(answer, x):
    """At a 2×3 tensor of ones the mean gives 1/6 everywhere, and the sum after it gives 1."""
    x = leaf(x)
    found = answer.gradients_in_turn([FUNCTIONS["mean"], FUNCTIONS["sum"]], x)
    return {"the gradients": in_any_sequence(found), "x afterwards": afterwards(x)}


@lesson.check(
    "gradients_in_turn",
    points=0.75,
    gradients=False,
    x=normal("n m"),
    fs=choice(
        ("sum of squares", "sum"), ("sum of sines",), ("mean", "sum of cubes", "sum"), ("sum of squares", "mean")
    ),
    old=choice(None, 2.0),
)
def each_function_on_its_own(answer, x, fs, old):
    """One function or several, whether or not there is an old gradient."""
    x = leaf(x, old)
    found = answer.gradients_in_turn([FUNCTIONS[f] for f in fs], x)
    return {"the gradients": in_any_sequence(found), "x afterwards": afterwards(x)}


lesson.exercise(
    "accumulated_gradient",
    difficulty=3,
    minutes=15,
    hints=(
        "`backward` adds to `w.grad`. So it is enough to go backward once for each batch, if each has the right weight.",
        "The specification gives the weight of a batch: how many samples it has, divided by how many there are in all "
        "batches. Count these first; `len(X)` helps.",
        "Clear `w.grad` once, before the loop. In the loop compute the loss of the batch, multiply it by its weight, and go "
        "backward from there. At the end the sum lies in `w.grad`.",
    ),
)


@lesson.check(
    "accumulated_gradient",
    points=1.25,
    gradients=False,
    X=normal("7 d"),
    y=normal("7"),
    w=normal("d"),
    sizes=choice((2, 1), (3,), (2, 2, 3), (1, 4, 2)),
    loss=choice("squared error", "logistic loss"),
    old=choice(None, 2.0),
)
def weighs_the_batches(answer, X, y, w, sizes, loss, old):
    """Batches of different sizes together give the gradient of the whole, whatever was in `w.grad` before."""
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


lesson.exercise(
    "zero_gradients",
    difficulty=1,
    minutes=6,
    hints=(
        "One loop over `params` is enough. Where does a parameter keep its gradient?",
        "You may put something else in the place of the gradient. Which value of `.grad` means that there is none?",
        "Clearing is an assignment to the `.grad` of each parameter. It works even for a parameter that has none.",
    ),
)


@lesson.check(
    "zero_gradients", points=0.25, gradients=False, first=normal("n m"), second=normal("k"), old=choice(2.0, nan)
)
def clears_every_gradient(answer, first, second, old):
    """The gradients of all parameters in a list are cleared, the numbers in them stay."""
    params = [leaf(first, old), leaf(second, old)]
    answer.zero_gradients(params)
    return [cleared(param) for param in params]


@lesson.check("zero_gradients", points=0.5, gradients=False, first=normal("n m"), second=normal("k"))
def takes_what_has_none(answer, first, second):
    """A generator will do, and so will parameters without a gradient."""
    params = [leaf(second, -3.0), leaf(first), leaf(first, 0.5), leaf(second)]
    answer.zero_gradients(param for param in params)
    return [cleared(param) for param in params]


lesson.exercise(
    "numeric_gradient",
    difficulty=4,
    minutes=20,
    hints=(
        "Take one entry of `x` at a time. For each you need `f` twice: a step above and a step below.",
        "Number the entries from 0 to `x.numel() - 1`. A row of that many zeros with `h` in one place, reshaped like `x`, "
        "is the step for this entry.",
        "Start with `x.double()`. For each entry build the step, and divide how much `f` grows between the two places by "
        "the way from one to the other. Store the results in a row, and reshape it at the end.",
    ),
)


@lesson.check(
    "numeric_gradient",
    points=0.5,
    gradients=False,
    x=normal("n>=2"),
    f=choice("sum of squares", "sum of cubes", "sum of sines"),
    h=choice(0.1, 0.5, 0.0001),
)
def steps_up_and_down(answer, x, f, h):
    """Central differences of several functions, along a row of numbers."""
    return answer.numeric_gradient(FUNCTIONS[f], x, h)


@lesson.check(
    "numeric_gradient",
    points=0.5,
    gradients=False,
    x=normal("n m"),
    f=choice("sum of cubes", "log of the sum of exponentials"),
    h=choice(0.5, 0.01),
)
def steps_in_a_matrix(answer, x, f, h):
    """Each entry of a matrix moves alone."""
    return answer.numeric_gradient(FUNCTIONS[f], x, h)


lesson.exercise(
    "detached_update",
    difficulty=2,
    minutes=8,
    hints=(
        "The step itself is one short line with `-=`. What does PyTorch say when you try it just like that?",
        "PyTorch has a block, opened with `with`, inside which it records nothing.",
        "The block is `torch.no_grad()`. What you write inside it has to change the tensor itself, not give the name `w` "
        "to another one.",
    ),
)


@lesson.check(
    "detached_update", points=0.75, gradients=False, w=normal("n m"), gradient=normal("n m"), lr=choice(0.5, 0.1, 2.0)
)
def steps_downhill(answer, w, gradient, lr):
    """The leaf moves in place, remains a leaf, and a graph from before notices that it moved."""
    w = leaf(w)
    w.grad = gradient.clone()
    return moved(answer, w, lr, steps=1)


def moved(answer, w, lr, steps):
    """What became of a leaf that was updated, and whether a graph that was recorded before notices."""
    recorded = (w**3).sum()
    for _ in range(steps):
        answer.detached_update(w, lr)
    found = {
        "w afterwards": afterwards(w) | {"grad": w.grad.clone()},
        "PyTorch records afterwards": torch.is_grad_enabled(),
    }
    try:
        recorded.backward()
        noticed = False
    except RuntimeError:
        noticed = True
    return found | {"a graph from before notices the change": noticed}


### BEGIN HIDDEN TESTS
@lesson.check(
    "gradient_of",
    points=0.75,
    gradients=False,
    x=normal("12", dtype="float64"),
    shape=choice((), (3, 1, 4), (12,), (1, 1)),
    f=choice("sum of cubes", "sum", "sum of sines"),
    old=choice(-1.0, None),
)
def takes_any_shape_and_precision(answer, x, shape, f, old):
    """Tensors with many axes or none, in double precision."""
    x = leaf(x[: prod(shape)].reshape(shape), old)
    return {"the gradient": answer.gradient_of(FUNCTIONS[f], x), "x afterwards": afterwards(x) | {"grad": x.grad}}


@lesson.check(
    "gradients_in_turn",
    points=0.75,
    gradients=False,
    x=normal("12"),
    shape=choice((2, 2, 3), (), (4,)),
    fs=choice(("sum of cubes", "log of the sum of exponentials", "mean"), ("sum", "sum"), tuple(FUNCTIONS)),
    old=choice(5.0, -1.0),
)
def many_functions_and_shapes(answer, x, shape, fs, old):
    """Many functions, the same one twice, leaves of every shape."""
    x = leaf(x[: prod(shape)].reshape(shape), old)
    found = answer.gradients_in_turn([FUNCTIONS[f] for f in fs], x)
    return {"the gradients": in_any_sequence(found), "x afterwards": afterwards(x)}


@lesson.check(
    "accumulated_gradient",
    points=0.75,
    gradients=False,
    X=normal("11 d>=2"),
    y=normal("11"),
    w=normal("d"),
    sizes=choice((4, 4, 3), (1, 1, 1, 5), (6, 1), (1,)),
    loss=choice("absolute error", "squared error", "logistic loss"),
    old=choice(-1.0, None, 3.0),
)
def takes_batches_of_all_sizes(answer, X, y, w, sizes, loss, old):
    """A smaller batch at the end, many of one sample, a single batch."""
    return gathered(answer, X, y, leaf(w, old), sizes, LOSSES[loss])


@lesson.check(
    "zero_gradients", points=0.5, gradients=False, first=normal("n m"), second=normal("k"), old=choice(inf, 2.0)
)
def an_older_graph_still_works(answer, first, second, old):
    """Going backward through a graph that was recorded before gives fresh gradients; a frozen parameter stays frozen."""
    frozen = leaf(second).requires_grad_(False)
    params = [frozen, leaf(first, old), leaf(second)]
    output = (params[1] ** 2).sum() * params[2].sin().sum()
    answer.zero_gradients(iter(params))
    found = [cleared(param) for param in params]
    output.backward()
    return {"at once": found, "after going backward": [cleared(param) for param in params]}


@lesson.check(
    "numeric_gradient",
    points=0.75,
    gradients=False,
    x=normal("6", dtype="float64"),
    shape=choice((2, 3, 1), (), (5,), (1, 4)),
    f=choice("log of the sum of exponentials", "sum of cubes"),
    h=choice(0.2, 0.3, 0.002),
)
def steps_along_any_axes(answer, x, shape, f, h):
    """Tensors with many axes or none, which stay as they are."""
    return answer.numeric_gradient(FUNCTIONS[f], x[: prod(shape)].reshape(shape), h)


@lesson.check(
    "detached_update",
    points=0.5,
    gradients=False,
    w=normal("12"),
    gradient=normal("12"),
    shape=choice((), (2, 3, 2), (5,)),
    lr=choice(0.25, 0.01),
)
def steps_several_times(answer, w, gradient, shape, lr):
    """Three steps in a row, with a parameter of any shape."""
    param = nn.Parameter(w[: prod(shape)].reshape(shape).clone())
    param.grad = gradient[: prod(shape)].reshape(shape).clone()
    return moved(answer, param, lr, steps=3)


### END HIDDEN TESTS
