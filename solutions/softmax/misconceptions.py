"""Wrong answers that students of lesson 4 really give, and what each of them should read."""

import torch
from checks import lesson
from lesson import log_softmax, softmax
from torch import nn

# softmax


@lesson.misconception(
    "softmax",
    says="You divided by the sum of all exponentials, so that the whole of `X` adds up to 1. What does `dim` ask for?",
)
def sum_over_everything(X, dim):
    exps = (X - X.max()).exp()
    return exps / exps.sum()


@lesson.misconception(
    "softmax",
    says="Your probabilities add up to 1 along axis 1, whatever `dim` says. Is `dim` used in your code?",
)
def always_along_axis_one(X, dim):
    exps = (X - X.amax(1, keepdim=True)).exp()
    return exps / exps.sum(1, keepdim=True)


@lesson.misconception(
    "softmax",
    says="Your probabilities add up to 1 along axis 0, whatever `dim` says. Is `dim` used in your code?",
)
def always_along_axis_zero(X, dim):
    exps = (X - X.amax(0, keepdim=True)).exp()
    return exps / exps.sum(0, keepdim=True)


@lesson.misconception(
    "softmax",
    says="Your probabilities add up to 1 along the last axis, whatever `dim` says. Is `dim` used in your code?",
)
def always_along_the_last_axis(X, dim):
    exps = (X - X.amax(-1, keepdim=True)).exp()
    return exps / exps.sum(-1, keepdim=True)


@lesson.misconception(
    "softmax",
    says="Large scores become infinite and small ones 0 before you divide, which gives nan. Shift the scores first.",
)
def exponentials_of_the_scores_as_they_are(X, dim):
    exps = X.exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You took the highest of all scores away. Rows far below it become 0 divided by 0: each needs its own shift.",
)
def one_shift_for_all_rows(X, dim):
    exps = (X - X.max()).exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You took the highest score of the last row away from all rows. Each row needs a shift of its own.",
)
def shift_of_the_last_row(X, dim):
    exps = (X - X.select(dim - 1, -1).max()).exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You shifted along one axis and added up along another. Scores that share a sum need the same shift.",
)
def shift_along_another_axis(X, dim):
    exps = (X - X.amax(dim - 1, keepdim=True)).exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="A score can still be thousands above the number that you took away. Which score has none above it?",
)
def shifted_too_little(X, dim):
    exps = (X - X.amin(dim, keepdim=True)).exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You divided the scores by the highest one. That changes the result: only adding the same number does not.",
)
def scaled_by_the_highest_score(X, dim):
    exps = (X / X.amax(dim, keepdim=True)).exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You cut the scores off at a limit. Then two scores beyond it look equal, although they differ.",
)
def scores_cut_off(X, dim):
    exps = X.clamp(-50, 50).exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="The axis `dim` was lost from the maximum and the sum, so they met the wrong rows. Look at the three shapes.",
)
def axis_lost_from_both(X, dim):
    exps = (X - X.amax(dim)).exp()
    return exps / exps.sum(dim)


@lesson.misconception(
    "softmax",
    says="The axis `dim` was lost from the sum, so that rows were divided by the sums of others. Look at the two shapes.",
)
def axis_lost_from_the_sum(X, dim):
    exps = (X - X.amax(dim, keepdim=True)).exp()
    return exps / exps.sum(dim)


@lesson.misconception(
    "softmax",
    says="Two things: the axis `dim` was lost from the sum, and large scores become infinite. Look at the shapes first.",
)
def axis_lost_and_no_shift(X, dim):
    return X.exp() / X.exp().sum(dim)


@lesson.misconception(
    "softmax",
    says="You divided the scores by their sum, without exponentials. Scores may be negative, probabilities may not.",
)
def shares_of_the_scores(X, dim):
    return X / X.sum(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You gave each score a probability on its own. Along `dim` they have to share one sum.",
)
def each_score_on_its_own(X, dim):
    return torch.sigmoid(X)


@lesson.misconception(
    "softmax",
    says="Your numbers are exponentials, not probabilities: along `dim` they do not add up to 1. What is missing?",
)
def never_divided(X, dim):
    return (X - X.amax(dim, keepdim=True)).exp()


