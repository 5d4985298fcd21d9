"""Wrong answers that students of lesson 5 really give, and what each of them should read."""

import torch
from checks import lesson
from lesson import corr2d, corr2d_multi_in, corr2d_multi_in_out
from torch import nn

# corr2d


@lesson.misconception(
    "corr2d",
    says="Your kernel is flipped. That is the convolution of mathematics; here the kernel is used just as it stands.",
)
def flipped_kernel(X, K):
    kernel = K.flip(0, 1)
    kh, kw = kernel.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * kernel).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="For the columns you took a single index where a range of columns is needed. How do you write a slice?",
)
def one_column_for_a_slice(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j + kw] * K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="Your result lacks its last row and column. Count the places of a kernel that is as large as the image.",
)
def one_place_too_few(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh, X.shape[1] - kw)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="Your result is as large as the image, with zeros at its edge. Only the places where the kernel fits count.",
)
def as_large_as_the_image(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape)
    for i in range(X.shape[0] - kh + 1):
        for j in range(X.shape[1] - kw + 1):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="You added the kernel to the image. The entries of the two are multiplied, and then all of them are added up.",
)
def kernel_added_to_the_image(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] + K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="You took the mean of the products at each place. The specification asks for their sum.",
)
def mean_of_the_products(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).mean()
    return Y


@lesson.misconception(
    "corr2d",
    says="You took the matrix product of the two pieces. Here each entry of the kernel meets just the entry below it.",
)
def matrix_product_at_each_place(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] @ K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="Height and width of your result are swapped. Rows come first, columns second, in the result as in the image.",
)
def result_lies_on_its_side(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[1] - kw + 1, X.shape[0] - kh + 1)
    for i in range(Y.shape[1]):
        for j in range(Y.shape[0]):
            Y[j, i] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="Your kernel jumps by its own size. It moves by one pixel at a time, so neighbouring places overlap.",
)
def jumps_by_its_own_size(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] // kh, X.shape[1] // kw)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i * kh : (i + 1) * kh, j * kw : (j + 1) * kw] * K).sum()
    return Y


@lesson.misconception(
    "corr2d",
    says="Only the first row of your result is filled. Look how far the line with `return` is indented.",
)
def returns_after_the_first_row(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
        return Y


@lesson.misconception(
    "corr2d",
    says="The numbers are right, but cut off from `X` and `K`, so that no gradient can flow back. Keep them tensors.",
)
def numbers_without_gradient(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum().item()
    return Y


@lesson.misconception(
    "corr2d",
    says="You wrote the result into the image itself, which destroys it for others. Use a new tensor for the result.",
)
def result_written_into_the_image(X, K):
    kh, kw = K.shape
    Y = X[: X.shape[0] - kh + 1, : X.shape[1] - kw + 1]
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()
    return Y


@lesson.misconception("corr2d", says="Your function returns nothing. Does it end with `return`?")
def map_not_returned(X, K):
    kh, kw = K.shape
    Y = torch.zeros(X.shape[0] - kh + 1, X.shape[1] - kw + 1)
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i : i + kh, j : j + kw] * K).sum()


# corr2d_multi_in


@lesson.misconception("corr2d_multi_in", says="You averaged over the channels. The specification adds them up.")
def channels_averaged(X, K):
    return sum(corr2d(x, k) for x, k in zip(X, K, strict=True)) / len(X)


@lesson.misconception(
    "corr2d_multi_in",
    says="You kept one map for each channel. The channels have to come together in a single map.",
)
def channels_kept_apart(X, K):
    return torch.stack([corr2d(x, k) for x, k in zip(X, K, strict=True)])


@lesson.misconception(
    "corr2d_multi_in",
    says="You put the maps of the channels below one another. They belong on top of one another, added entry by entry.",
)
def channels_below_one_another(X, K):
    return torch.cat([corr2d(x, k) for x, k in zip(X, K, strict=True)])


