"""Wrong answers that students of lesson 2 really give, and what each of them should read."""

import torch
from checks import (
    accumulated_gradient,
    detached_update,
    gradient_of,
    gradients_in_turn,
    numeric_gradient,
    zero_gradients,
)

# gradient_of

@gradient_of.misconception
def traces_left_in_x(f, x):
    """You went backward from the caller's own `x`, which now has traces of it. An old gradient got into yours, too."""
    x.requires_grad_()
    f(x).backward()
    return x.grad

@gradient_of.misconception
def old_gradient_thrown_away(f, x):
    """The gradient is right, but you cleared the one that the caller had in `x.grad`. Work on a tensor of your own."""
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    return x.grad

@gradient_of.misconception
def clone_that_is_no_leaf(f, x):
    """Where `x` requires gradients, your clone is computed from `x`: it is not a leaf, and the gradient goes on to `x`."""
    leaf = x.clone().requires_grad_()
    f(leaf).backward()
    return leaf.grad

@gradient_of.misconception
def leaf_lost_by_conversion(f, x):
    """What `.to` or `.double` gives you is computed from your leaf. It is not a leaf itself, and so its `.grad` is `None`."""
    leaf = x.detach().requires_grad_().to(torch.float64)
    f(leaf).backward()
    return leaf.grad

@gradient_of.misconception
def what_backward_returns(f, x):
    """You gave back `None`. `backward` itself returns nothing, and `.grad` is filled for leaves alone. Which was it?"""
    leaf = x.detach().requires_grad_()
    return f(leaf).backward()

@gradient_of.misconception
def detached_after_asking(f, x):
    """Does the error say that something `does not require grad`? You detached after you had asked for gradients."""
    leaf = x.detach().requires_grad_()
    f(leaf.detach()).backward()
    return leaf.grad

@gradient_of.misconception
def nobody_watches(f, x):
    """Nobody told PyTorch to watch `x`, so nothing was recorded where `x` is a plain tensor."""
    (gradient,) = torch.autograd.grad(f(x), x)
    return gradient

@gradient_of.misconception
def backward_from_x(f, x):
    """You went backward from `x`. Go backward from `f` of it: that is a single number, which backward asks for."""
    leaf = x.detach().requires_grad_()
    f(leaf)
    leaf.backward()
    return leaf.grad

@gradient_of.misconception
def backward_twice(f, x):
    """You went backward twice. The first time frees the graph, and where it does not, the gradient is counted twice."""
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    y.backward()
    y.backward()
    return leaf.grad

@gradient_of.misconception
def gradient_at_ones(f, x):
    """You took the gradient at a tensor of ones. The numbers in `x` say where the gradient is asked for."""
    leaf = torch.ones_like(x, requires_grad=True)
    f(leaf).backward()
    return leaf.grad

@gradient_of.misconception
def value_of_the_function(f, x):
    """You gave back the value of `f`. Its gradient has as many numbers as `x`."""
    return f(x.detach())

# gradients_in_turn

@gradients_in_turn.misconception
def never_cleared(fs, x):
    """You never cleared `x.grad`, so each gradient is the sum of all before it. Backward adds to what is there."""
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients

@gradients_in_turn.misconception
def never_cleared_nor_copied(fs, x):
    """Nothing was cleared, and your list holds the same tensor again and again, with the sum of all gradients in it."""
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad)
    return gradients

@gradients_in_turn.misconception
def cleared_before_reading(fs, x):
    """You cleared the gradient after backward, before it was put away: all that is left is zeros."""
    gradients = []
    for f in fs:
        f(x).backward()
        x.grad.zero_()
        gradients.append(x.grad.clone())
    return gradients

@gradients_in_turn.misconception
def the_same_tensor_again_and_again(fs, x):
    """All tensors in your list are one and the same, and hold the last gradient. In-place clearing needs a copy."""
    gradients = []
    for f in fs:
        if x.grad is not None:
            x.grad.zero_()
        f(x).backward()
        gradients.append(x.grad)
    return gradients

@gradients_in_turn.misconception
def cleared_once(fs, x):
    """You cleared the gradient once, before the loop. From the second function on the gradients pile up."""
    x.grad = None
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients

@gradients_in_turn.misconception
def cleared_afterwards_only(fs, x):
    """You clear after each function only. What was in `x.grad` before the first one went into the first gradient."""
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad)
        x.grad = None
    return gradients

@gradients_in_turn.misconception
def nothing_there_to_zero(fs, x):
    """Before the first backward `x.grad` may be `None`, and `None` has no `zero_`. Do you need to clear it then?"""
    gradients = []
    for f in fs:
        x.grad.zero_()
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients

