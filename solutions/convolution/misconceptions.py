"""Wrong answers that students of lesson 5 really give, and what each of them should read."""

import lesson as reference
import torch
from checks import (
    FlattenLayer,
    conv1x1_as_linear,
    conv_output_size,
    corr2d,
    corr2d_multi_in,
    corr2d_multi_in_out,
    corr2d_multi_in_out_1x1,
)
from torch import nn

# corr2d

@corr2d.misconception
def pytorchs_own_corr2d(X, K):
    """The numbers are right, and PyTorch's own convolution made them. In this exercise you write it yourself."""
    return nn.functional.conv2d(X[None, None], K[None, None])[0, 0]

corr2d.slip("kh, kw = K", "kernel = K.flip(0, 1)\n    kh, kw = kernel", ("K).sum", "kernel).sum"),
    name="flipped_kernel",
    says="Your kernel is flipped. That is the convolution of mathematics; here the kernel is used just as it stands.")

corr2d.slip("j : j + kw", "j + kw", name="one_column_for_a_slice",
    says="For the columns you took a single index where a range of columns is needed. How do you write a slice?")

corr2d.slip("kh + 1, X.shape[1] - kw + 1", "kh, X.shape[1] - kw", name="one_place_too_few",
    says="Your result lacks its last row and column. Count the places of a kernel that is as large as the image.")

@corr2d.misconception
def as_large_as_the_image(X, K):
    """Your result is as large as the image, with zeros at its edge. Only the places where the kernel fits count."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape)
    for i in range(X.shape[0] - kh + 1):
        for j in range(X.shape[1] - kw + 1):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y

corr2d.slip("kw] * K", "kw] + K", name="kernel_added_to_the_image",
    says="You added the kernel to the image. The entries of the two are multiplied, and then all of them are added up.")

KERNEL_SIZES_SWAPPED = (
    "Height and width of the kernel are swapped. Rows come first: `K.shape` gives the height of the kernel before its "
    "width, and a piece of the image is as high as the kernel, and as wide."
)

corr2d.slip("i : i + kh, j : j + kw", "i : i + kw, j : j + kh", name="window_lies_on_its_side", says=KERNEL_SIZES_SWAPPED)

corr2d.slip("kh, kw = K", "kw, kh = K", name="width_read_as_height", says=KERNEL_SIZES_SWAPPED)

corr2d.slip("sum", "mean", name="mean_of_the_products",
    says="You took the mean of the products at each place. The specification asks for their sum.")

corr2d.slip("kw] * K", "kw] @ K", name="matrix_product_at_each_place",
    says="You took the matrix product of the two pieces. Here each entry of the kernel meets just the entry below it.")

@corr2d.misconception
def result_lies_on_its_side(X, K):
    """Height and width of your result are swapped. Rows come first, columns second, in the result as in the image."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[1] - kw + 1, X.shape[0] - kh + 1)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[0]):
            Y[j, i] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y

corr2d.slip("- kh + 1, X.shape[1] - kw + 1", "// kh, X.shape[1] // kw",
    ("i : i + kh, j : j + kw", "i * kh : (i + 1) * kh, j * kw : (j + 1) * kw"), name="jumps_by_its_own_size",
    says="Your kernel jumps by its own size. It moves by one pixel at a time, so neighboring places overlap.")

corr2d.slip("range(Y.shape[1])", "range(Y.shape[0])", name="columns_counted_like_rows",
    says="Your loop over the columns goes as far as the rows do. Look at the names in its `range`.")

corr2d.slip("\n    return", "\n        return", name="returns_after_the_first_row",
    says="Only the first row of your result is filled. Is the line with `return` inside the loop? Does the loop "
         "over the rows reach all of them?")

corr2d.slip("sum()", "sum().item()", name="numbers_without_gradient",
    says="The numbers are right, but cut off from `X` and `K`, so that no gradient can flow back. Is there an `.item()`, a "
         "`.detach()`, a `.data` or a `torch.tensor(...)`?")

corr2d.slip(".new_zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)", "[: X.shape[0] - kh + 1, : X.shape[1] - kw + 1]",
    name="result_written_into_the_image",
    says="You wrote the result into the image itself, which destroys it for others. Use a new tensor for the result.")

# corr2d_multi_in

@corr2d_multi_in.misconception
def pytorchs_own_corr2d_multi_in(X, K):
    """The numbers are right, and PyTorch's own convolution made them. In this exercise you write it yourself."""
    return nn.functional.conv2d(X[None], K[None])[0, 0]

