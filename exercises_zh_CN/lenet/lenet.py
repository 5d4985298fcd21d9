# %% [markdown] lang="zh-CN"
# # LeNet：完整的网络
#
# 在这一课里，一个网络学习认读数字。它的所有部分你之前都写过：网络在第 6 课，训练它的一步在第 3 课，损失在第 4
# 课。现在把它们组合起来。你把图片交给它，看它学习，再问它从未见过的图片。
#
# 这些图片是灰度的，28 乘 28 像素，从 0（黑）到 1（白）。它们是许多种字体的数字 0 到
# 9，经过旋转、弯曲和模糊。图片分成两组。*训练图片*用来学习。*测试图片*单独放着：它们说明网络是真的理解了所看到的，还是只是死记硬背。
#
# 请填写每个函数并检查它：在 notebook 里，运行它的单元格和下面的检查；用 `.py` 文件时，在终端里运行
# `grader check lenet`。检查多少次都可以。

# %%
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# 下面三个函数来自前几课，已经写好。运行这个单元格，之后随意使用它们。


# %%
def train_step(model, loss_fn, optimizer, X, y, theta):
    """走一个训练步，把梯度裁剪到合起来的范数 theta，并把损失作为 float 返回。
    """
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), theta)
    optimizer.step()
    return loss.item()


@torch.no_grad()
def evaluate(model, loader):
    """模型的准确率，是一个 float，在评估模式下求出，不用梯度；之后恢复原来的模
    式。
    """
    was_training = model.training
    model.train(False)
    right = sum((model(X).argmax(1) == y).sum().item() for X, y in loader)
    model.train(was_training)
    return right / len(loader.dataset)