@gradients_in_turn.misconception
def backward_from_several_numbers(fs, x):
    """You went backward from several numbers at once. Backward starts from a single number: go from each on its own."""
    torch.stack([f(x) for f in fs]).backward()
    return [x.grad]

@gradients_in_turn.misconception
def gradient_of_the_sum(fs, x):
    """You went backward from the sum of all functions. That gives the sum of their gradients, not each on its own."""
    x.grad = None
    sum(f(x) for f in fs).backward()
    return [x.grad for _ in fs]

@gradients_in_turn.misconception
def freed_graph_used_again(fs, x):
    """All functions share a part of your graph, and the first backward freed it. Compute each from the leaf itself."""
    shared = x * 1.0
    gradients = []
    for f in fs:
        x.grad = None
        f(shared).backward()
        gradients.append(x.grad)
    return gradients

@gradients_in_turn.misconception
def cut_off_too_early(fs, x):
    """Does the error say that something `does not require grad`? You cut `x` off before the functions saw it."""
    gradients = []
    for f in fs:
        x.grad = None
        f(x.detach()).backward()
        gradients.append(x.grad)
    return gradients

@gradients_in_turn.misconception
def only_the_first(fs, x):
    """Only the first gradient came back. Look how far the line with `return` is indented."""
    gradients = []
    for f in fs:
        x.grad = None
        f(x).backward()
        gradients.append(x.grad)
        return gradients

@gradients_in_turn.misconception
def leaf_zeroed(fs, x):
    """You set `x` itself to zero. It is the gradient that has to be cleared; the numbers in `x` stay."""
    gradients = []
    for f in fs:
        with torch.no_grad():
            x.zero_()
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients

@gradients_in_turn.misconception
def list_not_returned(fs, x):
    """Your function gave back nothing. A list with one gradient for each function is asked for."""
    gradients = []
    for f in fs:
        x.grad = None
        f(x).backward()
        gradients.append(x.grad)

# accumulated_gradient

@accumulated_gradient.misconception
def sum_of_the_means(batches, loss, w):
    """You added up the gradients of the batches as they are. Each batch counts as much as it has samples."""
    w.grad = None
    for X, y in batches:
        loss(w, X, y).backward()
    return w.grad

@accumulated_gradient.misconception
def mean_of_the_means(batches, loss, w):
    """You took the mean over the batches, so that a sample of a small batch counts more. Batches differ in size."""
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) / len(batches)).backward()
    return w.grad

@accumulated_gradient.misconception
def divided_twice(batches, loss, w):
    """You divided by the size of each batch, but the loss is a mean already. By which number of samples is it left to
    divide?"""
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) / len(X)).backward()
    return w.grad

@accumulated_gradient.misconception
def not_divided_at_all(batches, loss, w):
    """Your batches have the right weight among each other, but the sum was not divided by the number of all samples."""
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X)).backward()
    return w.grad

@accumulated_gradient.misconception
def all_as_large_as_the_first(batches, loss, w):
    """You divided as if all batches were as large as the first. Count the samples of every batch."""
    total = len(batches) * len(batches[0][0])
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad

@accumulated_gradient.misconception
def cleared_for_each_batch(batches, loss, w):
    """You cleared the gradient for each batch, so that only the last one counts. Here it has to pile up."""
    total = sum(len(X) for X, _ in batches)
    for X, y in batches:
        w.grad = None
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad

@accumulated_gradient.misconception
def old_gradient_counted(batches, loss, w):
    """The old gradient went into yours. Look at `w.grad` before the first batch."""
    total = sum(len(X) for X, _ in batches)
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad

@accumulated_gradient.misconception
def cleared_at_the_end(batches, loss, w):
    """Only zeros are left: you cleared `w.grad` when it was complete, and what you gave back is the same tensor."""
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    w.grad.zero_()
    return w.grad

@accumulated_gradient.misconception
def freed_graph_of_the_sum(batches, loss, w):
    """You went backward from the running sum in every round. Its first part has been gone through, and was freed."""
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    running = 0
    for X, y in batches:
        running = running + loss(w, X, y) * len(X) / total
        running.backward()
    return w.grad

@accumulated_gradient.misconception
def graph_of_the_sum_kept(batches, loss, w):
    """You went backward from the running sum in every round. So the first batches were counted again and again."""
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    running = 0
    for X, y in batches:
        running = running + loss(w, X, y) * len(X) / total
        running.backward(retain_graph=True)
    return w.grad

