"""The checks of lesson 4: softmax and its logarithm, cross-entropy, and the linear model that they belong to."""

import torch
from torch import nn
from torch.func import functional_call

from grader import Lesson, Tolerance, any_of, choice, labels, normal, uniform

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
    """What the model gives for X with these numbers in its linear layer. The call before makes a lazy layer a real one. Of a
    model without one, whose numbers are random, what can be said of it."""
    model(torch.ones(X.shape))
    model = model.to(X)
    if isinstance(model, nn.Module) and not linear_layers(model):
        said = {"the model has a linear layer": False, "the model has parameters": bool(list(model.parameters()))}
        return said | {"the logits are the same each time": torch.equal(model(X), model(X))}
    numbers = {}
    for name in linear_layers(model):
        numbers |= {f"{name}.weight".lstrip("."): weight, f"{name}.bias".lstrip("."): bias}
    return {"the model has a linear layer": True, "logits": functional_call(model, numbers, X)}


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


softmax = lesson.exercise("softmax", forbids=["_softmax"])


@softmax.check(points=0.75)
def adds_up_to_one_along_dim(answer, X=normal("n>=2 m>=2"), dim=choice(1, 0, -1)):
    """Along dim, scores become probabilities that add up to 1."""
    return answer.softmax(X, dim)


@softmax.check(points=0.75, tolerance=LARGE)
def takes_scores_of_any_size(
    answer, X=uniform("n>=2 m>=2", -10_000, 10_000), gap=uniform("n m", 0.5, 2), dim=choice(1, 0, -1)
):
    """Scores from -10,000 to 10,000, some close to each other, do no harm."""
    return answer.softmax(with_neighbours(X, gap, dim), dim)


@softmax.check(points=0.5, hidden=True)
def takes_every_dim(answer, X=normal("a>=2 b>=2 c>=2"), dim=choice(0, 1, 2, -1, -2, -3)):
    """Scores with three axes, along each of them, counted from the front or from the back."""
    return answer.softmax(X, dim)


@softmax.check(points=0.5, tolerance=LARGE, hidden=True)
def takes_rows_at_different_levels(answer, X=normal("n>=2 m>=2"), level=uniform("n 1", -10_000, 10_000), dim=choice(1, -1)):
    """Each row has a level of its own, near which its scores lie."""
    return answer.softmax(X + level, dim)


log_softmax = lesson.exercise("log_softmax", forbids=["_softmax"])


@log_softmax.check(points=0.5)
def is_the_logarithm_of_the_probability(answer, X=normal("n>=2 m>=2"), dim=choice(1, 0, -1)):
    """For scores near 0, each number is the logarithm of a probability."""
    return answer.log_softmax(X, dim)


@log_softmax.check(points=0.75, tolerance=LARGE)
def knows_the_logarithm_where_the_probability_is_lost(
    answer, X=uniform("n>=2 m>=2", -10_000, 10_000), gap=uniform("n m", 0.5, 2), dim=choice(1, 0, -1)
):
    """Scores from -10,000 to 10,000 do no harm: the logarithm of a tiny probability is a plain number."""
    return answer.log_softmax(with_neighbours(X, gap, dim), dim)


@log_softmax.check(points=0.25, hidden=True)
def takes_any_number_of_axes(
    answer,
    X=normal("24"),
    shape=choice((2, 3, 4), (2, 3, 4), (4, 3, 2), (2, 3, 2, 2), (24,), (24, 1)),
    dim=choice(0, -2, 2, 1, -1, 1),
):
    """Scores with one axis or several, along each of them."""
    return answer.log_softmax(X.reshape(shape), dim)


@log_softmax.check(points=0.5, tolerance=LARGE, hidden=True)
def takes_columns_at_different_levels(
    answer, X=uniform("n>=2 m>=2", -150, 150), gap=uniform("n m", 0.5, 2), level=uniform("1 m", -10_000, 10_000)
):
    """Each column has a level of its own, and the probabilities add up along the columns."""
    return answer.log_softmax(with_neighbours(X + level, gap, 0), 0)


cross_entropy = lesson.exercise("cross_entropy", forbids=["_softmax", "nll_loss_forward"])


@cross_entropy.check(points=0.75, vectorized=True)
def is_the_mean_over_the_batch(answer, logits=normal("n>=2 c>=2"), classes=labels("n", "c")):
    """The loss is one number: the mean over the batch."""
    return answer.cross_entropy(logits, classes)


@cross_entropy.check(points=0.75, tolerance=LARGE)
def takes_logits_of_any_size(answer, logits=uniform("n>=4 c>=3", -10_000, 10_000), classes=labels("n", "c")):
    """Logits from -10,000 to 10,000 give a large loss, but a number."""
    return answer.cross_entropy(logits, classes)


