# %% [markdown] lang="en"
# # Gradients: what backward leaves behind
#
# A gradient says how much a number grows when the numbers it was computed from grow a little. PyTorch works it out for
# you, but it leaves things behind while it does so. In this lesson you find out what, and how to clear it away.
#
# - [`x.requires_grad_()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.requires_grad_.html) tells
#   PyTorch to watch the tensor `x`. A watched tensor that was not computed from others is called a *leaf*.
# - From then on PyTorch records every step that is computed from `x`. The record is called the *graph*. It is the link
#   between tensors that lesson 1 spoke of.
# - [`y.backward()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html) goes through the graph,
#   from the single number `y` back to the leaves. It *adds* the gradient of `y` to the
#   [`.grad`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.grad.html) of each leaf, which is `None` at
#   first. Then it frees what the graph has kept.
# - [`x.detach()`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.detach.html) gives a tensor with the same
#   numbers and without the link: nothing that is computed from it reaches `x`.
#
# ```python
# >>> x = torch.tensor([1.0, 2.0, 3.0]).requires_grad_()
# >>> y = (x**2).sum()
# >>> y.backward()
# >>> x.grad
# tensor([2., 4., 6.])
# ```
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check gradients` in a terminal. You may check as often as you like.

# %%
import torch
from torch import nn

# %% [markdown]
# ## Exercise 1: `gradient_of`
#
# Write a function that returns the gradient of `f` at `x` and leaves no trace in `x`.
#
# **Shapes.** `x` has any shape. `f` is a function; `f(x)` is a tensor with a single number and no axes, such as a mean or
# a sum. The result has the shape and the dtype of `x`.
#
# **Example.**
# ```python
# >>> x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
# >>> gradient_of(torch.mean, x)
# tensor([[0.2500, 0.2500],
#         [0.2500, 0.2500]])
# >>> print(x.requires_grad, x.grad)
# False None
# ```
#
# **Specification.** Each entry of the result says how fast $f$ grows with the entry of $x$ in the same place:
#
# $$G_{i,j,\dots} = \frac{\partial f(x)}{\partial x_{i,j,\dots}}$$
#
# **Beware.**
# - `x` may be a plain tensor. It may also be a leaf that requires gradients, and even have an old one in `x.grad`.
# - After the call all of this is as it was before: the numbers in `x`, `x.requires_grad` and `x.grad`.
# - Only a leaf gets a `.grad`. What is computed from a leaf, as by `*` or `.to`, is not a leaf.
#
# **Allowed.** Any of PyTorch's ways to a gradient: `backward`,
# [`torch.autograd.grad`](https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html) or
# [`torch.func.grad`](https://docs.pytorch.org/docs/stable/generated/torch.func.grad.html).
#
# *Difficulty 2 of 5, about 12 minutes. One more check runs when it is graded.* Stuck? `grader hint gradient_of` gives a
# hint.


# %%
def gradient_of(f, x):
    """The gradient of a function at x, as a new tensor; x itself stays as it
    is.

    f: takes a tensor like x and gives a single number, (). x: any shape.
    Returns: the shape and dtype of x.
    """
    # Your code here.
    raise NotImplementedError("gradient_of is not written yet")


# %% [markdown]
# ## Exercise 2: `gradients_in_turn`
#
# Write a function that returns the gradient of each of several functions at the same leaf, each on its own.
#
# **Predict first.** `x` is a 2×3 tensor of ones that requires gradients. What does `x.grad` hold after
# `x.mean().backward()`? And what does it hold if `x.sum().backward()` comes next, with nothing in between? Write both
# down before you read on.
#
# <details><summary>Compare</summary>
#
# First 1/6 everywhere: each of the six numbers counts for a sixth of the mean. Then 7/6, because `backward` adds the 1
# of the sum to the 1/6 that is there.
#
# </details>
#
# **Shapes.** `x` is a leaf that requires gradients, of any shape. `fs` is a list of functions; each gives a single
# number. The result is a list with one tensor for each function, in the same order, each with the shape of `x`.
#
# **Example.** The gradient of the mean is 1/6 everywhere, and that of the sum is 1 everywhere.
# ```python
# >>> x = torch.ones(2, 3).requires_grad_()
# >>> gradients_in_turn([torch.mean, torch.sum], x)
# [tensor([[0.1667, 0.1667, 0.1667],
#         [0.1667, 0.1667, 0.1667]]), tensor([[1., 1., 1.],
#         [1., 1., 1.]])]
# ```
#
# ![What x.grad holds, in two rows. After the mean: 1/6 everywhere. With zeroing in between, the sum leaves 1 everywhere;
# without it, 7/6, which is wrong.](../../img/Gradients-1.png)
#
# **Specification.** Tensor number $k$ of the result is the gradient of `fs[k]` alone:
#
# $$G^{(k)} = \frac{\partial f_k(x)}{\partial x}$$
#
# **Beware.**
# - `backward` adds to what is in `x.grad`. Even before the first function there may be an old gradient in it.
# - After `a = x.grad`, both names stand for the same tensor. What changes one of them in place changes the other.
# - The numbers in `x` stay as they are, and `x` still requires gradients. What is left in `x.grad` does not matter.
#
# **Allowed.** Any of PyTorch's ways to a gradient, as in exercise 1. The clearing is what you practice here.
#
# *Difficulty 2 of 5, about 12 minutes. One more check runs when it is graded.* Stuck? `grader hint gradients_in_turn`
# gives a hint.