@accumulated_gradient.misconception
def all_samples_at_once(batches, loss, w):
    """You joined the batches, so that the loss got all samples at once. It is to get one batch at a time."""
    w.grad = None
    loss(w, torch.cat([X for X, _ in batches]), torch.cat([y for _, y in batches])).backward()
    return w.grad

@accumulated_gradient.misconception
def numbers_without_a_graph(batches, loss, w):
    """Do you call `backward` on a plain number? `item` leaves the graph behind, and with it the way back to `w`."""
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    mean = sum(loss(w, X, y).item() * len(X) / total for X, y in batches)
    mean.backward()
    return w.grad

@accumulated_gradient.misconception
def weights_cut_off(batches, loss, w):
    """Does the error say that something `does not require grad`? You cut `w` off before the loss saw it."""
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    for X, y in batches:
        (loss(w.detach(), X, y) * len(X) / total).backward()
    return w.grad

@accumulated_gradient.misconception
def last_batch_left_out(batches, loss, w):
    """The last batch was left out. It counts like the others, even when it is smaller."""
    batches = batches[:-1] or batches
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad

@accumulated_gradient.misconception
def leaf_lost(batches, loss, w):
    """You gave back `None`. Is there a `return`? And is it `w` that you go backward to? Only a leaf has a `.grad`."""
    w = w.clone()
    total = sum(len(X) for X, _ in batches)
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad

@accumulated_gradient.misconception
def no_old_gradient_to_zero(batches, loss, w):
    """At first `w.grad` may be `None`, and `None` has no `zero_`. Do you need to clear it then?"""
    total = sum(len(X) for X, _ in batches)
    w.grad.zero_()
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad

# zero_gradients

@zero_gradients.misconception
def none_not_expected(params):
    """Your function expects every parameter to have a gradient. For some of them `.grad` may be `None`."""
    for param in params:
        param.grad.zero_()

@zero_gradients.misconception
def stopped_at_the_first_without(params):
    """You stopped at the first parameter without a gradient. The ones after it may have one."""
    for param in params:
        if param.grad is None:
            break
        param.grad.zero_()

@zero_gradients.misconception
def parameters_zeroed(params):
    """You set the parameters to zero. It is their gradients that have to go; the parameters stay as they are."""
    for param in params:
        param.data.zero_()

@zero_gradients.misconception
def copies_zeroed(params):
    """Nothing was cleared: you changed a copy, or gave a name to another tensor. Change what `.grad` stands for."""
    for param in params:
        gradient = param.grad
        if gradient is not None:
            gradient = torch.zeros_like(gradient)

@zero_gradients.misconception
def multiplied_by_zero(params):
    """You multiplied the gradients by zero. Zero times `nan` is `nan`, so a broken gradient stays broken."""
    for param in params:
        if param.grad is not None:
            param.grad *= 0

@zero_gradients.misconception
def generator_used_up(params):
    """You went through the generator to look at it, and then nothing was left to clear. Once is all you have."""
    if not any(param.grad is not None for param in list(params)):
        return
    for param in params:
        param.grad = None

@zero_gradients.misconception
def generator_has_no_length(params):
    """Your function asks for the length of `params`. A generator has none; go through the parameters themselves."""
    for i in range(len(params)):
        params[i].grad = None

@zero_gradients.misconception
def number_for_a_tensor(params):
    """Does the error speak of an assigned grad? PyTorch takes a tensor of the right shape there, or `None`."""
    for param in params:
        param.grad = 0

@zero_gradients.misconception
def gradients_switched_off(params):
    """You switched the gradients off. The parameters still need them: only what is there now has to go."""
    for param in params:
        param.grad = None
        param.requires_grad_(False)

@zero_gradients.misconception
def only_the_first_cleared(params):
    """Only the first parameter was cleared. Look how far the line with `return` is indented."""
    for param in params:
        param.grad = None
        return params

@zero_gradients.misconception
def only_the_last_cleared(params):
    """Only the last parameter was cleared. Look how far the line that clears is indented."""
    for param in params:
        last = param
    last.grad = None

# numeric_gradient

