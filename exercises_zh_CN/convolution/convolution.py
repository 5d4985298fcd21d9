# %% [markdown] lang="zh-CN"
# # 卷积：通道、1×1、展平
#
# 卷积层透过一个小窗口，即*卷积核*（kernel），来看图片，并把它在整张图片上移动。在这一课里，你将自己写出这一层：先是对一张灰度图片，然后对多个通道，再是只有一个像素大的特殊卷积核。然后把结果展平，让线性层能够读它。最后，你将弄清楚卷积层和线性层有什么共同之处，以及一层的结果有多大。
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check convolution`。检查多少次都可以。

# %%
import torch
from torch import nn

# %% [markdown]
# ## 练习 1：`corr2d`
#
# 写一个函数，让卷积核 `K` 在图像 `X` 上滑动，对每个放得下它的位置返回一个数。
#
# ![形状为 (2, 2) 的卷积核在形状为 (3, 4) 的图像上，画出了六个位置中的两个。在左上角，它覆盖数
# 1、3、0、2。每个数乘以卷积核中同一位置的数，总和是 5：结果的第 0 行、第 0 列。在右下角，它覆盖 1、4、3、0，总和是
# 18：结果的第 1 行、第 2 列，结果的形状是 (2, 3)。](../../img/Convolution-1-zh_CN.png)
#
# **形状。** `X` 是 `(h, w)`，`K` 是 `(kh, kw)`，从不大于图像。结果是 `(h - kh + 1, w - kw + 1)`。
#
# **例子。**
# ```python
# >>> image = torch.tensor([[0.0, 1.0, 4.0], [2.0, 3.0, 5.0]])
# >>> kernel = torch.tensor([[1.0, 0.0], [0.0, 10.0]])
# >>> corr2d(image, kernel)
# tensor([[30., 51.]])
# ```
#
# **要求。** 在每个位置，把卷积核与它下面的那部分图像逐元素相乘，再加起来：
#
# $$Y_{i,j} = \sum_{a=0}^{kh-1} \; \sum_{b=0}^{kw-1} X_{i+a,\;j+b} \cdot K_{a,b}$$
#
# **注意。** 卷积核按原样使用，不翻转。图像和卷积核不一定是方的，卷积核也可以和图像一样大。保持 `X` 不变。梯度要能流回到
# `X` 和 `K`，所以请始终使用张量的运算。
#
# **不允许。** PyTorch 自己的卷积，例如
# [`nn.functional.conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html) 或
# `nn.Conv2d`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开 PyTorch。
#
# **允许。** 其他的都可以：用两个循环没问题，用 `unfold`、矩阵乘积或傅里叶变换也没问题。
#
# *难度 2（共 5 级），大约 15 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint corr2d` 会给出提示。


# %%
def corr2d(X, K):
    """图像与卷积核的互相关。

    X：(h, w)。K：(kh, kw)，其中 kh <= h 且 kw <= w。
    返回：(h - kh + 1, w - kw + 1)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("corr2d is not written yet")


# %% [markdown]
# ## 练习 2：`corr2d_multi_in`
#
# 写一个函数，让一个卷积核在有多个通道的图像上滑动。
#
# 彩色图片有三个通道：红、绿、蓝。这时卷积核也有三层，每个通道一层。
#
# **形状。** `X` 是 `(ci, h, w)`，`K` 是 `(ci, kh, kw)`，其中 `ci`
# 是输入通道数。结果是单独一张图，`(h - kh + 1, w - kw + 1)`。
#
# **例子。**
# ```python
# >>> image = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
# >>> kernel = torch.tensor([[[10.0]], [[100.0]]])
# >>> corr2d_multi_in(image, kernel)
# tensor([[310., 420.]])
# ```
#
# **要求。** 每个通道与卷积核中属于它的那一层相遇，各个结果加起来（是和，不是平均值）：
#
# $$Y = \sum_{c} \mathrm{corr2d}(X_c, K_c)$$
#
# **注意。** 可能只有一个通道，也可能有许多个。
#
# **不允许。** PyTorch 自己的卷积，例如 `nn.functional.conv2d` 或
# `nn.Conv2d`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开 PyTorch。
#
# **允许。** 你自己的 `corr2d`，以及其他一切。
#
# *难度 2（共 5 级），大约 8 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint corr2d_multi_in` 会给出提示。


# %%
def corr2d_multi_in(X, K):
    """有多个输入通道的互相关。

    X：(ci, h, w)。K：(ci, kh, kw)。返回：(h - kh + 1, w - kw + 1)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("corr2d_multi_in is not written yet")