@lesson.misconception(
    "softmax",
    says="You divided by the mean of the exponentials, so that your numbers do not add up to 1.",
)
def divided_by_the_mean(X, dim):
    exps = (X - X.amax(dim, keepdim=True)).exp()
    return exps / exps.mean(dim, keepdim=True)


@lesson.misconception(
    "softmax",
    says="You returned the logarithms of the probabilities. Here the probabilities themselves are asked for.",
)
def logarithms_returned(X, dim):
    return log_softmax(X, dim)


@lesson.misconception(
    "softmax",
    says="The numbers are right, but cut off from `X`, so that no gradient flows back. Is there a `detach` or `.data`?",
)
def probabilities_detached(X, dim):
    return softmax(X.detach(), dim)


@lesson.misconception(
    "softmax",
    says="You wrote into `X` itself, so its scores are lost for others. Look for `-=` or a name that ends with `_`.",
)
def scores_shifted_in_place(X, dim):
    X -= X.amax(dim, keepdim=True)
    exps = X.exp()
    return exps / exps.sum(dim, keepdim=True)


@lesson.misconception("softmax", says="Your result is float64. It should have the dtype of `X`.")
def probabilities_in_double_precision(X, dim):
    return softmax(X.double(), dim)


@lesson.misconception("softmax", says="Your function returns nothing. Does it end with `return`?")
def probabilities_not_returned(X, dim):
    softmax(X, dim)


# log_softmax


@lesson.misconception(
    "log_softmax",
    says="You took the logarithm of the probability. Where that is 0 in float32, you get minus infinity.",
)
def logarithm_of_the_probability(X, dim):
    return softmax(X, dim).log()


@lesson.misconception(
    "log_softmax",
    says="A tiny number within the logarithm hides its infinity, but the result is wrong. Never compute the probability.",
)
def tiny_number_added(X, dim):
    return (softmax(X, dim) + 1e-9).log()


@lesson.misconception(
    "log_softmax",
    says="You kept the probabilities from going below a limit. Below it your result stays the same, but should go on.",
)
def probabilities_cut_off(X, dim):
    return softmax(X, dim).clamp(min=1e-12).log()


@lesson.misconception(
    "log_softmax",
    says="Large scores have infinite exponentials, and small ones add up to 0. Shift the scores as in `softmax`.",
)
def logarithm_without_a_shift(X, dim):
    return X - X.exp().sum(dim, keepdim=True).log()


@lesson.misconception(
    "log_softmax",
    says="You shifted the scores within the exponentials only. In front, the formula needs the same shifted scores.",
)
def shifted_in_one_place_only(X, dim):
    return X - (X - X.amax(dim, keepdim=True)).exp().sum(dim, keepdim=True).log()


@lesson.misconception(
    "log_softmax",
    says="You took the same shift for all rows. Rows far below it get the logarithm of 0: each needs its own shift.",
)
def one_shift_for_all_logarithms(X, dim):
    shifted = X - X.max()
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


@lesson.misconception(
    "log_softmax",
    says="You returned the shifted scores. What is taken away from them in the formula?",
)
def only_shifted(X, dim):
    return X - X.amax(dim, keepdim=True)


@lesson.misconception(
    "log_softmax",
    says="The axis `dim` was lost from the maximum and the sum, so they met the wrong rows. Look at the three shapes.",
)
def axis_lost_from_the_logarithm(X, dim):
    return X - X.logsumexp(dim)


@lesson.misconception(
    "log_softmax",
    says="You added up along axis 1, whatever `dim` says. Is `dim` used in your code?",
)
def logarithms_along_axis_one(X, dim):
    return log_softmax(X, 1)


@lesson.misconception(
    "log_softmax",
    says="You added up along the last axis, whatever `dim` says. Is `dim` used in your code?",
)
def logarithms_along_the_last_axis(X, dim):
    return log_softmax(X, -1)


@lesson.misconception(
    "log_softmax",
    says="You added up all exponentials, not only those along `dim`.",
)
def logarithm_of_the_sum_of_all(X, dim):
    return X - X.flatten().logsumexp(0)