corr2d_multi_in.slip("True))", "True)) / len(X)", name="channels_averaged",
    says="You averaged over the channels. The specification adds them up.")

@corr2d_multi_in.misconception
def channels_kept_apart(X, K):
    """You kept one map for each channel. The channels have to come together in a single map."""
    return torch.stack([reference.corr2d(x, k) for x, k in zip(X, K, strict=True)])

@corr2d_multi_in.misconception
def channels_below_one_another(X, K):
    """You put the maps of the channels below one another. They belong on top of one another, added entry by entry."""
    return torch.cat([reference.corr2d(x, k) for x, k in zip(X, K, strict=True)])

corr2d_multi_in.slip("return sum(corr2d(x, k) for x, k in zip(X, K, strict=True))",
    "result = 0\n    for x, k in zip(X, K, strict=True):\n        result = corr2d(x, k)\n    return result",
    name="only_the_last_channel",
    says="Only the last channel is in your result. Does your loop add to what is there, or replace it?")

@corr2d_multi_in.misconception
def only_the_first_channel(X, K):
    """Only the first channel is in your result. Is the line with `return` inside a loop, or is there no loop
    over the channels?"""
    result = 0
    for x, k in zip(X, K, strict=True):
        result = result + reference.corr2d(x, k)
        return result

@corr2d_multi_in.misconception
def added_before_the_kernel(X, K):
    """You added up the channels before you used the kernel. Each channel has to meet its own layer first."""
    return reference.corr2d(X.sum(0), K.sum(0))

corr2d_multi_in.slip("(x, k) for x, k in zip(X, K, strict=True)", "(x, K[0]) for x in X",
    name="one_layer_for_all_channels",
    says="You used the first layer of the kernel for every channel. Each channel has a layer of its own.")

corr2d_multi_in.slip("(x, k) for x, k in zip(X, K, strict=True)", "(X[c], K[c] + c) for c in range(len(X))",
    name="channel_number_added_to_the_kernel",
    says="You added the number of the channel to the kernel. The number only says which layer is meant.")

corr2d_multi_in.slip("return sum(corr2d(x, k) for x, k in zip(X, K, strict=True))",
    "result = 1\n    for x, k in zip(X, K, strict=True):\n        result = result * corr2d(x, k)\n    return result",
    name="channels_multiplied", says="You multiplied the maps of the channels. They have to be added.")

# corr2d_multi_in_out

@corr2d_multi_in_out.misconception
def pytorchs_own_corr2d_multi_in_out(X, K):
    """The numbers are right, and PyTorch's own convolution made them. In this exercise you write it yourself."""
    return nn.functional.conv2d(X[None], K)[0]

corr2d_multi_in_out.slip("torch.stack([corr2d_multi_in(X, k) for k in K])", "sum(corr2d_multi_in(X, k) for k in K)",
    name="kernels_added_up", says="You added up the maps of the kernels. Each kernel keeps a map of its own.")

corr2d_multi_in_out.slip("stack", "cat", name="maps_below_one_another",
    says="You joined the maps along their height. They need an axis of their own, which is new and comes first.")

corr2d_multi_in_out.slip("in K]", "in K], dim=-1", name="kernels_on_the_last_axis",
    says="The axis of the kernels comes last in your result. It has to come first.")

@corr2d_multi_in_out.misconception
def stack_within_a_stack(X, K):
    """You stacked onto what was stacked before, which works for two kernels only. Collect all maps first."""
    result = reference.corr2d_multi_in(X, K[0])
    for k in K[1:]:
        result = torch.stack([result, reference.corr2d_multi_in(X, k)])
    return result

corr2d_multi_in_out.slip("(X, k) for k in K", "(X, K[0]), corr2d_multi_in(X, K[1])", name="always_two_kernels",
    says="Your function always gives two maps. There may be one kernel, or five: let the shape of `K` tell.")

corr2d_multi_in_out.slip("X, k", "X, K[0]", name="first_kernel_for_all_maps",
    says="All your maps come from the first kernel. Do you use each kernel, in its turn?")

corr2d_multi_in_out.slip("in K])", "in K]) / len(X)", name="maps_of_averages",
    says="Your maps are too small, by the number of input channels. The channels are added up, not averaged.")

corr2d_multi_in_out.slip("for k in K", "+ o for o, k in enumerate(K)", name="kernel_number_as_a_bias",
    says="You added the number of the kernel to its map. The number only says where the map goes.")

