# %% [markdown] lang="en"
# # LeNet: all of it
#
# In this lesson a network learns to read digits. You have built all its parts before: the network in lesson 6, the step
# that trains it in lesson 3, the loss in lesson 4. Now you put them together. You feed it pictures, watch it learn, and
# ask it about pictures that it has never seen.
#
# The pictures are gray, 28 by 28 pixels, from 0 (black) to 1 (white). They show the digits 0 to 9 in many typefaces,
# turned, bent and blurred. There are two sets of them. The *training pictures* are there to learn from. The *test
# pictures* are kept apart: they tell whether the network has understood what it was shown, or only learned it by heart.
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check lenet` in a terminal. You may check as often as you like.

# %%
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# These three functions are those of earlier lessons, finished. Run the cell, and use them below as you like.


# %%
def train_step(model, loss_fn, optimizer, X, y, theta):
    """Take one training step, with the gradients clipped to the joint norm
    theta, and return the loss as a float.
    """
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), theta)
    optimizer.step()
    return loss.item()


@torch.no_grad()
def evaluate(model, loader):
    """The accuracy of a model, as a float, in evaluation mode and without
    gradients; the mode is put back afterwards.
    """
    was_training = model.training
    model.train(False)
    right = sum((model(X).argmax(1) == y).sum().item() for X, y in loader)
    model.train(was_training)
    return right / len(loader.dataset)


def lenet_with_batch_norm():
    """A new LeNet with batch normalization: (n, 1, 28, 28) in, logits (n, 10)
    out.
    """
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.Sigmoid(), nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(16 * 4 * 4, 120), nn.BatchNorm1d(120), nn.Sigmoid(),
        nn.Linear(120, 84), nn.BatchNorm1d(84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )  # fmt: skip


# %% [markdown]
# ## Exercise 1: `make_loaders`
#
# Write a function that makes two loaders: one that mixes the training samples, and one that keeps the test samples in
# order.
#
# Samples often come sorted: first all zeros, then all ones. A network that sees nothing but zeros for a while forgets all
# other digits. So the training samples are *shuffled*, as a pack of cards is, before every epoch.
#
# **Shapes.** `dataset` is a pair, `(train, test)`. Each of the two is a dataset, such as a `TensorDataset`: it has a
# length, and gives its samples one by one as `(x, y)`. `batch_size` and `seed` are whole numbers. The result is a pair of
# loaders, `(train_loader, test_loader)`.
#
# **Example.** Five samples, which are used for both here.
# ```python
# >>> samples = TensorDataset(torch.arange(5.0), torch.arange(5))
# >>> train_loader, test_loader = make_loaders((samples, samples), batch_size=2, seed=0)
# >>> [y.tolist() for X, y in train_loader]
# [[3, 1], [0, 4], [2]]
# >>> [y.tolist() for X, y in test_loader]
# [[0, 1], [2, 3], [4]]
# ```
#
# **Specification.**
#
# | | `train_loader` | `test_loader` |
# | --- | --- | --- |
# | samples | those of `train`, each once an epoch | those of `test`, each once an epoch |
# | order | a random one, another one each epoch | that of `test`, always |
# | batches | `batch_size` samples each; the last one has what is left | the same |
#
# **Beware.**
# - The same `seed` has to give the same orders, epoch by epoch, and another `seed` other ones. No random number that is
#   drawn elsewhere, before or in between, may change that.
# - So the loader needs a source of random numbers of its own.
#   [`torch.Generator()`](https://docs.pytorch.org/docs/stable/generated/torch.Generator.html) makes one, and its method
#   `manual_seed` sets where it begins.
# - The last batch is kept, although it is smaller.
#
# **Allowed.** PyTorch's `DataLoader`, which you know from lesson 3, is what this exercise is about.
#
# *Difficulty 2 of 5, about 15 minutes. One more check runs when it is graded.* Stuck? `grader hint make_loaders` gives
# a hint.


# %%
def make_loaders(dataset, batch_size, seed):
    """Two loaders: the training samples shuffled anew each epoch, and the test
    samples in their order.

    dataset: a pair of datasets, (train, test). seed: what the orders of the
    training samples depend on, and nothing else.
    Returns: (train_loader, test_loader).
    """
    # Your code here.
    raise NotImplementedError("make_loaders is not written yet")