@lesson.misconception(
    "log_softmax",
    says="The logarithm is missing: you took the sum of the exponentials itself away.",
)
def logarithm_forgotten(X, dim):
    shifted = X - X.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True)


@lesson.misconception(
    "log_softmax",
    says="You divided by the logarithm of the sum. The logarithm of a quotient is a difference.",
)
def divided_by_the_logarithm(X, dim):
    return X / X.logsumexp(dim, keepdim=True)


@lesson.misconception(
    "log_softmax",
    says="You took the logarithm of the mean of the exponentials. The formula has their sum.",
)
def logarithm_of_the_mean(X, dim):
    shifted = X - X.amax(dim, keepdim=True)
    return shifted - shifted.exp().mean(dim, keepdim=True).log()


@lesson.misconception(
    "log_softmax",
    says="Your logarithm has another base. The natural logarithm is meant: `log`, which undoes `exp`.",
)
def logarithm_to_the_base_two(X, dim):
    shifted = X - X.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True).log2()


@lesson.misconception(
    "log_softmax",
    says="Your sign is turned. A probability is at most 1, so its logarithm is never above 0.",
)
def sign_turned(X, dim):
    return -log_softmax(X, dim)


@lesson.misconception(
    "log_softmax",
    says="You returned the probabilities. Here their logarithms are asked for.",
)
def probabilities_for_logarithms(X, dim):
    return softmax(X, dim)


@lesson.misconception(
    "log_softmax",
    says="You took the softmax of the softmax: the scores themselves go into the formula.",
)
def softmax_taken_twice(X, dim):
    return log_softmax(softmax(X, dim), dim)


@lesson.misconception(
    "log_softmax",
    says="The numbers are right, but cut off from `X`, so that no gradient flows back. Is there a `detach` or `.data`?",
)
def logarithms_detached(X, dim):
    return log_softmax(X, dim).detach()


@lesson.misconception(
    "log_softmax",
    says="You wrote into `X` itself, so its scores are lost for others. Look for `-=` or a name that ends with `_`.",
)
def logarithms_written_into_the_scores(X, dim):
    X -= X.logsumexp(dim, keepdim=True)
    return X


@lesson.misconception("log_softmax", says="Your function returns nothing. Does it end with `return`?")
def logarithms_not_returned(X, dim):
    log_softmax(X, dim)


# cross_entropy


@lesson.misconception(
    "cross_entropy",
    says="Your loss is n times too large. Is it a sum in place of the mean, or did `(n,)` meet `(n, 1)` and make a table "
    "n by n?",
)
def sum_for_mean(logits, labels):
    return -log_softmax(logits, 1)[range(len(labels)), labels].sum()


@lesson.misconception(
    "cross_entropy",
    says="You divided by the number of samples twice. The mean has done it once already.",
)
def averaged_twice(logits, labels):
    return -log_softmax(logits, 1)[range(len(labels)), labels].mean() / len(labels)


@lesson.misconception(
    "cross_entropy",
    says="You averaged over all numbers of the table, zeros included. Divide by the number of samples only.",
)
def averaged_over_the_classes_too(logits, labels):
    chosen = nn.functional.one_hot(labels, logits.shape[1])
    return -(chosen * log_softmax(logits, 1)).mean()


@lesson.misconception(
    "cross_entropy",
    says="You returned a loss for each sample. One number is asked for: their mean.",
)
def a_loss_for_each_sample(logits, labels):
    return -log_softmax(logits, 1)[range(len(labels)), labels]


@lesson.misconception(
    "cross_entropy",
    says="The sign is not turned. The better the scores, the smaller the loss, and it is never below 0.",
)
def sign_forgotten(logits, labels):
    return log_softmax(logits, 1)[range(len(labels)), labels].mean()


@lesson.misconception(
    "cross_entropy",
    says="You took the softmax twice: probabilities went where logits are expected. The loss can't get near 0 then.",
)
def softmax_before_the_loss(logits, labels):
    return nn.functional.cross_entropy(softmax(logits, 1), labels)