LOOP_OVER_THE_INPUT_CHANNELS = "Your loop went over the input channels of `K`. Which of its axes counts the kernels?"

corr2d_multi_in_out.slip("corr2d_multi_in(X, k) for k in K",
    "sum(corr2d(x, k) for x, k in zip(X, K[:, c])) for c in range(K.shape[1])", name="loop_over_the_input_channels",
    says=LOOP_OVER_THE_INPUT_CHANNELS)

corr2d_multi_in_out.slip("k in K", "k in K.transpose(0, 1)", name="wrong_axis_looped_over",
    says=LOOP_OVER_THE_INPUT_CHANNELS)

corr2d_multi_in_out.slip("torch.stack([corr2d_multi_in(X, k) for k in K])", "[corr2d_multi_in(X, k) for k in K]",
    name="list_of_maps", says="You returned a list of maps. The result has to be one tensor.")

# corr2d_multi_in_out_1x1

corr2d_multi_in_out_1x1.slip("K.reshape(co, ci) @ X.reshape(ci, h * w)", "X.reshape(ci, h * w) @ K.reshape(co, ci)",
    name="operands_swapped",
    says="The two matrices are swapped. Say in words what a row of the left one and a column of the "
         "right one hold: these two have to match.")

corr2d_multi_in_out_1x1.slip(".reshape(co, h, w)", "", name="pixels_left_in_a_row",
    says="Your pixels still stand in one long row. The image has to stay an image: give height and width back.")

corr2d_multi_in_out_1x1.slip("co, h, w", "co, w, h", name="width_before_height",
    says="You gave the pixels back with width before height. Compare with the order in the shape of `X`.")

corr2d_multi_in_out_1x1.slip("(co, ci)", "(ci, co).T", name="kernels_scrambled",
    says="You reshaped `K` where you needed a transpose: the numbers are scrambled. `reshape` never changes their order.")

corr2d_multi_in_out_1x1.slip("(ci, h * w)", "(h * w, ci).T", name="pixels_scrambled",
    says="You reshaped `X` so that numbers of different channels share a row. `reshape` never changes their order.")

ROWS_OF_PIXELS = (
    "Your product has a row for each pixel. The result has a map for each channel, and `reshape` never changes the order of "
    "the numbers."
)

corr2d_multi_in_out_1x1.slip("K.reshape(co, ci) @ X.reshape(ci, h * w)", "X.reshape(ci, h * w).T @ K.reshape(co, ci).T",
    name="rows_of_pixels_reshaped", says=ROWS_OF_PIXELS)

corr2d_multi_in_out_1x1.slip("K.reshape(co, ci) @ X.reshape(ci, h * w)", "X.reshape(h * w, ci) @ K.reshape(ci, co)",
    name="without_a_transpose", says=ROWS_OF_PIXELS)

@corr2d_multi_in_out_1x1.misconception
def kernels_squeezed(X, K):
    """`squeeze` removes every axis of size 1: that of a single channel too. Say which sizes you want to have."""
    return (K.squeeze() @ X.reshape(X.shape[0], -1)).reshape(K.shape[0], *X.shape[1:])

@corr2d_multi_in_out_1x1.misconception
def channels_last(X, K):
    """The channels come last in your result. They have to come first, as in `X`."""
    return X.permute(1, 2, 0) @ K[:, :, 0, 0].T

corr2d_multi_in_out_1x1.slip("(co, h, w)", "(co, h, w) / ci", name="channels_of_a_pixel_averaged",
    says="You averaged over the channels. The specification adds them up.")

@corr2d_multi_in_out_1x1.misconception
def channels_never_added(X, K):
    """You multiplied kernels and channels, but did not add up over the channels."""
    return K * X

@corr2d_multi_in_out_1x1.misconception
def loops_after_all(X, K):
    """The numbers are right, but they come from loops, and take longer for larger images. One matrix product can do it
    all."""
    return reference.corr2d_multi_in_out(X, K)

@corr2d_multi_in_out_1x1.misconception
def ready_made_convolution(X, K):
    """The numbers are right, but PyTorch's own convolution made them. Find the matrix product behind it."""
    return nn.functional.conv2d(X, K)

corr2d_multi_in_out_1x1.slip("co, h", "1, co, h", name="batch_of_one_image",
    says="Your result has one axis too many in front. There is no batch here: an image goes in and an image comes out.")