@lesson.misconception(
    "corr2d_multi_in",
    says="Only the last channel is in your result. Does your loop add to what is there, or replace it?",
)
def only_the_last_channel(X, K):
    result = 0
    for x, k in zip(X, K, strict=True):
        result = corr2d(x, k)
    return result


@lesson.misconception(
    "corr2d_multi_in",
    says="Only the first channel is in your result. Look how far the line with `return` is indented.",
)
def only_the_first_channel(X, K):
    result = 0
    for x, k in zip(X, K, strict=True):
        result = result + corr2d(x, k)
        return result


@lesson.misconception(
    "corr2d_multi_in",
    says="You added up the channels before you used the kernel. Each channel has to meet its own layer first.",
)
def added_before_the_kernel(X, K):
    return corr2d(X.sum(0), K.sum(0))


@lesson.misconception(
    "corr2d_multi_in",
    says="You used the first layer of the kernel for every channel. Each channel has a layer of its own.",
)
def one_layer_for_all_channels(X, K):
    return sum(corr2d(x, K[0]) for x in X)


@lesson.misconception(
    "corr2d_multi_in",
    says="You added the number of the channel to the kernel. The number only says which layer is meant.",
)
def channel_number_added_to_the_kernel(X, K):
    return sum(corr2d(X[c], K[c] + c) for c in range(len(X)))


@lesson.misconception("corr2d_multi_in", says="You multiplied the maps of the channels. They have to be added.")
def channels_multiplied(X, K):
    result = 1
    for x, k in zip(X, K, strict=True):
        result = result * corr2d(x, k)
    return result


@lesson.misconception("corr2d_multi_in", says="Your function returns nothing. Does it end with `return`?")
def sum_not_returned(X, K):
    sum(corr2d(x, k) for x, k in zip(X, K, strict=True))


# corr2d_multi_in_out


@lesson.misconception(
    "corr2d_multi_in_out",
    says="You added up the maps of the kernels. Each kernel keeps a map of its own.",
)
def kernels_added_up(X, K):
    return sum(corr2d_multi_in(X, k) for k in K)


@lesson.misconception(
    "corr2d_multi_in_out",
    says="You joined the maps along their height. They need an axis of their own, which is new and comes first.",
)
def maps_below_one_another(X, K):
    return torch.cat([corr2d_multi_in(X, k) for k in K])


@lesson.misconception(
    "corr2d_multi_in_out",
    says="The axis of the kernels comes last in your result. It has to come first.",
)
def kernels_on_the_last_axis(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K], dim=-1)


@lesson.misconception(
    "corr2d_multi_in_out",
    says="You stacked onto what was stacked before, which works for two kernels only. Collect all maps first.",
)
def stack_within_a_stack(X, K):
    result = corr2d_multi_in(X, K[0])
    for k in K[1:]:
        result = torch.stack([result, corr2d_multi_in(X, k)])
    return result


@lesson.misconception(
    "corr2d_multi_in_out",
    says="Your function always gives two maps. There may be one kernel, or five: let the shape of `K` tell.",
)
def always_two_kernels(X, K):
    return torch.stack([corr2d_multi_in(X, K[0]), corr2d_multi_in(X, K[1])])


@lesson.misconception(
    "corr2d_multi_in_out",
    says="All your maps come from the first kernel. Does your loop use its variable?",
)
def first_kernel_for_all_maps(X, K):
    return torch.stack([corr2d_multi_in(X, K[0]) for _ in K])


@lesson.misconception(
    "corr2d_multi_in_out",
    says="You divided by the number of input channels. The channels are added up, not averaged.",
)
def maps_of_averages(X, K):
    return torch.stack([corr2d_multi_in(X, k) for k in K]) / len(X)


@lesson.misconception(
    "corr2d_multi_in_out",
    says="You added the number of the kernel to its map. The number only says where the map goes.",
)
def kernel_number_as_a_bias(X, K):
    return torch.stack([corr2d_multi_in(X, k) + o for o, k in enumerate(K)])


