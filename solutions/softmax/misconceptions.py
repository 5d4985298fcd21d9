"""Wrong answers that students of lesson 4 really give, and what each of them should read."""

import lesson as reference
import torch
from checks import SoftmaxRegression, accuracy, cross_entropy, log_softmax, predict, softmax
from torch import nn

# softmax

@softmax.misconception
def pytorchs_own_softmax(X, dim):
    """The numbers are right, and PyTorch's own softmax or `log_softmax` made them. In this exercise you write it
    yourself."""
    return torch.softmax(X, dim)

softmax.slip("amax(dim, keepdim=True)", "max()", ("sum(dim, keepdim=True)", "sum()"), name="sum_over_everything",
    says="You divided by the sum of all exponentials, so that the whole of `X` adds up to 1. What does `dim` ask for?")

ALWAYS_ALONG_ONE_AXIS = (
    "Your probabilities add up to 1 along the same axis every time, whatever `dim` says. Is `dim` used in your code?"
)

softmax.slip("amax(dim", "amax(1", ("sum(dim", "sum(1"), name="always_along_axis_one",
    says=ALWAYS_ALONG_ONE_AXIS)

softmax.slip("amax(dim", "amax(0", ("sum(dim", "sum(0"), name="always_along_axis_zero",
    says=ALWAYS_ALONG_ONE_AXIS)

softmax.slip("amax(dim", "amax(-1", ("sum(dim", "sum(-1"), name="always_along_the_last_axis",
    says=ALWAYS_ALONG_ONE_AXIS)

softmax.slip("shifted = X - X.amax(dim, keepdim=True)\n    exps = shifted", "exps = X",
    name="exponentials_of_the_scores_as_they_are",
    says="Large scores become infinite and small ones 0 before you divide, which gives nan. Shift the scores first.")

softmax.slip("amax(dim, keepdim=True)", "max()", name="one_shift_for_all_rows",
    says="You took the highest of all scores away. Rows far below it become 0 divided by 0: each needs its own shift.")

softmax.slip("amax(dim, keepdim=True)", "select(dim - 1, -1).max()", name="shift_of_the_last_row",
    says="You took the highest score of the last row away from all rows. Each row needs a shift of its own.")

softmax.slip("amax(dim", "amax(dim - 1", name="shift_along_another_axis",
    says="You shifted along one axis and added up along another. Scores that share a sum need the same shift.")

SHIFTED_TOO_LITTLE = "A score can still be thousands above the number that you subtracted. Which score has none above it?"

softmax.slip("amax", "amin", name="shifted_too_little", says=SHIFTED_TOO_LITTLE)

softmax.slip("amax", "mean", name="shifted_by_the_mean", says=SHIFTED_TOO_LITTLE)

TWO_THINGS = (
    "Along an axis, `max` gives two things: the highest scores, and where they stand. Take the scores alone, by `.values` "
    "or by `amax`."
)

softmax.slip("amax(dim", "max(dim", name="scores_with_their_places", says=TWO_THINGS)

softmax.slip("X - X", "X / X", name="scaled_by_the_highest_score",
    says="You divided the scores by the highest one. That changes the result: only adding the same number does not.")

softmax.slip("shifted = X - X.amax(dim, keepdim=True)\n    exps = shifted", "exps = X.clamp(-50, 50)",
    name="scores_cut_off",
    says="You cut the scores off at a limit. Then two scores beyond it look equal, although they differ.")

softmax.slip("amax(dim, keepdim=True)", "amax(dim)", ("sum(dim, keepdim=True)", "sum(dim)"), name="axis_lost_from_both",
    says="The axis `dim` was lost from the maximum and the sum, so they met the wrong rows. Look at the three shapes.")

softmax.slip("sum(dim, keepdim=True)", "sum(dim)", name="axis_lost_from_the_sum",
    says="The axis `dim` was lost from the sum, so that rows were divided by the sums of others. Look at the two shapes.")

