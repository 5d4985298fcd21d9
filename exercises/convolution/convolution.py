# %% [markdown] lang="en"
# # Convolution: channels, 1×1, flatten
#
# A convolutional layer looks at a picture through a small window, the *kernel*, and moves it over the whole picture. In
# this lesson you write that layer yourself: first for one gray picture, then for several channels, then for the special
# kernel that is one pixel large. Then you flatten the result, so that a linear layer can read it. At the end you find
# out what a convolutional layer and a linear layer have in common, and how large the result of a layer is.
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check convolution` in a terminal. You may check as often as you like.

# %%
import torch
from torch import nn

# %% [markdown]
# ## Exercise 1: `corr2d`
#
# Write a function that slides the kernel `K` over the image `X` and returns one number for every place where it fits.
#
# ![A kernel of shape (2, 2) on an image of shape (3, 4), at two of its six places. At the upper left it covers the
# numbers 1, 3, 0, 2. Each is multiplied by the kernel's number in the same place. The sum is 5: row 0, column 0 of the
# result. At the lower right it covers 1, 4, 3, 0. The sum is 18: row 1, column 2 of the result, whose shape is (2,
# 3).](../../img/Convolution-1.png)
#
# **Shapes.** `X` is `(h, w)` and `K` is `(kh, kw)`, never larger than the image. The result is
# `(h - kh + 1, w - kw + 1)`.
#
# **Example.**
# ```python
# >>> image = torch.tensor([[0.0, 1.0, 4.0], [2.0, 3.0, 5.0]])
# >>> kernel = torch.tensor([[1.0, 0.0], [0.0, 10.0]])
# >>> corr2d(image, kernel)
# tensor([[30., 51.]])
# ```
#
# **Specification.** At each place, multiply the kernel with the part of the image under it, entry by entry, and add up:
#
# $$Y_{i,j} = \sum_{a=0}^{kh-1} \; \sum_{b=0}^{kw-1} X_{i+a,\;j+b} \cdot K_{a,b}$$
#
# **Beware.** The kernel is used as it stands: it is not flipped. Image and kernel need not be square, and the kernel
# may be as large as the image. Leave `X` as it is. Gradients have to flow back to `X` and `K`, so keep to operations on
# tensors.
#
# **Not allowed.** PyTorch's own convolution, such as
# [`nn.functional.conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html) or
# `nn.Conv2d`: here you write it yourself. The check looks at what your code runs, so do not leave PyTorch by
# `.tolist()` or NumPy.
#
# **Allowed.** Everything else: two loops are fine, and so are `unfold`, matrix products or a Fourier transform.
#
# *Difficulty 2 of 5, about 15 minutes. One more check runs when it is graded.* Stuck? `grader hint corr2d` gives a
# hint.


# %%
def corr2d(X, K):
    """Cross-correlation of an image with a kernel.

    X: (h, w). K: (kh, kw), with kh <= h and kw <= w.
    Returns: (h - kh + 1, w - kw + 1).
    """
    # Your code here.
    raise NotImplementedError("corr2d is not written yet")


# %% [markdown]
# ## Exercise 2: `corr2d_multi_in`
#
# Write a function that slides one kernel over an image with several channels.
#
# A color picture has three channels: red, green and blue. The kernel then has three layers as well, one for each
# channel.
#
# **Shapes.** `X` is `(ci, h, w)` and `K` is `(ci, kh, kw)`, where `ci` is the number of input channels. The result is a
# single map, `(h - kh + 1, w - kw + 1)`.
#
# **Example.**
# ```python
# >>> image = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
# >>> kernel = torch.tensor([[[10.0]], [[100.0]]])
# >>> corr2d_multi_in(image, kernel)
# tensor([[310., 420.]])
# ```
#
# **Specification.** Every channel meets its own layer of the kernel, and the results are added (a sum, not a mean):
#
# $$Y = \sum_{c} \mathrm{corr2d}(X_c, K_c)$$
#
# **Beware.** There may be one channel or many.
#
# **Not allowed.** PyTorch's own convolution, such as `nn.functional.conv2d` or `nn.Conv2d`: here you write it yourself.
# The check looks at what your code runs, so do not leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Your own `corr2d`, and everything else.
#
# *Difficulty 2 of 5, about 8 minutes. One more check runs when it is graded.* Stuck? `grader hint corr2d_multi_in`
# gives a hint.