# %% [markdown]
# ## Exercise 2: `fit`
#
# Write a function that trains a model for some epochs, and says after each one how far it has come.
#
# ![Two charts over the four epochs of the network of exercise 4, the first three with the learning rate 1.0, the last
# one with 0.1. Left, the loss on the training pictures falls all the time, from 1.17 to 0.09. Right, a solid line: the
# accuracy on the test pictures, measured after each epoch, goes up and down: 0.667, 0.748, 0.565, then 0.990. A dashed
# line: with the same weights, but with the running statistics of batch normalization taken afresh, it only rises:
# 0.840, 0.896, 0.915, 0.990.](../../img/LeNet-1.png)
#
# The solid lines are what `fit` returns. Exercise 4 says why the accuracy dips, and what the dashed line shows.
#
# **Shapes.** `model` gives a logit for each class, `(n, c)`. `loaders` is a pair, `(train_loader, test_loader)`, of loaders
# that give batches `(X, y)`; `y` is `(n,)`, the numbers of the right classes. `optimizer` moves the model's parameters.
# The result is a pair of lists, `(losses, accuracies)`, with one Python float for each epoch in either.
#
# **Example.** Three samples, the same for both loaders.
# ```python
# >>> X, y = torch.tensor([[2.0, 0.0], [0.0, 1.0], [3.0, 1.0]]), torch.tensor([0, 1, 1])
# >>> loader, model = DataLoader(TensorDataset(X, y), batch_size=2), nn.Linear(2, 2)
# >>> sgd = torch.optim.SGD([nn.init.eye_(model.weight), nn.init.zeros_(model.bias)], lr=0.2)
# >>> losses, accuracies = fit(model, (loader, loader), sgd, epochs=3, theta=1.0)
# >>> [round(loss, 3) for loss in losses], [round(accuracy, 3) for accuracy in accuracies]
# ([0.873, 0.665, 0.529], [0.667, 0.667, 1.0])
# ```
#
# **Specification.** Each epoch has two halves.
# 1. With the model in training mode, take one step for each batch of `train_loader`. The loss is `nn.CrossEntropyLoss()`,
#    and the gradients are clipped to the joint norm `theta`. The loss of the epoch is the **mean over its samples**, each
#    as it was before the step of its batch.
# 2. Find out the accuracy on the batches of `test_loader`, in evaluation mode and without any training.
#
# **Beware.**
# - The last batch may be smaller than the others. So the mean over the samples is not the mean over the batches.
# - Nothing is learned from the test samples. They are only looked at.
# - Use the model and the optimizer that you are given, from the first epoch to the last: both remember things.
# - The model may be in either mode when you begin. In which one you leave it does not matter.
#
# **Allowed.** Anything, such as the functions above and `nn.CrossEntropyLoss`.
#
# *Difficulty 4 of 5, about 25 minutes. One more check runs when it is graded.* Stuck? `grader hint fit` gives a hint.


# %%
def fit(model, loaders, optimizer, epochs, theta):
    """Train a model, and return its history: the loss and the accuracy of each
    epoch.

    loaders: (train_loader, test_loader), which give batches (X, y), X:
    (n, ...), y: (n,), int64. theta: the largest joint norm of the gradients
    allowed.
    Returns: (losses, accuracies), two lists with a float for each epoch.
    """
    # Your code here.
    raise NotImplementedError("fit is not written yet")


# %% [markdown]
# ## Exercise 3: `classify`
#
# Write a function that asks a model what some pictures show, and how sure it is.
#
# ![All the test pictures that the network of exercise 4 does not read: ten of 1000. Below each stand its digit, the
# guess of the network, and the probability of the guess. Four are a 0 or a 6 with a dot or a stroke in the middle,
# taken for an 8; two are a 9 that is almost closed, taken for a 0; others are faint, thin or lean
# over.](../../img/LeNet-2.png)
#
# **Shapes.** `images` is `(n, ...)`: n pictures. The model gives a logit for each class, `(n, c)`. The result is a pair of
# tensors, `(classes, probabilities)`. Both are `(n,)`: `classes` holds whole numbers (int64), `probabilities` holds
# numbers from 0 to 1.
#
# **Example.**
# ```python
# >>> model = nn.Identity()  # gives back what it is given
# >>> logits = torch.tensor([[0.0, 2.0, 0.0], [1.0, 0.5, -1.0]])
# >>> classes, probabilities = classify(model, logits)
# >>> classes, probabilities
# (tensor([1, 0]), tensor([0.7870, 0.5741]))
# ```
#
# **Specification.** With the model in evaluation mode, the class of a picture is the one with the highest logit. Its
# probability is what the softmax of the logits $z_1, \dots, z_c$ of this picture gives for it:
#
# $$\mathrm{probability} = \frac{e^{z_{\mathrm{class}}}}{e^{z_1} + \dots + e^{z_c}}$$
#
# **Beware.**
# - Afterwards the model is in the mode in which you were given it: training mode or evaluation mode.
# - Nothing is learned here, so nothing is recorded for `backward`. Afterwards PyTorch has to record again.
# - Neither the model's parameters, nor their gradients, nor the pictures change.
#
# **Allowed.** Anything. You wrote the softmax in lesson 4; here you may use `torch.softmax`.
#
# *Difficulty 3 of 5, about 15 minutes. One more check runs when it is graded.* Stuck? `grader hint classify` gives a
# hint.