# %%
def gradients_in_turn(fs, x):
    """The gradient of each function at the leaf x, each on its own.

    fs: a list of functions that take x and give a single number, (). x: a leaf
    that requires gradients, any shape.
    Returns: a list of tensors, each of the shape of x.
    """
    # Your code here.
    raise NotImplementedError("gradients_in_turn is not written yet")


# %% [markdown]
# ## Exercise 3: `accumulated_gradient`
#
# Write a function that works out the gradient for many samples, one small batch of them at a time.
#
# A *batch* is a group of samples. A *loss* is a number that says how wrong some guesses are. When all samples together
# do not fit into memory, the gradient is gathered batch by batch. Here the adding up of `backward` is welcome.
#
# **Shapes.** `w` is a leaf of shape `(d,)` that requires gradients. `batches` is a list of pairs `(X, y)`, with `X` of
# shape `(n, d)` and `y` of shape `(n,)`; `n` may differ from pair to pair. `loss(w, X, y)` is the **mean** loss over the
# `n` samples of a pair, a single number. The result has the shape of `w`.
#
# **Example.** Two batches, of one sample and of three.
# ```python
# >>> w = torch.tensor([0.0]).requires_grad_()
# >>> batches = [(torch.ones(1, 1), torch.tensor([4.0])), (torch.ones(3, 1), torch.tensor([0.0, 0.0, 0.0]))]
# >>> accumulated_gradient(batches, lambda w, X, y: ((X @ w - y) ** 2).mean(), w)
# tensor([-2.])
# ```
#
# **Specification.** The gradient of the mean loss over all samples of all batches. With $N$ samples altogether, $n_b$ of
# them in batch $b$, and $L_b$ the loss of that batch:
#
# $$G = \frac{\partial}{\partial w} \sum_b \frac{n_b}{N} L_b$$
#
# **Beware.**
# - Give `loss` no more samples at once than a batch holds: joining the batches is what the memory is too small for.
# - `w.grad` may hold an old gradient, which must not count. What is left in it afterwards does not matter.
# - The graph of a loss can be gone through once. After that `backward` has freed it.
#
# **Allowed.** Any of PyTorch's ways to a gradient. PyTorch has no function that goes through the batches for you.
#
# *Difficulty 3 of 5, about 15 minutes. One more check runs when it is graded.* Stuck?
# `grader hint accumulated_gradient` gives a hint.


# %%
def accumulated_gradient(batches, loss, w):
    """The gradient of the mean loss over all samples, gathered batch by batch.

    batches: a list of pairs (X, y), X: (n, d), y: (n,), where n may differ.
    loss: loss(w, X, y) is the mean over n samples. w: (d,), a leaf that
    requires gradients.
    Returns: (d,).
    """
    # Your code here.
    raise NotImplementedError("accumulated_gradient is not written yet")


# %% [markdown]
# ## Exercise 4: `zero_gradients`
#
# Write a function that clears the gradients of some parameters.
#
# A *parameter* is a leaf that belongs to a model. PyTorch has a class for it,
# [`nn.Parameter`](https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html).
#
# **Shapes.** `params` gives parameters of any shapes. What the function returns does not matter: the parameters' `.grad`
# is what changes.
#
# **Example.**
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0, 2.0]))
# >>> (weight**2).sum().backward()
# >>> zero_gradients([weight])
# >>> print(weight.grad)
# None
# ```
#
# **Specification.** Afterwards the `.grad` of every parameter is `None`, or a tensor full of zeros. Either will do.
#
# **Beware.**
# - A parameter may have no gradient: its `.grad` is `None`. That may stay so.
# - `params` may be a list. It may also be a *generator*, which can be gone through only once and has no length.
# - After an accident a gradient may hold `nan` (not a number) or `inf` (infinity). These have to go as well, but zero
#   times `nan` still is `nan`.
# - The parameters themselves stay as they are. A graph that was recorded before still works, and gives new gradients.
#
# **Allowed.** Anything. PyTorch's optimizers, which lesson 3 is about, can do this too, by
# [`zero_grad`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html). A short loop is
# all it takes.
#
# *Difficulty 1 of 5, about 6 minutes. One more check runs when it is graded.* Stuck? `grader hint zero_gradients` gives
# a hint.