# %%
def corr2d_multi_in(X, K):
    """Cross-correlation with several input channels.

    X: (ci, h, w). K: (ci, kh, kw). Returns: (h - kh + 1, w - kw + 1).
    """
    # Your code here.
    raise NotImplementedError("corr2d_multi_in is not written yet")


# %% [markdown]
# ## Exercise 3: `corr2d_multi_in_out`
#
# Write a function that applies several kernels to the same image and returns one map for each of them.
#
# ![An image of 2 channels meets 2 kernels. Each kernel has a layer for each channel of the image. The layers of kernel
# 0 slide over one channel each; the two maps are added, which gives the single map 0 of the result. In the same way,
# the layers of kernel 1 give map 1. These maps are the channels of the result, of shape (2, 2,
# 2).](../../img/Convolution-2.png)
#
# **Shapes.** `X` is `(ci, h, w)` and `K` is `(co, ci, kh, kw)`, where `co` is the number of kernels. The result is
# `(co, h - kh + 1, w - kw + 1)`: the maps are the channels of a new image.
#
# **Example.**
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
# **Specification.** Channel number $o$ of the result comes from kernel number $o$ alone:
#
# $$Y_o = \mathrm{corr2d\_multi\_in}(X, K_o)$$
#
# **Beware.** There may be one kernel, two, or any other number. The new axis comes first.
#
# **Not allowed.** PyTorch's own convolution, such as `nn.functional.conv2d` or `nn.Conv2d`: here you write it yourself.
# The check looks at what your code runs, so do not leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Your own functions, `torch.stack`, and everything else.
#
# *Difficulty 2 of 5, about 8 minutes. One more check runs when it is graded.* Stuck? `grader hint corr2d_multi_in_out`
# gives a hint.


# %%
def corr2d_multi_in_out(X, K):
    """Cross-correlation with several input and output channels.

    X: (ci, h, w). K: (co, ci, kh, kw). Returns: (co, h - kh + 1, w - kw + 1).
    """
    # Your code here.
    raise NotImplementedError("corr2d_multi_in_out is not written yet")


# %% [markdown]
# ## Exercise 4: `corr2d_multi_in_out_1x1`
#
# Write the same function for kernels that are one pixel large, with one matrix product in place of the loops.
#
# A 1×1 kernel never looks at a neighbor. At every pixel it only mixes the channels, and it mixes them in the same way
# everywhere.
#
# ![A 1×1 convolution as a matrix product. An image of 3 channels with 2×4 pixels is reshaped to a matrix of 3 rows, one
# per channel, and 8 columns, one per pixel. The 2×3 kernel matrix times that matrix gives 2 rows, one per output
# channel, and 8 columns, which are reshaped to an image of 2 channels with 2×4 pixels. One pixel is framed throughout:
# its column of three numbers becomes a column of two, and no other pixel takes part.](../../img/Convolution-3.png)
#
# **Shapes.** `X` is `(ci, h, w)` and `K` is `(co, ci, 1, 1)`. The result is an image again, `(co, h, w)`.
#
# **Example.**
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
# **Specification.** The same numbers as `corr2d_multi_in_out`, at every pixel $(i, j)$:
#
# $$Y_{o,i,j} = \sum_{c} K_{o,c,0,0} \cdot X_{c,i,j}$$
#
# **Beware.** Write no loop over pixels or channels. `reshape` keeps the order of the numbers. Make sure that each row
# of your matrices is what you think it is.
#
# **Not allowed.** PyTorch's own convolution, and loops. The check looks at what your code runs, so do not leave PyTorch
# by `.tolist()` or NumPy.
#
# **Allowed.** Everything else, such as `@`.
#
# *Difficulty 3 of 5, about 15 minutes. One more check runs when it is graded.* Stuck?
# `grader hint corr2d_multi_in_out_1x1` gives a hint.


# %%
def corr2d_multi_in_out_1x1(X, K):
    """Cross-correlation with 1×1 kernels, as one matrix product.

    X: (ci, h, w). K: (co, ci, 1, 1). Returns: (co, h, w).
    """
    # Your code here.
    raise NotImplementedError("corr2d_multi_in_out_1x1 is not written yet")


