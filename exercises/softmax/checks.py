"""The checks of lesson 4: softmax and its logarithm, cross-entropy, and the linear model that they belong to."""

import torch
from torch import nn
from torch.func import functional_call

from grader import Lesson, Tolerance, choice, labels, normal, uniform

lesson = Lesson("softmax", number=4)

LARGE = Tolerance(
    relative=1e-5,
    absolute=1e-2,
    because="float32 knows numbers near 10,000 to 0.001 only, and X - torch.logsumexp(X), which rounds there, is right too",
)


def linear_layers(model):
    """The linear layers of a model, by their names: that of the model itself is empty."""
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, nn.Linear)}


def logits_with(model, X, weight, bias):
    """What the model gives for X with these numbers in its linear layer. The call before makes a lazy layer a real one."""
    model(torch.ones(X.shape))
    model = model.to(X)
    numbers = {}
    for name in linear_layers(model):
        numbers |= {f"{name}.weight".lstrip("."): weight, f"{name}.bias".lstrip("."): bias}
    return functional_call(model, numbers, X)


def with_neighbours(scores, gap, dim):
    """The scores, and along dim as many again, each close to one of them: so the highest one is never far above all others,
    and no probability is all that there is."""
    return torch.cat([scores, scores + gap], dim)


def first_ones_right(scores, classes, right):
    """The scores with one of each sample raised above all others: in the first `right` samples that of the right class, in
    the rest that of the class after it."""
    late = torch.arange(len(scores), device=scores.device) >= right
    raised = (classes + late) % scores.shape[1]
    return scores + 10 * nn.functional.one_hot(raised, scores.shape[1]).to(scores)


lesson.exercise(
    "softmax",
    difficulty=3,
    minutes=20,
    hints=(
        "Try the formula on the scores of the example first. When it works, try it on the same scores plus 1000: what do "
        "you get, and which number would you take away from all of them to be safe?",
        "After the highest score along `dim` is taken away, no score is above 0, so no exponential is above 1. The sum is "
        "at least 1, so you never divide by 0.",
        "Both the highest score and the sum lose the axis `dim` unless you keep it with size 1. PyTorch's functions for "
        "these two take `keepdim=True`, and then subtraction and division meet the right rows.",
    ),
)


@lesson.check("softmax", points=0.75, X=normal("n>=2 m>=2"), dim=choice(1, 0, -1))
def adds_up_to_one_along_dim(answer, X, dim):
    """Along dim, scores become probabilities that add up to 1."""
    return answer.softmax(X, dim)


@lesson.check(
    "softmax",
    points=0.75,
    tolerance=LARGE,
    X=uniform("n>=2 m>=2", -10_000, 10_000),
    gap=uniform("n m", 0.5, 2),
    dim=choice(1, 0, -1),
)
def takes_scores_of_any_size(answer, X, gap, dim):
    """Scores from -10,000 to 10,000, some close to each other, do no harm."""
    return answer.softmax(with_neighbours(X, gap, dim), dim)


lesson.exercise(
    "log_softmax",
    difficulty=3,
    minutes=15,
    hints=(
        "Look at the formula of the specification: what can become too large or too small in it, and what did you do "
        "about that in `softmax`?",
        "Take the highest score along `dim` away from all scores, and give these new scores a name. The formula holds for "
        "them as it holds for the old ones.",
        "Use the new scores in both places of the formula: in front, and within the exponentials. Add the exponentials up "
        "along `dim`, keep the axis, and take the logarithm of that sum, never of a single probability.",
    ),
)


@lesson.check("log_softmax", points=0.5, X=normal("n>=2 m>=2"), dim=choice(1, 0, -1))
def is_the_logarithm_of_the_probability(answer, X, dim):
    """For scores near 0, each number is the logarithm of a probability."""
    return answer.log_softmax(X, dim)


@lesson.check(
    "log_softmax",
    points=0.75,
    tolerance=LARGE,
    X=uniform("n>=2 m>=2", -10_000, 10_000),
    gap=uniform("n m", 0.5, 2),
    dim=choice(1, 0, -1),
)
def knows_the_logarithm_where_the_probability_is_lost(answer, X, gap, dim):
    """Scores from -10,000 to 10,000 do no harm: the logarithm of a tiny probability is a plain number."""
    return answer.log_softmax(with_neighbours(X, gap, dim), dim)


