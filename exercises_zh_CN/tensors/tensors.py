# %% [markdown] lang="zh-CN"
# # 张量：形状、乘积、拼接
#
# *张量*（tensor）是由数排成的表。它可以是一行数、一个矩阵、一摞矩阵，等等。[`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html)
# 用数的列表创建一个张量。深度学习的一切计算都用张量完成，而其中的大多数错误都出在形状上。在这一课里，你将做张量的乘法，把张量拼接起来，并学会在计算之前就说出结果的形状。
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check tensors`。检查多少次都可以。

# %%
import torch

# %% [markdown]
# ## 你需要的词
#
# 张量的*形状*（shape）列出它各个方向的大小。一个 2 行 3 列的矩阵，形状是 `(2, 3)`。它有两个*轴*：轴 0 数的是行，轴 1
# 数的是列。PyTorch 把轴的编号叫作 `dim`。也可以从末尾数起：`dim=-1` 是最后一个轴，`dim=-2` 是倒数第二个轴。
#
# 张量把它的数排成长长的一列，一行接着一行：先是第 0 行的全部，再是第 1
# 行的全部，依此类推。这叫作*行优先顺序*。[`reshape`](https://docs.pytorch.org/docs/stable/generated/torch.reshape.html)
# 保持这一列不变，只是在别的地方把它断成行。[`.T`](https://docs.pytorch.org/docs/stable/tensors.html#torch.Tensor.T)
# 是*转置*：行变成列，数的顺序也随之改变。下面两者的结果形状相同，但同一位置上的数并不相同：
# ```python
# >>> table = torch.tensor([[1, 2, 3], [4, 5, 6]])
# >>> table.shape
# torch.Size([2, 3])
# >>> table.reshape(6)
# tensor([1, 2, 3, 4, 5, 6])
# >>> table.reshape(3, 2)
# tensor([[1, 2],
#         [3, 4],
#         [5, 6]])
# >>> table.T
# tensor([[1, 4],
#         [2, 5],
#         [3, 6]])
# >>> table.T.reshape(6)
# tensor([1, 4, 2, 5, 3, 6])
# ```
#
# 凡是返回张量的练习，都遵守三条规则。
# - 不要改动传给你的张量，而要返回一个新的张量。
# - 结果的类型与输入相同：整数得到整数。
# - 从头到尾都用张量计算。PyTorch 会记住一个结果是由哪些张量算出来的。用 `.item()`、`.tolist()` 或 NumPy
#   取出来的数，就失去了这种联系。第 2
#   课会说明它有什么用。在那之前：如果检查说没有*梯度*到达某个输入，就是失去了这种联系。

# %% [markdown]
# ## 练习 1：`matrix_product`
#
# 写一个函数，返回 `X` 与 `Y` 的矩阵乘积。
#
# **形状。** `X` 是 `(n, k)`，`Y` 是 `(k, m)`。结果是 `(n, m)`。
#
# **例子。**
# ```python
# >>> X = torch.tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
# >>> Y = torch.tensor([[2, 0, 1], [1, 3, 0], [0, 1, 2]])
# >>> matrix_product(X, Y)
# tensor([[ 4,  9,  7],
#         [13, 21, 16],
#         [22, 33, 25]])
# ```
#
# **要求。** $X$ 的第 $i$ 行与 $Y$ 的第 $j$ 列相遇，它们的元素成对相乘，再加起来：
#
# $$Z_{i,j} = \sum_{c=0}^{k-1} X_{i,c} \cdot Y_{c,j}$$
#
# **注意。** 符号 `*`
# 做的是另一件事：它把同一位置上的元素相乘。对于两个方阵，两种做法的结果形状相同，而且没有任何错误提醒你。
#
# **允许。** PyTorch 有这种乘积，一个是
# [`torch.matmul`](https://docs.pytorch.org/docs/stable/generated/torch.matmul.html)，还有一个运算符。两者都可以用。
#
# *难度 1（共 5 级），大约 5 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint matrix_product` 会给出提示。


