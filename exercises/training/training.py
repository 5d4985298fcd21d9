# %% [markdown] lang="en"
# # Training: the step
#
# A model learns in small steps. In each step it makes a guess, finds out how wrong the guess was, and moves its
# parameters a little in the direction that helps. In this lesson you write such a step, and you keep it from going too
# far by *clipping*: you shorten the gradients first. Then you take one step after the other, and find out how good the
# model has become.
#
# Fill in each function and check it: in the notebook, run its cell and the check below it; with the `.py` file, run
# `grader check training` in a terminal. You may check as often as you like.

# %%
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

# %% [markdown]
# ## What each line of a step leaves behind
#
# A *loss function* says how wrong the guesses of a model are, as a single number, the *loss*. An *optimizer* is an
# object that knows the parameters of a model and moves them by their gradients. Take a model `net`, an optimizer `sgd`
# and the loss function `mse`, an [`nn.MSELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html):
# the mean of the squared differences. A training step is five lines long:
#
# ```python
# sgd.zero_grad()         # 1
# L = mse(net(X), y)      # 2
# L.backward()            # 3
# ...                     # 4: clip the gradients
# sgd.step()              # 5
# ```
#
# ![What weight and weight.grad hold after each line of a training step. Before it, the weight is 2, −1, and the
# gradient of the step before is still there: −0.8, 0.6. sgd.zero_grad() sets the gradient to None. The forward pass
# gives the loss 0.25 and changes neither of them. L.backward() writes the gradient 3, −4, of length 5. Clipping to
# length 1 makes it 0.6, −0.8. sgd.step() is the only line that changes the weight, to 1.94, −0.92. It leaves the
# gradient as it is.](../../img/Training-1.png)
#
# Line by line:
# 1. [`zero_grad`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html) sets the `.grad`
#    of every parameter to `None`. The parameters stay as they are.
# 2. The model makes its guesses, and the loss is computed from them. PyTorch records the graph. No parameter and no
#    gradient changes.
# 3. `backward` *adds* the gradient of the loss to the `.grad` of every parameter. The parameters stay as they are.
# 4. Clipping changes the gradients only. In the figure it shortens them to length θ = 1; exercise 1 is about it.
# 5. [`step`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html) moves the parameters by
#    what is in their `.grad`. The gradients stay there, which is why the next step begins with line 1.
#
# The order matters.
# - The old gradients have to be gone before `backward` adds the new ones: line 1 comes before line 3.
# - Cleared between lines 3 and 5, the new gradients would be lost, and nothing would move.
# - Before line 3 there is nothing to clip. After line 5 it is too late: the parameters have moved.
#
# The cell below takes this step with a model of two weights, an
# [`nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html). Run it, and compare its lines with
# the figure. Then swap two of its lines, and run it again.


# %%
def step_in_slow_motion():
    """Take one training step; print what each of its lines leaves behind."""
    net = nn.Linear(2, 1, bias=False)
    net.weight = nn.Parameter(torch.tensor([[2.0, -1.0]]))
    net.weight.grad = torch.tensor([[-0.8, 0.6]])  # from the step before
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    mse = nn.MSELoss()  # the mean of the squared differences
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
# ## Exercise 1: `grad_clipping`
#
# Write a function that shortens the gradients of some parameters when, taken together, they are longer than `theta`.
#
# A tensor lives on a *device*: on the CPU, the computer's own processor, or on a graphics card (a *GPU*), which PyTorch
# calls `"cuda"`. PyTorch computes with two tensors only if they are on the same device. A new tensor is made on the
# CPU, unless you say `device=...`.
#
# ![Two planes with the gradients of two parameters as axes, and in each a circle with the radius theta = 2.5. Left, the
# correct way: a long gradient of length 5.00 is cut to length 2.50; it points the same way as before and ends on the
# circle. A short gradient of length 1.50 is left alone. Right, the wrong way: each parameter is clipped by itself, so
# that the long gradient points another way and, with length 3.54, still leaves the circle.](../../img/Clipping-1.png)
#
# **Shapes.** `params` gives parameters of any shapes. The gradient of each, its `.grad`, has the same shape as it.
# `theta` is a number greater than 0, and `device` is the device that the gradients are on. What the function returns
# does not matter: the gradients change in place.
#
# **Example.** A gradient of length 5 is cut to length 1.
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0, 2.0]))
# >>> weight.grad = torch.tensor([3.0, -4.0])
# >>> grad_clipping([weight], theta=1.0, device="cpu")
# >>> weight.grad
# tensor([ 0.6000, -0.8000])
# ```
#
# **Specification.** Put all numbers of all gradients into one long list $g$. Its length, also called its norm, is
#
# $$\lVert g \rVert = \sqrt{g_1^2 + g_2^2 + g_3^2 + \dots}$$
#
# If it is greater than `theta`, multiply every gradient by the same factor, $\theta / \lVert g \rVert$. If it is not,
# leave the gradients alone.
#
# **Beware.**
# - There is one norm for all parameters together, not one for each.
# - `params` may be a list. It may also be a *generator*, as `model.parameters()` is: it can be gone through only once.
# - The gradient of a parameter may be `None`. Skip such a parameter. Some parameter does have a gradient.
# - The norm may be equal to `theta`, and it may be 0.
# - A tensor that you make yourself, to add up in, has to be on the same device: `torch.zeros((), device=device)`. The
#   check looks for it.
#
# **Allowed.** Anything. PyTorch has this function too,
# [`nn.utils.clip_grad_norm_`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html). It
# earns full marks, but you learn more if you write it yourself first, and compare.
#
# *Difficulty 3 of 5, about 20 minutes. 3 more checks run when it is graded.* Stuck? `grader hint grad_clipping` gives a
# hint.


