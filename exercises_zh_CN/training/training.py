# %% [markdown] lang="zh-CN"
# # 训练：一步
#
# 模型一小步一小步地学习。每一步，它先作出猜测，看看猜得有多错，然后把参数朝着有帮助的方向移动一点点。在这一课里，你将写出这样的一步，并通过*裁剪*防止它走得太远：先把梯度缩短。然后你将一步接一步地走下去，并看看模型变得有多好。
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check training`。检查多少次都可以。

# %%
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# ## 一步中的每一行留下了什么
#
# *损失函数*用单个数说明模型的猜测错得有多厉害，这个数就是*损失*。*优化器*（optimizer）是一个对象，它知道模型的参数，并根据梯度移动它们。取一个模型
# `net`、一个优化器 `sgd` 和损失函数 `mse`，它是
# [`nn.MSELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html)：差的平方的平均值。一个训练步有五行：
#
# ```python
# sgd.zero_grad()         # 1
# L = mse(net(X), y)      # 2
# L.backward()            # 3
# ...                     # 4: clip the gradients
# sgd.step()              # 5
# ```
#
# ![训练步的每一行之后，weight 和 weight.grad 里的内容。之前，权重是 2, −1，上一步的梯度还在：−0.8, 0.6。sgd.zero_grad()
# 把梯度设为 None。前向传播给出损失 0.25，两者都不改变。L.backward() 写入梯度 3, −4，长度为 5。裁剪到长度 1，得到 0.6,
# −0.8。sgd.step() 是唯一改变权重的一行，改成 1.94, −0.92。它让梯度保持原样。](../../img/Training-1-zh_CN.png)
#
# 一行一行地看：
# 1. [`zero_grad`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html) 把每个参数的
#    `.grad` 设为 `None`。参数保持不变。
# 2. 模型作出猜测，并由此算出损失。PyTorch 记录计算图。没有参数或梯度改变。
# 3. `backward` 把损失的梯度*加到*每个参数的 `.grad` 上。参数保持不变。
# 4. 裁剪只改变梯度。在图中，它把梯度缩短到长度 θ = 1；练习 1 讲的就是它。
# 5. [`step`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html) 按照 `.grad`
#    里的内容移动参数。梯度仍留在那里，所以下一步要从第 1 行开始。
#
# 顺序很重要。
# - 在 `backward` 加上新的梯度之前，必须先去掉旧的梯度：第 1 行在第 3 行之前。
# - 如果在第 3 行和第 5 行之间清除，新的梯度就会丢失，什么也不会移动。
# - 在第 3 行之前，没有东西可裁剪。在第 5 行之后就太晚了：参数已经移动了。
#
# 下面的单元格用一个有两个权重的模型走这一步，它是
# [`nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html)。运行它，把它的各行与图对照。然后交换其中两行，再运行一次。


# %%
def step_in_slow_motion():
    """走一个训练步，打印每一行留下了什么。"""
    net = nn.Linear(2, 1, bias=False)
    net.weight = nn.Parameter(torch.tensor([[2.0, -1.0]]))
    net.weight.grad = torch.tensor([[-0.8, 0.6]])  # 上一步留下的
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    mse = nn.MSELoss()  # 差的平方的平均值
    X, y = torch.tensor([[3.0, -4.0]]), torch.tensor([[9.5]])

    def show(line):
        print(f"{line:16} weight: {net.weight.tolist()}  weight.grad: {net.weight.grad}")

    show("before the step")
    sgd.zero_grad()
    show("zero_grad")
    L = mse(net(X), y)
    show("the loss")
    L.backward()
    show("backward")
    nn.utils.clip_grad_norm_(net.parameters(), max_norm=1.0)
    show("clipping")
    sgd.step()
    show("step")


step_in_slow_motion()