# %%
def matrix_product(X, Y):
    """两个矩阵的矩阵乘积。

    X：(n, k)。Y：(k, m)。返回：(n, m)，数的类型相同。
    """
    # 在这里写你的代码。
    raise NotImplementedError("matrix_product is not written yet")


# %% [markdown]
# ## 练习 2：`cat_along`
#
# 写一个函数，沿着张量已有的某个轴把它们拼接起来。
#
# **形状。** `tensors` 是一个至少有一个张量的列表。它们的形状都相同，只有沿轴 `dim` 的大小可以不同。在结果中，沿 `dim`
# 的大小加在一起，其他大小不变。
#
# **例子。**
# ```python
# >>> A = torch.tensor([[1, 2], [3, 4]])
# >>> B = torch.tensor([[5, 6]])
# >>> cat_along([A, B], 0)
# tensor([[1, 2],
#         [3, 4],
#         [5, 6]])
# ```
#
# **要求。** 沿着结果的轴 `dim` 走：先遇到第一个张量的全部，再遇到第二个张量的全部，依此类推。对于矩阵，`dim=0`
# 把它们上下放，`dim=1` 把它们左右放。
#
# **注意。** `dim` 可以是负数，张量可以有任意多个轴。张量可能有一个、两个或更多。
#
# **允许。** 可以使用 [`torch.cat`](https://docs.pytorch.org/docs/stable/generated/torch.cat.html)。
#
# *难度 1（共 5 级），大约 5 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint cat_along` 会给出提示。


# %%
def cat_along(tensors, dim):
    """沿着已有的一个轴拼接张量。

    tensors：张量的列表，除了沿 dim 的大小以外，大小都相等。dim：它们的一个轴，
    从 0 数起；负数则从末尾数起。
    返回：轴数相同的张量，沿 dim 的大小是各个张量的大小之和。
    """
    # 在这里写你的代码。
    raise NotImplementedError("cat_along is not written yet")


# %% [markdown]
# ## 练习 3：`stack_along`
#
# 写一个函数，沿着一个新的轴把张量拼接起来，不使用 `torch.stack`。
#
# ![两个 3×3 矩阵，A 含有数 1 到 9，B 含有数 10 到 18，用五种方式拼接起来。cat 沿轴 0 把 B 放在 A 的下面：形状 (6,
# 3)。cat 沿轴 1 把 B 放在 A 的右边：形状 (3, 6)。stack 产生一个新的轴。新轴是轴 0 时，结果里先是 A，再是 B：形状 (2, 3,
# 3)。是轴 1 时，结果里有三对行，每对一行来自 A，一行来自 B：形状 (3, 2, 3)。是轴 2 时，A 的每个数与 B
# 中同一位置的数并排：形状 (3, 3, 2)。](../../img/Join-1-zh_CN.png)
#
# **形状。** `tensors` 是 n 个张量的列表，形状都相同。结果多一个轴。新轴的大小是 n，它在结果中的编号是 `dim`。两个 3×3
# 矩阵得到 `(2, 3, 3)`、`(3, 2, 3)` 或 `(3, 3, 2)`。
#
# **例子。**
# ```python
# >>> A = torch.tensor([[1, 2], [3, 4]])
# >>> B = torch.tensor([[5, 6], [7, 8]])
# >>> stack_along([A, B], 0)
# tensor([[[1, 2],
#          [3, 4]],
#
#         [[5, 6],
#          [7, 8]]])
# >>> stack_along([A, B], 2)
# tensor([[[1, 5],
#          [2, 6]],
#
#         [[3, 7],
#          [4, 8]]])
# ```
#
# **要求。** 新轴上的索引 $t$ 选出第 $t$ 个张量。对于矩阵 $A_0, A_1, \dots$ 和 `dim=1`：
#
# $$Z_{i,t,j} = (A_t)_{i,j}$$
#
# **注意。** `dim` 可以是负数。它数的是结果的轴，所以 `dim=-1` 让新轴成为最后一个轴。
#
# **不允许。**
# [`torch.stack`](https://docs.pytorch.org/docs/stable/generated/torch.stack.html)，以及其他替你堆叠的函数，例如
# `torch.vstack`、`torch.dstack` 或
# `nn.utils.rnn.pad_sequence`：在这里，它做的事要由你自己写出来。检查看的是你的代码运行了什么，所以也不要用 `.tolist()`
# 或 NumPy 离开 PyTorch。
#
# **允许。** 其他的都可以，例如 `torch.cat`。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint stack_along` 会给出提示。