lesson.exercise(
    "cross_entropy",
    difficulty=3,
    minutes=15,
    hints=(
        "`log_softmax` along the right axis gives a table with a row for each sample. Which one number of each row do you "
        "need?",
        "A table can be indexed by two lists of equal length: one says the row, the other the column of each number. "
        "`gather` is another way to the same numbers.",
        "The rows are 0, 1, 2 and so on, one for each sample, and the columns are the labels. Take the mean of what you "
        "picked, and turn its sign.",
    ),
)


@lesson.check("cross_entropy", points=0.75, vectorised=True, logits=normal("n>=2 c>=2"), classes=labels("n", "c"))
def is_the_mean_over_the_batch(answer, logits, classes):
    """The loss is one number: the mean over the batch."""
    return answer.cross_entropy(logits, classes)


@lesson.check(
    "cross_entropy",
    points=0.75,
    tolerance=LARGE,
    logits=uniform("n>=4 c>=3", -10_000, 10_000),
    classes=labels("n", "c"),
)
def takes_logits_of_any_size(answer, logits, classes):
    """Logits from -10,000 to 10,000 give a large loss, but a number."""
    return answer.cross_entropy(logits, classes)


lesson.exercise(
    "SoftmaxRegression",
    difficulty=2,
    minutes=10,
    hints=(
        "A model has two parts: what is made once belongs into `__init__`, and what happens to each batch into `forward`.",
        "In `__init__`, call `super().__init__()` first, then make the layer and keep it as an attribute of `self`. Which "
        "two sizes does an `nn.Linear` need?",
        "In `forward`, keep the batch and put all other axes into one. Give that to your layer, and return what the layer "
        "says, with nothing done to it.",
    ),
)


@lesson.check("SoftmaxRegression", points=0.25, gradients=False, num_inputs=choice(6, 4), num_classes=choice(4, 3))
def has_one_linear_layer(answer, num_inputs, num_classes):
    """The model is an nn.Module that holds one linear layer, with a bias."""
    model = answer.SoftmaxRegression(num_inputs, num_classes)
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}
    if any(isinstance(layer, nn.LazyLinear) for layer in linear_layers(model).values()):
        model(torch.ones(2, num_inputs))  # only a call tells a lazy layer how many inputs it has
    layers = [
        {"inputs": layer.in_features, "outputs": layer.out_features, "has a bias": layer.bias is not None}
        for layer in linear_layers(model).values()
    ]
    return {"is an nn.Module": True, "linear layers": layers}


@lesson.check("SoftmaxRegression", points=0.5, X=normal("n>=2 2 3"), weight=normal("c>=2 6"), bias=normal("c"))
def gives_a_score_for_each_class(answer, X, weight, bias):
    """Each picture gets its logits, whatever the weight and the bias of the layer are."""
    return logits_with(answer.SoftmaxRegression(6, len(bias)), X, weight, bias)


lesson.exercise(
    "predict",
    difficulty=1,
    minutes=5,
    hints=(
        "The model is called like a function. What does it give, and which axis of that counts the classes?",
        "PyTorch has one function that gives the highest number along an axis, and another one that tells where it "
        "stands.",
        "The function's name says what it gives: the *argument* of the *maximum*. Tell it the axis of the classes.",
    ),
)


@lesson.check("predict", points=0.5, gradients=False, X=normal("n>=2 d>=2"))
def names_the_class_with_the_highest_score(answer, X):
    """Each sample gets the number of the class with the highest score."""
    model = nn.Linear(X.shape[1], 5).to(X)
    nn.init.constant_(model.bias, 10.0)  # negative scores have a check of their own
    return answer.predict(model, X)


lesson.exercise(
    "accuracy",
    difficulty=1,
    minutes=8,
    hints=(
        "First find the class that each sample is put into, as in `predict`, then compare with `labels`.",
        "`==` between two tensors of the same shape gives True or False for each sample. True counts as 1.",
        "Turn these into numbers, by `.float()` for example, and take their mean. A tensor with one number has a method "
        "that gives this number to Python.",
    ),
)


@lesson.check(
    "accuracy",
    points=0.5,
    gradients=False,
    no_meta="a Python float needs the numbers themselves, and a meta tensor has none",
    scores=normal("4 3"),
    classes=labels("4", 3),
    right=choice(3, 1, 4),
)
def is_the_share_that_is_right(answer, scores, classes, right):
    """The share of the samples that are classified right comes back as a Python float."""
    return answer.accuracy(first_ones_right(scores, classes, right), classes)
