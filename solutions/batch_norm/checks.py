"""The checks of lesson 6: batch normalization as a function and as a layer, in a network, and folded away."""

from collections import Counter
from itertools import zip_longest

import torch
from torch import nn

from grader import Lesson, Tolerance, any_of, choice, normal, uniform
from grader.lesson.probes import enlarged

lesson = Lesson("batch_norm", number=6)

ROUNDED = Tolerance(
    relative=1e-4,
    absolute=1e-4,
    because="the gradient through mean and variance is a small difference of large numbers, in which rounding shows",
)
DEEP = Tolerance(
    relative=1e-4,
    absolute=1e-4,
    because="normalizing over a few pictures, four times, enlarges the rounding of what is computed in another order",
)
STILL = Tolerance(
    relative=1e-5,
    absolute=2e-6,
    because="a new network hardly tells pictures apart in evaluation mode, and what an early layer does shows little",
)


def numbers(result):
    """What batch_norm returned, by name. The statistics come without their graph: whether they carry one is a check of its
    own."""
    items = result if isinstance(result, (tuple, list)) else (result,)
    named = dict(zip_longest(("Y", "running_mean", "running_var"), items[:3]))
    for name in ("running_mean", "running_var"):
        named[name] = named[name].detach() if isinstance(named[name], torch.Tensor) else named[name]
    return named | ({"the number of results": len(items)} if len(items) > 3 else {})


def layer_for(X, answer, **state):
    """A BatchNorm for X, where X is and as precise as X, with some of its tensors given."""
    layer = answer.BatchNorm(X.shape[1], X.dim()).to(X)
    layer.load_state_dict(state, strict=False)
    return layer


def remembered(layer):
    return {name: getattr(layer, name) for name in ("running_mean", "running_var")}


def conv_and_bn(X, channels, eps=1e-5, **settings):
    """A convolution on X and a batch normalization behind it, as if they had learned, in evaluation mode."""
    conv, bn = nn.Conv2d(X.shape[1], channels, **settings), nn.BatchNorm2d(channels, eps=eps)
    for tensor in (bn.weight, bn.bias, bn.running_mean):
        nn.init.uniform_(tensor, -2, 2)
    nn.init.uniform_(bn.running_var, 0.2, 2)
    return conv.to(X).eval(), bn.to(X).eval()


def network(answer, X, seed):
    """A new network from a seed, where X is and as precise as X, or what was returned in its place."""
    torch.manual_seed(seed)
    model = answer.lenet_with_batch_norm()
    return model.to(X) if isinstance(model, nn.Module) else model


def output(made, X):
    """What the folded layer makes of X, and whether it is a convolution; or what was returned in its place."""
    if not isinstance(made, nn.Module):
        return made
    return {"is an nn.Conv2d": isinstance(made, nn.Conv2d), "the output": made(X)}


batch_norm = lesson.exercise("batch_norm", forbids=["native_batch_norm"])


@batch_norm.check(points=0.75, tolerance=ROUNDED)
def normalises_features(
    answer,
    X=normal("n>=3 c"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.5, 2),
    momentum=choice(0.1, 0.8, 0.3),
    eps=choice(0.1, 0.01, 0.5),
):
    """In training, each feature of some samples is normalized over the batch, and the statistics are updated."""
    statistics = running_mean.detach(), running_var.detach()
    return numbers(answer.batch_norm(X, gamma, beta, *statistics, True, momentum, eps))


@batch_norm.check(points=0.75, tolerance=ROUNDED)
def normalises_channels(
    answer,
    X=normal("n>=2 c h w"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.5, 2),
    momentum=choice(0.7, 0.2),
    eps=choice(0.01, 0.3),
):
    """In training, each channel of some pictures is normalized over all pixels of all pictures."""
    statistics = running_mean.detach(), running_var.detach()
    return numbers(answer.batch_norm(X, gamma, beta, *statistics, True, momentum, eps))


@batch_norm.check(points=0.5)
def uses_the_running_statistics(
    answer,
    X=normal("n c"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.1, 2),
    eps=choice(0.3, 1e-5),
):
    """When not training, the running statistics are used, and come back as they are."""
    statistics = running_mean.detach(), running_var.detach()
    return numbers(answer.batch_norm(X, gamma, beta, *statistics, False, 0.1, eps))