# %%
def grad_clipping(params, theta, device):
    """Scale all gradients in place, by one factor, so that their joint norm is
    at most theta.

    params: parameters of any shapes (a list or a generator). theta: a number.
    device: the device that the gradients are on.
    """
    # Your code here.
    raise NotImplementedError("grad_clipping is not written yet")


# %% [markdown]
# ## Exercise 2: `sgd_step`
#
# Write a function that moves all parameters one step against their gradients.
#
# This is *stochastic gradient descent*, or SGD for short: stochastic, since each step looks at one batch of samples only.
#
# **Shapes.** `params` gives parameters of any shapes: a list or a generator. Each has a gradient of its own shape. `lr` is
# the learning rate. `batch_size` is the number of samples from which the gradients come. What the function returns does
# not matter: the parameters themselves change.
#
# **Example.** The gradient of a sum over 4 samples is 8, that of their mean is 2.
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0]))
# >>> weight.grad = torch.tensor([8.0])
# >>> sgd_step([weight], lr=0.1, batch_size=4)
# >>> weight
# Parameter containing:
# tensor([0.8000], requires_grad=True)
# ```
#
# **Specification.** The gradients are those of a loss that was **added up** over the batch. The step is to follow the
# **mean**. So for each parameter $w$ with the gradient $g$ and for the batch size $n$:
#
# $$w \leftarrow w - lr \cdot \frac{g}{n}$$
#
# **Beware.**
# - The step is not recorded: afterwards each parameter is still a leaf that requires gradients. As in lesson 2, use
#   `torch.no_grad` and leave `.data` alone. (Here no check looks for it.)
# - The parameters change in place. A new tensor under an old name changes nothing outside of your function.
# - What becomes of the gradients does not matter. You may clear them after the step, or leave them there.
#
# **Allowed.** Anything. PyTorch has this step too, as
# [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html); here you see what is inside
# it.
#
# *Difficulty 2 of 5, about 10 minutes. One more check runs when it is graded.* Stuck? `grader hint sgd_step` gives a
# hint.


# %%
def sgd_step(params, lr, batch_size):
    """Take one step of stochastic gradient descent, in place and unrecorded.

    params: parameters of any shapes, each with the gradient of a sum over the
    batch (a list or a generator). lr: a number. batch_size: the number of
    samples in the batch.
    """
    # Your code here.
    raise NotImplementedError("sgd_step is not written yet")