# %% [markdown]
# ## 练习 1：`grad_clipping`
#
# 写一个函数，当一些参数的梯度合在一起比 `theta` 长时，把它们缩短。
#
# 张量位于某个*设备*上：在 CPU 上，即计算机自己的处理器；或者在显卡（*GPU*）上，PyTorch 把它叫作
# `"cuda"`。只有两个张量在同一个设备上，PyTorch 才能用它们一起计算。新的张量创建在 CPU 上，除非你写明 `device=...`。
#
# ![两个平面，坐标轴是两个参数的梯度，每个平面里有一个半径为 theta = 2.5 的圆。左边是正确的做法：长度为 5.00
# 的长梯度被缩短到长度 2.50；它的方向不变，终点在圆上。长度为 1.50
# 的短梯度保持原样。右边是错误的做法：每个参数单独裁剪，于是长梯度改变了方向，长度为
# 3.54，仍然超出了圆。](../../img/Clipping-1-zh_CN.png)
#
# **形状。** `params` 给出任意形状的参数。每个参数的梯度，即它的 `.grad`，形状与它相同。`theta` 是大于 0 的数，`device`
# 是梯度所在的设备。函数返回什么都没有关系：梯度原地改变。
#
# **例子。** 长度为 5 的梯度被缩短到长度 1。
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0, 2.0]))
# >>> weight.grad = torch.tensor([3.0, -4.0])
# >>> grad_clipping([weight], theta=1.0, device="cpu")
# >>> weight.grad
# tensor([ 0.6000, -0.8000])
# ```
#
# **要求。** 把所有梯度的所有数排成一个长长的列表 $g$。它的长度，也叫作它的范数，是
#
# $$\lVert g \rVert = \sqrt{g_1^2 + g_2^2 + g_3^2 + \dots}$$
#
# 如果它大于 `theta`，就把每个梯度乘以同一个系数 $\theta / \lVert g \rVert$。如果不大于，就让梯度保持原样。
#
# **注意。**
# - 所有参数合起来只有一个范数，而不是每个参数各有一个。
# - `params` 可能是列表，也可能是*生成器*，`model.parameters()` 就是：它只能遍历一次。
# - 参数的梯度可能是 `None`。请跳过这样的参数。总有某个参数是有梯度的。
# - 范数可能等于 `theta`，也可能是 0。
# - 你自己为了累加而创建的张量，必须在同一个设备上：`torch.zeros((), device=device)`。检查会看这一点。
#
# **允许。** 什么都可以。PyTorch
# 也有这个函数，[`nn.utils.clip_grad_norm_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html)。用它可以得满分，但如果你先自己写出来再作比较，会学到更多。
#
# *难度 3（共 5 级），大约 20 分钟。评分时还会再运行 3 项检查。* 卡住了？`grader hint grad_clipping` 会给出提示。


# %%
def grad_clipping(params, theta, device):
    """用同一个系数原地缩放所有梯度，使它们合起来的范数不超过 theta。

    params：任意形状的参数（列表或生成器）。theta：一个数。device：梯度所在的设
    备。
    """
    # 在这里写你的代码。
    raise NotImplementedError("grad_clipping is not written yet")