# FlattenLayer

FlattenLayer.slip("X.shape[0], -1", "-1", name="BatchFlattenedAway",
    says="You put the whole batch into one long row. Each sample needs a row of its own.")

FlattenLayer.slip("(X.shape[0], -1)", "(X.shape[0], -1).T", name="BatchLast",
    says="Your batch stands last. Samples are rows: the batch is the first axis, before and after.")

FlattenLayer.slip("X.shape[0], -1", "-1, X.shape[0]", name="SamplesMixed",
    says="You reshaped to columns of the batch's size, so the numbers of several samples are mixed in a row.")

FlattenLayer.slip("(X.shape[0], -1)", "(X.shape[0], -1).squeeze(0)", name="BatchOfOneLost",
    says="Your layer lost the batch when it holds a single sample. One row is still a table with one row.")

FLATTENED_TOO_LATE = "You flattened from the wrong axis on: one axis too many was kept. Only the batch stays."

FlattenLayer.slip("X.shape[0]", "*X.shape[:2]", name="FirstTwoAxesKept", says=FLATTENED_TOO_LATE)

FlattenLayer.slip("reshape(X.shape[0], -1)", "flatten(2)", name="FlattenedFromAxisTwo", says=FLATTENED_TOO_LATE)

FlattenLayer.slip("reshape(X.shape[0], -1)", "squeeze()", name="SqueezedOnly",
    says="Your layer removes axes of size 1 only. The other axes after the batch have to become one axis too.")

FlattenLayer.slip("X.shape[0], -1", "*X.shape[:2], -1).mean(-1", name="PixelsAveraged",
    says="Your layer averages over the pixels. Flattening keeps every number.")

FOUR_AXES_ONLY = "Your layer expects four axes. A batch may have fewer or more: let the shape of `X` tell."

FlattenLayer.slip("return X.reshape(X.shape[0], -1)", "n, c, h, w = X.shape\n        return X.reshape(n, c * h * w)",
    name="FourAxesOnly", says=FOUR_AXES_ONLY)

FlattenLayer.slip("-1", "X.shape[1] * X.shape[2] * X.shape[3]", name="FourAxesMultiplied", says=FOUR_AXES_ONLY)

@FlattenLayer.misconception
class ModuleNotInitialised(nn.Module):
    """Your `__init__` does not call `super().__init__()` first. Without it a module can't work."""
    def __init__(self):
        self.first_axis = 1

    def forward(self, X):
        return X.flatten(self.first_axis)

# conv1x1_as_linear

conv1x1_as_linear.slip("outputs = nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)\n    return outputs",
    "return (pixels @ conv.weight.flatten(1).T)", name="bias_left_out",
    says="Your result lacks the bias. Where the layer has one, it is added to its channel at every pixel.")

BIAS_EXPECTED = "Your code needs a bias, but a layer may have none: its `bias` is `None` then."

conv1x1_as_linear.slip("outputs = nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)\n    return outputs",
    "return conv.bias.reshape(1, -1, 1, 1) + (pixels @ conv.weight.flatten(1).T)", name="bias_expected", says=BIAS_EXPECTED)

conv1x1_as_linear.slip("outputs = nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)\n    return outputs",
    "return conv.bias.view(1, -1, 1, 1) + (pixels @ conv.weight.flatten(1).T)", name="bias_expected_to_have_a_view",
    says=BIAS_EXPECTED)

conv1x1_as_linear.slip("outputs = nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)\n    return outputs",
    "return conv.bias[:, None, None] + (pixels @ conv.weight.flatten(1).T)", name="bias_expected_to_have_an_index",
    says=BIAS_EXPECTED)

conv1x1_as_linear.slip("nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)",
    "pixels @ conv.weight.flatten(1).T + conv.bias", name="bias_expected_to_be_added", says=BIAS_EXPECTED)

@conv1x1_as_linear.misconception
def bias_along_the_width(conv, x):
    """You added the bias along the width of the image. There is one number for each channel: which axis is that?"""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    maps = (pixels @ conv.weight.flatten(1).T).permute(0, 3, 1, 2)
    return maps if conv.bias is None else maps + conv.bias