@batch_norm.check(points=0.25, tolerance=ROUNDED)
def cuts_the_statistics_off(
    answer,
    X=normal("n>=3 c"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.5, 2),
):
    """The statistics that come back carry no graph: they require no gradient. The new mean is the right one."""
    statistics = running_mean.detach(), running_var.detach()
    _, new_mean, new_var = answer.batch_norm(X, gamma, beta, *statistics, True, 0.1, 0.1)
    graphs = {"running_mean.requires_grad": new_mean.requires_grad, "running_var.requires_grad": new_var.requires_grad}
    return graphs | {"running_mean": new_mean.detach()}


@batch_norm.check(points=0.5, hidden=True)
def uses_running_statistics_for_pictures(
    answer,
    X=normal("n<=2 c h w"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.1, 2),
    eps=choice(1e-5, 0.3),
):
    """When not training, pictures are normalized by the running statistics too, also a single one."""
    statistics = running_mean.detach(), running_var.detach()
    return numbers(answer.batch_norm(X, gamma, beta, *statistics, False, 0.1, eps))


@batch_norm.check(points=0.25, tolerance=ROUNDED, hidden=True)
def normalises_a_single_picture(
    answer,
    X=normal("1 c h>=2 w"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.5, 2),
):
    """In training, a batch of one picture is normalized over its pixels."""
    statistics = running_mean.detach(), running_var.detach()
    return numbers(answer.batch_norm(X, gamma, beta, *statistics, True, 0.4, 0.1))


@batch_norm.check(points=0.5, tolerance=ROUNDED, hidden=True)
def takes_as_many_samples_as_features(
    answer,
    X=normal("c>=3 c"),
    gamma=normal("c"),
    beta=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.5, 2),
    momentum=choice(0.05, 1.0, 0.0),
):
    """As many samples as features, and a momentum of 0, of 1 and in between."""
    statistics = running_mean.detach(), running_var.detach()
    return numbers(answer.batch_norm(X, gamma, beta, *statistics, True, momentum, 0.05))


BatchNorm = lesson.exercise("BatchNorm", forbids=["native_batch_norm"])


@BatchNorm.check(points=0.5, gradients=False)
def owns_what_pytorchs_layers_own(answer, num_features=any_of(*range(1, 30)), num_dims=choice(2, 4)):
    """The new layer owns two parameters and two buffers, each with its name, its shape and its first value."""
    layer = answer.BatchNorm(num_features, num_dims)
    parameters = dict(layer.named_parameters())
    return {
        name: {"the kind": "a parameter" if name in parameters else "a buffer", "the first value": tensor}
        for name, tensor in layer.state_dict().items()
        if name != "num_batches_tracked"
    }


@BatchNorm.check(points=0.5, tolerance=ROUNDED)
def normalises_with_its_batch(answer, X=normal("n>=3 c"), weight=normal("c"), bias=normal("c")):
    """In training mode the layer normalizes the batch X / 100, whose numbers are so small that eps matters."""
    return layer_for(X, answer, weight=weight, bias=bias)(X / 100)


@BatchNorm.check(points=0.5)
def remembers_its_batches(answer, first=normal("n>=2 c"), second=normal("m>=2 c")):
    """After two batches, the running statistics hold a part of each, and no graph."""
    layer = layer_for(first, answer)
    layer(first)
    layer(second)
    graphs = {f"{name}.requires_grad": tensor.requires_grad for name, tensor in remembered(layer).items()}
    return {name: tensor.detach() for name, tensor in remembered(layer).items()} | graphs


@BatchNorm.check(points=0.25)
def evaluates_with_what_it_remembers(answer, first=normal("n>=2 c"), X=normal("m>=2 c"), recorded=choice(True, False)):
    """In evaluation mode the layer uses its running statistics and leaves them alone, with gradients on or off."""
    layer = layer_for(first, answer)
    with torch.set_grad_enabled(recorded):
        layer(first)
        Y = layer.eval()(X)
    return {"Y": Y} | {name: tensor.detach() for name, tensor in remembered(layer).items()}


@BatchNorm.check(points=0.25, gradients=False, raises=ValueError, tolerance=ROUNDED)
def refuses_other_axes(answer, X=normal("4 2"), given=choice("rows", "pictures", "rows"), made_for=choice(4, 2, 2)):
    """Rows in a layer for pictures (4 axes), or pictures in a layer for rows (2 axes), are a ValueError; rows in a layer for
    rows are not."""
    return answer.BatchNorm(2, made_for).to(X)(X if given == "rows" else X.reshape(2, 2, 2, 1))


