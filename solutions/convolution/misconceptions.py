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

@corr2d.misconception
def flipped_kernel(X, K):
    """Your kernel is flipped. That is the convolution of mathematics; here the kernel is used just as it stands."""
    kernel = K.flip(0, 1)
    kh, kw = kernel.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * kernel).sum()
    return Y

@corr2d.misconception
def one_column_for_a_slice(X, K):
    """For the columns you took a single index where a range of columns is needed. How do you write a slice?"""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j + kw] * K).sum()
    return Y

@corr2d.misconception
def one_place_too_few(X, K):
    """Your result lacks its last row and column. Count the places of a kernel that is as large as the image."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh, X.shape[1] - kw)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y

@corr2d.misconception
def as_large_as_the_image(X, K):
    """Your result is as large as the image, with zeros at its edge. Only the places where the kernel fits count."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape)
    for i in range(X.shape[0] - kh + 1):
        for j in range(X.shape[1] - kw + 1):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y

@corr2d.misconception
def kernel_added_to_the_image(X, K):
    """You added the kernel to the image. The entries of the two are multiplied, and then all of them are added up."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] + K).sum()
    return Y

@corr2d.misconception
def mean_of_the_products(X, K):
    """You took the mean of the products at each place. The specification asks for their sum."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).mean()
    return Y

@corr2d.misconception
def matrix_product_at_each_place(X, K):
    """You took the matrix product of the two pieces. Here each entry of the kernel meets just the entry below it."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] @ K).sum()
    return Y

@corr2d.misconception
def result_lies_on_its_side(X, K):
    """Height and width of your result are swapped. Rows come first, columns second, in the result as in the image."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[1] - kw + 1, X.shape[0] - kh + 1)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[0]):
            Y[j, i] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y

@corr2d.misconception
def jumps_by_its_own_size(X, K):
    """Your kernel jumps by its own size. It moves by one pixel at a time, so neighboring places overlap."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] // kh, X.shape[1] // kw)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i * kh : (i + 1) * kh, j * kw : (j + 1) * kw] * K).sum()
    return Y

@corr2d.misconception
def returns_after_the_first_row(X, K):
    """Only the first row of your result is filled. Look how far the line with `return` is indented."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
        return Y

@corr2d.misconception
def numbers_without_gradient(X, K):
    """The numbers are right, but cut off from `X` and `K`, so that no gradient can flow back. Keep them tensors."""
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum().item()
    return Y

@corr2d.misconception
def result_written_into_the_image(X, K):
    """You wrote the result into the image itself, which destroys it for others. Use a new tensor for the result."""
    kh, kw = K.shape
    Y = X[: X.shape[0] - kh + 1, : X.shape[1] - kw + 1]
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y

# corr2d_multi_in

@corr2d_multi_in.misconception
def pytorchs_own_corr2d_multi_in(X, K):
    """The numbers are right, and PyTorch's own convolution made them. In this exercise you write it yourself."""
    return nn.functional.conv2d(X[None], K[None])[0, 0]

@corr2d_multi_in.misconception
def channels_averaged(X, K):
    """You averaged over the channels. The specification adds them up."""
    return sum(reference.corr2d(x, k) for x, k in zip(X, K, strict=True)) / len(X)

@corr2d_multi_in.misconception
def channels_kept_apart(X, K):
    """You kept one map for each channel. The channels have to come together in a single map."""
    return torch.stack([reference.corr2d(x, k) for x, k in zip(X, K, strict=True)])

@corr2d_multi_in.misconception
def channels_below_one_another(X, K):
    """You put the maps of the channels below one another. They belong on top of one another, added entry by entry."""
    return torch.cat([reference.corr2d(x, k) for x, k in zip(X, K, strict=True)])

@corr2d_multi_in.misconception
def only_the_last_channel(X, K):
    """Only the last channel is in your result. Does your loop add to what is there, or replace it?"""
    result = 0
    for x, k in zip(X, K, strict=True):
        result = reference.corr2d(x, k)
    return result

@corr2d_multi_in.misconception
def only_the_first_channel(X, K):
    """Only the first channel is in your result. Look how far the line with `return` is indented."""
    result = 0
    for x, k in zip(X, K, strict=True):
        result = result + reference.corr2d(x, k)
        return result

@corr2d_multi_in.misconception
def added_before_the_kernel(X, K):
    """You added up the channels before you used the kernel. Each channel has to meet its own layer first."""
    return reference.corr2d(X.sum(0), K.sum(0))

@corr2d_multi_in.misconception
def one_layer_for_all_channels(X, K):
    """You used the first layer of the kernel for every channel. Each channel has a layer of its own."""
    return sum(reference.corr2d(x, K[0]) for x in X)

