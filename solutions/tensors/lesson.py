# %% [markdown]
# # Tensors: shapes, products, joining
#
# A *tensor* is a table of numbers. It can be a row of numbers, a matrix, a stack of matrices, and so on.
# [`torch.tensor`](https://docs.pytorch.org/docs/stable/generated/torch.tensor.html) makes one out of lists of numbers.
# All of deep learning is done with tensors, and most mistakes in it are mistakes with their shapes. In this lesson you
# multiply tensors, join them, and learn to tell the shape of a result before you compute it.
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check tensors` in a terminal. You may check as often as you like.

# %%
import torch

# %% [markdown]
# ## Words that you need
#
# The *shape* of a tensor lists its sizes. A matrix with 2 rows and 3 columns has the shape `(2, 3)`. It has two *axes*:
# axis 0 counts the rows, axis 1 counts the columns. PyTorch calls the number of an axis `dim`. You can also count from
# the end: `dim=-1` is the last axis, `dim=-2` the one before it.
#
# A tensor keeps its numbers in one long line, row after row: first all of row 0, then all of row 1, and so on. This is
# called *row-major order*. [`reshape`](https://docs.pytorch.org/docs/stable/generated/torch.reshape.html) keeps this
# line as it is and only breaks it into rows at other places.
# [`.T`](https://docs.pytorch.org/docs/stable/tensors.html#torch.Tensor.T) is the *transpose*: rows become columns, and
# the order of the numbers changes. The results of the two have the same shape here, but not the same numbers in the
# same places:
# ```python
# >>> table = torch.tensor([[1, 2, 3], [4, 5, 6]])
# >>> table.shape
# >>> table.reshape(6)
# >>> table.reshape(3, 2)
# >>> table.T
# >>> table.T.reshape(6)
# ```
#
# Three rules hold in every exercise that returns a tensor.
# - Leave the tensors that you are given as they are, and return a new one.
# - The result has the type of the inputs: from whole numbers come whole numbers.
# - Work with tensors from start to end. PyTorch remembers which tensors a result was computed from. Numbers that you
#   take out (by `.item()`, `.tolist()` or NumPy) lose this link. Lesson 2 shows what it is good for. Until then: when a
#   check says that no *gradient* reaches an input, this link is lost.

# %% [markdown]
# ## Exercise 1: `matrix_product`
#
# Write a function that returns the matrix product of `X` and `Y`.
#
# **Shapes.** `X` is `(n, k)` and `Y` is `(k, m)`. The result is `(n, m)`.
#
# **Example.**
# ```python
# >>> X = torch.tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
# >>> Y = torch.tensor([[2, 0, 1], [1, 3, 0], [0, 1, 2]])
# >>> matrix_product(X, Y)
# ```
#
# **Specification.** Row $i$ of $X$ meets column $j$ of $Y$. Their entries are multiplied in pairs and added up:
#
# $$Z_{i,j} = \sum_{c=0}^{k-1} X_{i,c} \cdot Y_{c,j}$$
#
# **Beware.** The sign `*` does something else: it multiplies the entries that stand at the same place. For two square
# matrices both give a result of the same shape, and no error warns you.
#
# **Allowed.** PyTorch has this product, as
# [`torch.matmul`](https://docs.pytorch.org/docs/stable/generated/torch.matmul.html) and as an operator. You may use
# either.
#
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** Work out the first number of the example by hand: which row and which column does it come from?
#
# **Hint.** `torch.matmul` takes the two matrices. Which of them comes first? The sizes that touch have to be equal: (n,
# k) and (k, m).
#
# **Hint.** The operator does the same and is shorter. It is a sign that you know from email addresses, and it stands
# between the two matrices.


# %%
def matrix_product(X, Y):
    """The matrix product of two matrices.

    X: (n, k). Y: (k, m). Returns: (n, m), of the same type of numbers.
    """
    ### BEGIN SOLUTION
    return X @ Y
    ### END SOLUTION