@softmax.misconception
def axis_lost_and_no_shift(X, dim):
    """Two things: the axis `dim` was lost from the sum, and large scores become infinite. Look at the shapes first."""
    return X.exp() / X.exp().sum(dim)

@softmax.misconception
def shares_of_the_scores(X, dim):
    """You divided the scores by their sum, without exponentials. Scores may be negative, probabilities are not."""
    return X / X.sum(dim, keepdim=True)

@softmax.misconception
def each_score_on_its_own(X, dim):
    """You gave each score a probability on its own. Along `dim` they have to share one sum."""
    return torch.sigmoid(X)

softmax.slip("/ exps.sum(dim, keepdim=True)", "", name="never_divided",
    says="Your numbers are exponentials, not probabilities: along `dim` they do not add up to 1. What is missing?")

softmax.slip("sum", "mean", name="divided_by_the_mean",
    says="You divided by the mean of the exponentials, so that your numbers do not add up to 1.")

@softmax.misconception
def logarithms_returned(X, dim):
    """You returned the logarithms of the probabilities. Here the probabilities themselves are asked for."""
    return reference.log_softmax(X, dim)

softmax.slip("X - X.amax(dim, keepdim=True)", "(X - X.amax(dim, keepdim=True)).detach()", name="probabilities_detached",
    says="The numbers are right, but cut off from `X`, so that no gradient flows back. Is there a `detach`, a `.data`, a "
         "`no_grad`, or a way through NumPy?")

WROTE_INTO_X = (
    "You wrote into `X` itself, so its scores are lost for others. Look for `-=`, `X[...] =` or a name that ends with `_`."
)

softmax.slip("shifted = X - X.amax(dim, keepdim=True)\n    exps = shifted",
    "X -= X.amax(dim, keepdim=True)\n    exps = X", name="scores_shifted_in_place", says=WROTE_INTO_X)

# Whether a gradient flows through the maximum after that depends on which of PyTorch's functions found it.
softmax.slip("shifted = X - X.amax(dim, keepdim=True)\n    exps = shifted",
    "X -= X.max(dim, keepdim=True).values\n    exps = X", name="scores_shifted_in_place_by_max", says=WROTE_INTO_X)

@softmax.misconception
def probabilities_in_double_precision(X, dim):
    """Your result is float64. It should have the dtype of `X`."""
    return reference.softmax(X.double(), dim)

# log_softmax

@log_softmax.misconception
def pytorchs_own_log_softmax(X, dim):
    """The numbers are right, and PyTorch's own `log_softmax` made them. In this exercise you write it yourself."""
    return torch.log_softmax(X, dim)

@log_softmax.misconception
def logarithm_of_the_probability(X, dim):
    """You took the logarithm of the probability. Where that is 0 in float32, you get minus infinity."""
    return reference.softmax(X, dim).log()

TINY_NUMBER_ADDED = (
    "Where a probability is tiny, your result stops falling. Did you add a tiny number before the logarithm, or set a "
    "limit? Never compute the probability."
)

log_softmax.slip("shifted - shifted.exp().sum(dim, keepdim=True).log()", "(softmax(X, dim) + 1e-9).log()",
    name="tiny_number_added", says=TINY_NUMBER_ADDED)

log_softmax.slip("shifted - shifted.exp().sum(dim, keepdim=True).log()", "(softmax(X, dim) + 1e-8).log()",
    name="tiny_number_added_1e8", says=TINY_NUMBER_ADDED)

log_softmax.slip("shifted - shifted.exp().sum(dim, keepdim=True).log()", "softmax(X, dim).clamp(min=1e-12).log()",
    name="probabilities_cut_off", says=TINY_NUMBER_ADDED)

log_softmax.slip("shifted - shifted.exp().sum(dim, keepdim=True).log()", "(softmax(X, dim) + 1e-12).log()",
    name="tiny_number_added_1e12", says=TINY_NUMBER_ADDED)

