"""The checks of lesson 5: cross-correlation over one and many channels, 1×1 kernels, flattening, output sizes."""

from torch import nn

from grader import Lesson, choice, normal, value

lesson = Lesson("convolution", number=5)


def layer(weight, bias, stride):
    """A 1×1 convolutional layer with these numbers, where they are and as precise as they are; bias may be None."""
    conv = nn.Conv2d(weight.shape[1], weight.shape[0], kernel_size=1, stride=stride, bias=bias is not None).to(weight)
    conv.load_state_dict({"weight": weight} | ({} if bias is None else {"bias": bias}))
    return conv


lesson.exercise(
    "corr2d",
    difficulty=2,
    minutes=15,
    hints=(
        "How many places are there for the kernel along the height, and how many along the width? Start with that.",
        "Two loops, one inside the other, visit these places. At each of them you need the part of the image that lies "
        "under the kernel: a slice of rows and a slice of columns, as large as the kernel.",
        "Make a result full of zeros first. At place (i, j) the slice of rows starts at i and is kh long, the slice of "
        "columns starts at j and is kw long. Multiply it with the kernel by `*` and store the sum of all entries.",
    ),
)


@lesson.check("corr2d", points=1, X=normal("h w"), K=normal("kh<=h kw<=w"))
def slides_the_kernel(answer, X, K):
    """The kernel meets every place of the image where it fits."""
    return answer.corr2d(X, K)


lesson.exercise(
    "corr2d_multi_in",
    difficulty=2,
    minutes=8,
    hints=(
        "Which layer of the kernel belongs to which channel of the image?",
        "Going through `X` gives you its channels one by one, and going through `K` its layers. Python's `zip` walks "
        "through both at once.",
        "Each pair is a job for `corr2d`. Add up the maps it gives; Python's own `sum` can add tensors too.",
    ),
)


@lesson.check("corr2d_multi_in", points=0.75, X=normal("ci h w"), K=normal("ci kh<=h kw<=w"))
def adds_up_the_channels(answer, X, K):
    """Each channel meets its own layer of the kernel, and the results are added."""
    return answer.corr2d_multi_in(X, K)


lesson.exercise(
    "corr2d_multi_in_out",
    difficulty=2,
    minutes=8,
    hints=(
        "What does going through `K` with a for loop give you, and which function of yours can use that?",
        "Collect one map for each kernel in a list. All maps have the same shape.",
        "One function of PyTorch joins a list of maps of equal shape along a *new* first axis. It is not `torch.cat`: "
        "that one joins along an axis which is there already.",
    ),
)


@lesson.check("corr2d_multi_in_out", points=0.75, X=normal("2 h w"), K=normal("3 2 kh<=h kw<=w"))
def gives_a_map_for_each_kernel(answer, X, K):
    """Three kernels on an image with two channels give three maps."""
    return answer.corr2d_multi_in_out(X, K)


lesson.exercise(
    "corr2d_multi_in_out_1x1",
    difficulty=3,
    minutes=15,
    hints=(
        "Follow the framed pixel through the figure. What is done to its column of numbers, and what to the others?",
        "The kernels hold a matrix with a row for each output channel and a column for each input channel. The image "
        "can be a matrix too: a row for each channel, a column for each pixel.",
        "Read all sizes from the shapes of `X` and `K`. Bring both into these two shapes with `reshape`, take the matrix "
        "product with the kernels on the left, then give the pixels their height and width back.",
    ),
)


@lesson.check(
    "corr2d_multi_in_out_1x1",
    points=1,
    vectorised=True,
    forbids=["convolution"],
    X=normal("ci>=2 h>=2 w>=2"),
    K=normal("co>=2 ci 1 1"),
)
def mixes_the_channels_at_every_pixel(answer, X, K):
    """A 1×1 kernel mixes the channels of each pixel, all pixels at once."""
    return answer.corr2d_multi_in_out_1x1(X, K)


lesson.exercise(
    "FlattenLayer",
    difficulty=1,
    minutes=5,
    hints=(
        "Which one of the sizes has to stay as it is?",
        "`reshape` takes the new sizes. One of them may be -1: PyTorch then works it out from the others.",
        "The first new size is the batch, which you can read from the shape of `X`. The second one can be left to "
        "PyTorch. Do not forget to return the result.",
    ),
)


@lesson.check("FlattenLayer", points=0.25, X=normal("n c h w"))
def gives_each_picture_its_row(answer, X):
    """A batch of pictures becomes a batch of rows."""
    return answer.FlattenLayer()(X)


@lesson.check("FlattenLayer", points=0.25, X=normal("n 6"))
def sits_in_a_network(answer, X):
    """The layer can be part of an nn.Sequential, and leaves rows as they are."""
    return nn.Sequential(answer.FlattenLayer(), nn.Linear(6, 2)).to(X)(X)


lesson.exercise(
    "conv1x1_as_linear",
    difficulty=4,
    minutes=20,
    hints=(
        "How much of the image does a 1×1 kernel see at one place? Write these numbers as a row, with an entry for each "
        "channel: that is what the linear layer reads.",
        "`nn.functional.linear(rows, weight, bias)` applies a linear layer to the last axis of `rows`, whatever stands "
        "before it. Its weight is a matrix with a row for each output, and its bias may be None.",
        "A slice such as `[::2]` takes every second entry of an axis: so leave out the pixels that the stride skips. Then "
        "put the channels last with `permute`, apply the layer, and put them back where they were.",
    ),
)