@lesson.misconception(
    "corr2d_multi_in_out",
    says="Your loop went over the input channels of `K`. Which of its axes counts the kernels?",
)
def loop_over_the_input_channels(X, K):
    def added(kernel):
        return sum(corr2d(x, k) for x, k in zip(X, kernel, strict=False))

    return torch.stack([added(K[:, c]) for c in range(K.shape[1])])


@lesson.misconception(
    "corr2d_multi_in_out",
    says="You returned a list of maps. The result has to be one tensor.",
)
def list_of_maps(X, K):
    return [corr2d_multi_in(X, k) for k in K]


@lesson.misconception("corr2d_multi_in_out", says="Your function returns nothing. Does it end with `return`?")
def maps_not_returned(X, K):
    torch.stack([corr2d_multi_in(X, k) for k in K])


# corr2d_multi_in_out_1x1


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="The two matrices stand the wrong way round. Say in words what a row of the left one and a column of the "
    "right one hold: these two have to match.",
)
def operands_swapped(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    return (X.reshape(ci, h * w) @ K.reshape(co, ci)).reshape(co, h, w)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="Your pixels still stand in one long row. The image has to stay an image: give height and width back.",
)
def pixels_left_in_a_row(X, K):
    return K.reshape(K.shape[0], -1) @ X.reshape(X.shape[0], -1)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="You gave the pixels back with width before height. Compare with the order in the shape of `X`.",
)
def width_before_height(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(co, w, h)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="You reshaped `K` where you meant to turn it: the numbers are scrambled. `reshape` never changes their order.",
)
def kernels_scrambled(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(ci, co).T @ X.reshape(ci, h * w)).reshape(co, h, w)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="You reshaped `X` so that numbers of different channels share a row. `reshape` never changes their order.",
)
def pixels_scrambled(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(h * w, ci).T).reshape(co, h, w)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="`squeeze` removes every axis of size 1: that of a single channel too. Say which sizes you want to have.",
)
def kernels_squeezed(X, K):
    return (K.squeeze() @ X.reshape(X.shape[0], -1)).reshape(K.shape[0], *X.shape[1:])


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="The channels come last in your result. They have to come first, as in `X`.",
)
def channels_last(X, K):
    return X.permute(1, 2, 0) @ K[:, :, 0, 0].T


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="You averaged over the channels. The specification adds them up.",
)
def channels_of_a_pixel_averaged(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(co, h, w) / ci


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="You multiplied kernels and channels, but did not add up over the channels.",
)
def channels_never_added(X, K):
    return K * X


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="The numbers are right, but they come from loops over channels and pixels. One matrix product can do it all.",
)
def loops_after_all(X, K):
    return corr2d_multi_in_out(X, K)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="The numbers are right, but PyTorch's own convolution made them. Find the matrix product behind it.",
)
def ready_made_convolution(X, K):
    return nn.functional.conv2d(X, K)