log_softmax.slip("amax(dim", "max(dim", name="logarithms_with_their_places", says=TWO_THINGS)

log_softmax.slip("- X.amax(dim, keepdim=True)", "", name="logarithm_without_a_shift",
    says="Large scores have infinite exponentials, and small ones add up to 0. Shift the scores as in `softmax`.")

@log_softmax.misconception
def shifted_in_one_place_only(X, dim):
    """You shifted the scores within the exponentials only. In front, the formula needs the same shifted scores."""
    return X - (X - X.amax(dim, keepdim=True)).exp().sum(dim, keepdim=True).log()

log_softmax.slip("amax(dim, keepdim=True)", "max()", name="one_shift_for_all_logarithms",
    says="You took the same shift for all rows. Rows far below it get the logarithm of 0: each needs its own shift.")

log_softmax.slip("- shifted.exp().sum(dim, keepdim=True).log()", "", name="only_shifted",
    says="You returned the shifted scores. What is subtracted from them in the formula?")

@log_softmax.misconception
def axis_lost_from_the_logarithm(X, dim):
    """The axis `dim` was lost from the maximum and the sum, so they met the wrong rows. Look at the three shapes."""
    return X - X.logsumexp(dim)

log_softmax.slip("sum(dim, keepdim=True)", "sum(dim)", name="axis_lost_from_the_sum_of_exponentials",
    says="The axis `dim` was lost from the sum, so that rows met the logarithms of others. Look at the two shapes.")

@log_softmax.misconception
def logarithms_along_axis_one(X, dim):
    """You added up along the same axis every time, whatever `dim` says. Is `dim` used in your code?"""
    return reference.log_softmax(X, 1)

@log_softmax.misconception
def logarithms_along_the_last_axis(X, dim):
    """You added up along the same axis every time, whatever `dim` says. Is `dim` used in your code?"""
    return reference.log_softmax(X, -1)

@log_softmax.misconception
def logarithm_of_the_sum_of_all(X, dim):
    """You added up all exponentials, not only those along `dim`."""
    return X - X.flatten().logsumexp(0)

log_softmax.slip(".log()", "", name="logarithm_forgotten",
    says="The logarithm is missing: you took the sum of the exponentials itself away.")

@log_softmax.misconception
def divided_by_the_logarithm(X, dim):
    """You divided by the logarithm of the sum. The logarithm of a quotient is a difference."""
    return X / X.logsumexp(dim, keepdim=True)

log_softmax.slip("sum", "mean", name="logarithm_of_the_mean",
    says="You took the logarithm of the mean of the exponentials. The formula has their sum.")

log_softmax.slip("log", "log2", name="logarithm_to_the_base_two",
    says="Your logarithm has another base. The natural logarithm is meant: `log`, which undoes `exp`.")

log_softmax.slip("- shifted.exp().sum(dim, keepdim=True).log()", ".exp().sum(dim, keepdim=True).log() - shifted",
    name="sign_turned", says="Your sign is turned. A probability is at most 1, so its logarithm is never above 0.")

@log_softmax.misconception
def probabilities_for_logarithms(X, dim):
    """You returned the probabilities. Here their logarithms are asked for."""
    return reference.softmax(X, dim)

@log_softmax.misconception
def softmax_taken_twice(X, dim):
    """You took the softmax of the softmax: the scores themselves go into the formula."""
    return reference.log_softmax(reference.softmax(X, dim), dim)

log_softmax.slip("X - X.amax(dim, keepdim=True)", "(X - X.amax(dim, keepdim=True)).detach()",
    name="logarithms_detached",
    says="The numbers are right, but cut off from `X`, so that no gradient flows back. Is there a `detach`, a `.data`, a "
         "`no_grad`, or a way through NumPy?")

@log_softmax.misconception
def logarithms_written_into_the_scores(X, dim):
    """You wrote into `X` itself, so its scores are lost for others. Look for `-=`, `X[...] =` or a name that ends with
    `_`."""
    X -= X.logsumexp(dim, keepdim=True)
    return X