@lesson.check(
    "conv1x1_as_linear",
    points=0.5,
    vectorised=True,
    forbids=["convolution"],
    x=normal("n ci h w"),
    weight=normal("co ci 1 1"),
    bias=normal("co"),
)
def reads_the_channels_of_each_pixel(answer, x, weight, bias):
    """A layer with a bias and a stride of 1."""
    return answer.conv1x1_as_linear(layer(weight, bias, 1), x)


@lesson.check(
    "conv1x1_as_linear",
    points=0.5,
    forbids=["convolution"],
    x=normal("n ci 3 4"),
    weight=normal("co>=2 ci 1 1"),
    bias=normal("co"),
    stride=choice(2, (2, 1), (1, 2)),
    with_bias=choice(True, False, True),
)
def leaves_out_what_the_stride_skips(answer, x, weight, bias, stride, with_bias):
    """Strides of 1 and 2, down and across; one of the layers has no bias."""
    return answer.conv1x1_as_linear(layer(weight, bias if with_bias else None, stride), x)


@lesson.check(
    "conv1x1_as_linear",
    points=0.25,
    forbids=["convolution"],
    x=normal("n ci h w"),
    weight=normal("co ci 1 1"),
    bias=normal("co"),
)
def lets_the_layer_learn(answer, x, weight, bias):
    """Gradients reach the layer's own weight and bias, which stay as they are."""
    conv = layer(weight, bias, 1)
    return {"output": answer.conv1x1_as_linear(conv, x), "conv": conv}


lesson.exercise(
    "conv_output_size",
    difficulty=2,
    minutes=10,
    hints=(
        "How long is the side once the zeros are there, at both of its ends?",
        "Begin with a stride of 1. The kernel stands at the left end: how far can it move until it touches the right one? "
        "The place where it started counts too.",
        "With a larger stride the kernel takes fewer steps over the same distance. Python's `//` divides and drops what is "
        "left over. Count the starting place after that, not before.",
    ),
)


@lesson.check(
    "conv_output_size",
    points=0.5,
    n=choice(5, 28, 6, 7),
    kernel=choice(3, 5, 1, 7),
    stride=value(1),
    padding=value(0),
)
def counts_the_places(answer, n, kernel, stride, padding):
    """A stride of 1, without padding."""
    return answer.conv_output_size(n, kernel, stride, padding)


@lesson.check(
    "conv_output_size",
    points=0.25,
    n=choice(6, 8, 24, 28, 9),
    kernel=choice(3, 3, 2, 5, 3),
    stride=choice(2, 3, 2, 1, 2),
    padding=choice(1, 0, 0, 2, 1),
)
def counts_the_places_of_longer_steps(answer, n, kernel, stride, padding):
    """Strides larger than 1, and zeros at both ends."""
    return answer.conv_output_size(n, kernel, stride, padding)


### BEGIN HIDDEN TESTS
@lesson.check("corr2d", points=0.5, X=normal("h>=3 w>=3"), K=normal("kh>=2<=h kw>=2<=w"))
def takes_any_kernel_up_to_the_image(answer, X, K):
    """Kernels of every height and width, up to that of the image."""
    return answer.corr2d(X, K)


@lesson.check("corr2d_multi_in", points=0.5, X=normal("ci>=3 3 4"), K=normal("ci 2 3"))
def takes_many_channels(answer, X, K):
    """Three channels and more."""
    return answer.corr2d_multi_in(X, K)


@lesson.check("corr2d_multi_in_out", points=0.5, X=normal("ci 3 4"), K=normal("co ci 2 3"))
def takes_any_number_of_kernels(answer, X, K):
    """One kernel or several, for one channel or several."""
    return answer.corr2d_multi_in_out(X, K)


@lesson.check("corr2d_multi_in_out_1x1", points=0.75, X=normal("ci h w"), K=normal("co ci 1 1"))
def takes_single_pixels_and_channels(answer, X, K):
    """Images of one pixel or one channel, and images that are not square."""
    return answer.corr2d_multi_in_out_1x1(X, K)


@lesson.check("FlattenLayer", points=0.25, X=normal("n 12"), shape=choice((2, 3, 2), (2, 1, 2, 3), (3, 4), (12,)))
def takes_any_number_of_axes(answer, X, shape):
    """Samples with one axis or many, in batches of one or more."""
    return answer.FlattenLayer()(X.reshape(len(X), *shape))


@lesson.check(
    "conv1x1_as_linear",
    points=1,
    forbids=["convolution"],
    x=normal("n ci h>=3 w>=3"),
    weight=normal("co ci 1 1"),
    bias=normal("co"),
    stride=choice(2, (3, 2), (1, 1), (2, 3)),
    with_bias=choice(False, True, False, True),
)
def takes_any_layer_and_any_image(answer, x, weight, bias, stride, with_bias):
    """Images of all sizes and strides up to 3, with and without a bias."""
    return answer.conv1x1_as_linear(layer(weight, bias if with_bias else None, stride), x)


@lesson.check(
    "conv_output_size",
    points=0.5,
    n=choice(11, 2, 10, 32, 1, 13),
    kernel=choice(4, 5, 3, 7, 1, 3),
    stride=choice(3, 3, 3, 4, 2, 4),
    padding=choice(1, 2, 2, 3, 1, 0),
)
def counts_the_places_of_any_layer(answer, n, kernel, stride, padding):
    """Kernels, strides and paddings of many sizes; some kernels are longer than the side without its zeros."""
    return answer.conv_output_size(n, kernel, stride, padding)


### END HIDDEN TESTS