# %% [markdown]
# ## Exercise 5: `FlattenLayer`
#
# Write a layer that turns each sample of a batch into one row of numbers.
#
# **Shapes.** `X` is `(batch, ...)`, with any number of axes after the first. The result is `(batch, product)`, where
# `product` is all the other sizes multiplied.
#
# **Example.**
# ```python
# >>> batch = torch.tensor([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]])
# >>> layer = FlattenLayer()
# >>> layer(batch)
# tensor([[1., 2., 3., 4.],
#         [5., 6., 7., 8.]])
# ```
#
# **Specification.** Row $n$ of the result holds the numbers of sample $n$, in their old order. For pictures of 16
# channels with 4×4 pixels a row has `16 * 4 * 4 = 256` numbers.
#
# **Beware.** A batch of one sample is still a batch. A batch whose samples are rows already stays as it is. The layer
# has nothing to learn, so it needs no parameters.
#
# **Allowed.** Anything. PyTorch has this layer too,
# [`nn.Flatten`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html). It earns full marks, and so does
# one line of your own.
#
# *Difficulty 1 of 5, about 5 minutes. One more check runs when it is graded.* Stuck? `grader hint FlattenLayer` gives a
# hint.


# %%
class FlattenLayer(nn.Module):
    """A layer that keeps the batch and puts all other axes into one."""

    def forward(self, X):
        """X: (batch, ...). Returns: (batch, product of the other sizes)."""
        # Your code here.
        raise NotImplementedError("FlattenLayer is not written yet")


# %% [markdown]
# ## A 1×1 convolution beside a fully connected layer
#
# In a *fully connected layer* each output is joined to each input. `nn.Linear` is one, when it reads all numbers of a
# flattened picture. A 1×1 convolution is a linear layer too, but a small one, which reads the channels of a single
# pixel. The same one is used at every pixel.
#
# ![Two layers on the same image of 2 channels and 4 pixels, with one output for each pixel. Left, a 1×1 convolution:
# each output is joined to the two numbers of its own pixel, and all pixels use the same two weights, drawn as a solid
# and a dashed line. It has 3 parameters, for 2×2 pixels and for 28×28 pixels alike. Right, a fully connected layer
# after flattening: each of the 4 outputs is joined to all 8 numbers, by 32 lines with a weight of their own each. It
# has 36 parameters for 2×2 pixels, and 1,230,096 for 28×28 pixels.](../../img/Convolution-4.png)
#
# | | 1×1 convolution | flatten, then fully connected |
# | --- | --- | --- |
# | one output sees | the channels of its own pixel | all channels of all pixels |
# | the weights | are shared: the same at every pixel | are not: one for each input and output |
# | the bias | one number for each output channel | one number for each output |
# | image sizes | any | a single one |
# | parameters, 2 channels to 1, 2×2 pixels | 2 + 1 = 3 | 8 · 4 + 4 = 36 |
# | parameters, 2 channels to 1, 28×28 pixels | 2 + 1 = 3 | 1568 · 784 + 784 = 1,230,096 |
#
# In general, from `ci` to `co` channels with `p` pixels, the convolution has `co · ci + co` parameters, and the fully
# connected layer has `(co · p) · (ci · p) + co · p`. With a single pixel they are the same layer. You can count the
# parameters yourself:
#
# ```python
# >>> sum(param.numel() for param in nn.Conv2d(2, 1, kernel_size=1).parameters())
# 3
# >>> sum(param.numel() for param in nn.Linear(2 * 2 * 2, 1 * 2 * 2).parameters())
# 36
# ```