# %% [markdown]
# ## 练习 3：`corr2d_multi_in_out`
#
# 写一个函数，把几个卷积核用于同一张图像，并对每个卷积核返回一张图。
#
# ![一张有 2 个通道的图像与 2 个卷积核相遇。每个卷积核对图像的每个通道都有一层。卷积核 0
# 的各层分别在一个通道上滑动；两张图相加，得到结果的图 0。同样，卷积核 1 的各层得到图
# 1。这些图就是结果的通道，结果的形状是 (2, 2, 2)。](../../img/Convolution-2-zh_CN.png)
#
# **形状。** `X` 是 `(ci, h, w)`，`K` 是 `(co, ci, kh, kw)`，其中 `co` 是卷积核的个数。结果是
# `(co, h - kh + 1, w - kw + 1)`：这些图就是一张新图像的通道。
#
# **例子。**
# ```python
# >>> image = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
# >>> kernels = torch.tensor([[[[1.0]], [[0.0]]], [[[0.0]], [[1.0]]], [[[1.0]], [[1.0]]]])
# >>> corr2d_multi_in_out(image, kernels)
# tensor([[[1., 2.]],
#
#         [[3., 4.]],
#
#         [[4., 6.]]])
# ```
#
# **要求。** 结果的第 $o$ 个通道只来自第 $o$ 个卷积核：
#
# $$Y_o = \mathrm{corr2d\_multi\_in}(X, K_o)$$
#
# **注意。** 可能有一个卷积核、两个，或任意多个。新的轴排在最前面。
#
# **不允许。** PyTorch 自己的卷积，例如 `nn.functional.conv2d` 或
# `nn.Conv2d`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开 PyTorch。
#
# **允许。** 你自己的函数、`torch.stack`，以及其他一切。
#
# *难度 2（共 5 级），大约 8 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint corr2d_multi_in_out` 会给出提示。


# %%
def corr2d_multi_in_out(X, K):
    """有多个输入通道和输出通道的互相关。

    X：(ci, h, w)。K：(co, ci, kh, kw)。返回：(co, h - kh + 1, w - kw + 1)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("corr2d_multi_in_out is not written yet")


# %% [markdown]
# ## 练习 4：`corr2d_multi_in_out_1x1`
#
# 对一个像素大的卷积核，写出同样的函数，用一次矩阵乘积代替循环。
#
# 1×1 卷积核从不看相邻的像素。在每个像素处，它只混合各个通道，而且处处以同样的方式混合。
#
# ![1×1 卷积作为矩阵乘积。一张有 3 个通道、2×4 像素的图像变成一个矩阵，有 3 行（每个通道一行）和 8
# 列（每个像素一列）。2×3 的卷积核矩阵乘以这个矩阵，得到 2 行（每个输出通道一行）和 8 列，再变成有 2 个通道、2×4
# 像素的图像。有一个像素始终用框标出：它那一列的三个数变成了两个数，没有别的像素参与。](../../img/Convolution-3-zh_CN.png)
#
# **形状。** `X` 是 `(ci, h, w)`，`K` 是 `(co, ci, 1, 1)`。结果仍是图像，`(co, h, w)`。
#
# **例子。**
# ```python
# >>> image = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
# >>> kernels = torch.tensor([1.0, 0.0, 0.5, 0.5, 1.0, -1.0]).reshape(3, 2, 1, 1)
# >>> corr2d_multi_in_out_1x1(image, kernels)
# tensor([[[ 1.,  2.]],
#
#         [[ 2.,  3.]],
#
#         [[-2., -2.]]])
# ```
#
# **要求。** 与 `corr2d_multi_in_out` 的数相同，在每个像素 $(i, j)$ 处：
#
# $$Y_{o,i,j} = \sum_{c} K_{o,c,0,0} \cdot X_{c,i,j}$$
#
# **注意。** 不要写对像素或通道的循环。`reshape` 保持数的顺序。请确认矩阵的每一行正是你所想的那样。
#
# **不允许。** PyTorch 自己的卷积，以及循环。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开
# PyTorch。
#
# **允许。** 其他的都可以，例如 `@`。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint corr2d_multi_in_out_1x1`
# 会给出提示。


# %%
def corr2d_multi_in_out_1x1(X, K):
    """1×1 卷积核的互相关，写成一次矩阵乘积。

    X：(ci, h, w)。K：(co, ci, 1, 1)。返回：(co, h, w)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("corr2d_multi_in_out_1x1 is not written yet")


