# %% [markdown] lang="en"
# # Batch normalization: keeping numbers in range
#
# What comes out of a layer may be large or small, and this changes while the layers before it learn. That makes it hard
# for the next layer to learn anything. *Batch normalization* stands between the two. It shifts and stretches each
# feature, so that over the batch its mean is 0 and its spread is 1.
#
# In this lesson you write it as a function, then as a layer that remembers what it has seen. You build a whole network
# with it. At the end, when the network has learned, you make it disappear again.
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check batch_norm` in a terminal. You may check as often as you like.

# %%
import torch
from torch import nn

# %% [markdown]
# ## Exercise 1: `batch_norm`
#
# Write a function that normalizes each feature of a batch, and says what to remember of the batch.
#
# ![Three histograms, over the same axis, of one feature in a batch of 512 samples. Before: mean 6.0, std 2.5.
# Normalized: mean 0, std 1. Times gamma = 2 and plus beta = -3: mean -3, std 2. The lopsided shape stays the same; only
# its place and its width change.](../../img/BatchNorm-1.png)
#
# In the end each feature is multiplied by its `gamma`, and its `beta` is added. Both are learned, so the network can still
# choose the range that suits it.
#
# **Shapes.** `X` is `(n, c)`: n samples with c features each. Or it is `(n, c, h, w)`: n pictures with c channels each,
# and a channel counts as one feature. `gamma`, `beta`, `running_mean` and `running_var` are `(c,)`: a number for each
# feature. Return three tensors: `Y`, shaped like `X`, then the new `running_mean` and the new `running_var`, `(c,)` each.
#
# **Example.**
# ```python
# >>> X = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
# >>> ones, zeros = torch.ones(2), torch.zeros(2)
# >>> batch_norm(X, ones, zeros, zeros, ones, training=True, momentum=0.1, eps=1e-5)
# (tensor([[-1.0000, -1.0000],
#         [ 1.0000,  1.0000]]), tensor([0.2000, 2.0000]), tensor([ 1.1000, 20.9000]))
# ```
#
# **Specification.** Take one feature at a time. Let $x_1, \dots, x_N$ be all its numbers: one for each sample or, in
# pictures, one for each pixel of each picture. Their mean $m$ and their variance $v$ are
#
# $$m = \frac{1}{N} \sum_i x_i \qquad\qquad v = \frac{1}{N} \sum_i (x_i - m)^2$$
#
# When `training` is true, each number $x_i$ becomes
#
# $$y_i = \gamma \cdot \frac{x_i - m}{\sqrt{v + \mathrm{eps}}} + \beta$$
#
# and each running statistic is replaced by a mixture of the old one and what the batch adds:
#
# $$(1 - \mathrm{momentum}) \cdot \mathrm{running\_mean} + \mathrm{momentum} \cdot m$$
# $$(1 - \mathrm{momentum}) \cdot \mathrm{running\_var} + \mathrm{momentum} \cdot \frac{N}{N - 1} \, v$$
#
# When `training` is false, `running_mean` and `running_var` take the places of $m$ and $v$ in $y_i$, and come back as they
# are.
#
# **Beware.**
# - There are two variances. The one to normalize with is divided by $N$. The one that goes into `running_var` is divided
#   by $N - 1$, as the last formula says. PyTorch does the same. While training, $N$ is at least 2.
# - `momentum` weighs the new value, not the old one.
# - $m$ and $v$ depend on `X`, so the gradient of `Y` flows through them too. But what is remembered carries no graph: cut
#   it off with `detach`.
# - Leave all inputs as they are. The new statistics are new tensors.
#
# **Not allowed.** PyTorch's own normalization, such as
# [`nn.functional.batch_norm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html),
# `nn.BatchNorm1d` or `nn.BatchNorm2d`: here you write it yourself. The check looks at what your code runs, so do not
# leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Everything else, such as [`mean`](https://docs.pytorch.org/docs/stable/generated/torch.mean.html) and
# [`var`](https://docs.pytorch.org/docs/stable/generated/torch.var.html).
#
# *Difficulty 4 of 5, about 30 minutes. 3 more checks run when it is graded.* Stuck? `grader hint batch_norm` gives a
# hint.


