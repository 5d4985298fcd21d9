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
    """The kernel meets every place of the image where it fits."""
    return answer.corr2d(X, K)


corr2d_multi_in = lesson.exercise("corr2d_multi_in", forbids=["convolution"])


@corr2d_multi_in.check(points=0.75)
def adds_up_the_channels(answer, X=normal("ci h w"), K=normal("ci kh<=h kw<=w")):
    """Each channel meets its own layer of the kernel, and the results are added."""
    return answer.corr2d_multi_in(X, K)


corr2d_multi_in_out = lesson.exercise("corr2d_multi_in_out", forbids=["convolution"])


@corr2d_multi_in_out.check(points=0.75)
def gives_a_map_for_each_kernel(answer, X=normal("2 h w"), K=normal("3 2 kh<=h kw<=w")):
    """Three kernels on an image with two channels give three maps."""
    return answer.corr2d_multi_in_out(X, K)


corr2d_multi_in_out_1x1 = lesson.exercise("corr2d_multi_in_out_1x1", forbids=["convolution"])


@corr2d_multi_in_out_1x1.check(points=1, vectorized=True)
def mixes_the_channels_at_every_pixel(answer, X=normal("ci>=2 h>=2 w>=2"), K=normal("co>=2 ci 1 1")):
    """A 1×1 kernel mixes the channels of each pixel, all pixels at once."""
    return answer.corr2d_multi_in_out_1x1(X, K)


FlattenLayer = lesson.exercise("FlattenLayer")


@FlattenLayer.check(points=0.25)
def gives_each_picture_its_row(answer, X=normal("n c h w")):
    """A batch of pictures becomes a batch of rows."""
    return answer.FlattenLayer()(X)


@FlattenLayer.check(points=0.25)
def sits_in_a_network(answer, X=normal("n 6")):
    """The layer can be part of an nn.Sequential, and leaves rows as they are."""
    return nn.Sequential(answer.FlattenLayer(), nn.Linear(6, 2)).to(X)(X)


conv1x1_as_linear = lesson.exercise("conv1x1_as_linear", forbids=["convolution"])


@conv1x1_as_linear.check(points=0.5, vectorized=True)
def reads_the_channels_of_each_pixel(answer, x=normal("n ci h w"), weight=normal("co ci 1 1"), bias=normal("co")):
    """A layer with a bias and a stride of 1."""
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
    """Strides of 1 and 2, down and across; one of the layers has no bias."""
    return answer.conv1x1_as_linear(layer(weight, bias if with_bias else None, stride), x)


@conv1x1_as_linear.check(points=0.25)
def lets_the_layer_learn(answer, x=normal("n ci h w"), weight=normal("co ci 1 1"), bias=normal("co")):
    """Gradients reach the layer's own weight and bias, which stay as they are."""
    conv = layer(weight, bias, 1)
    return {"the output": answer.conv1x1_as_linear(conv, x), "conv": conv}


conv_output_size = lesson.exercise("conv_output_size", forbids=["convolution", "avg_pool2d", "im2col", "numpy"])


@conv_output_size.check(points=0.5)
def counts_the_places(answer, n=any_of(*range(7, 33)), kernel=choice(3, 5, 1, 7), stride=1, padding=0):
    """A stride of 1, without padding."""
    return answer.conv_output_size(n, kernel, stride, padding)


@conv_output_size.check(points=0.25)
def counts_the_places_of_longer_steps(
    answer,
    n=any_of(*range(8, 69, 6)),  # steps of 6, so that what is left over at the end does not hang on luck
    kernel=choice(3, 3, 2, 5, 4),
    stride=choice(2, 3, 2, 1, 2),
    padding=choice(1, 0, 0, 2, 1),
):
    """Strides larger than 1, and zeros at both ends."""
    return answer.conv_output_size(n, kernel, stride, padding)
