# %% [markdown]
# # Softmax: scores, probabilities, loss
#
# What is in the picture: a shirt, a shoe or a bag? Each possible answer is called a *class*. A linear layer gives every
# class a *score*: a number of any size and any sign. These scores are also called *logits*. The softmax turns them into
# *probabilities*, which are positive and add up to 1, and the *cross-entropy* is the loss that says how good they are.
# In this lesson you write all three parts, and the small model made of them.
#
# ![One picture of 2×2 pixels becomes a row x of 4 numbers. x times the 4×3 matrix W, plus b, gives one score o for each
# class: shirt -0.5, shoe 2.0, bag 0.3. Softmax takes exp of each score, which is never negative: 0.61, 7.39, 1.35.
# Divided by their sum, 9.35, these become probabilities, which sum to 1: shirt 0.065, shoe 0.791, bag
# 0.144.](../../img/Softmax-1.png)
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check softmax` in a terminal. You may check as often as you like.

# %%
import torch
from torch import nn

# %% [markdown]
# ## Exercise 1: `softmax`
#
# Write a function that turns scores into probabilities that add up to 1 along `dim`.
#
# **Shapes.** `X` has any number of axes. `dim` is one of them, and may be negative: -1 is the last one. The result has
# the shape and the dtype of `X`.
#
# **Example.**
# ```python
# >>> scores = torch.tensor([[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]])
# >>> softmax(scores, dim=1)
# >>> softmax(scores, dim=0)
# ```
#
# **Specification.** For the scores $x_1, \dots, x_k$ that lie along `dim`:
#
# $$\mathrm{softmax}(x)_j = \frac{e^{x_j}}{e^{x_1} + e^{x_2} + \dots + e^{x_k}}$$
#
# **Beware.**
# - Scores may be as large as 10,000 or as small as -10,000, and $e^{100}$ is too large for float32 already. But if you
#   add the same number to all of $x_1, \dots, x_k$, the result stays the same: choose that number well.
# - Different rows may need different numbers: one may hold scores near 10,000 and the next one scores near -10,000.
# - Leave `X` as it is. Gradients have to flow back to it, so keep to operations on tensors.
#
# **Not allowed.** PyTorch's own softmax, such as
# [`torch.softmax`](https://docs.pytorch.org/docs/stable/generated/torch.softmax.html) or `nn.Softmax`, and its
# `log_softmax`: here you write it yourself. Other functions that hold them, such as attention and
# `torch.distributions.Categorical`, are not allowed either. The check looks at what your code runs, so do not leave
# PyTorch by `.tolist()` or NumPy. In a cell of your own, compare your numbers with it.
#
# **Allowed.** Everything else, such as [`exp`](https://docs.pytorch.org/docs/stable/generated/torch.exp.html),
# [`sum`](https://docs.pytorch.org/docs/stable/generated/torch.sum.html) and
# [`amax`](https://docs.pytorch.org/docs/stable/generated/torch.amax.html).
#
# **Difficulty.** 3 of 5, about 20 minutes.
#
# **Hint.** Try the formula on the scores of the example first. When it works, try it on the same scores plus 1000: what
# do you get, and which number would you subtract from all of them to be safe?
#
# **Hint.** When the highest score along `dim` is subtracted, no score is above 0, so no exponential is above 1. The sum
# is at least 1, so you never divide by 0.
#
# **Hint.** Both the highest score and the sum lose the axis `dim` unless you keep it with size 1. PyTorch's functions
# for these two take `keepdim=True`, and then subtraction and division meet the right rows.


# %%
def softmax(X, dim):
    """Turn scores into probabilities.

    X: scores, of any shape. dim: the axis along which the probabilities add up
    to 1.
    Returns: the shape of X.
    """
    ### BEGIN SOLUTION
    shifted = X - X.amax(dim, keepdim=True)
    exps = shifted.exp()
    return exps / exps.sum(dim, keepdim=True)
    ### END SOLUTION