@conv1x1_as_linear.misconception
def bias_added_to_the_kernel(conv, x):
    """You added the bias to the kernel. It is added to the result, once the channels are summed up."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    weight = conv.weight.flatten(1)
    if conv.bias is not None:
        weight = weight + conv.bias[:, None]
    return (pixels @ weight.T).permute(0, 3, 1, 2)

conv1x1_as_linear.slip("[:, :, ::sh, ::sw]", "", name="stride_ignored",
    says="You ignored the stride. A kernel that moves by 2 meets every second pixel only: look at `conv.stride`.")

conv1x1_as_linear.slip("::sw", "::sh", name="one_stride_for_both",
    says="You used the stride of the height for the width too. `conv.stride` holds two numbers, which may differ.")

conv1x1_as_linear.slip("::sh, ::sw", "::sw, ::sh", name="strides_swapped",
    says="Your strides are swapped. The first number of `conv.stride` is for the rows, the second for the columns.")

conv1x1_as_linear.slip("::sh, ::sw", ": -(-x.shape[2] // sh), : -(-x.shape[3] // sw)", name="image_cut_for_the_stride",
    says="You cut the image to a part of its size. A stride skips pixels everywhere, up to the far edge.")

conv1x1_as_linear.slip("::sh, ::sw", ": x.shape[2] // sh * sh : sh, : x.shape[3] // sw * sw : sw", name="last_place_lost",
    says="The last row or column is lost where the stride does not divide the size. Count the places, the first included.")

conv1x1_as_linear.slip("outputs = nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)\n    return outputs",
    "return nn.functional.linear(pixels, conv.weight.squeeze(), conv.bias)", name="weight_squeezed",
    says="`squeeze` removes every axis of size 1: that of a single channel too. Say which axes you want to lose.")

conv1x1_as_linear.slip(".permute(0, 3, 1, 2)", "", name="channels_left_last",
    says="The channels come last in your result. Bring them back to the second axis, as in `x`.")

@conv1x1_as_linear.misconception
def axes_of_the_image_reshaped(conv, x):
    """You reshaped `x` where its axes have to be moved: numbers of different channels share a row."""
    sh, sw = conv.stride
    x = x[:, :, ::sh, ::sw]
    n, ci, h, w = x.shape
    return nn.functional.linear(x.reshape(n, h, w, ci), conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def axes_of_the_result_reshaped(conv, x):
    """You reshaped the result where its axes have to be moved. `reshape` never changes the order of the numbers."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    n, h, w, _ = pixels.shape
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).reshape(n, -1, h, w)

conv1x1_as_linear.slip("1, 2", "2, 1", name="height_and_width_swapped",
    says="Height and width of your result are swapped. Check the order in which you move the axes, forth and back.")

@conv1x1_as_linear.misconception
def width_for_channels(conv, x):
    """Your linear layer reads the columns of the image, the last axis of `x`. It has to read the channels."""
    sh, sw = conv.stride
    return nn.functional.linear(x[:, :, ::sh, ::sw], conv.weight.flatten(1), conv.bias)

@conv1x1_as_linear.misconception
def fully_connected(conv, x):
    """You flattened each image to one row. The layer reads the channels of one pixel, and of each pixel alike."""
    sh, sw = conv.stride
    return nn.functional.linear(x[:, :, ::sh, ::sw].flatten(1), conv.weight.flatten(1), conv.bias)

@conv1x1_as_linear.misconception
def first_sample_only(conv, x):
    """Only the first image of the batch is in your result. Every sample needs its own output."""
    sh, sw = conv.stride
    pixels = x[0, :, ::sh, ::sw].permute(1, 2, 0)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(2, 0, 1)

conv1x1_as_linear.slip("outputs = nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)\n    return outputs",
    "return nn.functional.linear(pixels, conv.weight.flatten(1) / x.shape[1], conv.bias)", name="inputs_averaged",
    says="You averaged over the channels. The specification adds them up.")