# %% [markdown]
# ## Exercise 2: `cat_along`
#
# Write a function that joins tensors along an axis that they have already.
#
# **Shapes.** `tensors` is a list of at least one tensor. All have the same shape, except that their sizes along axis
# `dim` may differ. In the result, the sizes along `dim` are added up. The other sizes stay.
#
# **Example.**
# ```python
# >>> A = torch.tensor([[1, 2], [3, 4]])
# >>> B = torch.tensor([[5, 6]])
# >>> cat_along([A, B], 0)
# ```
#
# **Specification.** Walk along axis `dim` of the result: first you meet all of the first tensor, then all of the second
# one, and so on. For matrices, `dim=0` puts them one below the other, and `dim=1` puts them side by side.
#
# **Beware.** `dim` may be negative, and the tensors may have any number of axes. There may be one tensor, two, or more.
#
# **Allowed.** You may use [`torch.cat`](https://docs.pytorch.org/docs/stable/generated/torch.cat.html).
#
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** Take a matrix with 2 rows and one with 3 rows, and put them below one another. How many rows are there, and
# how many axes?
#
# **Hint.** `torch.cat` is short for *concatenate*, which means to chain together. What does its documentation say about
# its arguments?
#
# **Hint.** The function takes the list of tensors as its first argument and the axis as its second one. It understands
# negative axes as well. Pass on the `dim` that you are given.


# %%
def cat_along(tensors, dim):
    """Join tensors along an axis that they have.

    tensors: a list of tensors with equal sizes, except along dim. dim: an axis
    of theirs, from 0 on or, negative, from the end.
    Returns: a tensor with as many axes, whose size along dim is the sum of
    theirs.
    """
    ### BEGIN SOLUTION
    return torch.cat(tensors, dim)
    ### END SOLUTION


# %% [markdown]
# ## Exercise 3: `stack_along`
#
# Write a function that joins tensors along a new axis, without `torch.stack`.
#
# ![Two 3×3 matrices, A with the numbers 1 to 9 and B with 10 to 18, are joined in five ways. cat along axis 0 puts B
# under A: shape (6, 3). cat along axis 1 puts B to the right of A: shape (3, 6). stack makes a new axis. As axis 0, the
# result holds A and then B: shape (2, 3, 3). As axis 1, it holds three pairs of rows, one of A and one of B: shape (3,
# 2, 3). As axis 2, each number of A stands beside the number of B in the same place: shape (3, 3,
# 2).](../../img/Join-1.png)
#
# **Shapes.** `tensors` is a list of n tensors, all of the same shape. The result has one axis more. The new axis has size
# n, and its number in the result is `dim`. Two 3×3 matrices give `(2, 3, 3)`, `(3, 2, 3)` or `(3, 3, 2)`.
#
# **Example.**
# ```python
# >>> A = torch.tensor([[1, 2], [3, 4]])
# >>> B = torch.tensor([[5, 6], [7, 8]])
# >>> stack_along([A, B], 0)
# >>> stack_along([A, B], 2)
# ```
#
# **Specification.** Index $t$ on the new axis picks tensor number $t$. For matrices $A_0, A_1, \dots$ and `dim=1`:
#
# $$Z_{i,t,j} = (A_t)_{i,j}$$
#
# **Beware.** `dim` may be negative. It counts the axes of the result, so `dim=-1` makes the new axis the last one.
#
# **Not allowed.** [`torch.stack`](https://docs.pytorch.org/docs/stable/generated/torch.stack.html), or another function
# that stacks for you, such as `torch.vstack`, `torch.dstack` or `nn.utils.rnn.pad_sequence`: here you write what it does
# yourself. The check looks at what your code runs, so do not leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Everything else, such as `torch.cat`.
#
# **Difficulty.** 3 of 5, about 15 minutes.
#
# **Hint.** `torch.cat` can only join along an axis that is there. What could you do to each tensor before you join?
#
# **Hint.** An axis of size 1 holds no more numbers than before. `unsqueeze` adds such an axis to a tensor, at the place
# that you name.
#
# **Hint.** First give every tensor of the list an axis of size 1 at `dim`. Now this axis exists in all of them, so they
# can be joined along it as in the exercise before. Negative numbers need no extra care.