# %%
def stack_along(tensors, dim):
    """沿着一个新的轴拼接形状相同的张量。

    tensors：n 个形状相同的张量的列表。dim：新轴在结果中的编号；负数从末尾数起。
    返回：多一个轴的张量，在 dim 处的大小是 n。
    """
    # 在这里写你的代码。
    raise NotImplementedError("stack_along is not written yet")


# %% [markdown]
# ## 练习 4：`joined_shape`
#
# 写一个函数，说出张量拼接后会有的形状，而不创建任何张量。
#
# **先预测。** 取三个形状为 `(4, 2)` 的张量。像练习 2 那样沿轴 0 拼接，它们的形状是什么？沿轴 1 呢？像练习 3
# 那样沿新的轴 0、1 或 2 呢？写代码之前，先写下这五个形状。
#
# <details><summary>对照</summary>
#
# 沿着已有的轴：`(12, 2)` 和 `(4, 6)`。沿着新的轴：`(3, 4, 2)`、`(4, 3, 2)` 和 `(4, 2, 3)`。
#
# </details>
#
# **形状。** `shapes` 是一个至少有一个形状的列表；每个形状都是由整数组成的元组。`dim` 是沿着它拼接的轴。`new_axis` 为
# `True` 时像练习 3 那样沿新的轴拼接，为 `False` 时像练习 2 那样。结果是一个元组。
#
# **例子。**
# ```python
# >>> joined_shape([(2, 3), (4, 3)], 0, False)
# (6, 3)
# >>> joined_shape([(2, 3), (2, 3)], 0, True)
# (2, 2, 3)
# >>> joined_shape([(2, 3), (2, 3)], -1, True)
# (2, 3, 2)
# ```
#
# **要求。** 如果这些张量不能拼接，就抛出 `ValueError`。它的消息是一句话，说明为什么：
#
# | 什么不对 | 消息里有这个词 |
# | --- | --- |
# | 结果不会有轴 `dim` | `dim` |
# | 形状不相符 | `shape` |
#
# 轴数相同、各个大小也相等的形状才相符。没有新轴时，沿 `dim` 的大小可以不同。
#
# **注意。** 有 $a$ 个轴的结果，轴的编号是 $0$ 到 $a - 1$，从末尾数起则是 $-1$ 到 $-a$。有新轴时，$a$ 是多少？
#
# **不允许。** 创建一个张量再看它的形状，用 `torch.cat` 或 `torch.stack` 也不行；也不要用
# NumPy。检查看的是你的代码运行了什么，而且有些形状对任何计算机来说都太大。普通的数和元组就够了。
#
# *难度 4（共 5 级），大约 25 分钟。评分时还会再运行 4 项检查。* 卡住了？`grader hint joined_shape` 会给出提示。


# %%
def joined_shape(shapes, dim, new_axis):
    """只根据形状，求出张量拼接后的形状。

    shapes：由整数元组组成的列表。dim：沿着它拼接的轴；负数从结果的末尾数起。
    new_axis：这个轴是不是新的。
    返回：一个元组。
    如果这样的张量不能拼接，抛出 ValueError。
    """
    # 在这里写你的代码。
    raise NotImplementedError("joined_shape is not written yet")