# %% [markdown]
# ## Exercise 2: `log_softmax`
#
# Write a function that gives the logarithm of each probability, also where the probability is too small to be written.
#
# **Shapes.** As before: `X` has any number of axes, `dim` is one of them, and the result has the shape and the dtype of
# `X`.
#
# **Example.**
# ```python
# >>> scores = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 200.0]])
# >>> log_softmax(scores, dim=1)
# ```
#
# **Specification.** The natural logarithm of the softmax. Since $\log \frac{a}{b} = \log a - \log b$, it can be written
# without a division:
#
# $$\mathrm{log\_softmax}(x)_j = x_j - \log \left( e^{x_1} + e^{x_2} + \dots + e^{x_k} \right)$$
#
# **Beware.**
# - In the example, the first probability of the second row is $e^{-200}$. In float32 that is 0, and the logarithm of 0
#   is minus infinity. The right result is -200. So do not compute the probability first.
# - Scores may be as large as 10,000 or as small as -10,000. As with the softmax, the same number may be added to all of
#   $x_1, \dots, x_k$.
# - Leave `X` as it is, and keep to operations on tensors.
#
# **Not allowed.** PyTorch's own, such as
# [`torch.log_softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html) or
# `nn.LogSoftmax`, and its softmax, also within another function such as `torch.distributions.Categorical`: here you
# write it yourself. The check looks at what your code runs, so do not leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Everything else. [`torch.logsumexp`](https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html)
# is the second half of the formula, with the large scores taken care of; try to do that yourself first.
#
# **Difficulty.** 3 of 5, about 15 minutes.
#
# **Hint.** Look at the formula of the specification: what can become too large or too small in it, and what did you do
# about that in `softmax`?
#
# **Hint.** Subtract the highest score along `dim` from all scores, and give these new scores a name. The formula holds
# for them as it holds for the old ones.
#
# **Hint.** Use the new scores in both places of the formula: in front, and within the exponentials. Add the
# exponentials up along `dim`, keep the axis, and take the logarithm of that sum, never of a single probability.


# %%
def log_softmax(X, dim):
    """The natural logarithm of the softmax.

    X: scores, of any shape. dim: the axis along which the probabilities add up
    to 1.
    Returns: the shape of X.
    """
    ### BEGIN SOLUTION
    shifted = X - X.amax(dim, keepdim=True)
    return shifted - shifted.exp().sum(dim, keepdim=True).log()
    ### END SOLUTION


# %% [markdown]
# ## Exercise 3: `cross_entropy`
#
# Write a function that says how far a batch of scores is from the right classes: the smaller, the better.
#
# The cross-entropy *contains* the softmax: it takes scores, and the first thing it does is to turn them into
# log-probabilities. So no softmax comes before it. PyTorch's own cross-entropy, which you used in lesson 3, works in
# the same way.
#
# ![Above, the loss of two samples, step by step: log_softmax turns the rows of logits into log-probabilities; the entry
# at the sample's label is picked and its sign is changed; the mean of both is the loss. Below, the loss of a sample
# with 10 classes, while the logit of the right class grows and the other nine stay 0: cross_entropy(logits) falls to 0,
# but with a softmax before it the loss stays above 1.461, however sure the model is.](../../img/Softmax-3.png)
#
# **Shapes.** `logits` is `(n, c)`: n samples, and a score for each of the c classes. `labels` is `(n,)`: the number of
# the right class of each sample, a whole number (int64) from 0 to c - 1. The result is a tensor without axes.
#
# **Example.**
# ```python
# >>> logits = torch.tensor([[2.0, 0.0, 1.0], [0.0, 5.0, 0.0]])
# >>> labels = torch.tensor([0, 1])
# >>> cross_entropy(logits, labels)
# ```
#
# **Specification.** Take from each sample the log-probability of the right class. The loss is the mean of these n
# numbers (not their sum), with the opposite sign:
#
# $$-\frac{1}{n} \sum_{i=0}^{n-1} \mathrm{log\_softmax}(\mathrm{logits}_i)_{\mathrm{labels}_i}$$
#
# **Beware.**
# - The function is given logits, not probabilities. They may be as large as 10,000 or as small as -10,000.
# - Write no loop over the samples: PyTorch can pick one number from each row at once. The check looks at what your code
#   runs.
# - The result stays a tensor, for gradients have to flow back to `logits`.
#
# **Not allowed.** PyTorch's own losses, such as
# [`nn.functional.cross_entropy`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html),
# [`nn.functional.nll_loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html) or
# `nn.CrossEntropyLoss`, and PyTorch's softmax and `log_softmax`: here you write it yourself. The check looks at what
# your code runs, so do not leave PyTorch by `.tolist()` or NumPy.
#
# **Allowed.** Your own `log_softmax`, and everything else.
#
# **Difficulty.** 3 of 5, about 15 minutes.
#
# **Hint.** `log_softmax` along the right axis gives a table with a row for each sample. Which one number of each row do
# you need?
#
# **Hint.** A table can be indexed by two lists of equal length: one says the row, the other the column of each number.
# `gather` is another way to the same numbers.
#
# **Hint.** The rows are 0, 1, 2 and so on, one for each sample, and the columns are the labels. Take the mean of what
# you picked, and put a minus in front of it.