@corr2d_multi_in.misconception
def channel_number_added_to_the_kernel(X, K):
    """You added the number of the channel to the kernel. The number only says which layer is meant."""
    return sum(reference.corr2d(X[c], K[c] + c) for c in range(len(X)))

@corr2d_multi_in.misconception
def channels_multiplied(X, K):
    """You multiplied the maps of the channels. They have to be added."""
    result = 1
    for x, k in zip(X, K, strict=True):
        result = result * reference.corr2d(x, k)
    return result

# corr2d_multi_in_out

@corr2d_multi_in_out.misconception
def pytorchs_own_corr2d_multi_in_out(X, K):
    """The numbers are right, and PyTorch's own convolution made them. In this exercise you write it yourself."""
    return nn.functional.conv2d(X[None], K)[0]

@corr2d_multi_in_out.misconception
def kernels_added_up(X, K):
    """You added up the maps of the kernels. Each kernel keeps a map of its own."""
    return sum(reference.corr2d_multi_in(X, k) for k in K)

@corr2d_multi_in_out.misconception
def maps_below_one_another(X, K):
    """You joined the maps along their height. They need an axis of their own, which is new and comes first."""
    return torch.cat([reference.corr2d_multi_in(X, k) for k in K])

@corr2d_multi_in_out.misconception
def kernels_on_the_last_axis(X, K):
    """The axis of the kernels comes last in your result. It has to come first."""
    return torch.stack([reference.corr2d_multi_in(X, k) for k in K], dim=-1)

@corr2d_multi_in_out.misconception
def stack_within_a_stack(X, K):
    """You stacked onto what was stacked before, which works for two kernels only. Collect all maps first."""
    result = reference.corr2d_multi_in(X, K[0])
    for k in K[1:]:
        result = torch.stack([result, reference.corr2d_multi_in(X, k)])
    return result

@corr2d_multi_in_out.misconception
def always_two_kernels(X, K):
    """Your function always gives two maps. There may be one kernel, or five: let the shape of `K` tell."""
    return torch.stack([reference.corr2d_multi_in(X, K[0]), reference.corr2d_multi_in(X, K[1])])

@corr2d_multi_in_out.misconception
def first_kernel_for_all_maps(X, K):
    """All your maps come from the first kernel. Does your loop use its variable?"""
    return torch.stack([reference.corr2d_multi_in(X, K[0]) for _ in K])

@corr2d_multi_in_out.misconception
def maps_of_averages(X, K):
    """You divided by the number of input channels. The channels are added up, not averaged."""
    return torch.stack([reference.corr2d_multi_in(X, k) for k in K]) / len(X)

@corr2d_multi_in_out.misconception
def kernel_number_as_a_bias(X, K):
    """You added the number of the kernel to its map. The number only says where the map goes."""
    return torch.stack([reference.corr2d_multi_in(X, k) + o for o, k in enumerate(K)])

@corr2d_multi_in_out.misconception
def loop_over_the_input_channels(X, K):
    """Your loop went over the input channels of `K`. Which of its axes counts the kernels?"""
    def added(kernel):
        return sum(reference.corr2d(x, k) for x, k in zip(X, kernel, strict=False))

    return torch.stack([added(K[:, c]) for c in range(K.shape[1])])

@corr2d_multi_in_out.misconception
def list_of_maps(X, K):
    """You returned a list of maps. The result has to be one tensor."""
    return [reference.corr2d_multi_in(X, k) for k in K]

# corr2d_multi_in_out_1x1

@corr2d_multi_in_out_1x1.misconception
def operands_swapped(X, K):
    """The two matrices are swapped. Say in words what a row of the left one and a column of the right one
    hold: these two have to match."""
    ci, h, w = X.shape
    co = K.shape[0]
    return (X.reshape(ci, h * w) @ K.reshape(co, ci)).reshape(co, h, w)

@corr2d_multi_in_out_1x1.misconception
def pixels_left_in_a_row(X, K):
    """Your pixels still stand in one long row. The image has to stay an image: give height and width back."""
    return K.reshape(K.shape[0], -1) @ X.reshape(X.shape[0], -1)

@corr2d_multi_in_out_1x1.misconception
def width_before_height(X, K):
    """You gave the pixels back with width before height. Compare with the order in the shape of `X`."""
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(co, w, h)

@corr2d_multi_in_out_1x1.misconception
def kernels_scrambled(X, K):
    """You reshaped `K` where you meant to turn it: the numbers are scrambled. `reshape` never changes their order."""
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(ci, co).T @ X.reshape(ci, h * w)).reshape(co, h, w)

@corr2d_multi_in_out_1x1.misconception
def pixels_scrambled(X, K):
    """You reshaped `X` so that numbers of different channels share a row. `reshape` never changes their order."""
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(h * w, ci).T).reshape(co, h, w)

