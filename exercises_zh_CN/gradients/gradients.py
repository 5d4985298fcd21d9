# %% [markdown] lang="zh-CN"
# # 梯度：反向传播留下了什么
#
# 梯度说的是：当一个数所依据的那些数稍微增大时，这个数会增大多少。PyTorch
# 会替你算出梯度，但在这个过程中也会留下一些东西。在这一课里，你将弄清楚它留下了什么，以及怎样清除它们。
#
# - [`x.requires_grad_()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html) 告诉 PyTorch
#   要留意张量 `x`。被它留意、又不是由别的张量算出来的张量，叫作*叶子张量*（leaf）。
# - 从这时起，PyTorch 会记录由 `x` 算出的每一步。这份记录叫作*计算图*（graph）。它就是第 1 课里所说的张量之间的联系。
# - [`y.backward()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html) 沿着计算图，从单个数 `y`
#   往回走到叶子张量。它把 `y` 的梯度*加到*每个叶子张量的
#   [`.grad`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.grad.html) 上，而 `.grad` 起初是
#   `None`。然后它释放计算图保存的内容。
# - [`x.detach()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html)
#   给出一个数相同、但没有这种联系的张量：由它算出的任何东西都不会到达 `x`。
#
# ```python
# >>> x = torch.tensor([1.0, 2.0, 3.0]).requires_grad_()
# >>> y = (x**2).sum()
# >>> y.backward()
# >>> x.grad
# tensor([2., 4., 6.])
# ```
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check gradients`。检查多少次都可以。

# %%
import torch
from torch import nn

# %% [markdown]
# ## 练习 1：`gradient_of`
#
# 写一个函数，返回 `f` 在 `x` 处的梯度，并且不在 `x` 上留下任何痕迹。
#
# **形状。** `x` 可以是任意形状。`f` 是一个函数；`f(x)` 是只有一个数、没有轴的张量，例如平均值或总和。结果的形状和 dtype
# 与 `x` 相同。
#
# **例子。**
# ```python
# >>> x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
# >>> gradient_of(torch.mean, x)
# tensor([[0.2500, 0.2500],
#         [0.2500, 0.2500]])
# >>> print(x.requires_grad, x.grad)
# False None
# ```
#
# **要求。** 结果的每个元素说明，当 $x$ 中同一位置的元素增大时，$f$ 增大得有多快：
#
# $$G_{i,j,\dots} = \frac{\partial f(x)}{\partial x_{i,j,\dots}}$$
#
# **注意。**
# - `x` 可能是普通的张量，也可能是需要梯度的叶子张量，甚至在 `x.grad` 里有旧的梯度。
# - 调用之后，下面这些都要和之前一样：`x` 中的数、`x.requires_grad` 和 `x.grad`。
# - 只有叶子张量才会得到 `.grad`。由叶子张量算出来的（例如用 `*` 或 `.to`）不是叶子张量。
#
# **允许。** PyTorch
# 求梯度的任何一种方法：`backward`、[`torch.autograd.grad`](https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html)
# 或 [`torch.func.grad`](https://docs.pytorch.org/docs/stable/generated/torch.func.grad.html)。
#
# *难度 2（共 5 级），大约 12 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint gradient_of` 会给出提示。


# %%
def gradient_of(f, x):
    """函数在 x 处的梯度，作为一个新的张量；x 本身保持不变。

    f：接收像 x 那样的张量，给出单个数 ()。x：任意形状。
    返回：形状和 dtype 与 x 相同。
    """
    # 在这里写你的代码。
    raise NotImplementedError("gradient_of is not written yet")


# %% [markdown]
# ## 练习 2：`gradients_in_turn`
#
# 写一个函数，返回几个函数在同一个叶子张量处的梯度，每个函数各算各的。
#
# **先预测。** `x` 是一个 2×3 的张量，元素全是 1，需要梯度。在 `x.mean().backward()` 之后，`x.grad`
# 里是什么？如果紧接着是 `x.sum().backward()`，中间什么也不做，里面又是什么？先把两个答案写下来，再往下读。
#
# <details><summary>对照</summary>
#
# 先是处处为 1/6：六个数中的每一个都占平均值的六分之一。然后是 7/6，因为 `backward` 把总和的 1 加到已有的 1/6 上。
#
# </details>
#
# **形状。** `x` 是需要梯度的叶子张量，可以是任意形状。`fs`
# 是函数的列表，每个函数给出单个数。结果是一个列表，每个函数对应一个张量，顺序相同，形状都与 `x` 相同。
#
# **例子。** 平均值的梯度处处为 1/6，总和的梯度处处为 1。
# ```python
# >>> x = torch.ones(2, 3).requires_grad_()
# >>> gradients_in_turn([torch.mean, torch.sum], x)
# [tensor([[0.1667, 0.1667, 0.1667],
#         [0.1667, 0.1667, 0.1667]]), tensor([[1., 1., 1.],
#         [1., 1., 1.]])]
# ```
#
# ![x.grad 里的内容，分两行。求平均值之后：处处为 1/6。中间清零时，总和留下处处为 1；不清零时是
# 7/6，这是错的。](../../img/Gradients-1-zh_CN.png)
#
# **要求。** 结果中的第 $k$ 个张量只是 `fs[k]` 的梯度：
#
# $$G^{(k)} = \frac{\partial f_k(x)}{\partial x}$$
#
# **注意。**
# - `backward` 把梯度加到 `x.grad` 已有的内容上。即使在第一个函数之前，里面也可能有旧的梯度。
# - 在 `a = x.grad` 之后，两个名字指的是同一个张量。原地改变其中一个，另一个也会改变。
# - `x` 中的数保持不变，`x` 仍然需要梯度。`x.grad` 里最后留下什么都没有关系。
#
# **允许。** PyTorch 求梯度的任何一种方法，与练习 1 相同。这里要练习的是清除。
#
# *难度 2（共 5 级），大约 12 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint gradients_in_turn` 会给出提示。