@BatchNorm.check(points=0.5, tolerance=ROUNDED, hidden=True)
def takes_pictures(answer, first=normal("n c h>=2 w"), second=normal("m c w>=2 h"), X=normal("1 c h w")):
    """Two batches of pictures in training mode, then a single one in evaluation mode."""
    layer = layer_for(first, answer)
    outputs = {"the first output": layer(first), "the second output": layer(second / 100)}
    outputs["the output in evaluation mode"] = layer.eval()(X)
    return outputs | {name: tensor.detach() for name, tensor in remembered(layer).items()}


@BatchNorm.check(points=0.25, hidden=True)
def goes_on_from_a_saved_state(
    answer,
    X=normal("n c"),
    weight=normal("c"),
    bias=normal("c"),
    running_mean=normal("c"),
    running_var=uniform("c", 0.1, 2),
):
    """A new layer takes over the parameters and buffers that another one has saved."""
    layer = layer_for(
        X, answer, weight=weight, bias=bias, running_mean=running_mean.detach(), running_var=running_var.detach()
    )
    return layer.eval()(X)


@BatchNorm.check(points=0.25, tolerance=ROUNDED, gradients=False, hidden=True)
def learns_its_parameters(answer, X=normal("n>=4 c"), pull=normal("n c"), weight=normal("c")):
    """Weight and bias get their gradients."""
    layer = layer_for(X, answer, weight=weight)
    (layer(X / 100) * pull).sum().backward()
    return {"the gradients": {name: param.grad for name, param in layer.named_parameters()}}


lenet_with_batch_norm = lesson.exercise("lenet_with_batch_norm")


@lenet_with_batch_norm.check(points=0.25, gradients=False)
def has_the_right_parameters(answer, pictures=any_of(*range(2, 20))):
    """The network has the parameters that it should, how many there are of each shape, and gives each picture its logits."""
    model = answer.lenet_with_batch_norm()
    if not isinstance(model, nn.Module):
        return model
    shapes = dict(Counter(str(tuple(param.shape)) for param in model.parameters()))
    return {
        "the numbers of parameters by shape": shapes,
        "the shape of the logits": model(torch.ones(pictures, 1, 28, 28)).shape,
    }


@lenet_with_batch_norm.check(points=0.75, tolerance=DEEP)
def gives_the_same_logits(answer, X=normal("6 1 7 7")):
    """From the same seed, the new network gives the same logits for a batch of pictures."""
    model = network(answer, X, seed=1)
    return model(enlarged(X, 4)) if isinstance(model, nn.Module) else model


@lenet_with_batch_norm.check(points=1, tolerance=STILL, hidden=True)
def evaluates_after_training(answer, X=normal("3 1 7 7"), Z=normal("2 1 7 7")):
    """After a batch in training mode, other pictures get the same logits in evaluation mode."""
    model = network(answer, X, seed=3)
    if not isinstance(model, nn.Module):
        return model
    model(enlarged(X, 4))
    return model.eval()(enlarged(Z, 4))


fold_batch_norm = lesson.exercise("fold_batch_norm")


@fold_batch_norm.check(points=0.5)
def does_the_work_of_both(answer, X=normal("n 2 h>=3 w>=3"), channels=choice(3, 2), eps=choice(0.3, 1e-5)):
    """One nn.Conv2d gives what the convolution and the batch normalization give together."""
    return output(answer.fold_batch_norm(*conv_and_bn(X, channels, eps, kernel_size=3)), X)


@fold_batch_norm.check(points=0.25, gradients=False)
def leaves_both_layers_alone(answer, X=normal("1 2 1 1")):
    """The two layers stay as they are, even when the new one is changed after its work."""
    conv, bn = conv_and_bn(X, 3, kernel_size=1)
    made = answer.fold_batch_norm(conv, bn)
    if not isinstance(made, nn.Module):
        return made
    with torch.no_grad():
        made_of_X = made(X)
        for param in made.parameters():
            param.add_(1)
    return {"the output": made_of_X, "conv": conv, "bn": bn}


@fold_batch_norm.check(points=0.75, hidden=True)
def takes_every_convolution(
    answer,
    X=normal("n ci h>=4 w>=4"),
    channels=choice(1, 3, 2),
    bias=choice(False, True, False),
    kernel_size=choice((1, 2), (3, 2), 2),
    stride=choice(2, 1, (1, 2)),
    padding=choice(0, 1, (1, 0)),
):
    """Convolutions with and without a bias, and with other kernel sizes, strides and paddings."""
    settings = {"bias": bias, "kernel_size": kernel_size, "stride": stride, "padding": padding}
    return output(answer.fold_batch_norm(*conv_and_bn(X, channels, 0.1, **settings)), X)