@corr2d_multi_in_out_1x1.misconception
def kernels_squeezed(X, K):
    """`squeeze` removes every axis of size 1: that of a single channel too. Say which sizes you want to have."""
    return (K.squeeze() @ X.reshape(X.shape[0], -1)).reshape(K.shape[0], *X.shape[1:])

@corr2d_multi_in_out_1x1.misconception
def channels_last(X, K):
    """The channels come last in your result. They have to come first, as in `X`."""
    return X.permute(1, 2, 0) @ K[:, :, 0, 0].T

@corr2d_multi_in_out_1x1.misconception
def channels_of_a_pixel_averaged(X, K):
    """You averaged over the channels. The specification adds them up."""
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(co, h, w) / ci

@corr2d_multi_in_out_1x1.misconception
def channels_never_added(X, K):
    """You multiplied kernels and channels, but did not add up over the channels."""
    return K * X

@corr2d_multi_in_out_1x1.misconception
def loops_after_all(X, K):
    """The numbers are right, but they come from loops over channels and pixels. One matrix product can do it all."""
    return reference.corr2d_multi_in_out(X, K)

@corr2d_multi_in_out_1x1.misconception
def ready_made_convolution(X, K):
    """The numbers are right, but PyTorch's own convolution made them. Find the matrix product behind it."""
    return nn.functional.conv2d(X, K)

@corr2d_multi_in_out_1x1.misconception
def batch_of_one_image(X, K):
    """Your result has one axis too many in front. There is no batch here: an image goes in and an image comes out."""
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(1, co, h, w)

# FlattenLayer

@FlattenLayer.misconception
class BatchFlattenedAway(nn.Module):
    """You put the whole batch into one long row. Each sample needs a row of its own."""

    def forward(self, X):
        return X.reshape(-1)

@FlattenLayer.misconception
class BatchLast(nn.Module):
    """Your batch stands last. Samples are rows: the batch is the first axis, before and after."""

    def forward(self, X):
        return X.reshape(X.shape[0], -1).T

@FlattenLayer.misconception
class SamplesMixed(nn.Module):
    """You reshaped to columns of the batch's size, so the numbers of several samples are mixed in a row."""

    def forward(self, X):
        return X.reshape(-1, X.shape[0])

@FlattenLayer.misconception
class BatchOfOneLost(nn.Module):
    """Your layer lost the batch when it holds a single sample. One row is still a table with one row."""

    def forward(self, X):
        return X.reshape(X.shape[0], -1).squeeze(0)

@FlattenLayer.misconception
class FirstTwoAxesKept(nn.Module):
    """You flattened from the wrong axis on: one axis too many was kept. Only the batch stays."""

    def forward(self, X):
        return X.reshape(*X.shape[:2], -1)

@FlattenLayer.misconception
class SqueezedOnly(nn.Module):
    """Your layer removes axes of size 1 only. The other axes after the batch have to become one axis too."""

    def forward(self, X):
        return X.squeeze()

@FlattenLayer.misconception
class PixelsAveraged(nn.Module):
    """Your layer averages over the pixels. Flattening keeps every number."""

    def forward(self, X):
        return X.reshape(*X.shape[:2], -1).mean(-1)

@FlattenLayer.misconception
class FourAxesOnly(nn.Module):
    """Your layer expects four axes. A batch may have fewer or more: let the shape of `X` tell."""

    def forward(self, X):
        n, c, h, w = X.shape
        return X.reshape(n, c * h * w)

@FlattenLayer.misconception
class ModuleNotInitialised(nn.Module):
    """Your `__init__` does not call `super().__init__()` first. Without it a module can't work."""

    def __init__(self):
        self.first_axis = 1

    def forward(self, X):
        return X.flatten(self.first_axis)

# conv1x1_as_linear

@conv1x1_as_linear.misconception
def bias_left_out(conv, x):
    """Your result lacks the bias. Where the layer has one, it is added to its channel at every pixel."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return (pixels @ conv.weight.flatten(1).T).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def bias_expected(conv, x):
    """Your code needs a bias, but a layer may have none: its `bias` is None then."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return (pixels @ conv.weight.flatten(1).T).permute(0, 3, 1, 2) + conv.bias.reshape(1, -1, 1, 1)

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