# %%
def gradients_in_turn(fs, x):
    """每个函数在叶子张量 x 处的梯度，各算各的。

    fs：函数的列表，每个函数接收 x，给出单个数 ()。x：需要梯度的叶子张量，任意形
    状。
    返回：张量的列表，每个的形状与 x 相同。
    """
    # 在这里写你的代码。
    raise NotImplementedError("gradients_in_turn is not written yet")


# %% [markdown]
# ## 练习 3：`accumulated_gradient`
#
# 写一个函数，对许多样本求梯度，一次只处理一个小批量。
#
# *批量*（batch）是一组样本。*损失*（loss）是一个数，说明猜测错得有多厉害。当所有样本放在一起内存装不下时，就一个批量一个批量地收集梯度。在这里，`backward`
# 的累加正好有用。
#
# **形状。** `w` 是形状为 `(d,)`、需要梯度的叶子张量。`batches` 是由 `(X, y)` 组成的列表，`X` 的形状是 `(n, d)`，`y`
# 的形状是 `(n,)`；每一对的 `n` 可以不同。`loss(w, X, y)` 是一对中 `n` 个样本的**平均**损失，是单个数。结果的形状与 `w`
# 相同。
#
# **例子。** 两个批量，一个有一个样本，另一个有三个。
# ```python
# >>> w = torch.tensor([0.0]).requires_grad_()
# >>> batches = [(torch.ones(1, 1), torch.tensor([4.0])), (torch.ones(3, 1), torch.tensor([0.0, 0.0, 0.0]))]
# >>> accumulated_gradient(batches, lambda w, X, y: ((X @ w - y) ** 2).mean(), w)
# tensor([-2.])
# ```
#
# **要求。** 所有批量的所有样本的平均损失的梯度。设样本总数为 $N$，批量 $b$ 有 $n_b$ 个样本，它的损失为 $L_b$：
#
# $$G = \frac{\partial}{\partial w} \sum_b \frac{n_b}{N} L_b$$
#
# **注意。**
# - 每次给 `loss` 的样本不能多于一个批量：把批量合在一起，内存装不下。
# - `w.grad` 里可能有旧的梯度，它不能算进去。之后里面留下什么都没有关系。
# - 一个损失的计算图只能走一次。之后 `backward` 就把它释放了。
#
# **允许。** PyTorch 求梯度的任何一种方法。PyTorch 没有替你遍历批量的函数。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint accumulated_gradient` 会给出提示。