# %% [markdown]
# ## Exercise 3: `train_step`
#
# Write a function that takes one training step with any optimizer and returns the loss.
#
# Each kind of optimizer moves the parameters in its own way. SGD, of exercise 2, is the simplest one.
#
# **Shapes.** `X` is `(n, ...)`: one batch of n samples. `y` holds what the model should have said. `loss_fn(output, y)`
# gives the loss, a single number: the **mean** over the batch. The function returns that number as a Python float.
#
# **Example.** The gradient is 4, it is clipped to 1, and so the weight moves from 2 to 2 - 0.1 · 1.
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
# **Specification.** Five things happen, in this order, as at the beginning of this lesson:
#
# | | what happens |
# | --- | --- |
# | 1 | the gradients that an earlier step has left behind are cleared |
# | 2 | the model is called on `X`, and the loss is computed from its output and `y` |
# | 3 | the gradients of the loss are computed |
# | 4 | the gradients of all parameters of the model are clipped to the joint norm `theta` |
# | 5 | the optimizer moves the parameters |
#
# **Beware.**
# - Return the loss of step 2 as a plain number. A loss that is kept as a tensor keeps its whole computation in memory.
# - The optimizer may remember things from step to step. Use the one that you are given.
# - After the call, the clipped gradients are still there, for whoever wants to look at them.
#
# **Allowed.** Anything. For row 4 use your `grad_clipping`, or `nn.utils.clip_grad_norm_` as long as yours does not
# pass its checks.
#
# *Difficulty 3 of 5, about 15 minutes. 2 more checks run when it is graded.* Stuck? `grader hint train_step` gives a
# hint.


# %%
def train_step(model, loss_fn, optimizer, X, y, theta):
    """Take one training step and return the loss as a float.

    X: (n, ...), a batch of n samples. y: what the model should give for them.
    theta: the largest joint norm allowed.
    """
    # Your code here.
    raise NotImplementedError("train_step is not written yet")


# %% [markdown]
# ## Exercise 4: `make_optimizer`
#
# Write a function that makes an optimizer of PyTorch's by its name.
#
# **Shapes.** `name` is a string. `params` gives the parameters that the optimizer is to move, and `lr` is its learning
# rate. The result is an optimizer from `torch.optim`, ready for use.
#
# **Example.**
# ```python
# >>> weight = nn.Parameter(torch.tensor([1.0, 2.0]))
# >>> type(make_optimizer("Adagrad", [weight], lr=0.1)).__name__
# 'Adagrad'
# ```
#
# **Specification.** There are five names, and each is that of its class in `torch.optim`:
#
# | name | how it moves the parameters |
# | --- | --- |
# | `"SGD"` | against the gradient, as in exercise 2 |
# | `"Adagrad"` | in smaller steps where gradients have been large so far |
# | `"RMSprop"` | in smaller steps where gradients have been large lately |
# | `"Adadelta"` | like RMSprop, and it looks at its own last steps too |
# | `"Adam"` | like RMSprop, and with a part of the last steps' direction |
#
# For any other name, raise a `ValueError`. Its message lists all five names.
#
# **Beware.**
# - Leave everything but the learning rate as PyTorch has it. So SGD comes without momentum.
# - PyTorch knows more optimizers, such as `AdamW`. They are not among the five.
# - An error is *raised*, not returned and not printed.
#
# **Allowed.** The classes in [`torch.optim`](https://docs.pytorch.org/docs/stable/optim.html) are what this exercise is
# about.
#
# *Difficulty 2 of 5, about 10 minutes. One more check runs when it is graded.* Stuck? `grader hint make_optimizer`
# gives a hint.


# %%
def make_optimizer(name, params, lr):
    """An optimizer by its name, with this learning rate and all else as PyTorch
    has it.

    name: "SGD", "Adagrad", "RMSprop", "Adadelta" or "Adam". params: what it
    moves (a list or a generator). lr: a number.
    Raises a ValueError that lists the five names for any other name.
    """
    # Your code here.
    raise NotImplementedError("make_optimizer is not written yet")