# %% [markdown]
# ## 练习 5：`FlattenLayer`
#
# 写一个层，把批量中的每个样本变成一行数。
#
# **形状。** `X` 是 `(batch, ...)`，第一个轴之后可以有任意多个轴。结果是 `(batch, product)`，其中 `product`
# 是其他所有大小的乘积。
#
# **例子。**
# ```python
# >>> batch = torch.tensor([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
# >>> layer = FlattenLayer()
# >>> layer(batch)
# tensor([[1., 2., 3., 4.],
#         [5., 6., 7., 8.]])
# ```
#
# **要求。** 结果的第 $n$ 行是第 $n$ 个样本的数，按原来的顺序。对于有 16 个通道、4×4 像素的图片，一行有
# `16 * 4 * 4 = 256` 个数。
#
# **注意。** 只有一个样本的批量仍然是批量。样本已经是一行的批量保持不变。这一层没有什么要学的，所以不需要参数。
#
# **允许。** 什么都可以。PyTorch
# 也有这一层，[`nn.Flatten`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html)。用它可以得满分，你自己写的一行也可以。
#
# *难度 1（共 5 级），大约 5 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint FlattenLayer` 会给出提示。


# %%
class FlattenLayer(nn.Module):
    """保留批量的轴、把其他所有轴合并成一个的层。"""

    def forward(self, X):
        """X：(batch, ...)。返回：(batch, 其他大小的乘积)。"""
        # 在这里写你的代码。
        raise NotImplementedError("FlattenLayer is not written yet")


# %% [markdown]
# ## 1×1 卷积与全连接层的比较
#
# 在*全连接层*中，每个输出都与每个输入相连。当 `nn.Linear` 读取展平的图片的所有数时，它就是全连接层。1×1
# 卷积也是一个线性层，只是很小，只读取单个像素的各个通道。在每个像素处用的都是同一个。
#
# ![作用于同一张图像的两种层，图像有 2 个通道、4 个像素，每个像素有一个输出。左边是 1×1
# 卷积：每个输出与它自己的像素的两个数相连，所有像素使用同样的两个权重，画成一条实线和一条虚线。它有 3 个参数，2×2
# 像素和 28×28 像素时都一样。右边是展平之后的全连接层：4 个输出中的每一个都与全部 8 个数相连，共 32
# 条线，每条线有自己的权重。2×2 像素时它有 36 个参数，28×28 像素时有 1,230,096 个。](../../img/Convolution-4-zh_CN.png)
#
# | | 1×1 卷积 | 先展平，再全连接 |
# | --- | --- | --- |
# | 一个输出看到的 | 自己的像素的各个通道 | 所有像素的所有通道 |
# | 权重 | 共享：每个像素处都相同 | 不共享：每对输入和输出各一个 |
# | 偏置 | 每个输出通道一个数 | 每个输出一个数 |
# | 图像的大小 | 任意 | 只有一种 |
# | 参数，2 个通道到 1 个，2×2 像素 | 2 + 1 = 3 | 8 · 4 + 4 = 36 |
# | 参数，2 个通道到 1 个，28×28 像素 | 2 + 1 = 3 | 1568 · 784 + 784 = 1,230,096 |
#
# 一般地，从 `ci` 个通道到 `co` 个通道、有 `p` 个像素时，卷积有 `co · ci + co` 个参数，全连接层有
# `(co · p) · (ci · p) + co · p` 个。只有一个像素时，它们是同一种层。你可以自己数一数参数：
#
# ```python
# >>> sum(param.numel() for param in nn.Conv2d(2, 1, kernel_size=1).parameters())
# 3
# >>> sum(param.numel() for param in nn.Linear(2 * 2 * 2, 1 * 2 * 2).parameters())
# 36
# ```

