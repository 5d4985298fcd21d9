# %% [markdown] lang="zh-CN"
# # Softmax：分数、概率、损失
#
# 图片里是什么：一件衬衫、一只鞋，还是一个包？每个可能的答案叫作一个*类别*。线性层给每个类别一个*分数*：大小和正负号都不限的数。这些分数也叫作
# *logits*。softmax 把它们变成*概率*，概率是正数，加起来等于
# 1；*交叉熵*则是说明这些概率有多好的损失。在这一课里，你将写出这三个部分，以及由它们组成的小模型。
#
# ![一张 2×2 像素的图片变成有 4 个数的一行 x。x 乘以 4×3 的矩阵 W，再加上 b，给每个类别一个分数 o：衬衫 -0.5，鞋 2.0，包
# 0.3。softmax 对每个分数取 exp，结果从不为负：0.61、7.39、1.35。除以它们的和 9.35，就成了概率，加起来等于 1：衬衫
# 0.065，鞋 0.791，包 0.144。](../../img/Softmax-1-zh_CN.png)
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check softmax`。检查多少次都可以。

# %%
import torch
from torch import nn

# %% [markdown]
# ## 练习 1：`softmax`
#
# 写一个函数，把分数变成概率，沿 `dim` 加起来等于 1。
#
# **形状。** `X` 可以有任意多个轴。`dim` 是其中一个，可以是负数：-1 是最后一个。结果的形状和 dtype 与 `X` 相同。
#
# **例子。**
# ```python
# >>> scores = torch.tensor([[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]])
# >>> softmax(scores, dim=1)
# tensor([[0.3333, 0.3333, 0.3333],
#         [0.0900, 0.2447, 0.6652]])
# >>> softmax(scores, dim=0)
# tensor([[0.2689, 0.1192, 0.0474],
#         [0.7311, 0.8808, 0.9526]])
# ```
#
# **要求。** 对沿 `dim` 排列的分数 $x_1, \dots, x_k$：
#
# $$\mathrm{softmax}(x)_j = \frac{e^{x_j}}{e^{x_1} + e^{x_2} + \dots + e^{x_k}}$$
#
# **注意。**
# - 分数可能大到 10,000，或小到 -10,000，而 $e^{100}$ 对 float32 来说已经太大。但如果给 $x_1, \dots, x_k$
#   都加上同一个数，结果不变：请好好选择这个数。
# - 不同的行可能需要不同的数：一行的分数可能在 10,000 附近，下一行的可能在 -10,000 附近。
# - 保持 `X` 不变。梯度要能流回到它，所以请始终使用张量的运算。
#
# **不允许。** PyTorch 自己的 softmax，例如
# [`torch.softmax`](https://docs.pytorch.org/docs/stable/generated/torch.softmax.html) 或 `nn.Softmax`，以及它的
# `log_softmax`：在这里要由你自己写。内部含有它们的其他函数也不允许，例如注意力函数和
# `torch.distributions.Categorical`。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开
# PyTorch。可以在你自己的单元格里，把你的数与它的作比较。
#
# **允许。** 其他的都可以，例如
# [`exp`](https://docs.pytorch.org/docs/stable/generated/torch.exp.html)、[`sum`](https://docs.pytorch.org/docs/stable/generated/torch.sum.html)
# 和 [`amax`](https://docs.pytorch.org/docs/stable/generated/torch.amax.html)。
#
# *难度 3（共 5 级），大约 20 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint softmax` 会给出提示。


# %%
def softmax(X, dim):
    """把分数变成概率。

    X：分数，任意形状。dim：沿着这个轴，概率加起来等于 1。
    返回：形状与 X 相同。
    """
    # 在这里写你的代码。
    raise NotImplementedError("softmax is not written yet")


# %% [markdown]
# ## 练习 2：`log_softmax`
#
# 写一个函数，给出每个概率的对数，即使概率小到无法表示。
#
# **形状。** 和之前一样：`X` 可以有任意多个轴，`dim` 是其中一个，结果的形状和 dtype 与 `X` 相同。
#
# **例子。**
# ```python
# >>> scores = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 200.0]])
# >>> log_softmax(scores, dim=1)
# tensor([[  -2.4076,   -1.4076,   -0.4076],
#         [-200.0000, -200.0000,    0.0000]])
# ```
#
# **要求。** softmax 的自然对数。因为 $\log \frac{a}{b} = \log a - \log b$，所以可以不用除法来写：
#
# $$\mathrm{log\_softmax}(x)_j = x_j - \log \left( e^{x_1} + e^{x_2} + \dots + e^{x_k} \right)$$
#
# **注意。**
# - 在例子中，第二行的第一个概率是 $e^{-200}$。在 float32 中它是 0，而 0 的对数是负无穷大。正确的结果是
#   -200。所以不要先计算概率。
# - 分数可能大到 10,000，或小到 -10,000。和 softmax 一样，可以给 $x_1, \dots, x_k$ 都加上同一个数。
# - 保持 `X` 不变，并始终使用张量的运算。
#
# **不允许。** PyTorch 自己的函数，例如
# [`torch.log_softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html) 或
# `nn.LogSoftmax`，以及它的 softmax；内部含有它们的函数也不行，例如
# `torch.distributions.Categorical`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy
# 离开 PyTorch。
#
# **允许。** 其他的都可以。[`torch.logsumexp`](https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html)
# 就是公式的后一半，并且处理好了很大的分数；请先试着自己来做。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint log_softmax` 会给出提示。