@lesson.misconception(
    "cross_entropy",
    says="You treated the logits as probabilities: their logarithm was taken as they are. What has to come first?",
)
def logits_for_probabilities(logits, labels):
    return -logits[range(len(labels)), labels].log().mean()


@lesson.misconception(
    "cross_entropy",
    says="You averaged the scores of the right classes as they are. What turns scores into log-probabilities?",
)
def logits_for_logarithms(logits, labels):
    return -logits[range(len(labels)), labels].mean()


@lesson.misconception(
    "cross_entropy",
    says="The logarithm is missing: you averaged the probabilities of the right classes.",
)
def probabilities_averaged(logits, labels):
    return -softmax(logits, 1)[range(len(labels)), labels].mean()


@lesson.misconception(
    "cross_entropy",
    says="You averaged first and took the logarithm then. Each sample needs its own logarithm, before the mean.",
)
def logarithm_of_the_averaged_probability(logits, labels):
    return -softmax(logits, 1)[range(len(labels)), labels].mean().log()


@lesson.misconception(
    "cross_entropy",
    says="You took the logarithm of a probability that may be 0 in float32. `log_softmax` knows it without computing it.",
)
def logarithm_of_zero(logits, labels):
    return -softmax(logits, 1)[range(len(labels)), labels].log().mean()


@lesson.misconception(
    "cross_entropy",
    says="A tiny number within the logarithm hides its infinity, but the loss of a bad guess is wrong. "
    "Use `log_softmax`.",
)
def tiny_number_within_the_logarithm(logits, labels):
    return -(softmax(logits, 1)[range(len(labels)), labels] + 1e-8).log().mean()


@lesson.misconception(
    "cross_entropy",
    says="The exponentials of large logits are infinite. Your `log_softmax` shifts them first: use it.",
)
def loss_without_a_shift(logits, labels):
    return (logits.exp().sum(1).log() - logits[range(len(labels)), labels]).mean()


@lesson.misconception(
    "cross_entropy",
    says="Your log-probabilities go along the batch. Each sample is a row: which axis counts the classes?",
)
def softmax_over_the_batch(logits, labels):
    return -log_softmax(logits, 0)[range(len(labels)), labels].mean()


@lesson.misconception(
    "cross_entropy",
    says="You took whole columns: every sample met the labels of all samples. From each row pick one number.",
)
def whole_columns_taken(logits, labels):
    return -log_softmax(logits, 1)[:, labels].mean()


@lesson.misconception(
    "cross_entropy",
    says="You took whole rows, with the labels as numbers of rows. A label says which column of its row is meant.",
)
def labels_as_rows(logits, labels):
    return -log_softmax(logits, 1)[labels].mean()


@lesson.misconception(
    "cross_entropy",
    says="You multiplied with the labels as if each was a row of zeros and a one. They are numbers of classes.",
)
def labels_taken_for_one_hot(logits, labels):
    return -(labels[:, None] * log_softmax(logits, 1)).sum(1).mean()


@lesson.misconception(
    "cross_entropy",
    says="Your result is a table n by n: `(n,)` met `(n, 1)`. Print both shapes, make them alike, then take the mean.",
)
def table_of_all_pairs(logits, labels):
    chosen = logits.gather(1, labels[:, None])
    return logits.logsumexp(1) - chosen


@lesson.misconception(
    "cross_entropy",
    says="Only the first sample is in your loss. Look how far the line with `return` is indented.",
)
def only_the_first_sample(logits, labels):
    for row, label in zip(log_softmax(logits, 1), labels, strict=True):
        return -row[label]


@lesson.misconception(
    "cross_entropy",
    says="The numbers are right, but they come from a loop over the samples. A table can be indexed by two lists at once.",
)
def loop_over_the_samples(logits, labels):
    losses = [-row[label] for row, label in zip(log_softmax(logits, 1), labels, strict=True)]
    return torch.stack(losses).mean()


@lesson.misconception(
    "cross_entropy",
    says="You compared the probabilities with ones and zeros by their squares. That is another loss.",
)
def squared_error(logits, labels):
    chosen = nn.functional.one_hot(labels, logits.shape[1])
    return ((softmax(logits, 1) - chosen) ** 2).sum(1).mean()