# %% [markdown]
# ## 练习 2：`sgd_step`
#
# 写一个函数，让所有参数逆着各自的梯度走一步。
#
# 这就是*随机梯度下降*（stochastic gradient descent，简称 SGD）：说它随机，是因为每一步只看一个批量的样本。
#
# **形状。** `params` 给出任意形状的参数：列表或生成器。每个参数有一个与它形状相同的梯度。`lr` 是学习率。`batch_size`
# 是算出梯度所用的样本数。函数返回什么都没有关系：要改变的是参数本身。
#
# **例子。** 4 个样本的总和的梯度是 8，它们的平均值的梯度是 2。
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0]))
# >>> weight.grad = torch.tensor([8.0])
# >>> sgd_step([weight], lr=0.1, batch_size=4)
# >>> weight
# Parameter containing:
# tensor([0.8000], requires_grad=True)
# ```
#
# **要求。** 给定的梯度来自在批量上**加起来**的损失，而这一步应该按照**平均值**来走。所以，对每个参数 $w$、它的梯度 $g$
# 和批量大小 $n$：
#
# $$w \leftarrow w - lr \cdot \frac{g}{n}$$
#
# **注意。**
# - 这一步不记录：之后每个参数仍然是需要梯度的叶子张量。像第 2 课那样，使用 `torch.no_grad`，不要用
#   `.data`。（这里没有检查会看这一点。）
# - 参数原地改变。给旧的名字一个新的张量，在函数之外什么也不会改变。
# - 梯度之后怎样都没有关系。可以在这一步之后清除它们，也可以留在那里。
#
# **允许。** 什么都可以。PyTorch 也有这一步，即
# [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html)；在这里你将看到它里面是什么。
#
# *难度 2（共 5 级），大约 10 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint sgd_step` 会给出提示。


# %%
def sgd_step(params, lr, batch_size):
    """做一步随机梯度下降，原地进行，不记录。

    params：任意形状的参数，每个都有在批量上求和的梯度（列表或生成器）。lr：一个
    数。batch_size：批量中的样本数。
    """
    # 在这里写你的代码。
    raise NotImplementedError("sgd_step is not written yet")


# %% [markdown]
# ## 练习 3：`train_step`
#
# 写一个函数，用任意的优化器走一个训练步，并返回损失。
#
# 每一种优化器都以自己的方式移动参数。练习 2 的 SGD 是最简单的一种。
#
# **形状。** `X` 是 `(n, ...)`：一个有 n 个样本的批量。`y` 是模型本应给出的内容。`loss_fn(output, y)`
# 给出损失，是单个数：在批量上的**平均值**。函数把这个数作为 Python 的 float 返回。
#
# **例子。** 梯度是 4，被裁剪到 1，所以权重从 2 移动到 2 - 0.1 · 1。
# ```python
# >>> model = nn.Linear(1, 1, bias=False)
# >>> sgd = torch.optim.SGD([nn.init.constant_(model.weight, 2.0)], lr=0.1)
# >>> train_step(model, nn.MSELoss(), sgd, torch.ones(4, 1), torch.zeros(4, 1), theta=1.0)
# 4.0
# >>> model.weight
# Parameter containing:
# tensor([[1.9000]], requires_grad=True)
# ```
#
# **要求。** 依次发生五件事，顺序和这一课开头一样：
#
# | | 发生什么 |
# | --- | --- |
# | 1 | 清除之前的一步留下的梯度 |
# | 2 | 对 `X` 调用模型，由它的输出和 `y` 算出损失 |
# | 3 | 计算损失的梯度 |
# | 4 | 把模型所有参数的梯度裁剪到合起来的范数 `theta` |
# | 5 | 优化器移动参数 |
#
# **注意。**
# - 把第 2 步的损失作为普通的数返回。如果把损失作为张量保留，它的整个计算过程就会留在内存里。
# - 优化器可能会记住各步之间的一些东西。请使用传给你的那个。
# - 调用之后，裁剪过的梯度仍然在那里，供想看的人查看。
#
# **允许。** 什么都可以。第 4 行用你的 `grad_clipping`；在它通过检查之前，也可以用 `nn.utils.clip_grad_norm_`。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint train_step` 会给出提示。


# %%
def train_step(model, loss_fn, optimizer, X, y, theta):
    """走一个训练步，把损失作为 float 返回。

    X：(n, ...)，一个有 n 个样本的批量。y：模型对它们本应给出的内容。theta：允许
    的最大范数（合起来的）。
    """
    # 在这里写你的代码。
    raise NotImplementedError("train_step is not written yet")