# %%
def log_softmax(X, dim):
    """softmax 的自然对数。

    X：分数，任意形状。dim：沿着这个轴，概率加起来等于 1。
    返回：形状与 X 相同。
    """
    # 在这里写你的代码。
    raise NotImplementedError("log_softmax is not written yet")


# %% [markdown]
# ## 练习 3：`cross_entropy`
#
# 写一个函数，说明一个批量的分数离正确的类别有多远：越小越好。
#
# 交叉熵*包含*了 softmax：它接收分数，做的第一件事就是把它们变成对数概率。所以在它之前没有 softmax。你在第 3 课用过的
# PyTorch 的交叉熵也是这样。
#
# ![上面：两个样本的损失，一步一步地算：log_softmax 把 logits
# 的各行变成对数概率；选出样本的标签处的元素，改变它的正负号；两者的平均值就是损失。下面：一个有 10
# 个类别的样本的损失，这时正确类别的 logit 增大，其他九个保持为 0：cross_entropy(logits) 降到 0，但如果之前还有一个
# softmax，不管模型多有把握，损失都高于 1.461。](../../img/Softmax-3-zh_CN.png)
#
# **形状。** `logits` 是 `(n, c)`：n 个样本，c 个类别各有一个分数。`labels` 是 `(n,)`：每个样本的正确类别的编号，是 0 到
# c - 1 的整数（int64）。结果是没有轴的张量。
#
# **例子。**
# ```python
# >>> logits = torch.tensor([[2.0, 0.0, 1.0], [0.0, 5.0, 0.0]])
# >>> labels = torch.tensor([0, 1])
# >>> cross_entropy(logits, labels)
# tensor(0.2105)
# ```
#
# **要求。** 从每个样本取出正确类别的对数概率。损失是这 n 个数的平均值（不是它们的和），再变号：
#
# $$-\frac{1}{n} \sum_{i=0}^{n-1} \mathrm{log\_softmax}(\mathrm{logits}_i)_{\mathrm{labels}_i}$$
#
# **注意。**
# - 传给函数的是 logits，而不是概率。它们可能大到 10,000，或小到 -10,000。
# - 不要写对样本的循环：PyTorch 可以一次从每一行选出一个数。检查看的是你的代码运行了什么。
# - 结果仍是张量，因为梯度要能流回到 `logits`。
#
# **不允许。** PyTorch 自己的各种损失函数，例如
# [`nn.functional.cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html)、[`nn.functional.nll_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html)
# 或 `nn.CrossEntropyLoss`，以及 PyTorch 的 softmax 和
# `log_softmax`：在这里要由你自己写。检查看的是你的代码运行了什么，所以也不要用 `.tolist()` 或 NumPy 离开 PyTorch。
#
# **允许。** 你自己的 `log_softmax`，以及其他一切。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint cross_entropy` 会给出提示。


# %%
def cross_entropy(logits, labels):
    """交叉熵损失：在批量上的平均值，没有轴。

    logits：(n, c)，浮点数。labels：(n,)，int64，从 0 到 c - 1。返回：()。
    """
    # 在这里写你的代码。
    raise NotImplementedError("cross_entropy is not written yet")