# %% [markdown]
# ## Exercise 6: `conv1x1_as_linear`
#
# Write a function that gives the output of a 1×1 convolutional layer, by a linear layer that reads the channels of each
# pixel.
#
# [`nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html) is PyTorch's own convolutional
# layer. It takes a batch of images, and it knows two things that your
# functions do not. Its *bias* is one number for each output channel, added at every pixel. Its *stride* says by how many
# pixels the kernel moves at a time: with a stride of 2 it meets every second pixel only, beginning with the first.
#
# **Shapes.** `conv` is an `nn.Conv2d` with `kernel_size=1` and without padding. Its `conv.weight` is `(co, ci, 1, 1)`, its
# `conv.bias` is `(co,)`, or `None` if it has no bias, and its `conv.stride` is a pair of numbers `(sh, sw)`: down and
# across. `x` is `(n, ci, h, w)`. The result is `(n, co, oh, ow)`, for the `oh` rows and `ow` columns that are met.
#
# **Example.**
# ```python
# >>> conv = nn.Conv2d(2, 1, kernel_size=1, stride=(1, 2))
# >>> conv.weight = nn.Parameter(torch.tensor([[[[1.0]], [[10.0]]]]))
# >>> conv.bias = nn.Parameter(torch.tensor([0.5]))
# >>> batch = torch.tensor([[[[0.0, 1.0, 2.0]], [[3.0, 4.0, 5.0]]]])
# >>> conv1x1_as_linear(conv, batch).tolist()
# [[[[30.5, 52.5]]]]
# ```
#
# **Specification.** The same numbers as `conv(x)`. For sample $m$, output channel $o$ and place $(i, j)$:
#
# $$Y_{m,o,i,j} = b_o + \sum_{c} W_{o,c,0,0} \cdot x_{m,\,c,\;i \cdot sh,\;j \cdot sw}$$
#
# That is a linear layer with `ci` inputs and `co` outputs, the same one at every pixel.
#
# **Beware.**
# - Write no loop over samples, pixels or channels.
# - Use the layer's own parameters, not copies: gradients have to flow back to them and to `x`. Change none of them.
# - `sh` and `sw` may differ, and need not divide `h` and `w`.
#
# **Not allowed.** PyTorch's own convolution, so do not call `conv` itself. The check looks at what your code runs, so
# do not leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Everything else, such as
# [`nn.functional.linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html), which
# applies a linear layer to the last axis.
#
# *Difficulty 4 of 5, about 20 minutes. One more check runs when it is graded.* Stuck? `grader hint conv1x1_as_linear`
# gives a hint.


# %%
def conv1x1_as_linear(conv, x):
    """The output of a 1×1 convolutional layer, by a linear layer over the
    channels.

    conv: an nn.Conv2d with kernel_size=1. x: (n, ci, h, w).
    Returns: (n, co, oh, ow), the same as conv(x).
    """
    # Your code here.
    raise NotImplementedError("conv1x1_as_linear is not written yet")


# %% [markdown]
# ## Exercise 7: `conv_output_size`
#
# Write a function that works out how many places a kernel finds along one side of an image.
#
# **Predict first.** A side is 7 pixels long, and the kernel is 3 pixels long. How many places does it find with a
# stride of 1? With a stride of 2? With a stride of 2 and one zero at each end? Make a drawing, and write the three
# numbers down before you write code.
#
# <details><summary>Compare</summary>
#
# 5, then 3, then 4.
#
# </details>
#
# **Shapes.** Four whole numbers go in. `n` is the length of the side, `kernel` that of the kernel, `stride` says by how
# many pixels the kernel moves at a time, and `padding` how many zeros are put at *each* end of the side. One whole number,
# a Python `int`, comes out.
#
# **Example.** These are the first four layers of the network that you will train in lesson 7.
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
# The last of them has 16 channels. So flattening leaves `16 * 4 * 4` numbers for each picture.
#
# **Specification.** The kernel starts at the left end, the zeros included, and moves on by `stride` as long as the whole
# of it fits. Count its places. For `n = 6`, `kernel = 3`, `stride = 2` and `padding = 1` there are 3:
# ```text
# 0 x x x x x x 0
# k k k
#     k k k
#         k k k
# ```
#
# **Beware.** What is left at the right end may be too short for one more place, as it is here: then it does not count.
# The kernel is never longer than the side with its zeros. Both sides of an image are worked out alike, each on its own.
#
# **Not allowed.** Building a layer and looking at what comes out of it. Having PyTorch cut the side into windows, as
# `unfold` or `torch.stft` do, and NumPy are not allowed either. The check looks at what your code runs.
#
# **Allowed.** Plain numbers are enough.
#
# *Difficulty 2 of 5, about 10 minutes. One more check runs when it is graded.* Stuck? `grader hint conv_output_size`
# gives a hint.


# %%
def conv_output_size(n, kernel, stride, padding):
    """The number of places of a kernel along one side of an image.

    n, kernel, stride, padding: whole numbers, with kernel <= n + 2 * padding.
    Returns: an int.
    """
    # Your code here.
    raise NotImplementedError("conv_output_size is not written yet")


# %% [markdown]
# ## Next
#
# [Lesson 6, Batch normalization](../batch_norm/batch_norm.ipynb): a layer that keeps the numbers between other layers
# in range.