def lenet_with_batch_norm():
    """一个带批量归一化的新 LeNet：输入 (n, 1, 28, 28)，输出 logits (n, 10)。"""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(16 * 4 * 4, 120), nn.BatchNorm1d(120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.BatchNorm1d(84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )  # fmt: skip


# %% [markdown]
# ## 练习 1：`make_loaders`
#
# 写一个函数，创建两个加载器：一个打乱训练样本，另一个让测试样本保持顺序。
#
# 样本常常是排好序的：先全是零，再全是一。网络如果有一阵子只看到零，就会忘记所有其他数字。所以在每个轮次之前，要像洗牌一样把训练样本*打乱*（shuffle）。
#
# **形状。** `dataset` 是一对数据集 `(train, test)`。两者都是数据集，例如
# `TensorDataset`：它有长度，并且一个一个地给出样本 `(x, y)`。`batch_size` 和 `seed` 是整数。结果是一对加载器
# `(train_loader, test_loader)`。
#
# **例子。** 五个样本，在这里两者都用它们。
# ```python
# >>> samples = TensorDataset(torch.arange(5.0), torch.arange(5))
# >>> train_loader, test_loader = make_loaders((samples, samples), batch_size=2, seed=0)
# >>> [y.tolist() for X, y in train_loader]
# [[3, 1], [0, 4], [2]]
# >>> [y.tolist() for X, y in test_loader]
# [[0, 1], [2, 3], [4]]
# ```
#
# **要求。**
#
# | | `train_loader` | `test_loader` |
# | --- | --- | --- |
# | 样本 | `train` 的样本，每个轮次各一次 | `test` 的样本，每个轮次各一次 |
# | 顺序 | 随机，每个轮次都不同 | 总是 `test` 的顺序 |
# | 批量 | 各有 `batch_size` 个样本；最后一个是剩下的 | 相同 |
#
# **注意。**
# - 同样的 `seed` 在每个轮次都必须给出同样的顺序，不同的 `seed`
#   给出不同的顺序。不管之前或中间在别处抽取了什么随机数，都不能改变这一点。
# -
#   所以加载器需要自己的随机数来源。[`torch.Generator()`](https://docs.pytorch.org/docs/stable/generated/torch.Generator.html)
#   创建一个来源，它的方法 `manual_seed` 设定它从哪里开始。
# - 最后一个批量虽然较小，也要保留。
#
# **允许。** 这道练习用的就是你在第 3 课认识的 PyTorch 的 `DataLoader`。
#
# *难度 2（共 5 级），大约 15 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint make_loaders` 会给出提示。


# %%
def make_loaders(dataset, batch_size, seed):
    """两个加载器：训练样本每个轮次重新打乱，测试样本保持顺序。

    dataset：一对数据集 (train, test)。seed：训练样本的顺序只取决于它。
    返回：(train_loader, test_loader)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("make_loaders is not written yet")


# %% [markdown]
# ## 练习 2：`fit`
#
# 写一个函数，把模型训练几个轮次，并在每个轮次之后说明它进展如何。
#
# ![两张图，横轴是练习 4 的网络的四个轮次，前三个轮次的学习率是 1.0，最后一个是 0.1。左边，训练图片上的损失一直下降，从
# 1.17 到 0.09。右边，实线：每个轮次之后在测试图片上测得的准确率，有升有降：0.667、0.748、0.565，然后是
# 0.990。虚线：权重相同，但重新求出批量归一化的移动统计量，准确率只升不降：0.840、0.896、0.915、0.990。](../../img/LeNet-1-zh_CN.png)
#
# `fit` 返回的就是两条实线。准确率为什么会下跌，虚线又说明什么，练习 4 会讲到。
#
# **形状。** `model` 对每个类别给出一个 logit，`(n, c)`。`loaders` 是一对加载器 `(train_loader, test_loader)`，给出批量
# `(X, y)`；`y` 是 `(n,)`，即正确类别的编号。`optimizer` 移动模型的参数。结果是一对列表
# `(losses, accuracies)`，在两个列表中，每个轮次都有一个 Python 的 float。
#
# **例子。** 三个样本，两个加载器用的是同样的样本。
# ```python
# >>> X, y = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0]]), torch.tensor([0, 1, 1])
# >>> loader, model = DataLoader(TensorDataset(X, y), batch_size=2), nn.Linear(2, 2)
# >>> sgd = torch.optim.SGD([nn.init.eye_(model.weight), nn.init.zeros_(model.bias)], lr=0.2)
# >>> losses, accuracies = fit(model, (loader, loader), sgd, epochs=3, theta=1.0)
# >>> [round(loss, 3) for loss in losses], [round(accuracy, 3) for accuracy in accuracies]
# ([0.873, 0.665, 0.529], [0.667, 0.667, 1.0])
# ```
#
# **要求。** 每个轮次分成两半。
# 1. 在模型的训练模式下，对 `train_loader` 的每个批量走一步。损失是 `nn.CrossEntropyLoss()`，梯度裁剪到合起来的范数
#    `theta`。轮次的损失是**它的所有样本的平均值**，每个样本都取它所在批量走这一步之前的损失。
# 2. 在评估模式下，不做任何训练，求出在 `test_loader` 的批量上的准确率。
#
# **注意。**
# - 最后一个批量可能比其他批量小。所以，样本的平均值并不是批量的平均值。
# - 不从测试样本中学习任何东西，只是看一看它们。
# - 从第一个轮次到最后一个轮次，都使用传给你的模型和优化器：两者都会记住一些东西。
# - 一开始，模型可能处于任何一种模式。最后处于哪种模式没有关系。
#
# **允许。** 什么都可以，例如上面的函数和 `nn.CrossEntropyLoss`。
#
# *难度 4（共 5 级），大约 25 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint fit` 会给出提示。


# %%
def fit(model, loaders, optimizer, epochs, theta):
    """训练一个模型，并返回它的历史：每个轮次的损失和准确率。

    loaders：(train_loader, test_loader)，给出批量 (X, y)，X：(n, ...)，y：(n,)，
    int64。theta：梯度允许的最大范数（合起来的）。
    返回：(losses, accuracies)，两个列表，每个轮次一个 float。
    """
    # 在这里写你的代码。
    raise NotImplementedError("fit is not written yet")


# %% [markdown]
# ## 练习 3：`classify`
#
# 写一个函数，问模型一些图片里是什么，以及它有多大把握。
#
# ![练习 4 的网络认不出的所有测试图片：1000 张中的 10 张。每张下面是它的数字、网络的猜测和这个猜测的概率。四张是 0 或
# 6，中间有一个点或一笔，被当成了 8；两张是几乎封口的 9，被当成了
# 0；其他的很淡、很细或者是斜的。](../../img/LeNet-2-zh_CN.png)
#
# **形状。** `images` 是 `(n, ...)`：n 张图片。模型对每个类别给出一个 logit，`(n, c)`。结果是一对张量
# `(classes, probabilities)`。两者都是 `(n,)`：`classes` 里是整数（int64），`probabilities` 里是 0 到 1 的数。
#
# **例子。**
# ```python
# >>> model = nn.Identity()  # gives back what it is given
# >>> logits = torch.tensor([[0.0, 2.0, 0.0], [1.0, 0.5, -1.0]])
# >>> classes, probabilities = classify(model, logits)
# >>> classes, probabilities
# (tensor([1, 0]), tensor([0.7870, 0.5741]))
# ```
#
# **要求。** 在模型的评估模式下，图片的类别是 logit 最高的那个。它的概率是这张图片的 logits $z_1, \dots, z_c$ 的 softmax
# 对它给出的值：
#
# $$\mathrm{probability} = \frac{e^{z_{\mathrm{class}}}}{e^{z_1} + \dots + e^{z_c}}$$
#
# **注意。**
# - 之后，模型要处于传给你时的模式：训练模式或评估模式。
# - 这里什么也不学，所以不为 `backward` 记录任何东西。之后 PyTorch 必须重新开始记录。
# - 模型的参数、它们的梯度和图片都不能改变。
#
# **允许。** 什么都可以。你在第 4 课写过 softmax；在这里可以用 `torch.softmax`。
#
# *难度 3（共 5 级），大约 15 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint classify` 会给出提示。


# %%
def classify(model, images):
    """每张图片的类别和它的概率，在评估模式下求出，不用梯度；之后恢复原来的模
    式。

    images：(n, ...)。
    返回：(classes, probabilities)，int64 和浮点数，都是 (n,)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("classify is not written yet")


# %% [markdown]
# ## 练习 4：`train_lenet`
#
# 写一个函数，搭建一个 LeNet，训练它，并返回它。用 6,000 张图片和三个轮次，它必须认出 100 张从未给它看过的图片中的 **94
# 张**。
#
# ![上面：训练好的网络的第一个卷积的六个卷积核，每个画成 5 乘 5 个方块，远小于 0 的数是黑色，0 是灰色，远大于 0
# 的数是白色。下面：一张数字 5
# 的图片，以及各个卷积核由它得到的六张图片。有些在笔画的上边缘或下边缘发亮，另一些在左边缘或右边缘发亮。](../../img/LeNet-3-zh_CN.png)
#
# **形状。** `dataset` 是一对数据集 `(train, test)`，其中的样本是一张图片 `(1, 28, 28)`
# 和它的类别的编号。结果是一个三元组 `(model, losses, accuracies)`：训练好的网络和它的历史，每个轮次一个数。
#
# **例子。** 十张噪声图片，放在一个批量里：连它们也能背下来。
# ```python
# >>> images = torch.rand(10, 1, 28, 28, generator=torch.Generator().manual_seed(0))
# >>> noise = TensorDataset(images, torch.arange(10))
# >>> model, losses, accuracies = train_lenet((noise, noise), epochs=3, seed=0)
# >>> [round(loss, 1) for loss in losses]
# [2.3, 1.7, 1.3, 1.1]
# ```
#
# **要求。**
# 1. 把 PyTorch 的随机数的种子设为 `seed`。紧接着，搭建一个新的 `lenet_with_batch_norm()`。
# 2. 创建批量大小为 **64** 的加载器，使用同样的 `seed`。
# 3. 用学习率为 **1.0** 的 SGD 训练 `epochs` 个轮次。
# 4. 用学习率为 **0.1** 的 SGD **再训练一个**轮次。
# 5. 在这两步中，都把梯度裁剪到合起来的范数 **1.0**。
#
# 为什么最后要走小步？请看练习 2
# 的图：损失一直下降，但准确率有升有降。这主要是批量归一化造成的。在评估模式下，它使用*移动*统计量，而这些统计量是滞后的：每个批量只占十分之一，而在此期间，大步子已经改变了权重。用同样的权重和重新求出的统计量（虚线），准确率更高，而且只升不降。在最后一个轮次，步子很小。权重几乎不动，移动统计量就赶上来了，两条线会合在一起。
#
# **注意。**
# - 历史贯穿第 3 步和第 4 步：共有 `epochs + 1` 个损失，准确率也一样多。
# - 每次调用都从头训练自己的网络。用同样的种子调用两次，得到同样的数。
# - 请把图片原样交给网络。检查问你的网络时，用的是 0 到 1 的图片，也是原样的。它会把你的网络的权重放进它自己的
#   `lenet_with_batch_norm()`，再问后者。
# - 测试图片只用来求准确率。
# - 检查会用排好序的图片训练你的网络。这需要几秒钟，最多可以用 60 秒。
#
# **允许。** 什么都可以，例如你上面的函数和
# `torch.optim.SGD`。[`torch.manual_seed`](https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html) 设置
# PyTorch 的随机数的种子。
#
# *难度 4（共 5 级），大约 25 分钟。评分时还会再运行一项检查。* 卡住了？`grader hint train_lenet` 会给出提示。


# %%
def train_lenet(dataset, epochs, seed):
    """一个新的 LeNet，先用大步子训练几个轮次，再用小步子训练一个轮次，以及它的
    历史。

    dataset：一对数据集 (train, test)，其中是图片 (1, 28, 28) 和它们的类别。seed：
    用于网络最初的权重和训练图片的顺序。
    返回：(model, losses, accuracies)。
    """
    # 在这里写你的代码。
    raise NotImplementedError("train_lenet is not written yet")


# %% [markdown]
# ## 自己看一看
#
# 当所有检查都通过之后，把这几行复制到一个新的单元格里运行。第一次要用这些图片时，会在你的计算机上把它们画出来，这需要一会儿；之后它们会保存下来。
#
# ```python
# from grader.lesson.pictures import digits
#
# train, test = TensorDataset(*digits(6000, seed=1)), TensorDataset(*digits(1000, seed=2))
# model, losses, accuracies = train_lenet((train, test), epochs=3, seed=1)
# print(losses, accuracies)
#
# images, labels = test.tensors
# classes, probabilities = classify(model, images)
# print(labels[classes != labels], classes[classes != labels], probabilities[classes != labels])
# ```
#
# 它把哪些数字当成了哪些别的数字？出错时，它有多大把握？如果不打乱、不裁剪，或者没有最后一个轮次，会怎样？提交之前请删去这个单元格：给你的文件评分时，一个单元格运行五秒之后就会被停止。
#
# ## 更多图片：Fashion-MNIST
#
# *Fashion-MNIST* 有 70,000
# 张衣物的照片，大小相同，分成十个类别。它不是这门课程的一部分，这里也不会下载它。如果你的某个文件夹（比如
# `data`）下面的 `FashionMNIST/raw` 里有它的文件，请用它试试你的函数：
#
# ```python
# from grader.lesson.pictures import fashion_mnist
#
# train, test = fashion_mnist("data")
# model, losses, accuracies = train_lenet((train, test), epochs=3, seed=1)
# ```
#
# 在这里，一个轮次的时间是原来的十倍，因为图片是原来的十倍。而且衣物比数字更难区分。


# %% [markdown]
# ## 结束
#
# 这是最后一课。还有哪些练习没有做完？在终端里运行 `grader list` 就知道了。