# %%
def cross_entropy(logits, labels):
    """The cross-entropy loss: a mean over the batch, without axes.

    logits: (n, c), floating. labels: (n,), int64, from 0 to c - 1. Returns: ().
    """
    ### BEGIN SOLUTION
    log_probabilities = log_softmax(logits, 1)
    return -log_probabilities[range(len(labels)), labels].mean()
    ### END SOLUTION


# %% [markdown]
# ## Exercise 4: `SoftmaxRegression`
#
# Write a model that gives each picture of a batch a score for each class, by one linear layer.
#
# ![Softmax regression as a network of one layer. Each of the four inputs x1 to x4 is connected with each of the three
# scores o1 to o3, by 12 weights in all, and each score has a bias. A thick line is a large weight, a dashed line a
# negative one. Softmax takes the three scores together and gives three probabilities: ŷ1 = 0.065 for shirt, ŷ2 = 0.791
# for shoe, ŷ3 = 0.144 for bag.](../../img/Softmax-2.png)
#
# **Shapes.** `num_inputs` is how many numbers a sample has, and `num_classes` how many classes there are. The model is
# called on `X`, `(n, ...)`, with one axis or several after the batch. It returns `(n, num_classes)`.
#
# **Example.**
# ```python
# >>> model = SoftmaxRegression(num_inputs=6, num_classes=4)
# >>> model(torch.ones(5, 2, 3)).shape
# ```
#
# **Specification.** Put the numbers of each sample into one row, in their old order. Then give the rows to a linear
# layer with a bias, the only one of the model: an `nn.Linear`. What comes out is the result.
#
# **Beware.**
# - The model returns logits. There is no softmax in it, since the cross-entropy contains one. With a softmax in both,
#   the loss can't fall below 1.461 for 10 classes, however well the model learns: see the figure of exercise 3.
# - A batch of one sample is still a batch. A sample may be a row already.
# - `super().__init__()` prepares the module for its layers, so it stands first. It is there already.
# - The layer is made once, together with the model. If it were made in each call, nothing could be learned.
#
# **Allowed.** [`nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html) and any of PyTorch's
# other layers and functions.
#
# **Difficulty.** 2 of 5, about 10 minutes.
#
# **Hint.** A model has two parts: what is made once belongs in `__init__`, and what happens to each batch belongs in
# `forward`.
#
# **Hint.** In `__init__`, below `super().__init__()`, make the layer and keep it as an attribute of `self`. Which two
# sizes does an `nn.Linear` need?
#
# **Hint.** In `forward`, keep the batch and put all other axes into one. Give that to your layer, and return what the
# layer says, with nothing done to it.