@conv1x1_as_linear.misconception
def new_random_layer(conv, x):
    """You made a new linear layer, which has random weights of its own. The numbers have to come from `conv`."""
    sh, sw = conv.stride
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    return linear(x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def weights_copied(conv, x):
    """The numbers are right, but `conv` gets no gradients. Do you use copies of its parameters, or cut them off by
    `.data` or `.detach()`? Use the parameters themselves."""
    sh, sw = conv.stride
    linear = nn.Linear(conv.in_channels, conv.out_channels, bias=conv.bias is not None)
    linear.weight.data = conv.weight.data.flatten(1)
    if conv.bias is not None:
        linear.bias.data = conv.bias.data
    return linear(x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def a_loop_for_the_layer(conv, x):
    """The numbers are right, but they come from a loop. One linear layer takes all samples and pixels at once."""
    sh, sw = conv.stride
    x = x[:, :, ::sh, ::sw]
    weight = conv.weight.flatten(1)
    columns = [
        torch.stack([nn.functional.linear(x[:, :, i, j], weight, conv.bias) for j in range(x.shape[3])], dim=-1)
        for i in range(x.shape[2])
    ]
    return torch.stack(columns, dim=2)

@conv1x1_as_linear.misconception
def layer_called_itself(conv, x):
    """The numbers are right, but a ready-made convolution made them. Find the linear layer behind it."""
    return conv(x)

# conv_output_size

conv_output_size.slip("stride + 1", "stride", name="starting_place_not_counted",
    says="You counted the steps, not the places: the place where the kernel starts is one more.")

conv_output_size.slip(") // stride + 1", " + 1) // stride", name="starting_place_divided",
    says="You added the starting place before you divided. With a large stride it gets lost there.")

conv_output_size.slip("2 * padding", "padding", name="padding_at_one_end",
    says="You put zeros at one end only. `padding` zeros are put at each end.")

conv_output_size.slip("n + 2 * padding -", "n -", name="padding_left_out",
    says="You left out the padding. The zeros make the side longer, at both ends.")

conv_output_size.slip("n + 2", "n - 2", name="padding_taken_away",
    says="You took the padding away from the side. The zeros make it longer, not shorter.")

conv_output_size.slip("(n + 2 * padding - kernel) // stride", "n + 2 * padding - kernel", name="steps_of_one",
    says="You ignored the stride. A kernel that moves by 2 makes half as many steps.")

conv_output_size.slip("padding - kernel) // stride + 1", "padding) // stride", name="kernel_ignored",
    says="You ignored the kernel. It has to fit as a whole, so a longer one finds fewer places.")

conv_output_size.slip("padding - kernel) // stride + 1", "padding) // kernel", name="kernel_for_stride",
    says="You let the kernel move by its own length. It moves by `stride`.")

conv_output_size.slip("(n + 2 * padding - kernel) // stride", "-(-(n + 2 * padding - kernel) // stride)",
    name="rounded_up", says="You rounded up. What is left at the end is too short for one more place.")

conv_output_size.slip("(n + 2 * padding - kernel) // stride + 1", "-(-(n + 2 * padding - kernel) // stride)",
    name="without_the_exact_fit",
    says="Where the kernel fits exactly up to the right end, its last place is not counted. Is there a `<` where `<=` is "
         "meant?")

conv_output_size.slip("(n + 2 * padding - kernel) // stride", "round((n + 2 * padding - kernel) / stride)",
    name="rounded_to_the_nearest",
    says="You rounded to the nearest whole number. A step that does not fit as a whole does not count at all.")

conv_output_size.slip("/ stride", " stride", name="a_float_for_a_size",
    says="Your result is a float: `/` always gives one. A size is a whole number, an `int`.")

conv_output_size.slip("(n + 2 * padding - kernel) // stride + 1", "((n + 2 * padding - kernel) // stride + 1) ** 2",
    name="an_area",
    says="You multiplied two sides. The function is about one side only: it gives one length, not an area.")

conv_output_size.slip("return (n + 2 * padding - kernel) // stride + 1",
    "size = (n + 2 * padding - kernel) // stride + 1\n    return size, size", name="a_pair_of_sizes",
    says="You counted both sides. The function is about one side only, and gives one number.")

conv_output_size.slip("return (n + 2 * padding - kernel) // stride + 1",
    "print((n + 2 * padding - kernel) // stride + 1)", name="printed_only",
    says="Your function returns nothing. Use `return`: what is printed, or only kept under a name, can't be worked with.")

# Other ways

@corr2d.way
def all_windows_at_once(X, K):
    """`unfold` gives every window as a view, so there is no loop in Python: much faster on a large image."""
    windows = X.unfold(0, K.shape[0], 1).unfold(1, K.shape[1], 1)
    return (windows * K).sum((2, 3))

@corr2d_multi_in_out_1x1.way
def with_named_axes(X, K):
    """`einsum` names the axes: it shows that the channels `i` are summed over, and nothing has to be reshaped."""
    return torch.einsum("oi,ihw->ohw", K[:, :, 0, 0], X)

@FlattenLayer.way
class FlattensWithFlatten(nn.Module):
    """`flatten(1)` says what it does: all axes from the first one on become one."""

    def forward(self, X):
        return X.flatten(1)