@lesson.misconception(
    "corr2d_multi_in_out_1x1",
    says="Your result has one axis too many in front. There is no batch here: an image goes in and an image comes out.",
)
def batch_of_one_image(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    return (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(1, co, h, w)


@lesson.misconception("corr2d_multi_in_out_1x1", says="Your function returns nothing. Does it end with `return`?")
def product_not_returned(X, K):
    ci, h, w = X.shape
    co = K.shape[0]
    (K.reshape(co, ci) @ X.reshape(ci, h * w)).reshape(co, h, w)


# FlattenLayer


@lesson.misconception(
    "FlattenLayer",
    says="You put the whole batch into one long row. Each sample needs a row of its own.",
)
class BatchFlattenedAway(nn.Module):
    def forward(self, X):
        return X.reshape(-1)


@lesson.misconception(
    "FlattenLayer",
    says="Your batch stands last. Samples are rows: the batch is the first axis, before and after.",
)
class BatchLast(nn.Module):
    def forward(self, X):
        return X.reshape(X.shape[0], -1).T


@lesson.misconception(
    "FlattenLayer",
    says="You reshaped to columns of the batch's size, so the numbers of several samples are mixed in a row.",
)
class SamplesMixed(nn.Module):
    def forward(self, X):
        return X.reshape(-1, X.shape[0])


@lesson.misconception(
    "FlattenLayer",
    says="Your layer lost the batch when it holds a single sample. One row is still a table with one row.",
)
class BatchOfOneLost(nn.Module):
    def forward(self, X):
        return X.reshape(X.shape[0], -1).squeeze(0)


@lesson.misconception(
    "FlattenLayer",
    says="You flattened from the wrong axis on: one axis too many was kept. Only the batch stays.",
)
class FirstTwoAxesKept(nn.Module):
    def forward(self, X):
        return X.reshape(*X.shape[:2], -1)


@lesson.misconception(
    "FlattenLayer",
    says="Your layer removes axes of size 1 only. The other axes after the batch have to become one axis too.",
)
class SqueezedOnly(nn.Module):
    def forward(self, X):
        return X.squeeze()


@lesson.misconception(
    "FlattenLayer",
    says="Your layer averages over the pixels. Flattening keeps every number.",
)
class PixelsAveraged(nn.Module):
    def forward(self, X):
        return X.reshape(*X.shape[:2], -1).mean(-1)


@lesson.misconception(
    "FlattenLayer",
    says="Your layer expects four axes. A batch may have fewer or more: let the shape of `X` tell.",
)
class FourAxesOnly(nn.Module):
    def forward(self, X):
        n, c, h, w = X.shape
        return X.reshape(n, c * h * w)


@lesson.misconception("FlattenLayer", says="Your layer's `forward` returns nothing. Does it end with `return`?")
class RowsNotReturned(nn.Module):
    def forward(self, X):
        X.reshape(X.shape[0], -1)


@lesson.misconception(
    "FlattenLayer",
    says="Your `__init__` does not call `super().__init__()` first. Without it a module can't work.",
)
class ModuleNotInitialised(nn.Module):
    def __init__(self):
        self.first_axis = 1

    def forward(self, X):
        return X.flatten(self.first_axis)


# conv1x1_as_linear


@lesson.misconception(
    "conv1x1_as_linear",
    says="Your result lacks the bias. Where the layer has one, it is added to its channel at every pixel.",
)
def bias_left_out(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return (pixels @ conv.weight.flatten(1).T).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="Your code needs a bias, but a layer may have none: its `bias` is None then.",
)
def bias_expected(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return (pixels @ conv.weight.flatten(1).T).permute(0, 3, 1, 2) + conv.bias.reshape(1, -1, 1, 1)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You added the bias along the width of the image. There is one number for each channel: which axis is that?",
)
def bias_along_the_width(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    maps = (pixels @ conv.weight.flatten(1).T).permute(0, 3, 1, 2)
    return maps if conv.bias is None else maps + conv.bias


@lesson.misconception(
    "conv1x1_as_linear",
    says="You added the bias to the kernel. It is added to the result, once the channels are summed up.",
)
def bias_added_to_the_kernel(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    weight = conv.weight.flatten(1)
    if conv.bias is not None:
        weight = weight + conv.bias[:, None]
    return (pixels @ weight.T).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You ignored the stride. A kernel that moves by 2 meets every second pixel only: look at `conv.stride`.",
)
def stride_ignored(conv, x):
    pixels = x.permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You used the stride of the height for the width too. `conv.stride` holds two numbers, which may differ.",
)
def one_stride_for_both(conv, x):
    step = conv.stride[0]
    pixels = x[:, :, ::step, ::step].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="Your strides are swapped. The first number of `conv.stride` is for the rows, the second for the columns.",
)
def strides_swapped(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sw, ::sh].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You cut the image to a part of its size. A stride skips pixels everywhere, up to the far edge.",
)
def image_cut_for_the_stride(conv, x):
    sh, sw = conv.stride
    rows, columns = -(-x.shape[2] // sh), -(-x.shape[3] // sw)
    pixels = x[:, :, :rows, :columns].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="The last row or column is lost where the stride does not divide the size. Count the places, the first included.",
)
def last_place_lost(conv, x):
    sh, sw = conv.stride
    h, w = x.shape[2:]
    pixels = x[:, :, : h // sh * sh : sh, : w // sw * sw : sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="`squeeze` removes every axis of size 1: that of a single channel too. Say which axes you want to lose.",
)
def weight_squeezed(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.squeeze(), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="The channels come last in your result. Bring them back to the second axis, as in `x`.",
)
def channels_left_last(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You reshaped `x` where its axes have to be moved: numbers of different channels share a row.",
)
def axes_of_the_image_reshaped(conv, x):
    sh, sw = conv.stride
    x = x[:, :, ::sh, ::sw]
    n, ci, h, w = x.shape
    return nn.functional.linear(x.reshape(n, h, w, ci), conv.weight.flatten(1), conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You reshaped the result where its axes have to be moved. `reshape` never changes the order of the numbers.",
)
def axes_of_the_result_reshaped(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    n, h, w, _ = pixels.shape
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).reshape(n, -1, h, w)