@conv1x1_as_linear.misconception
def stride_ignored(conv, x):
    """You ignored the stride. A kernel that moves by 2 meets every second pixel only: look at `conv.stride`."""
    pixels = x.permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def one_stride_for_both(conv, x):
    """You used the stride of the height for the width too. `conv.stride` holds two numbers, which may differ."""
    step = conv.stride[0]
    pixels = x[:, :, ::step, ::step].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def strides_swapped(conv, x):
    """Your strides are swapped. The first number of `conv.stride` is for the rows, the second for the columns."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sw, ::sh].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def image_cut_for_the_stride(conv, x):
    """You cut the image to a part of its size. A stride skips pixels everywhere, up to the far edge."""
    sh, sw = conv.stride
    rows, columns = -(-x.shape[2] // sh), -(-x.shape[3] // sw)
    pixels = x[:, :, :rows, :columns].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def last_place_lost(conv, x):
    """The last row or column is lost where the stride does not divide the size. Count the places, the first included."""
    sh, sw = conv.stride
    h, w = x.shape[2:]
    pixels = x[:, :, : h // sh * sh : sh, : w // sw * sw : sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def weight_squeezed(conv, x):
    """`squeeze` removes every axis of size 1: that of a single channel too. Say which axes you want to lose."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.squeeze(), conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def channels_left_last(conv, x):
    """The channels come last in your result. Bring them back to the second axis, as in `x`."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)

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

@conv1x1_as_linear.misconception
def height_and_width_swapped(conv, x):
    """Height and width of your result are swapped. Check the order in which you move the axes back."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 2, 1)

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

@conv1x1_as_linear.misconception
def inputs_averaged(conv, x):
    """You averaged over the channels. The specification adds them up."""
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1) / x.shape[1], conv.bias).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def new_random_layer(conv, x):
    """You made a new linear layer, which has random weights of its own. The numbers have to come from `conv`."""
    sh, sw = conv.stride
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    return linear(x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

@conv1x1_as_linear.misconception
def weights_copied(conv, x):
    """The numbers are right, but they come from copies of the weights, so `conv` gets no gradients. Use its parameters
    themselves."""
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

@conv_output_size.misconception
def starting_place_not_counted(n, kernel, stride, padding):
    """You counted the steps, not the places: the place where the kernel starts is one more."""
    return (n + 2 * padding - kernel) // stride

@conv_output_size.misconception
def starting_place_divided(n, kernel, stride, padding):
    """You added the starting place before you divided. With a large stride it gets lost there."""
    return (n + 2 * padding - kernel + 1) // stride

@conv_output_size.misconception
def padding_at_one_end(n, kernel, stride, padding):
    """You put zeros at one end only. `padding` zeros are put at each end."""
    return (n + padding - kernel) // stride + 1

@conv_output_size.misconception
def padding_left_out(n, kernel, stride, padding):
    """You left out the padding. The zeros make the side longer, at both ends."""
    return (n - kernel) // stride + 1

@conv_output_size.misconception
def padding_taken_away(n, kernel, stride, padding):
    """You took the padding away from the side. The zeros make it longer, not shorter."""
    return (n - 2 * padding - kernel) // stride + 1

@conv_output_size.misconception
def steps_of_one(n, kernel, stride, padding):
    """You ignored the stride. A kernel that moves by 2 makes half as many steps."""
    return n + 2 * padding - kernel + 1

@conv_output_size.misconception
def kernel_ignored(n, kernel, stride, padding):
    """You ignored the kernel. It has to fit as a whole, so a longer one finds fewer places."""
    return (n + 2 * padding) // stride

@conv_output_size.misconception
def kernel_for_stride(n, kernel, stride, padding):
    """You let the kernel move by its own length. It moves by `stride`."""
    return (n + 2 * padding) // kernel

@conv_output_size.misconception
def rounded_up(n, kernel, stride, padding):
    """You rounded up. What is left at the end is too short for one more place."""
    return -(-(n + 2 * padding - kernel) // stride) + 1

@conv_output_size.misconception
def rounded_to_the_nearest(n, kernel, stride, padding):
    """You rounded to the nearest whole number. A step that does not fit as a whole does not count at all."""
    return round((n + 2 * padding - kernel) / stride) + 1

@conv_output_size.misconception
def a_float_for_a_size(n, kernel, stride, padding):
    """Your result is a float: `/` always gives one. A size is a whole number, an `int`."""
    return (n + 2 * padding - kernel) / stride + 1

@conv_output_size.misconception
def an_area(n, kernel, stride, padding):
    """You multiplied two sides. The function is about one side only: it gives one length, not an area."""
    return ((n + 2 * padding - kernel) // stride + 1) ** 2

@conv_output_size.misconception
def a_pair_of_sizes(n, kernel, stride, padding):
    """You counted both sides. The function is about one side only, and gives one number."""
    size = (n + 2 * padding - kernel) // stride + 1
    return size, size

@conv_output_size.misconception
def printed_only(n, kernel, stride, padding):
    """Your function prints the number, but returns nothing. Use `return`: what is printed can't be worked with."""
    print((n + 2 * padding - kernel) // stride + 1)