# %%
def accumulated_gradient(batches, loss, w):
    """所有样本的平均损失的梯度，一个批量一个批量地收集。

    batches：由 (X, y) 组成的列表，X：(n, d)，y：(n,)，其中 n 可以不同。
    loss：loss(w, X, y) 是 n 个样本的平均值。w：(d,)，需要梯度的叶子张量。
    返回：(d,)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("accumulated_gradient is not written yet")


# %% [markdown]
# ## 练习 4：`zero_gradients`
#
# 写一个函数，清除一些参数的梯度。
#
# *参数*是属于模型的叶子张量。PyTorch
# 有一个专门的类，[`nn.Parameter`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html)。
#
# **形状。** `params` 给出任意形状的参数。函数返回什么都没有关系：要改变的是参数的 `.grad`。
#
# **例子。**
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0, 2.0]))
# >>> (weight**2).sum().backward()
# >>> zero_gradients([weight])
# >>> print(weight.grad)
# None
# ```
#
# **要求。** 之后，每个参数的 `.grad` 是 `None`，或者是全为零的张量。两者都可以。
#
# **注意。**
# - 参数可能没有梯度：它的 `.grad` 是 `None`。保持这样就行。
# - `params` 可能是列表，也可能是*生成器*（generator），它只能遍历一次，也没有长度。
# - 出了意外之后，梯度里可能有 `nan`（不是数）或 `inf`（无穷大）。它们也必须清除，而零乘以 `nan` 仍然是 `nan`。
# - 参数本身保持不变。之前记录的计算图仍然可用，会给出新的梯度。
#
# **允许。** 什么都可以。第 3 课要讲的 PyTorch 优化器也能用
# [`zero_grad`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html)
# 做到。一个短短的循环就够了。
#
# *难度 1（共 5 级），大约 6 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint zero_gradients` 会给出提示。


# %%
def zero_gradients(params):
    """把每个参数的梯度设为 None 或零。

    params：任意形状的参数，有没有梯度都可以（列表或生成器）。
    """
    # 在这里写你的代码。
    raise NotImplementedError("zero_gradients is not written yet")


# %% [markdown]
# ## 练习 5：`numeric_gradient`
#
# 写一个函数，不用 `backward`，而是通过试着走小步，求出 `f` 在 `x` 处的梯度。
#
# 这样做很慢，也不十分精确，但可以看出从别处得来的梯度是否可信。
#
# **形状。** `x` 可以是任意形状，各个大小都不是 0，并且不需要梯度。`f` 给出单个数。`h` 是一步的宽度，是大于 0
# 的数。结果的形状与 `x` 相同，dtype 是 `torch.float64`。
#
# **例子。** 精确的梯度是 3、12、27。
# ```python
# >>> x = torch.tensor([1.0, 2.0, 3.0])
# >>> numeric_gradient(lambda x: (x**3).sum(), x, 0.1)
# tensor([ 3.0100, 12.0100, 27.0100], dtype=torch.float64)
# ```
#
# **要求。** 对 `x` 的每个元素，只让这个元素向上走一步，再向下走一步（*中心*差分）。设张量 $e$ 在这个元素的位置上是
# 1，其他地方都是 0：
#
# $$G_{i,j,\dots} = \frac{f(x + h \cdot e) - f(x - h \cdot e)}{2 h}$$
#
# **注意。**
# - $f$ 的两个值几乎相同，所以它们的差只剩下很少的有效数字。请从一开始就用 `torch.float64` 计算：它大约保留 16
#   位数字，而 `torch.float32` 只有 7 位。
# - 保持 `x` 不变。当 `x` 本来就是 `torch.float64` 时，`x.double()` 不是副本，而就是 `x` 本身。
# - `x` 可能有一个轴、几个轴，也可能没有轴。
#
# **允许。** 除了由 PyTorch 替你求出的梯度，什么都可以。那样的梯度是精确的，而公式不是：检查能看出区别。而且 PyTorch
# 并不是对每个 `f` 都能求出正确的梯度。
#
# *难度 4（共 5 级），大约 20 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint numeric_gradient` 会给出提示。


# %%
def numeric_gradient(f, x, h):
    """用宽度为 h 的中心差分，以 float64 求函数在 x 处的梯度。

    f：接收像 x 那样的 float64 张量，给出单个数 ()。x：任意形状。
    返回：形状与 x 相同，float64。
    """
    # 在这里写你的代码。
    raise NotImplementedError("numeric_gradient is not written yet")


# %% [markdown]
# ## 练习 6：`detached_update`
#
# 写一个函数，让叶子张量逆着它的梯度走一步，原地进行，并且不记录这一步。
#
# 模型就是这样学习的：它沿着损失的梯度往下走。
#
# **形状。** `w` 是需要梯度的叶子张量，可以是任意形状，`w.grad` 里有一个形状相同的梯度。`lr`
# 是一个数，即*学习率*（learning rate）。函数返回什么都没有关系：要改变的是 `w` 本身。
#
# **例子。**
# ```python
# >>> w = torch.tensor([1.0, 2.0]).requires_grad_()
# >>> (w**2).sum().backward()
# >>> detached_update(w, 0.1)
# >>> w
# tensor([0.8000, 1.6000], requires_grad=True)
# ```
#
# **要求。** 设 $g$ 是 `w.grad` 里的梯度：
#
# $$w \leftarrow w - lr \cdot g$$
#
# **注意。**
# - PyTorch 在记录的时候，拒绝原地改变叶子张量。之后它必须重新开始记录。
# - 之后，`w` 仍然是需要梯度的叶子张量，`w.grad` 里仍然是原来的梯度。
# - 不要用 `.data`。PyTorch 会数一个张量改变了多少次，这样，沿着改变之前的计算图调用 `backward` 时就会报错而停止。通过
#   `.data` 做的改变不会被数进去，`backward` 会悄悄地给出错误的梯度。检查会走一遍这样的计算图，看有没有报错。
#
# **允许。** 除了用 `.data`
# 走这一步，什么都可以：之前的计算图察觉不到它，而检查会看能不能察觉。[`torch.no_grad`](https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html)
# 正是为此而设的。第 3 课的优化器也走这样的一步；这里两行就够了。
#
# *难度 2（共 5 级），大约 8 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint detached_update` 会给出提示。


# %%
def detached_update(w, lr):
    """做一步梯度下降，原地进行，不记录，也不用 `.data`。

    w：需要梯度的叶子张量，w.grad 里有梯度，任意形状。lr：一个数。
    """
    # 在这里写你的代码。
    raise NotImplementedError("detached_update is not written yet")


# %% [markdown]
# ## 下一步
#
# [第 3 课，训练](../training/training.ipynb)：从往下走一步，到一个会学习的模型。