# cross_entropy

@cross_entropy.misconception
def pytorchs_own_loss(logits, labels):
    """The loss is right, and PyTorch's own function computed it. In this exercise you write it yourself."""
    return nn.functional.cross_entropy(logits, labels)

@cross_entropy.misconception
def pytorchs_own_logarithm(logits, labels):
    """The loss is right, but PyTorch's own `log_softmax` did the hard part. Use the one that you wrote in exercise 2."""
    return -torch.log_softmax(logits, 1)[range(len(labels)), labels].mean()

cross_entropy.slip("mean", "sum", name="sum_for_mean",
    says="Your loss is n times too large. Is it a sum in place of the mean, or did `(n,)` meet `(n, 1)` and make a "
         "table n by n?")

@cross_entropy.misconception
def averaged_twice(logits, labels):
    """You divided by the number of samples twice. The mean has done it once already."""
    return -reference.log_softmax(logits, 1)[range(len(labels)), labels].mean() / len(labels)

@cross_entropy.misconception
def averaged_over_the_classes_too(logits, labels):
    """You divided by how many numbers the whole table has, n times c. Divide by the number of samples only."""
    chosen = nn.functional.one_hot(labels, logits.shape[1])
    return -(chosen * reference.log_softmax(logits, 1)).mean()

cross_entropy.slip(".mean()", "", name="a_loss_for_each_sample",
    says="You returned a loss for each sample. One number is asked for: their mean.")

cross_entropy.slip("log_probabilities = log_softmax(logits, 1)\n    return -log_probabilities",
    "return log_softmax(logits, 1)", name="sign_forgotten",
    says="The sign is not turned. The better the scores, the smaller the loss, and it is never below 0.")

@cross_entropy.misconception
def softmax_before_the_loss(logits, labels):
    """You took the softmax twice: probabilities went where logits are expected. The loss can't get near 0 then."""
    return reference.cross_entropy(reference.softmax(logits, 1), labels)

@cross_entropy.misconception
def logits_for_probabilities(logits, labels):
    """You treated the logits as probabilities: their logarithm was taken as they are. What has to come first?"""
    return -logits[range(len(labels)), labels].log().mean()

@cross_entropy.misconception
def logits_for_logarithms(logits, labels):
    """You averaged the scores of the right classes as they are. What turns scores into log-probabilities?"""
    return -logits[range(len(labels)), labels].mean()

cross_entropy.slip("log_probabilities = log_softmax(logits, 1)\n    return -log_probabilities",
    "return -softmax(logits, 1)", name="probabilities_averaged",
    says="The logarithm is missing: you averaged the probabilities of the right classes.")

@cross_entropy.misconception
def logarithm_of_the_averaged_probability(logits, labels):
    """You averaged first and took the logarithm then. Each sample needs its own logarithm, before the mean."""
    return -reference.softmax(logits, 1)[range(len(labels)), labels].mean().log()

LOGARITHM_OF_ZERO = (
    "You took the logarithm of a probability that may be 0 in float32. `log_softmax` knows it without computing it."
)

cross_entropy.slip("log_softmax(logits, 1)", "softmax(logits, 1).log()", name="logarithm_of_zero", says=LOGARITHM_OF_ZERO)

cross_entropy.slip("log_softmax(logits, 1)\n    return -log_probabilities[range(len(labels)), labels].mean()",
    "softmax(logits, 1).log()\n    chosen = nn.functional.one_hot(labels, logits.shape[1])\n"
    "    return -(chosen * log_probabilities).sum(1).mean()",
    name="logarithm_of_zero_times_zero", says=LOGARITHM_OF_ZERO)

TINY_NUMBER_WITHIN = (
    "A tiny number within the logarithm hides its infinity, but the loss of a bad guess is wrong. Use `log_softmax`."
)