# %% [markdown]
# ## Exercise 5: `train_epoch`
#
# Write a function that takes one training step for each batch of a loader, and returns the mean loss and the accuracy.
#
# One way through all samples is called an *epoch*. A *loader* cuts the samples into batches: a for loop over it gives
# one pair `(X, y)` after the other. PyTorch's is called
# [`DataLoader`](https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader). Here the model tells
# *classes* apart. It gives each sample one *score* for each class, and its guess is the class with the highest score.
# The *accuracy* is the share of the samples for which the guess is right.
#
# **Shapes.** `X` is `(n, ...)`, and `y` is `(n,)`: the numbers of the right classes, from 0. The model gives `(n, c)` for
# c classes. `loss_fn(output, y)` is the **mean** over the n samples of a batch. The result is a tuple of two Python
# floats: the loss, then the accuracy, from 0.0 to 1.0.
#
# **Example.** Three samples, in a batch of two and one of one.
# [`nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html) is the usual
# loss for classes. It takes the scores just as the model gives them, `(n, c)`, and the numbers of the right classes,
# `(n,)`. Lesson 4 explains what it does with them.
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
# **Specification.** Put the model into training mode, by
# [its method `train`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.train). Then
# take the five steps of exercise 3 for every batch. Both results are about the outputs that the model gave in step 2,
# before it moved. With $N$ samples in all batches together, $n_b$ of them in batch $b$, $L_b$ its loss and $r_b$ the
# number of its right guesses:
#
# $$\mathrm{loss} = \frac{1}{N} \sum_b n_b L_b \qquad \mathrm{accuracy} = \frac{1}{N} \sum_b r_b$$
#
# **Beware.**
# - The last batch may be smaller than the others. So the mean over the samples is not the mean over the batches.
# - Some layers work in another way while a model learns. Training mode tells them, and it may be off when you begin.
# - The optimizer remembers things from epoch to epoch. Use the one that you are given.
# - Add up plain numbers. `len(loader.dataset)` is $N$; you may also count the samples yourself.
#
# **Allowed.** Anything. The loss of the epoch and its accuracy come from the same outputs, so write the five lines out:
# `train_step` gives you the loss only.
#
# *Difficulty 4 of 5, about 20 minutes. 2 more checks run when it is graded.* Stuck? `grader hint train_epoch` gives a
# hint.


# %%
def train_epoch(model, loader, loss_fn, optimizer, theta):
    """Train for one epoch; return the mean loss over the samples and the
    accuracy, both as floats.

    loader: gives batches (X, y), X: (n, ...), y: (n,), int64. loss_fn:
    loss_fn(output, y) is the mean over a batch. theta: the largest joint norm
    of the gradients allowed.
    Returns: (loss, accuracy).
    """
    # Your code here.
    raise NotImplementedError("train_epoch is not written yet")


# %% [markdown]
# ## Exercise 6: `evaluate`
#
# Write a function that says how good a model is: its accuracy on all batches of a loader, without any training.
#
# **Shapes.** `loader` gives batches `(X, y)`, with `X` of shape `(n, ...)` and `y` of shape `(n,)`. The model gives a
# score for each class, `(n, c)`. The result is one Python float, from 0.0 to 1.0.
#
# **Example.** Three samples, two of them right.
# ```python
# >>> model = nn.Identity()  # gives back what it is given
# >>> scores = torch.tensor([[1.0, 5.0], [4.0, -1.0], [0.0, 3.0]])
# >>> loader = DataLoader(TensorDataset(scores, torch.tensor([1, 0, 0])), batch_size=2)
# >>> round(evaluate(model, loader), 4)
# 0.6667
# ```
#
# **Specification.** With the model in evaluation mode, which [its method
# `eval`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.eval) turns on, count the
# samples whose highest score is that of the right class:
#
# $$\mathrm{accuracy} = \frac{\text{number of samples with a right guess, in all batches}}{\text{number of samples}}$$
#
# **Beware.**
# - Afterwards the model is in the mode in which you were given it: training mode or evaluation mode.
# - Nothing is learned here, so nothing needs to be recorded for `backward`. That saves time and memory. Afterwards
#   PyTorch has to record again.
# - Nothing else may change: neither the model's parameters nor the gradients that are there.
# - The last batch may be smaller than the others.
#
# **Allowed.** Anything. `torch.no_grad` of lesson 2 is useful here, too.
#
# *Difficulty 3 of 5, about 15 minutes. 2 more checks run when it is graded.* Stuck? `grader hint evaluate` gives a
# hint.


# %%
def evaluate(model, loader):
    """The accuracy of a model, in evaluation mode and without gradients; the
    mode is put back afterwards.

    loader: gives batches (X, y), X: (n, ...), y: (n,), int64.
    Returns: a Python float.
    """
    # Your code here.
    raise NotImplementedError("evaluate is not written yet")


# %% [markdown]
# ## Next
#
# [Lesson 4, Softmax](../softmax/softmax.ipynb): what the loss for classes does with the scores.
