# %% [markdown] lang="zh-CN"
# # 批量归一化：让数保持在合适的范围内
#
# 一层的输出可能很大，也可能很小，而且在它前面的层学习的过程中还会变化。这样，下一层就很难学到东西。*批量归一化*（batch
# normalization）放在两者之间。它把每个特征平移并拉伸，使它在批量上的平均值为 0，分散程度为 1。
#
# 在这一课里，你先把它写成一个函数，然后写成一个能记住见过什么的层。你用它搭建整个网络。最后，当网络学完之后，再让它消失。
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check batch_norm`。检查多少次都可以。

# %%
import torch
from torch import nn

# %% [markdown]
# ## 练习 1：`batch_norm`
#
# 写一个函数，对批量的每个特征做归一化，并说出要记住这个批量的什么。
#
# ![三个直方图，使用同一条坐标轴，画的是 512 个样本的批量中的一个特征。之前：平均值 6.0，标准差 2.5。归一化之后：平均值
# 0，标准差 1。乘以 gamma = 2，再加上 beta = -3：平均值 -3，标准差
# 2。不对称的形状保持不变，只有位置和宽度改变。](../../img/BatchNorm-1-zh_CN.png)
#
# 最后，每个特征乘以它的 `gamma`，再加上它的 `beta`。两者都是学习得到的，所以网络仍然可以选择适合自己的范围。
#
# **形状。** `X` 是 `(n, c)`：n 个样本，每个有 c 个特征。或者是 `(n, c, h, w)`：n 张图片，每张有 c
# 个通道，一个通道算作一个特征。`gamma`、`beta`、`running_mean` 和 `running_var` 是
# `(c,)`：每个特征一个数。返回三个张量：`Y`，形状与 `X` 相同；然后是新的 `running_mean` 和新的 `running_var`，都是
# `(c,)`。
#
# **例子。**
# ```python
# >>> X = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
# >>> ones, zeros = torch.ones(2), torch.zeros(2)
# >>> batch_norm(X, ones, zeros, zeros, ones, training=True, momentum=0.1, eps=1e-5)
# (tensor([[-1.0000, -1.0000],
#         [ 1.0000,  1.0000]]), tensor([0.2000, 2.0000]), tensor([ 1.1000, 20.9000]))
# ```
#
# **要求。** 每次取一个特征。设 $x_1, \dots, x_N$
# 是它的所有数：每个样本一个；对图片来说，是每张图片的每个像素一个。它们的平均值 $m$ 和方差 $v$ 是
#
# $$m = \frac{1}{N} \sum_i x_i \qquad\qquad v = \frac{1}{N} \sum_i (x_i - m)^2$$
#
# 当 `training` 为真时，每个数 $x_i$ 变成
#
# $$y_i = \gamma \cdot \frac{x_i - m}{\sqrt{v + \mathrm{eps}}} + \beta$$
#
# 并且每个移动统计量都换成旧值与批量所带来的值的混合：
#
# $$(1 - \mathrm{momentum}) \cdot \mathrm{running\_mean} + \mathrm{momentum} \cdot m$$
# $$(1 - \mathrm{momentum}) \cdot \mathrm{running\_var} + \mathrm{momentum} \cdot \frac{N}{N - 1} \, v$$
#
# 当 `training` 为假时，在 $y_i$ 中用 `running_mean` 和 `running_var` 代替 $m$ 和 $v$，并把它们原样返回。
#
# **注意。**
# - 有两种方差。用来归一化的那一种除以 $N$。放进 `running_var` 的那一种除以 $N - 1$，如最后一个公式所示。PyTorch
#   也是这样做的。训练时，$N$ 至少是 2。
# - `momentum` 是新值的权重，而不是旧值的。
# - $m$ 和 $v$ 依赖于 `X`，所以 `Y` 的梯度也会流过它们。但要记住的内容不带计算图：请用 `detach` 切断。
# - 保持所有输入不变。新的统计量是新的张量。
#
# **不允许。** PyTorch 自己的归一化，例如
# [`nn.functional.batch_norm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html)、`nn.BatchNorm1d`
# 或 `nn.BatchNorm2d`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开
# PyTorch。
#
# **允许。** 其他的都可以，例如 [`mean`](https://docs.pytorch.org/docs/stable/generated/torch.mean.html) 和
# [`var`](https://docs.pytorch.org/docs/stable/generated/torch.var.html)。
#
# *难度 4（共 5 级），大约 30 分钟。评分时还会再运行 3 项检查。* 卡住了？`grader hint batch_norm` 会给出提示。


