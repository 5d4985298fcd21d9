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
    """训练时，一些样本的每个特征都在批量上做归一化，并更新统计量。"""
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
    """训练时，一些图片的每个通道都在所有图片的所有像素上做归一化。"""
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
    """不训练时，使用移动统计量，并把它们原样返回。"""
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
    """返回的统计量不带计算图：它们不需要梯度。新的平均值是正确的。"""
    statistics = running_mean.detach(), running_var.detach()
    _, new_mean, new_var = answer.batch_norm(X, gamma, beta, *statistics, True, 0.1, 0.1)
    graphs = {"running_mean.requires_grad": new_mean.requires_grad, "running_var.requires_grad": new_var.requires_grad}
    return graphs | {"running_mean": new_mean.detach()}


BatchNorm = lesson.exercise("BatchNorm", forbids=["native_batch_norm"])


@BatchNorm.check(points=0.5, gradients=False)
def owns_what_pytorchs_layers_own(answer, num_features=any_of(*range(1, 30)), num_dims=choice(2, 4)):
    """新的层拥有两个参数和两个缓冲区，各有自己的名字、形状和初始值。"""
    layer = answer.BatchNorm(num_features, num_dims)
    parameters = dict(layer.named_parameters())
    return {
        name: {"the kind": "a parameter" if name in parameters else "a buffer", "the first value": tensor}
        for name, tensor in layer.state_dict().items()
        if name != "num_batches_tracked"
    }


@BatchNorm.check(points=0.5, tolerance=ROUNDED)
def normalises_with_its_batch(answer, X=normal("n>=3 c"), weight=normal("c"), bias=normal("c")):
    """在训练模式下，层对批量 X / 100 做归一化，其中的数小到 eps 也有影响。"""
    return layer_for(X, answer, weight=weight, bias=bias)(X / 100)


@BatchNorm.check(points=0.5)
def remembers_its_batches(answer, first=normal("n>=2 c"), second=normal("m>=2 c")):
    """在两个批量之后，移动统计量含有每个批量的一部分，不带计算图。"""
    layer = layer_for(first, answer)
    layer(first)
    layer(second)
    graphs = {f"{name}.requires_grad": tensor.requires_grad for name, tensor in remembered(layer).items()}
    return {name: tensor.detach() for name, tensor in remembered(layer).items()} | graphs


@BatchNorm.check(points=0.25)
def evaluates_with_what_it_remembers(answer, first=normal("n>=2 c"), X=normal("m>=2 c"), recorded=choice(True, False)):
    """在评估模式下，层使用它的移动统计量，并让它们保持不变，不管梯度打开还是关闭。"""
    layer = layer_for(first, answer)
    with torch.set_grad_enabled(recorded):
        layer(first)
        Y = layer.eval()(X)
    return {"Y": Y} | {name: tensor.detach() for name, tensor in remembered(layer).items()}


@BatchNorm.check(points=0.25, gradients=False, raises=ValueError, tolerance=ROUNDED)
def refuses_other_axes(answer, X=normal("4 2"), given=choice("rows", "pictures", "rows"), made_for=choice(4, 2, 2)):
    """把行交给用于图片（4 个轴）的层，或把图片交给用于行（2 个轴）的层，都是 ValueError；把行交给用于行的层则不是。"""
    return answer.BatchNorm(2, made_for).to(X)(X if given == "rows" else X.reshape(2, 2, 2, 1))


lenet_with_batch_norm = lesson.exercise("lenet_with_batch_norm")


@lenet_with_batch_norm.check(points=0.25, gradients=False)
def has_the_right_parameters(answer, pictures=any_of(*range(2, 20))):
    """网络有它应有的参数（每种形状各有多少个），并给每张图片它的 logits。"""
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
    """从同样的随机种子开始，新的网络对一个批量的图片给出同样的 logits。"""
    model = network(answer, X, seed=1)
    return model(enlarged(X, 4)) if isinstance(model, nn.Module) else model


fold_batch_norm = lesson.exercise("fold_batch_norm")


@fold_batch_norm.check(points=0.5)
def does_the_work_of_both(answer, X=normal("n 2 h>=3 w>=3"), channels=choice(3, 2), eps=choice(0.3, 1e-5)):
    """一个 nn.Conv2d 给出卷积和批量归一化合在一起所给出的结果。"""
    return output(answer.fold_batch_norm(*conv_and_bn(X, channels, eps, kernel_size=3)), X)


@fold_batch_norm.check(points=0.25, gradients=False)
def leaves_both_layers_alone(answer, X=normal("1 2 1 1")):
    """两个层保持不变，即使新的层在完成工作之后被改变。"""
    conv, bn = conv_and_bn(X, 3, kernel_size=1)
    made = answer.fold_batch_norm(conv, bn)
    if not isinstance(made, nn.Module):
        return made
    with torch.no_grad():
        made_of_X = made(X)
        for param in made.parameters():
            param.add_(1)
    return {"the output": made_of_X, "conv": conv, "bn": bn}