@numeric_gradient.misconception
def forward_differences(f, x, h):
    """You took a step up, but none down (forward differences). Central differences go both ways."""
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x)) / h
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def backward_differences(f, x, h):
    """You took a step down, but none up (backward differences). Central differences go both ways."""
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x) - f(x - step)) / h
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def divided_by_one_step(f, x, h):
    """Your gradient is twice too large. How far apart are the two places at which you ask for `f`?"""
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / h
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def brackets_forgotten(f, x, h):
    """You multiplied by `h` in place of dividing by it. Python goes from left to right: `/ 2 * h` needs brackets."""
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / 2 * h
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def below_minus_above(f, x, h):
    """Your signs are reversed: subtract the value below from the value above."""
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x - step) - f(x + step)) / (2 * h)
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def width_of_its_own(f, x, h):
    """You used a width of your own. The width of the step is given: it is `h`."""
    x, h = x.double(), 0.001
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def exact_gradient(f, x, h):
    """Your numbers are closer to the exact gradient than steps of width `h` come. Do you use `h`, and steps at all?"""
    leaf = x.detach().double().requires_grad_()
    f(leaf).backward()
    return leaf.grad

@numeric_gradient.misconception
def in_single_precision(f, x, h):
    """You computed in float32. The difference of the two values has hardly any digits left there."""
    x = x.float()
    gradient = torch.zeros(x.numel(), dtype=torch.float32)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float32)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient.reshape(x.shape)

@numeric_gradient.misconception
def double_precision_too_late(f, x, h):
    """You changed to float64 only at the end, when the digits were lost already. Do so before the first step."""
    x = x.float()
    gradient = torch.zeros(x.numel(), dtype=torch.float32)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float32)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient.reshape(x.shape).double()

@numeric_gradient.misconception
def all_entries_at_once(f, x, h):
    """You moved all entries at once, which gives a single number. Move one entry at a time."""
    x = x.double()
    return (f(x + h) - f(x - h)) / (2 * h)

@numeric_gradient.misconception
def whole_rows_at_once(f, x, h):
    """You moved a whole row at once. In a matrix each single entry takes its own step."""
    x = x.double()
    gradient = torch.zeros_like(x)
    for i in range(len(x)):
        step = torch.zeros_like(x)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient

@numeric_gradient.misconception
def step_not_undone(f, x, h):
    """You did not undo the step of an entry before you went on to the next one."""
    x = x.double()
    entries, gradient = x.view(-1), torch.zeros_like(x).view(-1)
    for i in range(len(entries)):
        entries[i] += h
        above = f(x)
        entries[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient.view(x.shape)

@numeric_gradient.misconception
def one_long_row(f, x, h):
    """The numbers are right, but they come in one long row. The result has the shape of `x`."""
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient

# detached_update

@detached_update.misconception
def changed_while_recorded(w, lr):
    """Does the error speak of a leaf and an in-place operation? PyTorch was recording. How do you tell it to look away?"""
    w -= lr * w.grad

@detached_update.misconception
def name_given_to_another(w, lr):
    """The caller's `w` did not move. `w = ...` only gives the name `w` to a new tensor inside your function."""
    with torch.no_grad():
        w = w - lr * w.grad
    return w

@detached_update.misconception
def by_data(w, lr):
    """You changed `w` behind PyTorch's back, through `.data`. A graph from before now gives wrong gradients in silence."""
    w.data -= lr * w.grad

@detached_update.misconception
def uphill(w, lr):
    """You went uphill. The gradient shows where the loss grows, and the step goes against it."""
    with torch.no_grad():
        w += lr * w.grad

@detached_update.misconception
def learning_rate_forgotten(w, lr):
    """The learning rate has no effect on your step."""
    with torch.no_grad():
        w -= w.grad

@detached_update.misconception
def step_in_its_place(w, lr):
    """You put the step in the place of `w`. The step has to be taken from where `w` is."""
    with torch.no_grad():
        w.copy_(-lr * w.grad)

@detached_update.misconception
def divided_by_the_entries(w, lr):
    """You divided by the number of entries. The step is the learning rate times the gradient, no more."""
    with torch.no_grad():
        w -= lr * w.grad / w.numel()

@detached_update.misconception
def gradient_cleared_as_well(w, lr):
    """You cleared the gradient after the step. Whoever calls this wants it left as it was."""
    with torch.no_grad():
        w -= lr * w.grad
    w.grad.zero_()

@detached_update.misconception
def no_longer_watched(w, lr):
    """The step is right, but afterwards `w` no longer requires gradients."""
    w.requires_grad_(False)
    w -= lr * w.grad

@detached_update.misconception
def never_records_again(w, lr):
    """You told PyTorch to stop recording and never to start again. From here on nothing has a gradient."""
    torch.set_grad_enabled(False)
    w -= lr * w.grad

@detached_update.misconception
def gradient_moved(w, lr):
    """You changed the gradient. It is `w` that moves; the gradient stays."""
    with torch.no_grad():
        w.grad -= lr * w