# %%
def zero_gradients(params):
    """Set the gradient of every parameter to None or to zero.

    params: parameters of any shapes, with or without a gradient
    (a list or a generator).
    """
    # Your code here.
    raise NotImplementedError("zero_gradients is not written yet")


# %% [markdown]
# ## Exercise 5: `numeric_gradient`
#
# Write a function that finds the gradient of `f` at `x` without `backward`: by trying out small steps.
#
# This is slow and not quite exact, but it shows whether a gradient from elsewhere can be trusted.
#
# **Shapes.** `x` has any shape, none of its sizes is 0, and it does not require gradients. `f` gives a single number. `h`
# is the width of a step, a number greater than 0. The result has the shape of `x` and the dtype `torch.float64`.
#
# **Example.** The exact gradient is 3, 12, 27.
# ```python
# >>> x = torch.tensor([1.0, 2.0, 3.0])
# >>> numeric_gradient(lambda x: (x**3).sum(), x, 0.1)
# tensor([ 3.0100, 12.0100, 27.0100], dtype=torch.float64)
# ```
#
# **Specification.** For each entry of `x`, take a step up and a step down with that entry alone (*central* differences).
# With $e$ a tensor that is 1 in the place of this entry and 0 everywhere else:
#
# $$G_{i,j,\dots} = \frac{f(x + h \cdot e) - f(x - h \cdot e)}{2 h}$$
#
# **Beware.**
# - The two values of $f$ are nearly the same, so their difference has few digits left. Compute in `torch.float64`, from
#   the start: it keeps about 16 digits, `torch.float32` only 7.
# - Leave `x` as it is. When `x` is in `torch.float64` already, `x.double()` is not a copy but `x` itself.
# - `x` may have one axis, several, or none.
#
# **Allowed.** Everything but gradients that PyTorch finds for you. They are exact, and the formula is not: the checks
# see the difference. And PyTorch does not find the right gradient of every `f`.
#
# *Difficulty 4 of 5, about 20 minutes. One more check runs when it is graded.* Stuck? `grader hint numeric_gradient`
# gives a hint.


# %%
def numeric_gradient(f, x, h):
    """The gradient of a function at x by central differences of width h, in
    float64.

    f: takes a tensor like x, in float64, and gives a single number, (). x: any
    shape.
    Returns: the shape of x, float64.
    """
    # Your code here.
    raise NotImplementedError("numeric_gradient is not written yet")


# %% [markdown]
# ## Exercise 6: `detached_update`
#
# Write a function that moves a leaf one step against its gradient, in place and without a record of the step.
#
# This is how a model learns: it follows the gradient of its loss downhill.
#
# **Shapes.** `w` is a leaf that requires gradients, of any shape, and `w.grad` holds a gradient of the same shape. `lr`
# is a number, the *learning rate*. What the function returns does not matter: `w` itself changes.
#
# **Example.**
# ```python
# >>> w = torch.tensor([1.0, 2.0]).requires_grad_()
# >>> (w**2).sum().backward()
# >>> detached_update(w, 0.1)
# >>> w
# tensor([0.8000, 1.6000], requires_grad=True)
# ```
#
# **Specification.** With $g$ the gradient in `w.grad`:
#
# $$w \leftarrow w - lr \cdot g$$
#
# **Beware.**
# - PyTorch refuses to change a leaf in place as long as it records. Afterwards it has to record again.
# - Afterwards `w` is still a leaf that requires gradients, and `w.grad` holds the same gradient as before.
# - Do it without `.data`. PyTorch counts the changes of a tensor, so that `backward` through a graph from before the
#   change stops with an error. A change through `.data` is not counted, and `backward` gives wrong gradients in
#   silence. The check goes through such a graph and looks for the error.
#
# **Allowed.** Anything but a step by `.data`: a graph from before does not notice it, and the checks look whether it
# does. [`torch.no_grad`](https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html) is made for this. The
# optimizers of lesson 3 take such a step too; here two lines do.
#
# *Difficulty 2 of 5, about 8 minutes. One more check runs when it is graded.* Stuck? `grader hint detached_update`
# gives a hint.


# %%
def detached_update(w, lr):
    """Take one step of gradient descent, in place, unrecorded and without
    `.data`.

    w: a leaf that requires gradients, with a gradient in w.grad, any shape. lr:
    a number.
    """
    # Your code here.
    raise NotImplementedError("detached_update is not written yet")


# %% [markdown]
# ## Next
#
# [Lesson 3, Training](../training/training.ipynb): from one step downhill to a model that learns.