cross_entropy.slip("log_softmax(logits, 1)", "(softmax(logits, 1) + 1e-8).log()",
    name="tiny_number_within_the_logarithm", says=TINY_NUMBER_WITHIN)

cross_entropy.slip("log_softmax(logits, 1)", "(softmax(logits, 1) + 1e-9).log()",
    name="tiny_number_within_the_logarithm_1e9", says=TINY_NUMBER_WITHIN)

cross_entropy.slip("log_softmax(logits, 1)", "(softmax(logits, 1) + 1e-12).log()",
    name="tiny_number_within_the_logarithm_1e12", says=TINY_NUMBER_WITHIN)

@cross_entropy.misconception
def loss_without_a_shift(logits, labels):
    """The exponentials of large logits are infinite. Your `log_softmax` shifts them first: use it."""
    return (logits.exp().sum(1).log() - logits[range(len(labels)), labels]).mean()

cross_entropy.slip("log_probabilities = log_softmax(logits, 1)\n    return -log_probabilities",
    "return -log_softmax(logits, 0)", name="softmax_over_the_batch",
    says="Your log-probabilities go along the batch. Each sample is a row: which axis counts the classes?")

@cross_entropy.misconception
def whole_columns_taken(logits, labels):
    """You took whole columns: every sample met the labels of all samples. From each row pick one number."""
    return -reference.log_softmax(logits, 1)[:, labels].mean()

@cross_entropy.misconception
def labels_as_rows(logits, labels):
    """You took whole rows, with the labels as numbers of rows. A label says which column of its row is meant."""
    return -reference.log_softmax(logits, 1)[labels].mean()

@cross_entropy.misconception
def labels_taken_for_one_hot(logits, labels):
    """You multiplied with the labels as if each was a row of zeros and a one. They are numbers of classes."""
    return -(labels[:, None] * reference.log_softmax(logits, 1)).sum(1).mean()

@cross_entropy.misconception
def table_of_all_pairs(logits, labels):
    """Your result is a table n by n: `(n,)` met `(n, 1)`. Print both shapes, make them alike, then take the mean."""
    chosen = logits.gather(1, labels[:, None])
    return logits.logsumexp(1) - chosen

@cross_entropy.misconception
def only_the_first_sample(logits, labels):
    """Only the first sample is in your loss. Is the line with `return` inside a loop, or do you use the first
    row alone?"""
    for row, label in zip(reference.log_softmax(logits, 1), labels, strict=True):
        return -row[label]

@cross_entropy.misconception
def loop_over_the_samples(logits, labels):
    """The numbers are right, but they come from a loop over the samples. A table can be indexed by two lists at once."""
    losses = [-row[label] for row, label in zip(reference.log_softmax(logits, 1), labels, strict=True)]
    return torch.stack(losses).mean()

@cross_entropy.misconception
def squared_error(logits, labels):
    """You compared the probabilities with ones and zeros by their squares. That is another loss."""
    chosen = nn.functional.one_hot(labels, logits.shape[1])
    return ((reference.softmax(logits, 1) - chosen) ** 2).sum(1).mean()

@cross_entropy.misconception
def loss_as_a_python_number(logits, labels):
    """You returned a Python number, through which no gradient can flow back. Return the tensor."""
    return reference.cross_entropy(logits, labels).item()

@cross_entropy.misconception
def loss_detached(logits, labels):
    """The loss is right, but cut off from `logits`: nothing can be learned from it. Is there a `detach`, a `.data`, a
    `no_grad`, or a tensor made anew?"""
    return reference.cross_entropy(logits.detach(), labels)

# SoftmaxRegression

SoftmaxRegression.slip("self.linear(X.flatten(1))", "softmax(self.linear(X.flatten(1)), 1)",
    name="ProbabilitiesForLogits",
    says="Your model returns probabilities. The loss applies a softmax too, and with two of them it can't fall far: "
         "return the logits.")