@lesson.misconception(
    "conv1x1_as_linear",
    says="Height and width of your result are swapped. Check the order in which you move the axes back.",
)
def height_and_width_swapped(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(0, 3, 2, 1)


@lesson.misconception(
    "conv1x1_as_linear",
    says="Your linear layer reads the columns of the image, the last axis of `x`. It has to read the channels.",
)
def width_for_channels(conv, x):
    sh, sw = conv.stride
    return nn.functional.linear(x[:, :, ::sh, ::sw], conv.weight.flatten(1), conv.bias)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You flattened each image to one row. The layer reads the channels of one pixel, and of each pixel alike.",
)
def fully_connected(conv, x):
    sh, sw = conv.stride
    return nn.functional.linear(x[:, :, ::sh, ::sw].flatten(1), conv.weight.flatten(1), conv.bias)


@lesson.misconception(
    "conv1x1_as_linear",
    says="Only the first image of the batch is in your result. Every sample needs its own output.",
)
def first_sample_only(conv, x):
    sh, sw = conv.stride
    pixels = x[0, :, ::sh, ::sw].permute(1, 2, 0)
    return nn.functional.linear(pixels, conv.weight.flatten(1), conv.bias).permute(2, 0, 1)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You averaged over the channels. The specification adds them up.",
)
def inputs_averaged(conv, x):
    sh, sw = conv.stride
    pixels = x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)
    return nn.functional.linear(pixels, conv.weight.flatten(1) / x.shape[1], conv.bias).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="You made a new linear layer, which has random weights of its own. The numbers have to come from `conv`.",
)
def new_random_layer(conv, x):
    sh, sw = conv.stride
    linear = nn.Linear(conv.in_channels, conv.out_channels)
    return linear(x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="The numbers are right, but they come from copies of the weights, so `conv` gets no gradients. "
    "Use its parameters themselves.",
)
def weights_copied(conv, x):
    sh, sw = conv.stride
    linear = nn.Linear(conv.in_channels, conv.out_channels, bias=conv.bias is not None)
    linear.weight.data = conv.weight.data.flatten(1)
    if conv.bias is not None:
        linear.bias.data = conv.bias.data
    return linear(x[:, :, ::sh, ::sw].permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="The numbers are right, but they come from a loop. One linear layer takes all samples and pixels at once.",
)
def a_loop_for_the_layer(conv, x):
    sh, sw = conv.stride
    x = x[:, :, ::sh, ::sw]
    weight = conv.weight.flatten(1)
    columns = [
        torch.stack([nn.functional.linear(x[:, :, i, j], weight, conv.bias) for j in range(x.shape[3])], dim=-1)
        for i in range(x.shape[2])
    ]
    return torch.stack(columns, dim=2)