# %%
def classify(model, images):
    """The class of each picture and its probability, in evaluation mode and
    without gradients; the mode is put back.

    images: (n, ...).
    Returns: (classes, probabilities), int64 and floating, both (n,).
    """
    # Your code here.
    raise NotImplementedError("classify is not written yet")


# %% [markdown]
# ## Exercise 4: `train_lenet`
#
# Write a function that builds a LeNet, trains it, and returns it. With 6,000 pictures and three epochs it has to read
# **94 of 100** pictures that nobody has shown it.
#
# ![Above, the six kernels of the first convolution of the trained network, each as 5 by 5 squares, black for numbers
# far below 0, gray for 0, white for numbers far above it. Below, a picture of a 5, and the six pictures that the
# kernels make of it. Some light up at the upper or the lower edge of a stroke, others at its left or right
# edge.](../../img/LeNet-3.png)
#
# **Shapes.** `dataset` is a pair of datasets, `(train, test)`, whose samples are a picture `(1, 28, 28)` and the number of
# its class. The result is a triple, `(model, losses, accuracies)`: the trained network and its history, with a number for
# each epoch.
#
# **Example.** Ten pictures of noise, in one batch: even these can be learned by heart.
# ```python
# >>> images = torch.rand(10, 1, 28, 28, generator=torch.Generator().manual_seed(0))
# >>> noise = TensorDataset(images, torch.arange(10))
# >>> model, losses, accuracies = train_lenet((noise, noise), epochs=3, seed=0)
# >>> [round(loss, 1) for loss in losses]
# [2.3, 1.7, 1.3, 1.1]
# ```
#
# **Specification.**
# 1. Set the seed of PyTorch's random numbers to `seed`. Right after that, build a new `lenet_with_batch_norm()`.
# 2. Make loaders with batches of **64**, with the same `seed`.
# 3. Train for `epochs` epochs, by SGD with the learning rate **1.0**.
# 4. Train for **one more** epoch, by SGD with the learning rate **0.1**.
# 5. In both, clip the gradients to the joint norm **1.0**.
#
# Why the small steps at the end? Look at the figure of exercise 2: the loss falls all the time, but the accuracy goes
# up and down. Most of this comes from batch normalization. In evaluation mode it uses its *running* statistics, and
# these lag behind: each batch counts for only a tenth, and large steps have changed the weights in the meantime. With
# the same weights and fresh statistics, the dashed line, the accuracy is higher, and it only rises. In the last epoch
# the steps are small. The weights hardly move, the running statistics catch up, and the two lines meet.
#
# **Beware.**
# - The history goes on through steps 3 and 4: `epochs + 1` losses, and as many accuracies.
# - Every call trains a network of its own, from its beginning. Two calls with the same seed give the same numbers.
# - Feed the pictures as they are. The check asks your network about pictures from 0 to 1, as they are. It puts the
#   weights of your network into a `lenet_with_batch_norm()` of its own and asks that.
# - The test pictures are for the accuracies only.
# - The check trains your network on sorted pictures. It takes some seconds, and may take 60.
#
# **Allowed.** Anything, such as your functions above and `torch.optim.SGD`.
# [`torch.manual_seed`](https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html) sets the seed of
# PyTorch's random numbers.
#
# *Difficulty 4 of 5, about 25 minutes. One more check runs when it is graded.* Stuck? `grader hint train_lenet` gives a
# hint.


# %%
def train_lenet(dataset, epochs, seed):
    """A new LeNet, trained for some epochs in large steps and for one more in
    small ones, and its history.

    dataset: a pair of datasets, (train, test), of pictures (1, 28, 28) and
    their classes. seed: for the network's first weights and the orders of the
    training pictures.
    Returns: (model, losses, accuracies).
    """
    # Your code here.
    raise NotImplementedError("train_lenet is not written yet")


# %% [markdown]
# ## See for yourself
#
# When all checks pass, copy these lines into a new cell and run it. The pictures are drawn on your computer when you ask
# for them the first time, which takes a while; then they are kept.
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
# Which digits does it take for which others? How sure is it when it is wrong? And what happens without shuffling,
# without clipping, or without the last epoch? Delete the cell again before you submit: when your file is graded, a cell
# is stopped after five seconds.
#
# ## More pictures: Fashion-MNIST
#
# *Fashion-MNIST* holds 70,000 photographs of clothes, of the same size and in ten classes. It is not part of this
# course, and nothing here downloads it. If you have its files in a folder `FashionMNIST/raw` below a folder of yours,
# say `data`, try your functions on it:
#
# ```python
# from grader.lesson.pictures import fashion_mnist
#
# train, test = fashion_mnist("data")
# model, losses, accuracies = train_lenet((train, test), epochs=3, seed=1)
# ```
#
# An epoch takes ten times as long here, as there are ten times as many pictures. And clothes are harder to tell apart than
# digits.


# %% [markdown]
# ## The end
#
# This was the last lesson. Which exercises are still open? `grader list` in a terminal tells you.