# %% [markdown]
# ## 练习 4：`make_optimizer`
#
# 写一个函数，根据名字创建 PyTorch 的优化器。
#
# **形状。** `name` 是字符串。`params` 给出优化器要移动的参数，`lr` 是它的学习率。结果是 `torch.optim`
# 中的优化器，可以直接使用。
#
# **例子。**
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0, 2.0]))
# >>> type(make_optimizer("Adagrad", [weight], lr=0.1)).__name__
# 'Adagrad'
# ```
#
# **要求。** 共有五个名字，每个都是 `torch.optim` 中对应的类的名字：
#
# | 名字 | 怎样移动参数 |
# | --- | --- |
# | `"SGD"` | 逆着梯度，如练习 2 |
# | `"Adagrad"` | 在梯度一直较大的地方，步子较小 |
# | `"RMSprop"` | 在梯度最近较大的地方，步子较小 |
# | `"Adadelta"` | 像 RMSprop，同时也看自己最近的步子 |
# | `"Adam"` | 像 RMSprop，并带上最近几步的一部分方向 |
#
# 对任何其他名字，抛出 `ValueError`。它的消息列出全部五个名字。
#
# **注意。**
# - 除了学习率，一切都保持 PyTorch 的默认设置。所以 SGD 不带动量。
# - PyTorch 还有更多的优化器，例如 `AdamW`。它们不在这五个之中。
# - 错误要*抛出*，而不是返回，也不是打印。
#
# **允许。** 这道练习用的就是 [`torch.optim`](https://docs.pytorch.org/docs/stable/optim.html) 中的类。
#
# *难度 2（共 5 级），大约 10 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint make_optimizer` 会给出提示。


# %%
def make_optimizer(name, params, lr):
    """根据名字给出优化器，学习率如给定，其余都是 PyTorch 的默认设置。

    name："SGD"、"Adagrad"、"RMSprop"、"Adadelta" 或 "Adam"。params：它要移动的
    参数（列表或生成器）。lr：一个数。
    对任何其他名字，抛出列出这五个名字的 ValueError。
    """
    # 在这里写你的代码。
    raise NotImplementedError("make_optimizer is not written yet")


# %% [markdown]
# ## 练习 5：`train_epoch`
#
# 写一个函数，对加载器的每个批量走一个训练步，并返回平均损失和准确率。
#
# 把所有样本走一遍，叫作一个*轮次*（epoch）。*加载器*（loader）把样本切成批量：对它做 for 循环，就会依次得到一对对
# `(X, y)`。PyTorch 的加载器叫作
# [`DataLoader`](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader)。这里的模型用来区分*类别*。它对每个样本的每个类别给出一个*分数*，它的猜测就是分数最高的类别。*准确率*是猜对的样本所占的比例。
#
# **形状。** `X` 是 `(n, ...)`，`y` 是 `(n,)`：正确类别的编号，从 0 开始。对 c 个类别，模型给出
# `(n, c)`。`loss_fn(output, y)` 是批量中 n 个样本的**平均值**。结果是由两个 Python 的 float
# 组成的元组：先是损失，然后是准确率，从 0.0 到 1.0。
#
# **例子。**
# 三个样本，一个批量有两个，另一个批量有一个。[`nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
# 是区分类别时常用的损失。它直接接收模型给出的分数 `(n, c)` 和正确类别的编号 `(n,)`。第 4 课会解释它怎样使用它们。
# ```python
# >>> X, y = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 0.0]]), torch.tensor([0, 1, 1])
# >>> model = nn.Linear(2, 2)
# >>> sgd = torch.optim.SGD([nn.init.eye_(model.weight), nn.init.zeros_(model.bias)], lr=0.1)
# >>> loader = DataLoader(TensorDataset(X, y), batch_size=2)
# >>> loss, accuracy = train_epoch(model, loader, nn.CrossEntropyLoss(), sgd, theta=1.0)
# >>> print(round(loss, 4), round(accuracy, 4))
# 1.1809 0.6667
# ```
#
# **要求。** 用 [模型的方法
# `train`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.train)
# 把模型设为训练模式。然后对每个批量走练习 3 的五步。两个结果都取自模型在第 2
# 步给出的输出，即移动之前的输出。设所有批量共有 $N$ 个样本，批量 $b$ 有 $n_b$ 个，$L_b$ 是它的损失，$r_b$
# 是它猜对的个数：
#
# $$\mathrm{loss} = \frac{1}{N} \sum_b n_b L_b \qquad \mathrm{accuracy} = \frac{1}{N} \sum_b r_b$$
#
# **注意。**
# - 最后一个批量可能比其他批量小。所以，样本的平均值并不是批量的平均值。
# - 有些层在模型学习时以另一种方式工作。训练模式会告诉它们，而一开始训练模式可能是关闭的。
# - 优化器会记住各个轮次之间的一些东西。请使用传给你的那个。
# - 请累加普通的数。`len(loader.dataset)` 就是 $N$；也可以自己数样本。
#
# **允许。** 什么都可以。轮次的损失和准确率来自同样的输出，所以请把那五行写出来：`train_step` 只给出损失。
#
# *难度 4（共 5 级），大约 20 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint train_epoch` 会给出提示。