# %% [markdown]
# ## 练习 5：`batch_matmul`
#
# 写一个函数，一次算出许多矩阵乘积：每个样本一个。
#
# *样本*（sample）是一份数据，例如一张图片。模型同时处理许多样本，这样更快。这样的一组样本叫作*批量*（batch）。它的轴排在最前面。
#
# **形状。** `A` 是 `(b, n, m)`：b 个 n 行 m 列的矩阵。`B` 是 `(b, m, p)`。结果是 `(b, n, p)`。
#
# **例子。**
# ```python
# >>> A = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
# >>> B = torch.tensor([[[1.0], [1.0]], [[10.0], [0.0]]])
# >>> batch_matmul(A, B)
# tensor([[[ 3.]],
#
#         [[30.]]])
# ```
#
# **要求。** `A` 的每个矩阵与 `B` 中编号相同的矩阵相乘，不与其他矩阵相乘：
#
# ```python
# for s in range(len(A)):
#     result[s] = matrix_product(A[s], B[s])
# ```
#
# **注意。** 上面的循环只是说明意思。写的时候不要对样本做循环：张量运算的次数不能随批量的大小而增加，也不允许用
# NumPy。用 `reshape` 把批量的轴与另一个轴合并，很容易把样本混在一起。
#
# **允许。** PyTorch 正好有这样一个函数，可以使用。请在 [PyTorch
# 的乘积函数列表](https://docs.pytorch.org/docs/stable/torch.html#blas-and-lapack-operations) 里找到它。
#
# *难度 2（共 5 级），大约 8 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint batch_matmul` 会给出提示。


# %%
def batch_matmul(A, B):
    """每个样本的矩阵乘积，一次全部算出。

    A：(b, n, m)。B：(b, m, p)。返回：(b, n, p)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("batch_matmul is not written yet")


# %% [markdown]
# ## 练习 6：`prediction_errors`
#
# 写一个函数，说出模型的每个预测值大了多少。
#
# *模型*是从数据中学习的函数。它的*预测值*是对数的猜测，*目标值*则是正确的数。
#
# **先预测。** `predictions` 的形状是 `(3, 1)`，`targets` 的形状是 `(3,)`。`predictions - targets`
# 的形状是什么？先写下你的猜测，再在你自己的单元格里试一试。
#
# <details><summary>对照</summary>
#
# 是 `(3, 3)`：三个样本有九个数。下面的“注意”说明了原因。
#
# </details>
#
# **形状。** `predictions` 是 `(n, 1)`：模型对每个样本给出一行，这里每行只有一个数。`targets` 是
# `(n,)`：正确的数。结果是 `(n,)`，每个样本一个误差。
#
# **例子。**
# ```python
# >>> predictions = torch.tensor([[2.0], [5.0], [9.0]])
# >>> targets = torch.tensor([1.0, 5.0, 10.0])
# >>> prediction_errors(predictions, targets)
# tensor([ 1.,  0., -1.])
# ```
#
# **要求。** 预测值减去目标值，保留正负号：
#
# $$e_i = \mathit{predictions}_{i,0} - \mathit{targets}_i$$
#
# **注意。** 两个形状不同时，PyTorch 不一定会报错。它可能会重复较小的张量，直到形状相符，这叫作
# [*广播*](https://docs.pytorch.org/docs/stable/notes/broadcasting.html)（broadcasting）。一列 `(n, 1)` 和一行 `(n,)`
# 都会被重复，变成 `(n, n)`。结果是一张表，每个预测值都与每个目标值配对。
#
# **允许。** 任何 PyTorch 函数都可以。没有一个函数能替你做完这一切。
#
# *难度 1（共 5 级），大约 5 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint prediction_errors` 会给出提示。


# %%
def prediction_errors(predictions, targets):
    """对每个样本，求预测值减去目标值。

    predictions：(n, 1)。targets：(n,)。返回：(n,)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("prediction_errors is not written yet")


# %% [markdown]
# ## 下一步
#
# [第 2 课，梯度](../gradients/gradients.ipynb)：PyTorch 怎样找出一个数该往哪个方向移动。