# %%
class SoftmaxRegression(nn.Module):
    """A linear layer on flattened samples. num_inputs: numbers in a sample.
    num_classes: scores that come out.
    """

    def __init__(self, num_inputs, num_classes):
        super().__init__()
        ### BEGIN SOLUTION
        self.linear = nn.Linear(num_inputs, num_classes)
        ### END SOLUTION

    def forward(self, X):
        """X: (n, ...), with num_inputs numbers in each sample.
        Returns: logits, (n, num_classes).
        """
        ### BEGIN SOLUTION
        return self.linear(X.flatten(1))
        ### END SOLUTION


# %% [markdown]
# ## Exercise 5: `predict`
#
# Write a function that says for each sample which class the model finds most likely.
#
# **Shapes.** `model` is an `nn.Module` that gives logits, `(n, c)`, for a batch `X`, `(n, ...)`. The result is a tensor
# of n whole numbers, `(n,)` and int64.
#
# **Example.**
# ```python
# >>> model = nn.Identity()  # gives back what it is given
# >>> predict(model, torch.tensor([[1.0, 5.0, 2.0], [4.0, -1.0, 0.0]]))
# ```
#
# **Specification.** Number $i$ of the result is the class with the highest score of sample $i$. The first class is
# number 0.
#
# **Beware.**
# - The number of the class is asked for, not its score.
# - No softmax is needed: the highest score has the highest probability.
# - All scores of a sample may be negative.
#
# **Allowed.** Any of PyTorch's functions. [Its list of functions that reduce an
# axis](https://docs.pytorch.org/docs/stable/torch.html#reduction-ops) has one that fits.
#
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** The model is called like a function. What does it give, and which axis of that counts the classes?
#
# **Hint.** PyTorch has one function that gives the highest number along an axis, and another one that tells where it
# stands.
#
# **Hint.** The function's name says what it gives: the *argument* of the *maximum*. Tell it the axis of the classes.


# %%
def predict(model, X):
    """The most likely class of each sample.

    model: an nn.Module that gives logits, (n, c). X: (n, ...).
    Returns: (n,), int64.
    """
    ### BEGIN SOLUTION
    return model(X).argmax(1)
    ### END SOLUTION


# %% [markdown]
# ## Exercise 6: `accuracy`
#
# Write a function that says which share of a batch is classified correctly.
#
# **Shapes.** `logits` is `(n, c)` and `labels` is `(n,)`, int64. The result is a Python float from 0.0 to 1.0, not a
# tensor.
#
# **Example.**
# ```python
# >>> logits = torch.tensor([[1.0, 5.0, 2.0], [4.0, -1.0, 0.0], [0.0, 3.0, 1.0], [0.0, 0.0, 9.0]])
# >>> labels = torch.tensor([1, 0, 2, 2])
# >>> accuracy(logits, labels)
# ```
#
# **Specification.** A sample is classified correctly if the class with its highest score is the one that `labels`
# names:
#
# $$\mathrm{accuracy} = \frac{\text{number of samples that are classified correctly}}{n}$$
#
# **Beware.** A share is asked for: 0.75, neither 3 nor 75. Compare two tensors of the same shape: `(n,)` with `(n,)`.
#
# **Allowed.** Any of PyTorch's functions.
#
# **Difficulty.** 1 of 5, about 8 minutes.
#
# **Hint.** First find the class that each sample is put into, as in `predict`, then compare with `labels`.
#
# **Hint.** `==` between two tensors of the same shape gives True or False for each sample. True counts as 1.
#
# **Hint.** Turn these into numbers, by `.float()` for example, and take their mean. A tensor with one number has a
# method that gives this number to Python.


# %%
def accuracy(logits, labels):
    """The share of the samples whose highest score is that of the right class.

    logits: (n, c), floating. labels: (n,), int64. Returns: a Python float.
    """
    ### BEGIN SOLUTION
    right = logits.argmax(1) == labels
    return right.float().mean().item()
    ### END SOLUTION


# %% [markdown]
# ## Next
#
# [Lesson 5, Convolution](../convolution/convolution.ipynb): layers that look at pictures.