@lesson.misconception(
    "conv1x1_as_linear",
    says="The numbers are right, but a ready-made convolution made them. Find the linear layer behind it.",
)
def layer_called_itself(conv, x):
    return conv(x)


@lesson.misconception("conv1x1_as_linear", says="Your function returns nothing. Does it end with `return`?")
def output_not_returned(conv, x):
    sh, sw = conv.stride
    nn.functional.linear(x[:, :, ::sh, ::sw].permute(0, 2, 3, 1), conv.weight.flatten(1), conv.bias)


# conv_output_size


@lesson.misconception(
    "conv_output_size",
    says="You counted the steps, not the places: the place where the kernel starts is one more.",
)
def starting_place_not_counted(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride


@lesson.misconception(
    "conv_output_size",
    says="You added the starting place before you divided. With a large stride it gets lost there.",
)
def starting_place_divided(n, kernel, stride, padding):
    return (n + 2 * padding - kernel + 1) // stride


@lesson.misconception(
    "conv_output_size",
    says="You put zeros at one end only. `padding` zeros are put at each end.",
)
def padding_at_one_end(n, kernel, stride, padding):
    return (n + padding - kernel) // stride + 1


@lesson.misconception(
    "conv_output_size",
    says="You left out the padding. The zeros make the side longer, at both ends.",
)
def padding_left_out(n, kernel, stride, padding):
    return (n - kernel) // stride + 1


@lesson.misconception(
    "conv_output_size",
    says="You took the padding away from the side. The zeros make it longer, not shorter.",
)
def padding_taken_away(n, kernel, stride, padding):
    return (n - 2 * padding - kernel) // stride + 1


@lesson.misconception(
    "conv_output_size",
    says="You ignored the stride. A kernel that moves by 2 makes half as many steps.",
)
def steps_of_one(n, kernel, stride, padding):
    return n + 2 * padding - kernel + 1


@lesson.misconception(
    "conv_output_size",
    says="You ignored the kernel. It has to fit as a whole, so a longer one finds fewer places.",
)
def kernel_ignored(n, kernel, stride, padding):
    return (n + 2 * padding) // stride


@lesson.misconception(
    "conv_output_size",
    says="You let the kernel move by its own length. It moves by `stride`.",
)
def kernel_for_stride(n, kernel, stride, padding):
    return (n + 2 * padding) // kernel


@lesson.misconception(
    "conv_output_size",
    says="You rounded up. What is left at the end is too short for one more place.",
)
def rounded_up(n, kernel, stride, padding):
    return -(-(n + 2 * padding - kernel) // stride) + 1


@lesson.misconception(
    "conv_output_size",
    says="You rounded to the nearest whole number. A step that does not fit as a whole does not count at all.",
)
def rounded_to_the_nearest(n, kernel, stride, padding):
    return round((n + 2 * padding - kernel) / stride) + 1


@lesson.misconception(
    "conv_output_size",
    says="Your result is a float: `/` always gives one. A size is a whole number, an `int`.",
)
def a_float_for_a_size(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) / stride + 1


@lesson.misconception(
    "conv_output_size",
    says="You multiplied two sides. The function is about one side only: it gives one length, not an area.",
)
def an_area(n, kernel, stride, padding):
    return ((n + 2 * padding - kernel) // stride + 1) ** 2


@lesson.misconception(
    "conv_output_size",
    says="You counted both sides. The function is about one side only, and gives one number.",
)
def a_pair_of_sizes(n, kernel, stride, padding):
    size = (n + 2 * padding - kernel) // stride + 1
    return size, size


@lesson.misconception(
    "conv_output_size",
    says="Your function prints the number, but returns nothing. Use `return`: what is printed can't be worked with.",
)
def printed_only(n, kernel, stride, padding):
    print((n + 2 * padding - kernel) // stride + 1)