@lesson.misconception(
    "cross_entropy",
    says="You returned a Python number, through which no gradient can flow back. Return the tensor.",
)
def loss_as_a_python_number(logits, labels):
    return nn.functional.cross_entropy(logits, labels).item()


@lesson.misconception(
    "cross_entropy",
    says="The loss is right, but cut off from `logits`: nothing can be learnt from it. Is there a `detach` or `.data`?",
)
def loss_detached(logits, labels):
    return nn.functional.cross_entropy(logits.detach(), labels)


@lesson.misconception("cross_entropy", says="Your function returns nothing. Does it end with `return`?")
def loss_not_returned(logits, labels):
    nn.functional.cross_entropy(logits, labels)


# SoftmaxRegression


class Regression(nn.Module):
    """What most of the wrong answers have in common."""

    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_inputs, num_classes)


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model returns probabilities. The loss applies a softmax too, and with two of them it can't fall far: "
    "return the logits.",
)
class ProbabilitiesForLogits(Regression):
    def forward(self, X):
        return softmax(self.linear(X.flatten(1)), 1)


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model returns log-probabilities. Return what the linear layer gives, with nothing done to it.",
)
class LogarithmsForLogits(Regression):
    def forward(self, X):
        return log_softmax(self.linear(X.flatten(1)), 1)


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model cuts off negative scores. A score may have any sign: return what the linear layer gives.",
)
class NegativeScoresCutOff(Regression):
    def forward(self, X):
        return self.linear(X.flatten(1)).relu()


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model squeezes each score between 0 and 1. Return what the linear layer gives, with nothing done to it.",
)
class ScoresSqueezed(Regression):
    def forward(self, X):
        return self.linear(X.flatten(1)).sigmoid()


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model returns the class itself. Return a score for each class: the loss needs all of them.",
)
class ClassForLogits(Regression):
    def forward(self, X):
        return self.linear(X.flatten(1)).argmax(1)


@lesson.misconception(
    "SoftmaxRegression",
    says="The layer met a picture where it expects a row. What has to happen to `X` before it?",
)
class NotFlattened(Regression):
    def forward(self, X):
        return self.linear(X)


@lesson.misconception(
    "SoftmaxRegression",
    says="You put the whole batch into one long row. Each sample needs a row of its own.",
)
class BatchInOneRow(Regression):
    def forward(self, X):
        return self.linear(X.flatten())


@lesson.misconception(
    "SoftmaxRegression",
    says="The numbers of several samples are mixed in a row. `reshape` never reorders: let the batch come first.",
)
class SamplesMixed(Regression):
    def forward(self, X):
        return self.linear(X.reshape(-1, len(X)).T)


@lesson.misconception(
    "SoftmaxRegression",
    says="Each sample's numbers come in another order than in `X`. Flatten the axes as they stand.",
)
class PicturesTurned(Regression):
    def forward(self, X):
        return self.linear(X.transpose(1, -1).flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model lost the batch when it holds a single sample. A table with one row is still a table.",
)
class BatchOfOneLost(Regression):
    def forward(self, X):
        return self.linear(X.flatten(1)).squeeze(0)