# %% [markdown]
# ## 练习 6：`conv1x1_as_linear`
#
# 写一个函数，用读取每个像素各个通道的线性层，给出 1×1 卷积层的输出。
#
# [`nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) 是 PyTorch
# 自己的卷积层。它接收一个批量的图像，并且知道你的函数所不知道的两件事。它的*偏置*是每个输出通道一个数，加到每个像素上。它的*步幅*（stride）说明卷积核每次移动几个像素：步幅为
# 2 时，它只遇到每隔一个的像素，从第一个开始。
#
# **形状。** `conv` 是一个 `nn.Conv2d`，`kernel_size=1`，没有填充。它的 `conv.weight` 是 `(co, ci, 1, 1)`，`conv.bias`
# 是 `(co,)`，没有偏置时是 `None`，`conv.stride` 是一对数 `(sh, sw)`：向下和横向。`x` 是 `(n, ci, h, w)`。结果是
# `(n, co, oh, ow)`，其中 `oh` 和 `ow` 是遇到的行数和列数。
#
# **例子。**
# ```python
# >>> conv = nn.Conv2d(2, 1, kernel_size=1, stride=(1, 2))
# >>> conv.weight = nn.Parameter(torch.tensor([[[[1.0]], [[10.0]]]]))
# >>> conv.bias = nn.Parameter(torch.tensor([0.5]))
# >>> batch = torch.tensor([[[[0.0, 1.0, 2.0]], [[3.0, 4.0, 5.0]]]])
# >>> conv1x1_as_linear(conv, batch).tolist()
# [[[[30.5, 52.5]]]]
# ```
#
# **要求。** 与 `conv(x)` 的数相同。对样本 $m$、输出通道 $o$ 和位置 $(i, j)$：
#
# $$Y_{m,o,i,j} = b_o + \sum_{c} W_{o,c,0,0} \cdot x_{m,\,c,\;i \cdot sh,\;j \cdot sw}$$
#
# 这是一个有 `ci` 个输入和 `co` 个输出的线性层，在每个像素处都是同一个。
#
# **注意。**
# - 不要写对样本、像素或通道的循环。
# - 使用这一层自己的参数，而不是副本：梯度要能流回到它们和 `x`。不要改变其中任何一个。
# - `sh` 和 `sw` 可能不同，也不一定能整除 `h` 和 `w`。
#
# **不允许。** PyTorch 自己的卷积，所以也不要调用 `conv` 本身。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或
# NumPy 离开 PyTorch。
#
# **允许。** 其他的都可以，例如
# [`nn.functional.linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html)，它把线性层作用在最后一个轴上。
#
# *难度 4（共 5 级），大约 20 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint conv1x1_as_linear` 会给出提示。


# %%
def conv1x1_as_linear(conv, x):
    """用作用于通道的线性层，给出 1×1 卷积层的输出。

    conv：一个 nn.Conv2d，kernel_size=1。x：(n, ci, h, w)。
    返回：(n, co, oh, ow)，与 conv(x) 相同。
    """
    # 在这里写你的代码。
    raise NotImplementedError("conv1x1_as_linear is not written yet")


# %% [markdown]
# ## 练习 7：`conv_output_size`
#
# 写一个函数，算出沿图像的一条边，卷积核有多少个位置。
#
# **先预测。** 一条边长 7 个像素，卷积核长 3 个像素。步幅为 1 时它有多少个位置？步幅为 2 时呢？步幅为
# 2、两端各有一个零时呢？写代码之前，先画一张图，并写下这三个数。
#
# <details><summary>对照</summary>
#
# 5，然后是 3，再是 4。
#
# </details>
#
# **形状。** 输入四个整数。`n` 是边的长度，`kernel` 是卷积核的长度，`stride` 说明卷积核每次移动几个像素，`padding`
# 是在边的*每一*端放几个零。输出一个整数，即 Python 的 `int`。
#
# **例子。** 这是你将在第 7 课训练的网络的前四层。
# ```python
# >>> conv_output_size(28, 5, 1, 0)
# 24
# >>> conv_output_size(24, 2, 2, 0)
# 12
# >>> conv_output_size(12, 5, 1, 0)
# 8
# >>> conv_output_size(8, 2, 2, 0)
# 4
# ```
# 其中最后一层有 16 个通道。所以展平之后，每张图片有 `16 * 4 * 4` 个数。
#
# **要求。** 卷积核从左端开始（包括零在内），每次移动 `stride`，只要它整个还放得下。请数出它的位置。对
# `n = 6`、`kernel = 3`、`stride = 2` 和 `padding = 1`，有 3 个：
# ```text
# 0 x x x x x x 0
# k k k
#     k k k
#         k k k
# ```
#
# **注意。**
# 右端剩下的部分可能不够再放一个位置，就像这里一样：那就不算。卷积核从不比加上零之后的边更长。图像的两条边算法相同，各算各的。
#
# **不允许。** 创建一个层，再看它的输出。让 PyTorch 把这条边切成一个个窗口（如 `unfold` 或
# `torch.stft`）也不行，也不要用 NumPy。检查看的是你的代码运行了什么。
#
# **允许。** 普通的数就够了。
#
# *难度 2（共 5 级），大约 10 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint conv_output_size` 会给出提示。


# %%
def conv_output_size(n, kernel, stride, padding):
    """沿图像的一条边，卷积核的位置个数。

    n、kernel、stride、padding：整数，其中 kernel <= n + 2 * padding。
    返回：一个 int。
    """
    # 在这里写你的代码。
    raise NotImplementedError("conv_output_size is not written yet")


# %% [markdown]
# ## 下一步
#
# [第 6 课，批量归一化](../batch_norm/batch_norm.ipynb)：让其他层之间的数保持在合适范围内的层。