SoftmaxRegression.slip("self.linear(X.flatten(1))", "log_softmax(self.linear(X.flatten(1)), 1)",
    name="LogarithmsForLogits",
    says="Your model returns log-probabilities. Return what the linear layer gives, with nothing done to it.")

SoftmaxRegression.slip("(X.flatten(1))", "(X.flatten(1)).relu()", name="NegativeScoresCutOff",
    says="Your model cuts off negative scores. A score may have any sign: return what the linear layer gives.")

SoftmaxRegression.slip("(X.flatten(1))", "(X.flatten(1)).sigmoid()", name="ScoresSqueezed",
    says="Your model squeezes each score between 0 and 1. Return what the linear layer gives, with nothing done to it.")

SoftmaxRegression.slip("(X.flatten(1))", "(X.flatten(1)).argmax(1)", name="ClassForLogits",
    says="Your model returns the class itself. Return a score for each class: the loss needs all of them.")

SoftmaxRegression.slip(".flatten(1)", "", name="NotFlattened",
    says="The layer met a picture where it expects a row. What has to happen to `X` before that, and do you use what "
         "comes of it?")

SoftmaxRegression.slip("flatten(1)", "flatten()", name="BatchInOneRow",
    says="You put the whole batch into one long row. Each sample needs a row of its own.")

SoftmaxRegression.slip("flatten(1)", "reshape(-1, len(X)).T", name="SamplesMixed",
    says="The numbers of several samples are mixed in a row. `reshape` never reorders: let the batch come first.")

SoftmaxRegression.slip("flatten", "transpose(1, -1).flatten", name="PicturesTurned",
    says="Each sample's numbers come in another order than in `X`. Flatten the axes as they stand.")

SoftmaxRegression.slip("(X.flatten(1))", "(X.flatten(1)).squeeze(0)", name="BatchOfOneLost",
    says="Your model lost the batch when it holds a single sample. A table with one row is still a table.")

SoftmaxRegression.slip("num_inputs", "784", name="AlwaysTheSameInputs",
    says="Your layer always takes 784 numbers. How many a sample has is told by `num_inputs`.")

SoftmaxRegression.slip("num_inputs, num_classes", "num_classes, num_inputs", name="SizesSwapped",
    says="Your layer's two sizes are swapped. `nn.Linear` is told first how many numbers go in, then how many come out.")

SoftmaxRegression.slip("num_classes", "10", name="AlwaysTenClasses",
    says="Your model always has 10 outputs. How many classes there are is told by `num_classes`.")

SoftmaxRegression.slip("num_classes", "1", name="OneOutput",
    says="Your model has one output. It needs as many as there are classes: a score for each.")

SoftmaxRegression.slip("num_classes", "num_classes, bias=False", name="NoBias",
    says="Your layer has no bias. The specification asks for one.")

SoftmaxRegression.slip("linear = nn", "hidden = nn.Linear(num_inputs, num_inputs)\n        self.output = nn",
    ("linear(X.flatten(1))", "output(self.hidden(X.flatten(1)).relu())"), name="TwoLayers",
    says="Your model has two linear layers. One is asked for, straight from the inputs to the classes.")

SoftmaxRegression.slip("linear = nn.Linear(num_inputs, num_classes)", "sizes = num_inputs, num_classes",
    ("return self.linear", "return nn.Linear(*self.sizes)"), name="LayerMadeAnew",
    says="You make a new layer in each call, so nothing that was learned is kept. Make it once, in `__init__`.")

SoftmaxRegression.slip("self.linear = nn", "linear = nn", name="LayerOnlyInInit",
    says="A layer under a plain name is gone when `__init__` ends. Keep it in the model: put `self.` before its name.")

SoftmaxRegression.slip("linear = nn.Linear(num_inputs, num_classes)", "layers = [nn.Linear(num_inputs, num_classes)]",
    ("linear(X", "layers[0](X"), name="LayerInAList",
    says="The model finds no linear layer and no parameters in itself. Is your layer in a plain list or a dictionary, or "
         "are there plain tensors in its place? Make an `nn.Linear` an attribute of `self`.")