@lesson.misconception(
    "SoftmaxRegression",
    says="Your layer always takes 784 numbers. How many a sample has is told by `num_inputs`.",
)
class AlwaysTheSameInputs(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(784, num_classes)

    def forward(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your layer's two sizes are swapped. `nn.Linear` is told first how many numbers go in, then how many come out.",
)
class SizesSwapped(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_classes, num_inputs)

    def forward(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model always has 10 outputs. How many classes there are is told by `num_classes`.",
)
class AlwaysTenClasses(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_inputs, 10)

    def forward(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model has one output. It needs as many as there are classes: a score for each.",
)
class OneOutput(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_inputs, 1)

    def forward(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your layer has no bias. The specification asks for one.",
)
class NoBias(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.linear = nn.Linear(num_inputs, num_classes, bias=False)

    def forward(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model has two linear layers. One is asked for, straight from the inputs to the classes.",
)
class TwoLayers(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.hidden = nn.Linear(num_inputs, num_inputs)
        self.output = nn.Linear(num_inputs, num_classes)

    def forward(self, X):
        return self.output(self.hidden(X.flatten(1)).relu())


@lesson.misconception(
    "SoftmaxRegression",
    says="You make a new layer in each call, so nothing that was learnt is kept. Make it once, in `__init__`.",
)
class LayerMadeAnew(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.sizes = num_inputs, num_classes

    def forward(self, X):
        return nn.Linear(*self.sizes)(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your layer is in a plain list, where the model does not find it. Make it an attribute of `self`.",
)
class LayerInAList(nn.Module):
    def __init__(self, num_inputs, num_classes):
        super().__init__()
        self.layers = [nn.Linear(num_inputs, num_classes)]

    def forward(self, X):
        return self.layers[0](X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your `__init__` does not call `super().__init__()` first. Without it a module can't work.",
)
class ModuleNotInitialised(nn.Module):
    def __init__(self, num_inputs, num_classes):
        self.linear = nn.Linear(num_inputs, num_classes)

    def forward(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your class is not an `nn.Module`, so an optimizer can't find its parameters. What stands in the brackets "
    "after its name?",
)
class NotAModule:
    def __init__(self, num_inputs, num_classes):
        self.linear = nn.Linear(num_inputs, num_classes)

    def __call__(self, X):
        return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your logits are cut off from the input and the layer, so that nothing can be learnt. Is there a `no_grad`?",
)
class LogitsWithoutGradient(Regression):
    def forward(self, X):
        with torch.no_grad():
            return self.linear(X.flatten(1))


@lesson.misconception(
    "SoftmaxRegression",
    says="Your model's `forward` returns nothing. Does it end with `return`?",
)
class LogitsNotReturned(Regression):
    def forward(self, X):
        self.linear(X.flatten(1))


# predict


@lesson.misconception(
    "predict",
    says="You found the best sample for each class. Turn it round: the best class for each sample.",
)
def best_sample_of_each_class(model, X):
    return model(X).argmax(0)


@lesson.misconception(
    "predict",
    says="You looked for the highest score of the whole batch. Each sample has a class of its own.",
)
def best_of_the_whole_batch(model, X):
    return model(X).argmax()


@lesson.misconception(
    "predict",
    says="You returned the highest scores. The numbers of their classes are asked for: where they stand, not what "
    "they are.",
)
def score_for_class(model, X):
    return model(X).amax(1)


@lesson.misconception(
    "predict",
    says="You returned the highest scores together with their classes. Only the classes are asked for.",
)
def scores_and_classes(model, X):
    return tuple(model(X).max(1))


@lesson.misconception(
    "predict",
    says="You returned the scores of all classes. The one class with the highest score is asked for.",
)
def scores_for_classes(model, X):
    return model(X)


@lesson.misconception(
    "predict",
    says="You returned the probabilities of all classes. The one class with the highest of them is asked for.",
)
def probabilities_for_classes(model, X):
    return softmax(model(X), 1)


@lesson.misconception(
    "predict",
    says="You picked the class with the lowest score. The most likely class has the highest one.",
)
def lowest_score(model, X):
    return model(X).argmin(1)


@lesson.misconception(
    "predict",
    says="You kept an axis of size 1: your result is `(n, 1)`, but `(n,)` is asked for.",
)
def classes_in_a_column(model, X):
    return model(X).argmax(1, keepdim=True)


@lesson.misconception(
    "predict",
    says="You returned rows of zeros and a one. The number of the class is asked for.",
)
def classes_as_one_hot(model, X):
    scores = model(X)
    return nn.functional.one_hot(scores.argmax(1), scores.shape[1])


@lesson.misconception(
    "predict",
    says="Your classes are counted from 1. The first class is number 0.",
)
def classes_counted_from_one(model, X):
    return model(X).argmax(1) + 1


@lesson.misconception(
    "predict",
    says="You never asked the model: your classes come from `X` itself.",
)
def model_not_asked(model, X):
    return X.argmax(1)


@lesson.misconception(
    "predict",
    says="You started with 0 as the highest score so far. When all scores are negative, none of them is above it.",
)
def best_so_far_starts_at_zero(model, X):
    classes = []
    for row in model(X):
        best, best_class = 0.0, 0
        for index, score in enumerate(row):
            if score > best:
                best, best_class = score, index
        classes.append(best_class)
    return torch.tensor(classes)


@lesson.misconception("predict", says="The classes are right, but you returned a list. A tensor is asked for.")
def classes_in_a_list(model, X):
    return model(X).argmax(1).tolist()


@lesson.misconception("predict", says="Your classes are floats. A class is a whole number: int64.")
def classes_as_floats(model, X):
    return model(X).argmax(1).float()


@lesson.misconception("predict", says="Your function returns nothing. Does it end with `return`?")
def classes_not_returned(model, X):
    model(X).argmax(1)


# accuracy


@lesson.misconception(
    "accuracy",
    says="You counted the samples that are right. The share is asked for: which number is missing?",
)
def count_for_share(logits, labels):
    return (logits.argmax(1) == labels).float().sum().item()


@lesson.misconception(
    "accuracy",
    says="You returned a percentage. The share is asked for, a number from 0 to 1.",
)
def percentage(logits, labels):
    return 100 * (logits.argmax(1) == labels).float().mean().item()


@lesson.misconception(
    "accuracy",
    says="You returned a tensor. A Python float is asked for: a tensor with one number can give it to you.",
)
def share_as_a_tensor(logits, labels):
    return (logits.argmax(1) == labels).float().mean()


@lesson.misconception(
    "accuracy",
    says="A tensor `(n, 1)` met one of shape `(n,)`, so that every sample was compared with all labels. Print the shapes.",
)
def every_sample_with_all_labels(logits, labels):
    return (logits.argmax(1, keepdim=True) == labels).float().mean().item()


@lesson.misconception(
    "accuracy",
    says="You returned the share that is wrong. The share that is right is asked for.",
)
def share_that_is_wrong(logits, labels):
    return (logits.argmax(1) != labels).float().mean().item()


@lesson.misconception(
    "accuracy",
    says="You looked for the best sample of each class. Each sample is a row: which axis counts the classes?",
)
def classes_along_the_batch(logits, labels):
    return (logits.argmax(0) == labels).float().mean().item()


@lesson.misconception(
    "accuracy",
    says="You compared the scores themselves with the labels. Find the class of each sample first.",
)
def scores_compared_with_labels(logits, labels):
    return (logits == labels[:, None]).float().mean().item()


@lesson.misconception(
    "accuracy",
    says="You divided by the number of all scores. Divide by the number of samples.",
)
def divided_by_all_scores(logits, labels):
    return (logits.argmax(1) == labels).sum().item() / logits.numel()


@lesson.misconception(
    "accuracy",
    says="You divided by the number of classes. Divide by the number of samples.",
)
def divided_by_the_classes(logits, labels):
    return (logits.argmax(1) == labels).sum().item() / logits.shape[1]


@lesson.misconception(
    "accuracy",
    says="You divided by the number of samples twice. The mean has done it once already.",
)
def share_divided_twice(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item() / len(labels)


@lesson.misconception(
    "accuracy",
    says="Your division dropped what comes after the decimal point. Which of `/` and `//` did you use?",
)
def whole_numbers_only(logits, labels):
    return float((logits.argmax(1) == labels).sum().item() // len(labels))


@lesson.misconception(
    "accuracy",
    says="Only the first sample counts in your result. Go through all of them before you return.",
)
def first_sample_only(logits, labels):
    for row, label in zip(logits, labels, strict=True):
        return float(row.argmax() == label)


@lesson.misconception(
    "accuracy",
    says="You picked the class with the lowest score of each sample. The highest one decides.",
)
def lowest_scores_compared(logits, labels):
    return (logits.argmin(1) == labels).float().mean().item()


@lesson.misconception(
    "accuracy",
    says="You returned the mean probability of the right classes. Here a sample is right or wrong, with nothing between.",
)
def mean_probability(logits, labels):
    return softmax(logits, 1)[range(len(labels)), labels].mean().item()


@lesson.misconception("accuracy", says="Your function returns nothing. Does it end with `return`?")
def share_not_returned(logits, labels):
    (logits.argmax(1) == labels).float().mean().item()