# %%
def stack_along(tensors, dim):
    """Join tensors of one shape along a new axis.

    tensors: a list of n tensors of the same shape. dim: the number of the new
    axis in the result; negative counts from the end.
    Returns: a tensor with one axis more, of size n at dim.
    """
    ### BEGIN SOLUTION
    return torch.cat([tensor.unsqueeze(dim) for tensor in tensors], dim)
    ### END SOLUTION


# %% [markdown]
# ## Exercise 4: `joined_shape`
#
# Write a function that tells the shape that joined tensors would have, without making a tensor.
#
# **Predict first.** Take three tensors of shape `(4, 2)`. What shape do they have when they are joined along axis 0, as
# in exercise 2? Along axis 1? And along a new axis 0, 1 or 2, as in exercise 3? Write the five shapes down before you
# write code.
#
# <details><summary>Compare</summary>
#
# Along an axis that is there: `(12, 2)` and `(4, 6)`. Along a new axis: `(3, 4, 2)`, `(4, 3, 2)` and `(4, 2, 3)`.
#
# </details>
#
# **Shapes.** `shapes` is a list of at least one shape; each is a tuple of whole numbers. `dim` is the axis to join along.
# `new_axis` is `True` for joining along a new axis, as in exercise 3, and `False` for exercise 2. The result is a tuple.
#
# **Example.**
# ```python
# >>> joined_shape([(2, 3), (4, 3)], 0, False)
# >>> joined_shape([(2, 3), (2, 3)], 0, True)
# >>> joined_shape([(2, 3), (2, 3)], -1, True)
# ```
#
# **Specification.** If the tensors can't be joined, raise a `ValueError`. Its message is a sentence that says why:
#
# | what is wrong | the message holds the word |
# | --- | --- |
# | the result would have no axis `dim` | `dim` |
# | the shapes do not fit | `shape` |
#
# Shapes fit if they have the same number of axes and equal sizes. Without a new axis, the sizes along `dim` may differ.
#
# **Beware.** A result with $a$ axes has the axes $0$ to $a - 1$, or counted from the end $-1$ to $-a$. How large is $a$
# when there is a new axis?
#
# **Not allowed.** Making a tensor and looking at its shape, also with `torch.cat` or `torch.stack`, and NumPy. The
# checks look at what your code runs, and some shapes are too large for any computer. Plain numbers and tuples are enough.
#
# **Difficulty.** 4 of 5, about 25 minutes.
#
# **Hint.** Start with shapes that fit and a dim that is not negative. Which numbers of the first shape stay, and which
# one is changed or comes in?
#
# **Hint.** Find out how many axes the result has: one more if there is a new one. This tells you which dims are
# allowed, and what a negative one means: add the number of axes to it.
#
# **Hint.** Cut each shape in two parts: what comes before the axis and what comes after it. `shape[:dim]` is the first
# part. Both parts have to be equal in all shapes, and so has the number of axes. A new axis is as if each shape had a 1
# at `dim`.


# %%
def joined_shape(shapes, dim, new_axis):
    """The shape of joined tensors, from their shapes alone.

    shapes: a list of tuples of whole numbers. dim: the axis to join along;
    negative counts from the end of the result. new_axis: whether the axis is
    new.
    Returns: a tuple.
    Raises ValueError where such tensors can't be joined.
    """
    ### BEGIN SOLUTION
    axes = len(shapes[0]) + new_axis  # True counts as 1
    if not -axes <= dim < axes:
        raise ValueError(f"There is no dim {dim}: the result has {axes} axes.")
    dim = dim % axes
    if new_axis:
        shapes = [(*shape[:dim], 1, *shape[dim:]) for shape in shapes]
    before, after = shapes[0][:dim], shapes[0][dim + 1 :]
    for shape in shapes:
        if len(shape) != axes or shape[:dim] != before or shape[dim + 1 :] != after:
            raise ValueError(f"The shapes do not fit: {shapes[0]} and {shape}.")
    return (*before, sum(shape[dim] for shape in shapes), *after)
    ### END SOLUTION