# %%
def batch_norm(X, gamma, beta, running_mean, running_var, training, momentum, eps):
    """Normalize each feature, or each channel, and update the running
    statistics.

    X: (n, c) or (n, c, h, w). gamma, beta, running_mean, running_var: (c,).
    training: whether to use the batch's own mean and variance.
    Returns: Y, shaped like X, and the new running_mean and running_var, (c,).
    """
    # Your code here.
    raise NotImplementedError("batch_norm is not written yet")


# %% [markdown]
# ## Exercise 2: `BatchNorm`
#
# Write a layer that owns gamma, beta and the running statistics, and uses `batch_norm` with them.
#
# **Shapes.** `num_features` is c, the number of features or channels. `num_dims` is the number of axes of `X`: 2 for rows
# `(n, c)`, 4 for pictures `(n, c, h, w)`. The result is shaped like `X`.
#
# **Example.**
# ```python
# >>> layer = BatchNorm(num_features=1, num_dims=2)
# >>> layer(torch.tensor([[1.0], [3.0]])).detach()
# tensor([[-1.0000],
#         [ 1.0000]])
# >>> layer.running_mean
# tensor([0.2000])
# ```
#
# **Specification.** The layer owns four tensors of shape `(c,)`. They have the names that PyTorch's own layers give them:
#
# | name | what it is | at the start |
# | --- | --- | --- |
# | `weight` | gamma, a parameter | all ones |
# | `bias` | beta, a parameter | all zeros |
# | `running_mean` | a buffer | all zeros |
# | `running_var` | a buffer | all ones |
#
# A *buffer* is a tensor that belongs to a layer but is not learned. Like a parameter it is saved with the model, and
# moves with it to a GPU. You make one in `__init__` by [`self.register_buffer("name",
# tensor)`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_buffer); from
# then on it is `self.name`. PyTorch's layers have one more, `num_batches_tracked`; yours may have it too.
#
# Take 0.1 for the momentum and 0.00001 for eps. In training mode, each call normalizes with the batch and puts the new
# running statistics in the place of the old ones. In evaluation mode, a call normalizes with them and leaves them alone.
#
# **Beware.**
# - `model.train()` and `model.eval()` set `self.training`. This alone says which mode it is.
# - When `X` has another number of axes than `num_dims`, raise a `ValueError`.
#
# **Not allowed.** PyTorch's own normalization, such as `nn.functional.batch_norm`, `nn.BatchNorm1d` or
# `nn.BatchNorm2d`: here you write it yourself. The check looks at what your code runs, so do not leave PyTorch by
# `.tolist()` or NumPy.
#
# **Allowed.** Your own `batch_norm`, and everything else.
#
# *Difficulty 3 of 5, about 20 minutes. 3 more checks run when it is graded.* Stuck? `grader hint BatchNorm` gives a
# hint.


# %%
class BatchNorm(nn.Module):
    """Batch normalization as a layer.

    num_features: c. num_dims: 2 for X of shape (n, c), 4 for X of shape
    (n, c, h, w).
    """

    def __init__(self, num_features, num_dims):
        super().__init__()
        # Your code here.
        raise NotImplementedError("BatchNorm is not written yet")

    def forward(self, X):
        """X: (n, c) or (n, c, h, w).
        Returns: the same shape.
        Raises ValueError for another number of axes.
        """
        # Your code here.
        raise NotImplementedError("BatchNorm is not written yet")


