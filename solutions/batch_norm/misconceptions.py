"""Wrong answers that students of lesson 6 really give, and what each of them should read."""

import lesson as reference
import torch
from checks import BatchNorm, batch_norm, fold_batch_norm, lenet_with_batch_norm
from torch import nn


def over(X):
    """The axes that a feature's numbers lie along, and the shape in which one number a feature meets X."""
    return ((0,), (1, -1)) if X.dim() == 2 else ((0, 2, 3), (1, -1, 1, 1))

def scaled(X, mean, var, gamma, beta, eps):
    """X normalized by a mean and a variance of shape (c,)."""
    _, shape = over(X)
    X_hat = (X - mean.reshape(shape)) / torch.sqrt(var.reshape(shape) + eps)
    return gamma.reshape(shape) * X_hat + beta.reshape(shape)

def moved(old, new, momentum):
    """A running statistic that has taken in a new value."""
    return (1 - momentum) * old + momentum * new.detach()

# batch_norm

@batch_norm.misconception
def pytorchs_own_function(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """The numbers are right, and PyTorch's own batch normalization made them. In this exercise you write it yourself."""
    mean, var = running_mean.clone(), running_var.clone()
    Y = nn.functional.batch_norm(X, mean, var, gamma, beta, training, momentum, eps)
    return Y, mean, var

batch_norm.slip("X.var(axes, correction=0)", "X.var(axes)", name="unbiased_variance_to_normalize",
    says="You normalized by the variance that is divided by N - 1. For `Y` it is divided by N; see the two variances.")

batch_norm.slip("detach().var(axes)", "detach().var(axes, correction=0)", name="biased_variance_in_the_running_one",
    says="`Y` is right, but `running_var` took in the variance that is divided by N. There it is divided by N - 1.")

PICTURES_COUNTED = (
    "For pictures, the N of `running_var` is the number of pixels of a channel in the whole batch, not the number of "
    "pictures."
)

batch_norm.slip("X.detach().var(axes)", "len(X) / (len(X) - 1) * var.detach()", name="pictures_counted_for_numbers",
    says=PICTURES_COUNTED)

batch_norm.slip("X.detach().var(axes)", "var.detach() * len(X) / (len(X) - 1)", name="pictures_counted_after_the_variance",
    says=PICTURES_COUNTED)

batch_norm.slip("X.var(axes, correction=0)", "X.var(axes)", ("detach().var(axes)", "detach().var(axes, correction=0)"),
    name="variances_swapped",
    says="You swapped the two variances: `Y` needs the one that is divided by N, `running_var` the one divided by N - 1.")

@batch_norm.misconception
def momentum_reversed(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """`momentum` is reversed in your running statistics: here it weighs the new value, not the old one."""
    return reference.batch_norm(X, gamma, beta, running_mean, running_var, training, 1 - momentum, eps)

batch_norm.slip("torch.sqrt(var.reshape(shape) + eps)", "(torch.sqrt(var.reshape(shape)) + eps)",
    name="eps_outside_the_root",
    says="You added `eps` after the square root was taken. It belongs under the root, beside the variance.")

batch_norm.slip("+ eps", "", name="eps_forgotten",
    says="You left out `eps`. Without it, a feature that is the same in all samples would be divided by 0.")

batch_norm.slip("torch.sqrt", "", name="square_root_forgotten",
    says="You divided by the variance. It is the square root of the variance plus `eps` that says how wide the spread is.")

batch_norm.slip("X.mean(axes), X.var(axes, correction=0)", "X.detach().mean(axes), X.detach().var(axes, correction=0)",
    name="statistics_detached_in_the_output",
    says="The values are right, but the gradient is not: `Y` depends on `X` through mean and variance too. Where is it cut?")

@batch_norm.misconception
def output_detached(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """The values are right, but your whole `Y` is cut off from its graph. Only the two statistics should be."""
    with torch.no_grad():
        return reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)

batch_norm.slip("mean.detach()", "mean", ("X.detach().var", "X.var"), name="statistics_keep_their_graph",
    says="The values are right, but your running statistics keep their graph: memory would grow with every batch.")

@batch_norm.misconception
def gamma_and_beta_ignored(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You left out `gamma` and `beta`. They stretch and shift each feature after it was normalized."""
    one, zero = torch.ones_like(gamma), torch.zeros_like(beta)
    return reference.batch_norm(X, one, zero, running_mean, running_var, training, momentum, eps)

@batch_norm.misconception
def beta_added_too_early(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You multiplied `beta` by `gamma`. First comes the factor `gamma`, then `beta` is added as it is."""
    return reference.batch_norm(X, gamma, gamma * beta, running_mean, running_var, training, momentum, eps)

batch_norm.slip("gamma.reshape(shape) * X_hat + beta", "beta.reshape(shape) * X_hat + gamma", name="gamma_and_beta_swapped",
    says="`gamma` and `beta` changed places. `gamma` is the factor, and `beta` is added.")

batch_norm.slip(", running_mean, running_var\n", ", running_var, running_mean\n", name="statistics_in_the_other_order",
    says="Your two running statistics come back in the wrong order. The mean comes first.")

@batch_norm.misconception
def one_mean_for_each_sample(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You normalized each sample by itself. Here each feature is normalized over the batch: look along the other axis."""
    if not training:
        return scaled(X, running_mean, running_var, gamma, beta, eps), running_mean, running_var
    axes, shape = tuple(range(1, X.dim())), over(X)[1]
    mean, var = X.mean(axes, keepdim=True), X.var(axes, correction=0, keepdim=True)
    Y = gamma.reshape(shape) * (X - mean) / torch.sqrt(var + eps) + beta.reshape(shape)
    return Y, moved(running_mean, mean.mean(), momentum), moved(running_var, var.mean(), momentum)

@batch_norm.misconception
def one_mean_for_each_picture(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You normalized each picture by itself. A channel has one mean and one variance for all pictures of the batch."""
    if X.dim() == 2 or not training:
        return reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    mean, var = X.mean((2, 3), keepdim=True), X.var((2, 3), correction=0, keepdim=True)
    Y = gamma.reshape(1, -1, 1, 1) * (X - mean) / torch.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)
    return Y, moved(running_mean, X.mean((0, 2, 3)), momentum), moved(running_var, X.var((0, 2, 3)), momentum)

@batch_norm.misconception
def one_mean_for_each_pixel(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You normalized each pixel by itself. In pictures, all pixels of a channel share one mean and one variance."""
    if X.dim() == 2 or not training:
        return reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    mean, var = X.mean(0), X.var(0, correction=0)
    Y = gamma.reshape(1, -1, 1, 1) * (X - mean) / torch.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)
    return Y, moved(running_mean, X.mean((0, 2, 3)), momentum), moved(running_var, X.var((0, 2, 3)), momentum)

batch_norm.slip("X.mean(axes), X.var(axes, correction=0)",
    "X.mean().expand_as(gamma), X.var(correction=0).expand_as(gamma)",
    ("detach().var(axes)", "detach().var().expand_as(gamma)"), name="one_mean_for_all",
    says="You used one mean and one variance for all features together. Each feature has its own.")

@batch_norm.misconception
def channels_scrambled(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """Numbers of different channels share a mean. Before you reshape to `(-1, c)`, the channels have to come last."""
    rows = X.reshape(-1, X.shape[1])
    statistics = running_mean, running_var
    Y, running_mean, running_var = reference.batch_norm(rows, gamma, beta, *statistics, training, momentum, eps)
    return Y.reshape(X.shape), running_mean, running_var

batch_norm.slip("X.dim() == 2", "len(X) == 2", name="axes_told_by_len",
    says="You took the number of samples, as `len(X)` and `X.shape[0]` give it, for the number of axes. Which method gives "
         "the axes?")

@batch_norm.misconception
def pictures_like_rows(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """It works for rows but not for pictures: `gamma`, `beta` and the statistics meet the wrong axis there."""
    axes = over(X)[0]
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(axes), X.var(axes, correction=0)
        running_mean = moved(running_mean, mean, momentum)
        running_var = moved(running_var, X.var(axes), momentum)
    return gamma * (X - mean) / torch.sqrt(var + eps) + beta, running_mean, running_var

@batch_norm.misconception
def statistics_with_four_axes(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """For pictures, your statistics come back with four axes. They have to be `(c,)`, as they were given."""
    Y, *statistics = reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return Y, *[item.reshape(over(X)[1]) if X.dim() == 4 else item for item in statistics]

@batch_norm.misconception
def running_values_never_updated(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """The running statistics come back as they were, also after training. They have to take in those of the batch."""
    Y, _, _ = reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return Y, running_mean, running_var

@batch_norm.misconception
def updated_when_not_training(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You updated the running statistics when `training` is false too. Then they have to stay as they are."""
    Y, _, _ = reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return Y, moved(running_mean, X.mean(over(X)[0]), momentum), moved(running_var, X.var(over(X)[0]), momentum)

batch_norm.slip("if training:\n        mean, var = X.mean(axes), X.var(axes, correction=0)",
    "mean, var = X.mean(axes), X.var(axes, correction=0)\n    if training:", name="batch_statistics_when_not_training",
    says="You normalized by the batch when `training` is false. Then the running statistics have to be used.")

batch_norm.slip("if training", "if True", name="always_training",
    says="Your function works as in training in every case. Does it look at whether `training` is true?")

@batch_norm.misconception
def running_statistics_in_training(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """In training you normalized by the running statistics. They are only remembered then; the batch's own are used."""
    _, new_mean, new_var = reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return scaled(X, new_mean, new_var, gamma, beta, eps), new_mean, new_var

batch_norm.slip("detach().var(axes)", "detach().std(axes)", name="standard_deviation_remembered",
    says="`running_var` took in the standard deviation. It remembers the variance, without a square root.")

@batch_norm.misconception
def callers_statistics_overwritten(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You changed the caller's `running_mean` and `running_var` in place. Return new tensors instead."""
    Y, new_mean, new_var = reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)
    return Y, running_mean.copy_(new_mean), running_var.copy_(new_var)

@batch_norm.misconception
def input_changed_in_place(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You changed `X` itself by `-=` or something like it. Others may still need it: make a new tensor."""
    mean, var = running_mean, running_var
    if training:
        mean, var = X.mean(over(X)[0]), X.var(over(X)[0], correction=0)
        running_mean = moved(running_mean, mean, momentum)
        running_var = moved(running_var, X.var(over(X)[0]), momentum)
    X -= mean.reshape(over(X)[1])
    return scaled(X, torch.zeros_like(mean), var, gamma, beta, eps), running_mean, running_var

@batch_norm.misconception
def output_alone(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """You returned `Y` alone. The two running statistics have to come back too."""
    return reference.batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps)[0]

# BatchNorm

BatchNorm.slip("        return Y", "        if self.training:\n            n = X.numel() / X.shape[1]\n"
    "            too_much = X.detach().transpose(0, 1).flatten(1).var(1) / n\n"
    "            self.running_var = self.running_var - 0.1 * too_much\n        return Y", name="BiasedRunningVariance",
    says="`running_var` took in the variance that is divided by N. There it is divided by N - 1; by N only for `Y`.")

@BatchNorm.misconception
def pytorchs_own_layer(num_features, num_dims):
    """The layer is right, and it is PyTorch's own. In this exercise you write it yourself, with your `batch_norm`."""
    return {2: nn.BatchNorm1d, 4: nn.BatchNorm2d}[num_dims](num_features)

class Layer(nn.Module):
    """A right layer, from which each wrong one differs in one thing."""

    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def normalized(self, X, *, training=None, weight=None, bias=None, momentum=0.1, eps=1e-5):
        if X.dim() != self.num_dims:
            raise ValueError("Another number of axes was expected.")
        return reference.batch_norm(
            X,
            self.weight if weight is None else weight,
            self.bias if bias is None else bias,
            self.running_mean,
            self.running_var,
            self.training if training is None else training,
            momentum,
            eps,
        )

    def forward(self, X):
        Y, self.running_mean, self.running_var = self.normalized(X)
        return Y

@BatchNorm.misconception
class BuffersNotRegistered(Layer):
    """Your running statistics are not saved with the model. Are they plain tensors, or buffers that are not persistent?
    Make ordinary buffers of them."""
    def __init__(self, num_features, num_dims):
        super().__init__(num_features, num_dims)
        del self.running_mean, self.running_var
        self.running_mean = torch.zeros(num_features)
        self.running_var = torch.ones(num_features)

@BatchNorm.misconception
class ParametersNotRegistered(Layer):
    """Your `weight` and `bias` are plain tensors, so no optimizer will find them. Make parameters of them."""
    def __init__(self, num_features, num_dims):
        super().__init__(num_features, num_dims)
        del self.weight, self.bias
        self.weight = torch.ones(num_features, requires_grad=True)
        self.bias = torch.zeros(num_features, requires_grad=True)

@BatchNorm.misconception
class ParametersAsBuffers(Layer):
    """Your `weight` and `bias` are buffers, which are never learned. Make parameters of them."""
    def __init__(self, num_features, num_dims):
        super().__init__(num_features, num_dims)
        del self.weight, self.bias
        self.register_buffer("weight", torch.ones(num_features))
        self.register_buffer("bias", torch.zeros(num_features))

@BatchNorm.misconception
class BuffersAsParameters(Layer):
    """Your running statistics are parameters, as if they were to be learned. Make buffers of them."""
    def __init__(self, num_features, num_dims):
        super().__init__(num_features, num_dims)
        del self.running_mean, self.running_var
        self.running_mean = nn.Parameter(torch.zeros(num_features), requires_grad=False)
        self.running_var = nn.Parameter(torch.ones(num_features), requires_grad=False)

    def forward(self, X):
        Y, self.running_mean.data, self.running_var.data = self.normalized(X)
        return Y

@BatchNorm.misconception
class NamesOfItsOwn(nn.Module):
    """Your tensors have names of their own. They have to be called as in the table, so that others can load them."""
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.gamma = nn.Parameter(torch.ones(num_features))
        self.beta = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("moving_mean", torch.zeros(num_features))
        self.register_buffer("moving_var", torch.ones(num_features))

    def forward(self, X):
        if X.dim() != self.num_dims:
            raise ValueError("Another number of axes was expected.")
        Y, self.moving_mean, self.moving_var = reference.batch_norm(
            X, self.gamma, self.beta, self.moving_mean, self.moving_var, self.training, 0.1, 1e-5
        )
        return Y

class BooksOwn(nn.Module):
    """A layer with names of its own, whose statistics are plain tensors."""

    def __init__(self, shape, num_dims):
        super().__init__()
        self.num_dims = num_dims
        self.gamma, self.beta = nn.Parameter(torch.ones(shape)), nn.Parameter(torch.zeros(shape))
        self.moving_mean, self.moving_var = torch.zeros(shape), torch.ones(shape)

    def forward(self, X):
        if self.num_dims and X.dim() != self.num_dims:
            raise ValueError("Another number of axes was expected.")
        Y, self.moving_mean, self.moving_var = reference.batch_norm(
            X, self.gamma, self.beta, self.moving_mean, self.moving_var, self.training, 0.1, 1e-5
        )
        return Y

def with_axes(num_features, num_dims):
    return (1, num_features) if num_dims == 2 else (1, num_features, 1, 1)

@BatchNorm.misconception
class NamesOfItsOwnAndPlainTensors(BooksOwn):
    """Your tensors have names of their own. They have to be called as in the table, so that others can load them."""

@BatchNorm.misconception
class NamesOfItsOwnForAnyAxes(BooksOwn):
    """Your tensors have names of their own. They have to be called as in the table, so that others can load them."""
    def __init__(self, num_features, num_dims):
        super().__init__(num_features, 0)

@BatchNorm.misconception
class NamesAndAxesOfItsOwn(BooksOwn):
    """Your tensors have names of their own. They have to be called as in the table, so that others can load them."""
    def __init__(self, num_features, num_dims):
        super().__init__(with_axes(num_features, num_dims), num_dims)

@BatchNorm.misconception
class NamesAndAxesOfItsOwnForAnyAxes(BooksOwn):
    """Your tensors have names of their own. They have to be called as in the table, so that others can load them."""
    def __init__(self, num_features, num_dims):
        super().__init__(with_axes(num_features, num_dims), 0)

@BatchNorm.misconception
class LayerInALayer(nn.Module):
    """Your layer wraps one of PyTorch's, so that its tensors are found under another name. Own them yourself."""
    def __init__(self, num_features, num_dims):
        super().__init__()
        self.bn = nn.BatchNorm1d(num_features) if num_dims == 2 else nn.BatchNorm2d(num_features)

    def forward(self, X):
        return self.bn(X)

@BatchNorm.misconception
class TensorsWithManyAxes(Layer):
    """Your tensors have more axes than one. All four have the shape `(num_features,)`, whatever `num_dims` is."""
    def __init__(self, num_features, num_dims):
        super().__init__(num_features, num_dims)
        shape = (1, num_features) if num_dims == 2 else (1, num_features, 1, 1)
        self.weight, self.bias = nn.Parameter(torch.ones(shape)), nn.Parameter(torch.zeros(shape))
        self.running_mean, self.running_var = torch.zeros(shape), torch.ones(shape)

BatchNorm.slip('"running_var", torch.ones', '"running_var", torch.zeros', name="VarianceStartsAtZero",
    says="Your `running_var` starts with zeros. Look at the table again: with which spread does the layer start?")

BatchNorm.slip("Parameter(torch.ones", "Parameter(torch.randn",
    ("Parameter(torch.zeros", "Parameter(torch.randn"), name="RandomAtTheStart",
    says="Your parameters start with random numbers. Look at the table again: a new layer only normalizes.")

BatchNorm.slip("Y, self.running_mean, self.running_var =", "Y, _, _ =", name="RunningValuesNeverUpdated",
    says="The running statistics of your layer never change. What becomes of the new ones that `batch_norm` "
         "returns?")

@BatchNorm.misconception
class UpdatedInEvaluation(Layer):
    """Your layer updates its running statistics in evaluation mode too. There it has to leave them alone."""
    def forward(self, X):
        _, new_mean, new_var = self.normalized(X, training=True)
        Y, _, _ = self.normalized(X)
        self.running_mean, self.running_var = new_mean, new_var
        return Y

@BatchNorm.misconception
class BatchStatisticsInEvaluation(Layer):
    """Your layer normalizes by the batch in evaluation mode too. There it has to use its running statistics."""
    def forward(self, X):
        Y, new_mean, new_var = self.normalized(X, training=True)
        if self.training:
            self.running_mean, self.running_var = new_mean, new_var
        return Y

BatchNorm.slip("self.training", "True", name="AlwaysTraining",
    says="Your layer works as in training mode all the time. Is it `self.training` that `batch_norm` gets? It "
         "knows the mode.")

BatchNorm.slip("self.training", "False", name="AlwaysEvaluation",
    says="Your layer works as in evaluation mode all the time. Is it `self.training` that `batch_norm` gets? It "
         "tells when the batch is to be used.")

BatchNorm.slip("self.training", "torch.is_grad_enabled()", name="ModeToldByGradients",
    says="Your layer tells its mode by whether gradients are recorded. That can be on in both modes: use "
         "`self.training`.")

BatchNorm.slip("0.1", "0.9", name="MomentumReversed",
    says="The momentum of your layer is reversed. Here 0.1 is the weight of the new value.")

BatchNorm.slip("momentum=0.1, eps=1e-5", "momentum=1e-5, eps=0.1", name="MomentumAndEpsSwapped",
    says="Momentum and eps changed places on their way into `batch_norm`. Compare with the order of its arguments.")

BatchNorm.slip("1e-5", "1e-3", name="LargerEps",
    says="The eps of your layer has another size than the text says: 0.00001, which is `1e-5`.")

@BatchNorm.misconception
class StatisticsWithTheirGraph(Layer):
    """Your running statistics are stored with the graph of their batch, so that memory grows with every call."""
    def forward(self, X):
        Y, _, _ = self.normalized(X)
        if self.training:
            axes = (0,) if X.dim() == 2 else (0, 2, 3)
            self.running_mean = 0.9 * self.running_mean + 0.1 * X.mean(axes)
            self.running_var = 0.9 * self.running_var + 0.1 * X.var(axes)
        return Y

BatchNorm.slip("Y, self.running_mean, self.running_var =", "Y, self.running_var, self.running_mean =",
    name="MeanAndVarianceSwapped",
    says="Your `running_mean` and `running_var` changed places. `batch_norm` takes and returns the mean first.")

BatchNorm.slip("X, self.weight, self.bias,", "X, torch.ones_like(self.weight), torch.zeros_like(self.bias),",
    name="ParametersNeverUsed",
    says="Your layer never uses its `weight` and `bias`. They are the gamma and the beta of `batch_norm`.")

BatchNorm.slip("X, self.weight, self.bias,", "X, self.weight.detach(), self.bias.detach(),", name="ParametersCutOff",
    says="The numbers are right, but `weight` and `bias` get no gradient. Are they cut off somewhere on the way?")

BatchNorm.slip("X.dim() != self.num_dims", "False", name="AnyNumberOfAxes",
    says="Your layer takes an input with any number of axes. Compare `X.dim()` with `num_dims`, and `raise` a "
         "`ValueError`.")

BatchNorm.slip("if X.dim() != self.num_dims:\n            raise ValueError", "assert X.dim() == self.num_dims, str",
    name="AxesAsserted",
    says="Your error is an AssertionError, as `assert` raises it. A ValueError is asked for: write `raise ValueError(...)`.")

@BatchNorm.misconception
class SamplesCountedForAxes(Layer):
    """You compared `num_dims` with the number of samples, as `len(X)` and `X.shape[0]` give it. How many axes `X` has,
    `X.dim()` tells."""
    def forward(self, X):
        if len(X) != self.num_dims:
            raise ValueError("Another number of axes was expected.")
        self.num_dims = X.dim()
        return super().forward(X)

BatchNorm.slip("Y, self.running_mean, self.running_var = batch_norm", "result = batch_norm",
    ("return Y", "_, self.running_mean, self.running_var = result\n        return result"), name="AllThreeReturned",
    says="Your layer returns all three results of `batch_norm`. The next layer wants the first one only.")

# lenet_with_batch_norm

def convolutions(normalize=nn.BatchNorm2d, activation=nn.Sigmoid, pooling=nn.AvgPool2d):
    return [
        nn.Conv2d(1, 6, 5), normalize(6), activation(), pooling(2, 2),
        nn.Conv2d(6, 16, 5), normalize(16), activation(), pooling(2, 2),
    ]  # fmt: skip

def head(normalize=nn.BatchNorm1d, activation=nn.Sigmoid, first=nn.Flatten):
    return [
        first(),
        nn.Linear(256, 120), normalize(120), activation(),
        nn.Linear(120, 84), normalize(84), activation(),
        nn.Linear(84, 10),
    ]  # fmt: skip

@lenet_with_batch_norm.misconception
def lenet_without_batch_norm():
    """There is no batch normalization in your network. The table says after which layers it comes."""
    return nn.Sequential(*convolutions(nn.Identity), *head(nn.Identity))

@lenet_with_batch_norm.misconception
def only_convolutions_normalised():
    """Your linear layers have no batch normalization behind them. Only the last one goes without."""
    return nn.Sequential(*convolutions(), *head(nn.Identity))

@lenet_with_batch_norm.misconception
def only_linear_layers_normalised():
    """Your convolutions have no batch normalization behind them. Both of them need one."""
    return nn.Sequential(*convolutions(nn.Identity), *head())

lenet_with_batch_norm.slip("nn.BatchNorm2d(6), nn.Sigmoid()", "nn.Sigmoid(), nn.BatchNorm2d(6)",
    ("nn.BatchNorm2d(16), nn.Sigmoid()", "nn.Sigmoid(), nn.BatchNorm2d(16)"),
    ("nn.BatchNorm1d(120), nn.Sigmoid()", "nn.Sigmoid(), nn.BatchNorm1d(120)"),
    ("nn.BatchNorm1d(84), nn.Sigmoid()", "nn.Sigmoid(), nn.BatchNorm1d(84)"), name="normalised_after_the_sigmoid",
    says="You normalized after the sigmoid. Batch normalization comes first, between the layer and its sigmoid.")

@lenet_with_batch_norm.misconception
def normalised_after_the_pooling():
    """You normalized after the pooling. Batch normalization comes right after the convolution, before the sigmoid."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2, 2), nn.BatchNorm2d(6),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2, 2), nn.BatchNorm2d(16),
        *head(),
    )  # fmt: skip

@lenet_with_batch_norm.misconception
def rows_normalised_for_pictures():
    """A `BatchNorm1d` or `2d` is in the wrong place. The one for pictures follows a convolution, the one for rows a
    linear layer."""
    return nn.Sequential(*convolutions(nn.BatchNorm1d), *head())

@lenet_with_batch_norm.misconception
def pictures_normalised_for_rows():
    """A `BatchNorm1d` or `2d` is in the wrong place. The one for pictures follows a convolution, the one for rows a
    linear layer."""
    return nn.Sequential(*convolutions(), *head(nn.BatchNorm2d))

@lenet_with_batch_norm.misconception
def channels_of_the_layer_before():
    """A batch normalization counts the channels that go into the layer before it. It needs those that come out."""
    layers = [*convolutions(), *head()]
    layers[1], layers[5] = nn.BatchNorm2d(1), nn.BatchNorm2d(6)
    layers[10], layers[13] = nn.BatchNorm1d(256), nn.BatchNorm1d(120)
    return nn.Sequential(*layers)

@lenet_with_batch_norm.misconception
def five_by_five_without_padding():
    """Your first linear layer expects 16 * 5 * 5 numbers. How large are the pictures after the second pooling here?"""
    layers = head()
    layers[1] = nn.Linear(16 * 5 * 5, 120)
    return nn.Sequential(*convolutions(), *layers)

lenet_with_batch_norm.slip("1, 6, 5", "1, 6, 5, padding=2", ("4 * 4", "5 * 5"), name="five_by_five_with_padding",
    says="Your first convolution pads the pictures. Here there is no padding, and 16 * 4 * 4 numbers are left at the end.")

lenet_with_batch_norm.slip("BatchNorm2d(6), nn.Sigmoid", "BatchNorm2d(6), nn.ReLU",
    ("BatchNorm2d(16), nn.Sigmoid", "BatchNorm2d(16), nn.ReLU"),
    ("BatchNorm1d(120), nn.Sigmoid", "BatchNorm1d(120), nn.ReLU"),
    ("BatchNorm1d(84), nn.Sigmoid", "BatchNorm1d(84), nn.ReLU"), name="relu_for_sigmoid",
    says="You used ReLU. It is a good choice in newer networks, but this one has sigmoids.")

lenet_with_batch_norm.slip("BatchNorm2d(6), nn.Sigmoid", "BatchNorm2d(6), nn.Tanh",
    ("BatchNorm2d(16), nn.Sigmoid", "BatchNorm2d(16), nn.Tanh"),
    ("BatchNorm1d(120), nn.Sigmoid", "BatchNorm1d(120), nn.Tanh"),
    ("BatchNorm1d(84), nn.Sigmoid", "BatchNorm1d(84), nn.Tanh"), name="tanh_for_sigmoid",
    says="You used Tanh, which goes from -1 to 1. This network has sigmoids.")

lenet_with_batch_norm.slip("BatchNorm2d(6), nn.Sigmoid", "BatchNorm2d(6), nn.Identity",
    ("BatchNorm2d(16), nn.Sigmoid", "BatchNorm2d(16), nn.Identity"),
    ("BatchNorm1d(120), nn.Sigmoid", "BatchNorm1d(120), nn.Identity"),
    ("BatchNorm1d(84), nn.Sigmoid", "BatchNorm1d(84), nn.Identity"), name="sigmoids_forgotten",
    says="There are no sigmoids in your network. Without them the linear layers are no better than a single one.")

lenet_with_batch_norm.slip("nn.AvgPool2d(2, 2),\n        nn.Conv2d", "nn.MaxPool2d(2, 2),\n        nn.Conv2d",
    ("nn.AvgPool2d(2, 2),\n        nn.Flatten", "nn.MaxPool2d(2, 2),\n        nn.Flatten"), name="largest_for_average",
    says="Your network keeps the largest of each four pixels. The pooling of the table takes their average.")

lenet_with_batch_norm.slip("nn.Linear(84, 10)", "nn.Linear(84, 10), nn.Softmax(dim=1)", name="softmax_at_the_end",
    says="Your network ends with a softmax. Logits are asked for: the loss takes care of the rest.")

lenet_with_batch_norm.slip("nn.Linear(84, 10)", "nn.Linear(84, 10), nn.Sigmoid()", name="sigmoid_at_the_end",
    says="There is a sigmoid after your last linear layer. Its logits come out as they are.")

lenet_with_batch_norm.slip("nn.Linear(84, 10)", "nn.Linear(84, 10), nn.BatchNorm1d(10)", name="logits_normalised",
    says="You normalized the logits. The last linear layer has neither a batch normalization nor a sigmoid behind "
         "it.")

@lenet_with_batch_norm.misconception
def flatten_forgotten():
    """The first linear layer does not get rows of 256 numbers. Do you flatten once, and pool twice?"""
    return nn.Sequential(*convolutions(), *head(first=nn.Identity))

@lenet_with_batch_norm.misconception
def made_in_another_order():
    """Everything is there, but the layers were not made in the order of the table, so they got other random numbers."""
    end = head()
    return nn.Sequential(*convolutions(), *end)

@lenet_with_batch_norm.misconception
def seed_set_inside():
    """Your function sets the seed, so every network that it builds is the same. Leave the seed to the caller."""
    torch.manual_seed(0)
    return reference.lenet_with_batch_norm()

@lenet_with_batch_norm.misconception
def returned_in_evaluation_mode():
    """Your network is in evaluation mode. A new network has yet to learn: leave it in training mode."""
    return reference.lenet_with_batch_norm().eval()

@lenet_with_batch_norm.misconception
def list_of_layers():
    """You returned a list of layers. `nn.Sequential` makes a network of them."""
    return list(reference.lenet_with_batch_norm())

# fold_batch_norm

def folded(conv, weight, bias, **settings):
    """A new convolution like conv, with the weight and bias given."""
    settings = {"kernel_size": conv.kernel_size, "stride": conv.stride, "padding": conv.padding} | settings
    new = nn.Conv2d(conv.in_channels, conv.out_channels, **settings)
    new.weight, new.bias = nn.Parameter(weight), nn.Parameter(bias)
    return new

def bias_of(conv, bn):
    return torch.zeros_like(bn.bias) if conv.bias is None else conv.bias

def factors(bn):
    return bn.weight / torch.sqrt(bn.running_var + bn.eps)

fold_batch_norm.slip("+ bn.eps", "", name="folded_without_eps",
    says="You left out `bn.eps`. It stands beside the running variance, under the root.")

fold_batch_norm.slip("torch.sqrt(bn.running_var + bn.eps)", "(torch.sqrt(bn.running_var) + bn.eps)",
    name="folded_with_eps_outside",
    says="You added `bn.eps` after the square root was taken. It belongs under the root, beside the variance.")

fold_batch_norm.slip("torch.sqrt", "", name="folded_without_the_root",
    says="You divided by the running variance plus eps. Its square root is what batch normalization divides by.")

fold_batch_norm.slip("bn.weight /", "1 /", name="folded_without_gamma",
    says="`bn.weight` is not in your factors. It is the gamma of batch normalization.")

fold_batch_norm.slip("+ bn.bias", "", name="folded_without_beta",
    says="`bn.bias` is not in your new bias. It is the beta that batch normalization adds at the end.")

fold_batch_norm.slip("(bias - bn.running_mean)", "bias", name="folded_without_the_mean",
    says="The running mean is not in your new bias. What does batch normalization do with it?")

fold_batch_norm.slip("- bn", "+ bn", name="mean_added",
    says="You added the running mean to the bias. Batch normalization subtracts it.")

fold_batch_norm.slip("(bias - bn.running_mean)", "bias - bn.running_mean", name="bias_not_multiplied",
    says="The old bias of the convolution is not multiplied by your factors. It goes through batch normalization "
         "too.")

fold_batch_norm.slip("(bias - bn.running_mean) * scale", "bias * scale - bn.running_mean", name="mean_not_multiplied",
    says="The running mean is subtracted after the multiplication. Batch normalization subtracts it before.")

fold_batch_norm.slip("(bias - bn", "(-bn", name="old_bias_lost",
    says="The old bias of the convolution got lost. It is added before batch normalization, and has to be in the "
         "new one.")

NONE_FOR_A_BIAS = (
    "Your function expects `conv` to have a bias. `conv.bias` may be `None`: what does the convolution add then?"
)

fold_batch_norm.slip("0 if conv.bias is None else ", "", name="none_for_a_bias", says=NONE_FOR_A_BIAS)

fold_batch_norm.slip("0 if conv.bias is None else conv.bias", "conv.bias.data", name="none_for_a_bias_with_data",
    says=NONE_FOR_A_BIAS)

fold_batch_norm.slip("0 if conv.bias is None else ", "",
    ("(bias - bn.running_mean) * scale", "bias * scale - bn.running_mean * scale"),
    name="none_for_a_bias_to_multiply", says=NONE_FOR_A_BIAS)

fold_batch_norm.slip("conv.weight * scale.reshape(-1, 1, 1, 1)", "conv.weight.clone()", name="kernels_not_multiplied",
    says="Only the bias is new; the kernels were not multiplied. The factors change both.")

fold_batch_norm.slip(".reshape(-1, 1, 1, 1)", "", name="factors_along_the_wrong_axis",
    says="Your factors meet the wrong axis of `conv.weight`. There is one for each output channel, and this axis is first.")

fold_batch_norm.slip("folded.weight = nn.Parameter(conv.weight * scale.reshape(-1, 1, 1, 1))",
    "folded.weight.data.copy_(conv.weight * scale)", name="factors_copied_along_the_wrong_axis",
    says="Your factors meet the wrong axis of `conv.weight`. There is one for each output channel, and this axis is first.")

fold_batch_norm.slip("bn.eps", "1e-5", name="eps_of_its_own",
    says="You took an eps of your own. Each batch normalization knows its own: `bn.eps`.")

fold_batch_norm.slip("-1, 1", "1, -1", name="factors_for_the_input_channels",
    says="Your factors meet the input channels. Batch normalization comes after the convolution: look at the output.")

fold_batch_norm.slip("conv.stride", "1", name="stride_lost",
    says="The stride of `conv` is lost in the new layer.")

fold_batch_norm.slip(", conv.padding", "", name="padding_lost", says="The padding of `conv` is lost in the new layer.")

fold_batch_norm.slip(", conv.stride, conv.padding", "", name="stride_and_padding_lost",
    says="The stride and the padding of `conv` are lost in the new layer.")

@fold_batch_norm.misconception
def convolution_itself_changed(conv, bn):
    """You changed `conv` itself. Leave it as it is, and return a new layer: another name for `conv` is not a copy."""
    right = reference.fold_batch_norm(conv, bn)
    conv.weight, conv.bias = right.weight, right.bias
    return conv

@fold_batch_norm.misconception
def two_layers_in_a_row(conv, bn):
    """You put the two layers one behind the other. One single convolution has to do the work of both."""
    return nn.Sequential(conv, bn)