# %% [markdown]
# ## Exercise 5: `batch_matmul`
#
# Write a function that takes many matrix products at once: one for each sample.
#
# A *sample* is one piece of data, such as one picture. Models work on many samples together, which is faster. Such a
# group of samples is called a *batch*. Its axis comes first.
#
# **Shapes.** `A` is `(b, n, m)`: b matrices with n rows and m columns. `B` is `(b, m, p)`. The result is `(b, n, p)`.
#
# **Example.**
# ```python
# >>> A = torch.tensor([[[1.0, 2.0]], [[3.0, 4.0]]])
# >>> B = torch.tensor([[[1.0], [1.0]], [[10.0], [0.0]]])
# >>> batch_matmul(A, B)
# ```
#
# **Specification.** Each matrix of `A` is multiplied with the matrix of `B` that has the same number, and with no other:
#
# ```python
# for s in range(len(A)):
#     result[s] = matrix_product(A[s], B[s])
# ```
#
# **Beware.** The loop above only says what is meant. Write it without a loop over samples: the number of tensor
# operations must not grow with the batch, and NumPy is not allowed. A `reshape` that joins the batch with another axis
# easily mixes the samples.
#
# **Allowed.** PyTorch has a function for exactly this, and you may use it. Look for it in [PyTorch's list of functions
# for products](https://docs.pytorch.org/docs/stable/torch.html#blas-and-lapack-operations).
#
# **Difficulty.** 2 of 5, about 8 minutes.
#
# **Hint.** Which of the four sizes b, n, m and p is not in the result, and what happened along this axis?
#
# **Hint.** In PyTorch's list, look for a *batch* matrix-matrix product.
#
# **Hint.** You need no reshape and no transpose: the shapes already stand as PyTorch wants them. Its function for
# batches is called like `torch.mm`, with a letter for *batch* in front.


# %%
def batch_matmul(A, B):
    """The matrix product of each sample, all at once.

    A: (b, n, m). B: (b, m, p). Returns: (b, n, p).
    """
    ### BEGIN SOLUTION
    return torch.bmm(A, B)
    ### END SOLUTION


# %% [markdown]
# ## Exercise 6: `prediction_errors`
#
# Write a function that tells by how much each prediction of a model is too large.
#
# A *model* is a function that learns from data. Its *predictions* are guesses at numbers, and the *targets* are the
# numbers that are right.
#
# **Predict first.** `predictions` has the shape `(3, 1)` and `targets` has the shape `(3,)`. What is the shape of
# `predictions - targets`? Write down your guess, then try it out in a cell of your own.
#
# <details><summary>Compare</summary>
#
# It is `(3, 3)`: nine numbers for three samples. "Beware" below says why.
#
# </details>
#
# **Shapes.** `predictions` is `(n, 1)`: a model gives a row for each sample, here with one number in it. `targets` is
# `(n,)`: the numbers that were right. The result is `(n,)`, one error for each sample.
#
# **Example.**
# ```python
# >>> predictions = torch.tensor([[2.0], [5.0], [9.0]])
# >>> targets = torch.tensor([1.0, 5.0, 10.0])
# >>> prediction_errors(predictions, targets)
# ```
#
# **Specification.** The prediction minus the target, with its sign:
#
# $$e_i = \mathit{predictions}_{i,0} - \mathit{targets}_i$$
#
# **Beware.** If two shapes differ, PyTorch does not always complain. It may repeat the smaller tensor until the shapes
# fit, which is called [*broadcasting*](https://docs.pytorch.org/docs/stable/notes/broadcasting.html). A column `(n, 1)`
# and a row `(n,)` are both repeated, up to `(n, n)`. The result is a table of each prediction with each target.
#
# **Allowed.** Any PyTorch function. There is none that does all of this for you.
#
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** Compute `predictions - targets` for the example and look at the shape. What does each number in it tell?
#
# **Hint.** Bring both tensors to the same shape before you subtract. Which shape should the result have?
#
# **Hint.** The number of entries is right already; only the shape is not. `reshape` gives `predictions` another one,
# and `targets` knows which.


# %%
def prediction_errors(predictions, targets):
    """The prediction minus the target, for each sample.

    predictions: (n, 1). targets: (n,). Returns: (n,).
    """
    ### BEGIN SOLUTION
    return predictions.reshape(targets.shape) - targets
    ### END SOLUTION


# %% [markdown]
# ## Next
#
# [Lesson 2, Gradients](../gradients/gradients.ipynb): how PyTorch finds out which way a number has to move.