SoftmaxRegression.slip("linear = nn.Linear(num_inputs, num_classes)",
    "weight = nn.Parameter(torch.randn(num_inputs, num_classes))\n        "
    "self.bias = nn.Parameter(torch.zeros(num_classes))",
    ("self.linear(X.flatten(1))", "X.flatten(1) @ self.weight + self.bias"), name="ParametersOfItsOwn",
    says="Your model has parameters, but no linear layer. The specification asks for an `nn.Linear`, which brings weight "
         "and bias along.")

@SoftmaxRegression.misconception
class ModuleNotInitialized(nn.Module):
    """Your `__init__` does not call `super().__init__()` first. Without it a module can't work."""

    def __init__(self, num_inputs, num_classes):
        self.linear = nn.Linear(num_inputs, num_classes)

    def forward(self, X):
        return self.linear(X.flatten(1))

@SoftmaxRegression.misconception
class NotAModule:
    """Your class is not an `nn.Module`, so an optimizer can't find its parameters. What stands in the parentheses after
    its name?"""
    def __init__(self, num_inputs, num_classes):
        self.linear = nn.Linear(num_inputs, num_classes)

    def __call__(self, X):
        return self.linear(X.flatten(1))

SoftmaxRegression.slip("return", "with torch.no_grad():\n            return", name="LogitsWithoutGradient",
    says="Your logits are cut off from the input and the layer, so that nothing can be learned. Is there a `no_grad`, a "
         "`detach` or a `.data`?")

# predict

predict.slip("argmax(1)", "argmax(0)", name="best_sample_of_each_class",
    says="You found the best sample for each class. Turn it round: the best class for each sample.")

predict.slip("model(X).argmax(1)", "model(X)[0].argmax()", name="first_sample_asked_only",
    says="Your function tells the class of the first sample only. Each sample of the batch has one.")

predict.slip("argmax(1)", "argmax()", name="best_of_the_whole_batch",
    says="You looked for the highest score of the whole batch. Each sample has a class of its own.")

predict.slip("argmax", "amax", name="score_for_class",
    says="You returned the highest scores. The numbers of their classes are asked for: where they stand, not what they are.")

predict.slip("model(X).argmax(1)", "tuple(model(X).max(1))", name="scores_and_classes",
    says="You returned the highest scores together with their classes. Only the classes are asked for.")

predict.slip(".argmax(1)", "", name="scores_for_classes",
    says="You returned the scores of all classes. The one class with the highest score is asked for.")

predict.slip("model(X).argmax(1)", "softmax(model(X), 1)", name="probabilities_for_classes",
    says="You returned the probabilities of all classes. The one class with the highest of them is asked for.")

predict.slip("argmax", "argmin", name="lowest_score",
    says="You picked the class with the lowest score. The most likely class has the highest one.")

predict.slip("argmax(1)", "argmax(1, keepdim=True)", name="classes_in_a_column",
    says="You kept an axis of size 1: your result is `(n, 1)`, but `(n,)` is asked for.")

predict.slip("return model(X).argmax(1)",
    "scores = model(X)\n    return nn.functional.one_hot(scores.argmax(1), scores.shape[1])", name="classes_as_one_hot",
    says="You returned rows of zeros and a one. The number of the class is asked for.")

predict.slip("argmax(1)", "argmax(1) + 1", name="classes_counted_from_one",
    says="Your classes are counted from 1. The first class is number 0.")

predict.slip("argmax", "abs().argmax", name="signs_lost",
    says="The signs of the scores are lost, so that one far below 0 counts as high. Is there an `abs` or a square?")

predict.slip("model(X)", "X", name="model_not_asked",
    says="You never asked the model: your classes come from `X` itself.")