@cross_entropy.check(points=0.5, hidden=True)
def takes_batches_of_any_size(answer, logits=uniform("n c", -10, 10), first=labels("", "c")):
    """One sample or several, one class or several, likely and unlikely ones."""
    samples = torch.arange(len(logits), device=logits.device)
    classes = (first + samples) % logits.shape[1]  # neighbors differ, and every second one is unlikely
    unlikely = nn.functional.one_hot(classes, logits.shape[1]) * (samples % 2)[:, None]
    return answer.cross_entropy(logits - 40 * unlikely, classes)


@cross_entropy.check(points=0.5, tolerance=LARGE, hidden=True)
def takes_samples_at_different_levels(
    answer, logits=normal("n>=4 c>=3"), level=uniform("n 1", -10_000, 10_000), classes=labels("n", "c")
):
    """Each sample has a level of its own, near which its logits lie."""
    return answer.cross_entropy(logits + level, classes)


SoftmaxRegression = lesson.exercise("SoftmaxRegression")


@SoftmaxRegression.check(points=0.25, gradients=False)
def has_one_linear_layer(answer, num_inputs=any_of(*range(4, 30)), num_classes=any_of(*range(2, 10))):
    """The model is an nn.Module that holds one linear layer, with a bias."""
    model = answer.SoftmaxRegression(num_inputs, num_classes)
    if not isinstance(model, nn.Module):
        return {"is an nn.Module": False}
    if any(isinstance(layer, nn.LazyLinear) for layer in linear_layers(model).values()):
        model(torch.ones(2, num_inputs))  # only a call tells a lazy layer how many inputs it has
    layers = list(linear_layers(model).values())
    found = {"is an nn.Module": True, "the number of linear layers": len(layers)}
    for layer in layers[:1]:
        found |= {"the number of inputs": layer.in_features, "the number of outputs": layer.out_features}
        found |= {"the layer has a bias": layer.bias is not None}
    return found


@SoftmaxRegression.check(points=0.5)
def gives_a_score_for_each_class(answer, X=normal("n>=2 2 3"), weight=normal("c>=2 6"), bias=normal("c")):
    """Each picture gets its logits, whatever the weight and the bias of the layer are."""
    return logits_with(answer.SoftmaxRegression(6, len(bias)), X, weight, bias)


@SoftmaxRegression.check(points=0.5, hidden=True)
def takes_samples_of_any_shape(
    answer,
    X=normal("n 12"),
    weight=normal("c>=2 12"),
    bias=normal("c"),
    shape=choice((12,), (3, 4), (3, 1, 4), (1, 2, 2, 3)),
):
    """Rows, or pictures with channels, one at a time or several."""
    model = answer.SoftmaxRegression(12, len(bias))
    found = logits_with(model, X.reshape(len(X), *shape), weight, bias)
    return found | {"the numbers of outputs": [layer.out_features for layer in linear_layers(model).values()]}


predict = lesson.exercise("predict", gradients=False)


@predict.check(points=0.5)
def names_the_class_with_the_highest_score(answer, X=normal("n>=2 d>=2")):
    """Each sample gets the number of the class with the highest score."""
    model = nn.Linear(X.shape[1], 5).to(X)
    nn.init.constant_(model.bias, 10.0)  # negative scores have a check of their own
    return answer.predict(model, X)


@predict.check(points=0.25, hidden=True)
def takes_pictures_and_negative_scores(answer, X=normal("n 2 3"), bias=choice(-50.0, 50.0)):
    """A model for pictures, one at a time or several, whose scores are all negative or all positive."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(6, 4)).to(X)
    nn.init.constant_(model[1].bias, bias)
    nn.init.constant_(model[1].bias[:1], bias - 5)  # class 0, which a search may start with, is not the answer
    nn.init.constant_(model[1].bias[3:], bias - 10)  # nor is the last one, which is lowest
    return answer.predict(model, X)


accuracy = lesson.exercise("accuracy", gradients=False)


@accuracy.check(points=0.5)
def is_the_share_that_is_right(answer, scores=normal("n>=4 3"), classes=labels("n", 3), right=choice(3, 1, 4, 0)):
    """The share of the samples that are classified right comes back as a Python float."""
    return answer.accuracy(first_ones_right(scores, classes, right), classes)


@accuracy.check(points=0.5, hidden=True)
def takes_any_number_of_samples(answer, scores=normal("n>=3 c>=2"), classes=labels("n", "c"), right=choice(1, 2, 0, 5)):
    """From none to all of the samples are classified right."""
    return answer.accuracy(first_ones_right(scores, classes, right), classes)