# %%
def train_epoch(model, loader, loss_fn, optimizer, theta):
    """训练一个轮次，返回样本的平均损失和准确率，两者都是 float。

    loader：给出批量 (X, y)，X：(n, ...)，y：(n,)，int64。loss_fn：
    loss_fn(output, y) 是在一个批量上的平均值。theta：梯度允许的最大范数（合起来
    的）。
    返回：(loss, accuracy)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("train_epoch is not written yet")


# %% [markdown]
# ## 练习 6：`evaluate`
#
# 写一个函数，说明模型有多好：它在加载器的所有批量上的准确率，不做任何训练。
#
# **形状。** `loader` 给出批量 `(X, y)`，`X` 的形状是 `(n, ...)`，`y` 的形状是
# `(n,)`。模型对每个类别给出一个分数，`(n, c)`。结果是一个 Python 的 float，从 0.0 到 1.0。
#
# **例子。** 三个样本，其中两个正确。
# ```python
# >>> model = nn.Identity()  # gives back what it is given
# >>> scores = torch.tensor([[1.0, 5.0], [4.0, -1.0], [0.0, 3.0]])
# >>> loader = DataLoader(TensorDataset(scores, torch.tensor([1, 0, 0])), batch_size=2)
# >>> round(evaluate(model, loader), 4)
# 0.6667
# ```
#
# **要求。** 用 [模型的方法
# `eval`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval)
# 打开评估模式，在这个模式下，数出最高分属于正确类别的样本：
#
# $$\mathrm{accuracy} = \frac{\text{number of samples with a right guess, in all batches}}{\text{number of samples}}$$
#
# **注意。**
# - 之后，模型要处于传给你时的模式：训练模式或评估模式。
# - 这里什么也不学，所以不需要为 `backward` 记录任何东西。这样节省时间和内存。之后 PyTorch 必须重新开始记录。
# - 其他什么都不能改变：模型的参数不能，已有的梯度也不能。
# - 最后一个批量可能比其他批量小。
#
# **允许。** 什么都可以。第 2 课的 `torch.no_grad` 在这里也有用。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行 2 项检查。* 卡住了？`grader hint evaluate` 会给出提示。


# %%
def evaluate(model, loader):
    """模型的准确率，在评估模式下求出，不用梯度；之后恢复原来的模式。

    loader：给出批量 (X, y)，X：(n, ...)，y：(n,)，int64。
    返回：一个 Python 的 float。
    """
    # 在这里写你的代码。
    raise NotImplementedError("evaluate is not written yet")


# %% [markdown]
# ## 下一步
#
# [第 4 课，Softmax](../softmax/softmax.ipynb)：区分类别的损失怎样使用分数。