@predict.misconception
def best_so_far_starts_at_zero(model, X):
    """You started with 0 as the highest score so far. When all scores are negative, none of them is above it."""
    classes = []
    for row in model(X):
        best, best_class = 0.0, 0
        for index, score in enumerate(row):
            if score > best:
                best, best_class = score, index
        classes.append(best_class)
    return torch.tensor(classes)

predict.slip("argmax(1)", "argmax(1).tolist()", name="classes_in_a_list",
    says="The classes are right, but you returned a list. A tensor is asked for.")

predict.slip("argmax(1)", "argmax(1).float()", name="classes_as_floats",
    says="Your classes are floats. A class is a whole number: int64.")

# accuracy

COUNT_FOR_SHARE = "You counted the samples that are right. The share is asked for: which number is missing?"

accuracy.slip("mean", "sum", name="count_for_share", says=COUNT_FOR_SHARE)

accuracy.slip("float().mean", "sum", name="whole_count_for_share", says=COUNT_FOR_SHARE)

accuracy.slip("return right", "return 100 * right", name="percentage",
    says="You returned a percentage. The share is asked for, a number from 0 to 1.")

accuracy.slip(".item()", "", name="share_as_a_tensor",
    says="You returned a tensor. A Python float is asked for: a tensor with one number can give it to you.")

accuracy.slip("argmax(1)", "argmax(1, keepdim=True)", name="every_sample_with_all_labels",
    says="A tensor `(n, 1)` met one of shape `(n,)`, so that every sample was compared with all labels. Print the shapes.")

accuracy.slip("==", "!=", name="share_that_is_wrong",
    says="You returned the share that is wrong. The share that is right is asked for.")

accuracy.slip("argmax(1)", "argmax(0)", name="classes_along_the_batch",
    says="You looked for the best sample of each class. Each sample is a row: which axis counts the classes?")

accuracy.slip("logits.argmax(1) == labels", "logits == labels[:, None]", name="scores_compared_with_labels",
    says="You compared the scores themselves with the labels. Find the class of each sample first.")

accuracy.slip("float().mean().item()", "sum().item() / logits.numel()", name="divided_by_all_scores",
    says="You divided by the number of all scores. Divide by the number of samples.")

accuracy.slip("float().mean().item()", "sum().item() / logits.shape[1]", name="divided_by_the_classes",
    says="You divided by the number of classes. Divide by the number of samples.")

accuracy.slip("item()", "item() / len(labels)", name="share_divided_twice",
    says="You divided by the number of samples twice. The mean has done it once already.")

accuracy.slip("right.float().mean().item()", "float(right.sum().item() // len(labels))", name="whole_numbers_only",
    says="What comes after the decimal point was dropped. Is there a `//`, an `int()` or a `round()`?")

@accuracy.misconception
def first_sample_only(logits, labels):
    """Only the first sample counts in your result. Go through all of them before you return."""
    for row, label in zip(logits, labels, strict=True):
        return float(row.argmax() == label)

accuracy.slip("argmax", "argmin", name="lowest_scores_compared",
    says="You picked the class with the lowest score of each sample. The highest one decides.")

@accuracy.misconception
def mean_probability(logits, labels):
    """You returned the mean probability of the right classes. Here a sample is right or wrong, with nothing between."""
    return reference.softmax(logits, 1)[range(len(labels)), labels].mean().item()

# Other ways

@softmax.way
def without_a_maximum_of_its_own(X, dim):
    """`logsumexp` takes the maximum out by itself: shorter, and as safe for large scores."""
    return (X - X.logsumexp(dim, keepdim=True)).exp()

@log_softmax.way
def with_logsumexp(X, dim):
    """`logsumexp` takes the maximum out by itself: one line, and as safe for large scores."""
    return X - X.logsumexp(dim, keepdim=True)

@cross_entropy.way
def only_what_is_asked_for(logits, labels):
    """It computes one logarithm for each sample, and not one for each class."""
    return (logits.logsumexp(1) - logits.gather(1, labels[:, None])[:, 0]).mean()
