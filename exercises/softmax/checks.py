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


cross_entropy = lesson.exercise("cross_entropy", forbids=["_softmax", "nll_loss_forward"])


@cross_entropy.check(points=0.75, vectorized=True)
def is_the_mean_over_the_batch(answer, logits=normal("n>=2 c>=2"), classes=labels("n", "c")):
    """The loss is one number: the mean over the batch."""
    return answer.cross_entropy(logits, classes)


@cross_entropy.check(points=0.75, tolerance=LARGE)
def takes_logits_of_any_size(answer, logits=uniform("n>=4 c>=3", -10_000, 10_000), classes=labels("n", "c")):
    """Logits from -10,000 to 10,000 give a large loss, but a number."""
    return answer.cross_entropy(logits, classes)


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


predict = lesson.exercise("predict", gradients=False)


@predict.check(points=0.5)
def names_the_class_with_the_highest_score(answer, X=normal("n>=2 d>=2")):
    """Each sample gets the number of the class with the highest score."""
    model = nn.Linear(X.shape[1], 5).to(X)
    nn.init.constant_(model.bias, 10.0)  # negative scores have a check of their own
    return answer.predict(model, X)


accuracy = lesson.exercise("accuracy", gradients=False)


@accuracy.check(points=0.5)
def is_the_share_that_is_right(answer, scores=normal("n>=4 3"), classes=labels("n", 3), right=choice(3, 1, 4, 0)):
    """The share of the samples that are classified right comes back as a Python float."""
    return answer.accuracy(first_ones_right(scores, classes, right), classes)