# %% [markdown]
# ## Exercise 3: `lenet_with_batch_norm`
#
# Write a function that builds a network for pictures of digits, with batch normalization after every layer that learns
# but the last.
#
# The network is LeNet, which read the amounts on bank checks in the 1990s.
#
# **Shapes.** The function takes nothing and returns a new `nn.Sequential`. A batch of gray pictures, `(n, 1, 28, 28)`,
# goes in. Logits come out, `(n, 10)`: a score for each digit.
#
# **Example.**
# ```python
# >>> model = lenet_with_batch_norm()
# >>> model(torch.zeros(2, 1, 28, 28)).shape
# torch.Size([2, 10])
# ```
#
# **Specification.** The layers, from the first to the last. "Normalize, sigmoid" are two layers: batch normalization, then
# `nn.Sigmoid`.
#
# | layers | the shape that comes out |
# | --- | --- |
# | convolution to 6 channels, kernel 5×5; normalize, sigmoid | `(n, 6, 24, 24)` |
# | average pooling, 2×2, stride 2 | `(n, 6, 12, 12)` |
# | convolution to 16 channels, kernel 5×5; normalize, sigmoid | `(n, 16, 8, 8)` |
# | average pooling, 2×2, stride 2 | `(n, 16, 4, 4)` |
# | flatten | `(n, 256)` |
# | linear; normalize, sigmoid | `(n, 120)` |
# | linear; normalize, sigmoid | `(n, 84)` |
# | linear | `(n, 10)` |
#
# **Beware.**
# - The convolutions have no padding.
# - [`nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html) takes pictures and
#   [`nn.BatchNorm1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html) takes rows.
# - PyTorch draws the first weights of a layer at random when the layer is made. The check sets the seed and expects the
#   same numbers. So make the layers in the order of the table, as PyTorch makes them, and set no seed yourself.
#
# **Allowed.** All of PyTorch's layers, such as
# [`nn.Sequential`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sequential.html),
# [`nn.AvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html) and
# [`nn.Sigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html). You may also use your own
# `BatchNorm` and the functions of earlier lessons.
#
# *Difficulty 2 of 5, about 15 minutes. One more check runs when it is graded.* Stuck?
# `grader hint lenet_with_batch_norm` gives a hint.


# %%
def lenet_with_batch_norm():
    """A new LeNet with batch normalization: (n, 1, 28, 28) in, logits (n, 10)
    out.
    """
    # Your code here.
    raise NotImplementedError("lenet_with_batch_norm is not written yet")


# %% [markdown]
# ## Exercise 4: `fold_batch_norm`
#
# Write a function that makes one convolution out of a convolution and the batch normalization behind it.
#
# In evaluation mode the running statistics stand still. Then batch normalization only multiplies each channel by a number
# and adds a number to it. A convolution can do that itself, with other weights and another bias.
#
# **Shapes.** `conv` is an `nn.Conv2d` from ci to co channels, so its `weight` is `(co, ci, kh, kw)`. Its `bias` is `(co,)`,
# or `None`. `bn` is an `nn.BatchNorm2d` over co channels; it knows its `eps` as `bn.eps`. Return a new `nn.Conv2d`.
#
# **Example.**
# ```python
# >>> conv, bn = nn.Conv2d(1, 1, 1).eval(), nn.BatchNorm2d(1).eval()
# >>> values = nn.init.constant_(conv.weight, 6.0), nn.init.constant_(conv.bias, 2.0), bn.running_var.fill_(9.0)
# >>> dict(fold_batch_norm(conv, bn).state_dict())
# {'weight': tensor([[[[2.0000]]]]), 'bias': tensor([0.6667])}
# ```
#
# **Specification.** For every batch of pictures `X`, with both layers in evaluation mode:
#
# $$\mathrm{fold\_batch\_norm}(\mathrm{conv}, \mathrm{bn})(X) = \mathrm{bn}(\mathrm{conv}(X))$$
#
# **Beware.**
# - The new layer has the kernel size, the stride and the padding of `conv`. It always has a bias.
# - `conv` and `bn` stay as they are, and share no tensor with the new layer.
#
# **Allowed.** Anything. PyTorch has this function too,
# [`nn.utils.fusion.fuse_conv_bn_eval`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.fusion.fuse_conv_bn_eval.html).
# It earns full marks, but you learn more if you work out the two formulas yourself first, and compare.
#
# *Difficulty 3 of 5, about 20 minutes. One more check runs when it is graded.* Stuck? `grader hint fold_batch_norm`
# gives a hint.


# %%
def fold_batch_norm(conv, bn):
    """One convolution that does what conv and then bn do in evaluation mode.

    conv: an nn.Conv2d with co output channels. bn: an nn.BatchNorm2d over co
    channels.
    Returns: a new nn.Conv2d.
    """
    # Your code here.
    raise NotImplementedError("fold_batch_norm is not written yet")


# %% [markdown]
# ## Next
#
# [Lesson 7, LeNet](../lenet/lenet.ipynb): the network of this lesson learns to read digits.