# %%
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """对每个特征或每个通道做归一化，并更新移动统计量。

    X：(n, c) 或 (n, c, h, w)。gamma、beta、running_mean、running_var：(c,)。
    training：是否使用批量自己的平均值和方差。
    返回：Y，形状与 X 相同，以及新的 running_mean 和 running_var，(c,)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("batch_norm is not written yet")


# %% [markdown]
# ## 练习 2：`BatchNorm`
#
# 写一个层，它拥有 gamma、beta 和移动统计量，并用它们调用 `batch_norm`。
#
# **形状。** `num_features` 是 c，即特征或通道的个数。`num_dims` 是 `X` 的轴数：行 `(n, c)` 为 2，图片 `(n, c, h, w)` 为
# 4。结果的形状与 `X` 相同。
#
# **例子。**
# ```python
# >>> layer = BatchNorm(num_features=1, num_dims=2)
# >>> layer(torch.tensor([[1.0], [3.0]])).detach()
# tensor([[-1.0000],
#         [ 1.0000]])
# >>> layer.running_mean
# tensor([0.2000])
# ```
#
# **要求。** 这一层拥有四个形状为 `(c,)` 的张量。它们的名字与 PyTorch 自己的层所用的相同：
#
# | 名字 | 是什么 | 开始时 |
# | --- | --- | --- |
# | `weight` | gamma，参数 | 全为一 |
# | `bias` | beta，参数 | 全为零 |
# | `running_mean` | 缓冲区 | 全为零 |
# | `running_var` | 缓冲区 | 全为一 |
#
# *缓冲区*（buffer）是属于一个层、但不是学习得到的张量。它和参数一样，会随模型保存，也会随模型移动到 GPU 上。在
# `__init__` 里用
# [`self.register_buffer("name", tensor)`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer)
# 创建它；从此它就是 `self.name`。PyTorch 的层还有一个 `num_batches_tracked`；你的层也可以有。
#
# momentum 取 0.1，eps 取
# 0.00001。在训练模式下，每次调用都用批量做归一化，并用新的移动统计量替换旧的。在评估模式下，调用时用它们做归一化，并让它们保持不变。
#
# **注意。**
# - `model.train()` 和 `model.eval()` 会设置 `self.training`。只有它说明是哪种模式。
# - 当 `X` 的轴数不是 `num_dims` 时，抛出 `ValueError`。
#
# **不允许。** PyTorch 自己的归一化，例如 `nn.functional.batch_norm`、`nn.BatchNorm1d` 或
# `nn.BatchNorm2d`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开 PyTorch。
#
# **允许。** 你自己的 `batch_norm`，以及其他一切。
#
# *难度 3（共 5 级），大约 20 分钟。评分时还会再运行 3 项检查。* 卡住了？`grader hint BatchNorm` 会给出提示。


# %%
class BatchNorm(nn.Module):
    """批量归一化，作为一个层。

    num_features：c。num_dims：X 的形状为 (n, c) 时是 2，为 (n, c, h, w) 时是 4。
    """

    def __init__(self, num_features, num_dims):
        super().__init__()
        # 在这里写你的代码。
        raise NotImplementedError("BatchNorm is not written yet")

    def forward(self, X):
        """X：(n, c) 或 (n, c, h, w)。
        返回：相同的形状。
        轴数不对时，抛出 ValueError。
        """
        # 在这里写你的代码。
        raise NotImplementedError("BatchNorm is not written yet")


# %% [markdown]
# ## 练习 3：`lenet_with_batch_norm`
#
# 写一个函数，为数字图片搭建一个网络，除最后一层以外，每个要学习的层后面都有批量归一化。
#
# 这个网络是 LeNet，它在 20 世纪 90 年代曾用来读取银行支票上的金额。
#
# **形状。** 函数不接收任何参数，返回一个新的 `nn.Sequential`。输入一个批量的灰度图片，`(n, 1, 28, 28)`。输出
# logits，`(n, 10)`：每个数字一个分数。
#
# **例子。**
# ```python
# >>> model = lenet_with_batch_norm()
# >>> model(torch.zeros(2, 1, 28, 28)).shape
# torch.Size([2, 10])
# ```
#
# **要求。** 从第一层到最后一层如下。“归一化，sigmoid”是两个层：先是批量归一化，再是 `nn.Sigmoid`。
#
# | 层 | 输出的形状 |
# | --- | --- |
# | 卷积到 6 个通道，卷积核 5×5；归一化，sigmoid | `(n, 6, 24, 24)` |
# | 平均池化，2×2，步幅 2 | `(n, 6, 12, 12)` |
# | 卷积到 16 个通道，卷积核 5×5；归一化，sigmoid | `(n, 16, 8, 8)` |
# | 平均池化，2×2，步幅 2 | `(n, 16, 4, 4)` |
# | 展平 | `(n, 256)` |
# | 线性层；归一化，sigmoid | `(n, 120)` |
# | 线性层；归一化，sigmoid | `(n, 84)` |
# | 线性层 | `(n, 10)` |
#
# **注意。**
# - 卷积没有填充。
# - [`nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html)
#   接收图片，[`nn.BatchNorm1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html) 接收行。
# - 创建一个层时，PyTorch 会随机抽取它最初的权重。检查会设置随机种子，并期望得到同样的数。所以请按表中的顺序创建各层，用
#   PyTorch 的默认方式，不要自己设置种子。
#
# **允许。** PyTorch 的所有层，例如
# [`nn.Sequential`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html)、[`nn.AvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html)
# 和 [`nn.Sigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html)。也可以用你自己的 `BatchNorm`
# 和前几课的函数。
#
# *难度 2（共 5 级），大约 15 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint lenet_with_batch_norm` 会给出提示。


# %%
def lenet_with_batch_norm():
    """一个带批量归一化的新 LeNet：输入 (n, 1, 28, 28)，输出 logits (n, 10)。"""
    # 在这里写你的代码。
    raise NotImplementedError("lenet_with_batch_norm is not written yet")


# %% [markdown]
# ## 练习 4：`fold_batch_norm`
#
# 写一个函数，把一个卷积和它后面的批量归一化合成一个卷积。
#
# 在评估模式下，移动统计量不再变化。这时，批量归一化只是把每个通道乘以一个数，再加上一个数。换上别的权重和别的偏置，卷积自己就能做到。
#
# **形状。** `conv` 是从 ci 个通道到 co 个通道的 `nn.Conv2d`，所以它的 `weight` 是 `(co, ci, kh, kw)`。它的 `bias` 是
# `(co,)` 或 `None`。`bn` 是 co 个通道的 `nn.BatchNorm2d`；它的 `eps` 是 `bn.eps`。返回一个新的 `nn.Conv2d`。
#
# **例子。**
# ```python
# >>> conv, bn = nn.Conv2d(1, 1, 1).eval(), nn.BatchNorm2d(1).eval()
# >>> values = nn.init.constant_(conv.weight, 6.0), nn.init.constant_(conv.bias, 2.0), bn.running_var.fill_(9.0)
# >>> dict(fold_batch_norm(conv, bn).state_dict())
# {'weight': tensor([[[[2.0000]]]]), 'bias': tensor([0.6667])}
# ```
#
# **要求。** 对每个批量的图片 `X`，两个层都处于评估模式：
#
# $$\mathrm{fold\_batch\_norm}(\mathrm{conv}, \mathrm{bn})(X) = \mathrm{bn}(\mathrm{conv}(X))$$
#
# **注意。**
# - 新的层有 `conv` 的卷积核大小、步幅和填充。它总是有偏置。
# - `conv` 和 `bn` 保持不变，并且不与新的层共用任何张量。
#
# **允许。** 什么都可以。PyTorch
# 也有这个函数，[`nn.utils.fusion.fuse_conv_bn_eval`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fusion.fuse_conv_bn_eval.html)。用它可以得满分，但如果你先自己推导出两个公式再作比较，会学到更多。
#
# *难度 3（共 5 级），大约 20 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint fold_batch_norm` 会给出提示。


# %%
def fold_batch_norm(conv, bn):
    """一个卷积，它所做的就是 conv 和随后的 bn 在评估模式下所做的。

    conv：一个有 co 个输出通道的 nn.Conv2d。bn：一个 co 个通道的 nn.BatchNorm2d。
    返回：一个新的 nn.Conv2d。
    """
    # 在这里写你的代码。
    raise NotImplementedError("fold_batch_norm is not written yet")


# %% [markdown]
# ## 下一步
#
# [第 7 课，LeNet](../lenet/lenet.ipynb)：这一课的网络学习认读数字。
