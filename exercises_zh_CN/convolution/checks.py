"""The checks of lesson 5: cross-correlation over one and many channels, 1×1 kernels, flattening, output sizes."""

from torch import nn

from grader import Lesson, any_of, choice, normal

lesson = Lesson("convolution", number=5)


def layer(weight, bias, stride):
    """A 1×1 convolutional layer with these numbers, where they are and as precise as they are; bias may be None."""
    conv = nn.Conv2d(weight.shape[1], weight.shape[0], kernel_size=1, stride=stride, bias=bias is not None).to(weight)
    conv.load_state_dict({"weight": weight} | ({} if bias is None else {"bias": bias}))
    return conv


corr2d = lesson.exercise("corr2d", forbids=["convolution"])


@corr2d.check(points=1)
def slides_the_kernel(answer, X=normal("h w"), K=normal("kh<=h kw<=w")):
    """卷积核走遍图像上每个放得下它的位置。"""
    return answer.corr2d(X, K)


corr2d_multi_in = lesson.exercise("corr2d_multi_in", forbids=["convolution"])


@corr2d_multi_in.check(points=0.75)
def adds_up_the_channels(answer, X=normal("ci h w"), K=normal("ci kh<=h kw<=w")):
    """每个通道与卷积核中属于它的那一层相遇，各个结果加起来。"""
    return answer.corr2d_multi_in(X, K)


corr2d_multi_in_out = lesson.exercise("corr2d_multi_in_out", forbids=["convolution"])


@corr2d_multi_in_out.check(points=0.75)
def gives_a_map_for_each_kernel(answer, X=normal("2 h w"), K=normal("3 2 kh<=h kw<=w")):
    """三个卷积核作用在有两个通道的图像上，得到三张图。"""
    return answer.corr2d_multi_in_out(X, K)


corr2d_multi_in_out_1x1 = lesson.exercise("corr2d_multi_in_out_1x1", forbids=["convolution"])


@corr2d_multi_in_out_1x1.check(points=1, vectorized=True)
def mixes_the_channels_at_every_pixel(answer, X=normal("ci>=2 h>=2 w>=2"), K=normal("co>=2 ci 1 1")):
    """1×1 卷积核混合每个像素的各个通道，所有像素一次算完。"""
    return answer.corr2d_multi_in_out_1x1(X, K)


FlattenLayer = lesson.exercise("FlattenLayer")


@FlattenLayer.check(points=0.25)
def gives_each_picture_its_row(answer, X=normal("n c h w")):
    """一个批量的图片变成一个批量的行。"""
    return answer.FlattenLayer()(X)


@FlattenLayer.check(points=0.25)
def sits_in_a_network(answer, X=normal("n 6")):
    """这一层可以放进 nn.Sequential，并让已经是行的样本保持不变。"""
    return nn.Sequential(answer.FlattenLayer(), nn.Linear(6, 2)).to(X)(X)


conv1x1_as_linear = lesson.exercise("conv1x1_as_linear", forbids=["convolution"])


@conv1x1_as_linear.check(points=0.5, vectorized=True)
def reads_the_channels_of_each_pixel(answer, x=normal("n ci h w"), weight=normal("co ci 1 1"), bias=normal("co")):
    """带偏置、步幅为 1 的层。"""
    return answer.conv1x1_as_linear(layer(weight, bias, 1), x)


@conv1x1_as_linear.check(points=0.5)
def leaves_out_what_the_stride_skips(
    answer,
    x=normal("n ci 3 4"),
    weight=normal("co>=2 ci 1 1"),
    bias=normal("co"),
    stride=choice(2, (2, 1), (1, 2)),
    with_bias=choice(True, False, True),
):
    """步幅为 1 和 2，向下和横向；其中一个层没有偏置。"""
    return answer.conv1x1_as_linear(layer(weight, bias if with_bias else None, stride), x)


@conv1x1_as_linear.check(points=0.25)
def lets_the_layer_learn(answer, x=normal("n ci h w"), weight=normal("co ci 1 1"), bias=normal("co")):
    """梯度到达层自己的权重和偏置，它们保持不变。"""
    conv = layer(weight, bias, 1)
    return {"the output": answer.conv1x1_as_linear(conv, x), "conv": conv}


conv_output_size = lesson.exercise("conv_output_size", forbids=["convolution", "avg_pool2d", "im2col", "numpy"])


@conv_output_size.check(points=0.5)
def counts_the_places(answer, n=any_of(*range(7, 33)), kernel=choice(3, 5, 1, 7), stride=1, padding=0):
    """步幅为 1，没有填充。"""
    return answer.conv_output_size(n, kernel, stride, padding)


@conv_output_size.check(points=0.25)
def counts_the_places_of_longer_steps(
    answer,
    n=any_of(*range(8, 69, 6)),  # steps of 6, so that what is left over at the end does not hang on luck
    kernel=choice(3, 3, 2, 5, 4),
    stride=choice(2, 3, 2, 1, 2),
    padding=choice(1, 0, 0, 2, 1),
):
    """步幅大于 1，两端都有零。"""
    return answer.conv_output_size(n, kernel, stride, padding)