# %% [markdown]
# ## 练习 4：`SoftmaxRegression`
#
# 写一个模型，用一个线性层给批量中每张图片的每个类别一个分数。
#
# ![softmax 回归，作为只有一层的网络。四个输入 x1 到 x4 中的每一个都与三个分数 o1 到 o3 中的每一个相连，一共有 12
# 个权重，每个分数还有一个偏置。粗线表示大的权重，虚线表示负的权重。softmax 把三个分数合在一起，给出三个概率：衬衫 ŷ1 =
# 0.065，鞋 ŷ2 = 0.791，包 ŷ3 = 0.144。](../../img/Softmax-2-zh_CN.png)
#
# **形状。** `num_inputs` 是一个样本中数的个数，`num_classes` 是类别的个数。模型在 `X` 上调用，它的形状是
# `(n, ...)`，批量之后有一个或几个轴。模型返回 `(n, num_classes)`。
#
# **例子。**
# ```python
# >>> model = SoftmaxRegression(num_inputs=6, num_classes=4)
# >>> model(torch.ones(5, 2, 3)).shape
# torch.Size([5, 4])
# ```
#
# **要求。** 把每个样本的数按原来的顺序排成一行。然后把各行交给带偏置的线性层，它是模型中唯一的层：一个
# `nn.Linear`。它的输出就是结果。
#
# **注意。**
# - 模型返回 logits。它里面没有 softmax，因为交叉熵已经包含了一个。如果两处都有 softmax，对 10
#   个类别，不管模型学得多好，损失都不会低于 1.461：请看练习 3 的图。
# - 只有一个样本的批量仍然是批量。一个样本也可能已经是一行。
# - `super().__init__()` 让模块准备好接收它的层，所以要放在最前面。它已经写好了。
# - 这一层只创建一次，与模型一起创建。如果每次调用都创建，就什么也学不到。
#
# **允许。** [`nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html)，以及 PyTorch
# 的任何其他层和函数。
#
# *难度 2（共 5 级），大约 10 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint SoftmaxRegression` 会给出提示。


# %%
class SoftmaxRegression(nn.Module):
    """作用在展平的样本上的线性层。num_inputs：一个样本中数的个数。num_classes：
    输出的分数的个数。
    """

    def __init__(self, num_inputs, num_classes):
        super().__init__()
        # 在这里写你的代码。
        raise NotImplementedError("SoftmaxRegression is not written yet")

    def forward(self, X):
        """X：(n, ...)，每个样本有 num_inputs 个数。
        返回：logits，(n, num_classes)。
        """
        # 在这里写你的代码。
        raise NotImplementedError("SoftmaxRegression is not written yet")


# %% [markdown]
# ## 练习 5：`predict`
#
# 写一个函数，说出模型认为每个样本最可能是哪个类别。
#
# **形状。** `model` 是一个 `nn.Module`，对批量 `X`，`(n, ...)`，给出 logits，`(n, c)`。结果是由 n
# 个整数组成的张量，形状为 `(n,)`，类型为 int64。
#
# **例子。**
# ```python
# >>> model = nn.Identity()  # gives back what it is given
# >>> predict(model, torch.tensor([[1.0, 5.0, 2.0], [4.0, -1.0, 0.0]]))
# tensor([1, 0])
# ```
#
# **要求。** 结果的第 $i$ 个数是第 $i$ 个样本分数最高的类别。第一个类别的编号是 0。
#
# **注意。**
# - 要求的是类别的编号，而不是它的分数。
# - 不需要 softmax：分数最高的，概率也最高。
# - 一个样本的所有分数都可能是负的。
#
# **允许。** PyTorch
# 的任何函数。[它的归约某个轴的函数列表](https://docs.pytorch.org/docs/stable/torch.html#reduction-ops) 里有一个合适的。
#
# *难度 1（共 5 级），大约 5 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint predict` 会给出提示。


# %%
def predict(model, X):
    """每个样本最可能的类别。

    model：一个 nn.Module，给出 logits，(n, c)。X：(n, ...)。
    返回：(n,)，int64。
    """
    # 在这里写你的代码。
    raise NotImplementedError("predict is not written yet")


# %% [markdown]
# ## 练习 6：`accuracy`
#
# 写一个函数，说出一个批量中有多大比例分类正确。
#
# **形状。** `logits` 是 `(n, c)`，`labels` 是 `(n,)`，int64。结果是 0.0 到 1.0 的 Python 的 float，而不是张量。
#
# **例子。**
# ```python
# >>> logits = torch.tensor([[1.0, 5.0, 2.0], [4.0, -1.0, 0.0], [0.0, 3.0, 1.0], [0.0, 0.0, 9.0]])
# >>> labels = torch.tensor([1, 0, 2, 2])
# >>> accuracy(logits, labels)
# 0.75
# ```
#
# **要求。** 如果一个样本分数最高的类别就是 `labels` 所说的类别，它就分类正确：
#
# $$\mathrm{accuracy} = \frac{\text{number of samples that are classified correctly}}{n}$$
#
# **注意。** 要求的是比例：0.75，不是 3，也不是 75。请比较形状相同的两个张量：`(n,)` 与 `(n,)`。
#
# **允许。** PyTorch 的任何函数。
#
# *难度 1（共 5 级），大约 8 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint accuracy` 会给出提示。


# %%
def accuracy(logits, labels):
    """最高分属于正确类别的样本所占的比例。

    logits：(n, c)，浮点数。labels：(n,)，int64。返回：一个 Python 的 float。
    """
    # 在这里写你的代码。
    raise NotImplementedError("accuracy is not written yet")


# %% [markdown]
# ## 下一步
#
# [第 5 课，卷积](../convolution/convolution.ipynb)：看图片的层。
