"""Wrong answers that students of lesson 2 really give, and what each of them should read."""

import torch
from checks import lesson

# gradient_of


@lesson.misconception(
    "gradient_of",
    says="You went backward from the caller's own `x`, which now has traces of it. An old gradient got into yours, too.",
)
def traces_left_in_x(f, x):
    x.requires_grad_()
    f(x).backward()
    return x.grad


@lesson.misconception(
    "gradient_of",
    says="The gradient is right, but you cleared the one that the caller had in `x.grad`. Work on a tensor of your own.",
)
def old_gradient_thrown_away(f, x):
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    return x.grad


@lesson.misconception(
    "gradient_of",
    says="Where `x` requires gradients, your clone is computed from `x`: it is no leaf, and the gradient goes on to `x`.",
)
def clone_that_is_no_leaf(f, x):
    leaf = x.clone().requires_grad_()
    f(leaf).backward()
    return leaf.grad


@lesson.misconception(
    "gradient_of",
    says="What `.to` or `.double` gives you is computed from your leaf. It is no leaf itself, and so its `.grad` is `None`.",
)
def leaf_lost_by_conversion(f, x):
    leaf = x.detach().requires_grad_().to(torch.float64)
    f(leaf).backward()
    return leaf.grad


@lesson.misconception(
    "gradient_of",
    says="You gave back `None`. `backward` itself returns nothing, and `.grad` is filled for leaves alone. Which was it?",
)
def what_backward_returns(f, x):
    leaf = x.detach().requires_grad_()
    return f(leaf).backward()


@lesson.misconception(
    "gradient_of",
    says="Does the error say that something `does not require grad`? You detached after you had asked for gradients.",
)
def detached_after_asking(f, x):
    leaf = x.detach().requires_grad_()
    f(leaf.detach()).backward()
    return leaf.grad


@lesson.misconception(
    "gradient_of",
    says="Nobody told PyTorch to watch `x`, so nothing was recorded where `x` is a plain tensor.",
)
def nobody_watches(f, x):
    (gradient,) = torch.autograd.grad(f(x), x)
    return gradient


@lesson.misconception(
    "gradient_of",
    says="You went backward from `x`. Go backward from `f` of it: that is a single number, which backward asks for.",
)
def backward_from_x(f, x):
    leaf = x.detach().requires_grad_()
    f(leaf)
    leaf.backward()
    return leaf.grad


@lesson.misconception(
    "gradient_of",
    says="You went backward twice. The first time frees the graph, and where it does not, the gradient is counted twice.",
)
def backward_twice(f, x):
    leaf = x.detach().requires_grad_()
    y = f(leaf)
    y.backward()
    y.backward()
    return leaf.grad


@lesson.misconception(
    "gradient_of",
    says="You took the gradient at a tensor of ones. The numbers in `x` say where the gradient is asked for.",
)
def gradient_at_ones(f, x):
    leaf = torch.ones_like(x, requires_grad=True)
    f(leaf).backward()
    return leaf.grad


@lesson.misconception(
    "gradient_of",
    says="You gave back the value of `f`. Its gradient has as many numbers as `x`.",
)
def value_of_the_function(f, x):
    return f(x.detach())


# gradients_in_turn


@lesson.misconception(
    "gradients_in_turn",
    says="You never cleared `x.grad`, so each gradient is the sum of all before it. Backward adds to what is there.",
)
def never_cleared(fs, x):
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="Nothing was cleared, and your list holds the same tensor again and again, with the sum of all gradients in it.",
)
def never_cleared_nor_copied(fs, x):
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad)
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="You cleared the gradient after backward, before it was put away: all that is left is zeros.",
)
def cleared_before_reading(fs, x):
    gradients = []
    for f in fs:
        f(x).backward()
        x.grad.zero_()
        gradients.append(x.grad.clone())
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="All tensors in your list are one and the same, and hold the last gradient. In-place clearing needs a copy.",
)
def the_same_tensor_again_and_again(fs, x):
    gradients = []
    for f in fs:
        if x.grad is not None:
            x.grad.zero_()
        f(x).backward()
        gradients.append(x.grad)
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="You cleared the gradient once, before the loop. From the second function on the gradients pile up.",
)
def cleared_once(fs, x):
    x.grad = None
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="You clear after each function only. What was in `x.grad` before the first one went into the first gradient.",
)
def cleared_afterwards_only(fs, x):
    gradients = []
    for f in fs:
        f(x).backward()
        gradients.append(x.grad)
        x.grad = None
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="Before the first backward `x.grad` may be `None`, and `None` has no `zero_`. Do you need to clear it then?",
)
def nothing_there_to_zero(fs, x):
    gradients = []
    for f in fs:
        x.grad.zero_()
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="You went backward from several numbers at once. Backward starts from a single number: go from each on its own.",
)
def backward_from_several_numbers(fs, x):
    torch.stack([f(x) for f in fs]).backward()
    return [x.grad]


@lesson.misconception(
    "gradients_in_turn",
    says="You went backward from the sum of all functions. That gives the sum of their gradients, not each on its own.",
)
def gradient_of_the_sum(fs, x):
    x.grad = None
    sum(f(x) for f in fs).backward()
    return [x.grad for _ in fs]


@lesson.misconception(
    "gradients_in_turn",
    says="All functions share a part of your graph, and the first backward freed it. Compute each from the leaf itself.",
)
def freed_graph_used_again(fs, x):
    shared = x * 1.0
    gradients = []
    for f in fs:
        x.grad = None
        f(shared).backward()
        gradients.append(x.grad)
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="Does the error say that something `does not require grad`? You cut `x` off before the functions saw it.",
)
def cut_off_too_early(fs, x):
    gradients = []
    for f in fs:
        x.grad = None
        f(x.detach()).backward()
        gradients.append(x.grad)
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="Only the first gradient came back. Look how far the line with `return` is indented.",
)
def only_the_first(fs, x):
    gradients = []
    for f in fs:
        x.grad = None
        f(x).backward()
        gradients.append(x.grad)
        return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="You set `x` itself to zero. It is the gradient that has to be cleared; the numbers in `x` stay.",
)
def leaf_zeroed(fs, x):
    gradients = []
    for f in fs:
        with torch.no_grad():
            x.zero_()
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients


@lesson.misconception(
    "gradients_in_turn",
    says="Your function gave back nothing. A list with one gradient for each function is asked for.",
)
def list_not_returned(fs, x):
    gradients = []
    for f in fs:
        x.grad = None
        f(x).backward()
        gradients.append(x.grad)


# accumulated_gradient


@lesson.misconception(
    "accumulated_gradient",
    says="You added up the gradients of the batches as they are. Each batch counts as much as it has samples.",
)
def sum_of_the_means(batches, loss, w):
    w.grad = None
    for X, y in batches:
        loss(w, X, y).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You took the mean over the batches, so that a sample of a small batch counts more. Batches differ in size.",
)
def mean_of_the_means(batches, loss, w):
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) / len(batches)).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You divided by the size of each batch, but the loss is a mean already. By which number of samples is it left "
    "to divide?",
)
def divided_twice(batches, loss, w):
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) / len(X)).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="Your batches have the right weight among each other, but the sum was not divided by the number of all samples.",
)
def not_divided_at_all(batches, loss, w):
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X)).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You divided as if all batches were as large as the first. Count the samples of every batch.",
)
def all_as_large_as_the_first(batches, loss, w):
    total = len(batches) * len(batches[0][0])
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You cleared the gradient for each batch, so that only the last one counts. Here it has to pile up.",
)
def cleared_for_each_batch(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    for X, y in batches:
        w.grad = None
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="The old gradient went into yours. Look at `w.grad` before the first batch.",
)
def old_gradient_counted(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="Only zeros are left: you cleared `w.grad` when it was complete, and what you gave back is the same tensor.",
)
def cleared_at_the_end(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    w.grad.zero_()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You went backward from the running sum in every round. Its first part has been gone through, and was freed.",
)
def freed_graph_of_the_sum(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    running = 0
    for X, y in batches:
        running = running + loss(w, X, y) * len(X) / total
        running.backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You went backward from the running sum in every round. So the first batches were counted again and again.",
)
def graph_of_the_sum_kept(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    running = 0
    for X, y in batches:
        running = running + loss(w, X, y) * len(X) / total
        running.backward(retain_graph=True)
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You joined the batches, so that the loss got all samples at once. It is to get one batch at a time.",
)
def all_samples_at_once(batches, loss, w):
    w.grad = None
    loss(w, torch.cat([X for X, _ in batches]), torch.cat([y for _, y in batches])).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="Do you call `backward` on a plain number? `item` leaves the graph behind, and with it the way back to `w`.",
)
def numbers_without_a_graph(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    mean = sum(loss(w, X, y).item() * len(X) / total for X, y in batches)
    mean.backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="Does the error say that something `does not require grad`? You cut `w` off before the loss saw it.",
)
def weights_cut_off(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    for X, y in batches:
        (loss(w.detach(), X, y) * len(X) / total).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="The last batch was left out. It counts like the others, even when it is smaller.",
)
def last_batch_left_out(batches, loss, w):
    batches = batches[:-1] or batches
    total = sum(len(X) for X, _ in batches)
    w.grad = None
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="You gave back `None`. Is there a `return`? And is it `w` that you go backward to? Only a leaf has a `.grad`.",
)
def leaf_lost(batches, loss, w):
    w = w.clone()
    total = sum(len(X) for X, _ in batches)
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad


@lesson.misconception(
    "accumulated_gradient",
    says="At first `w.grad` may be `None`, and `None` has no `zero_`. Do you need to clear it then?",
)
def no_old_gradient_to_zero(batches, loss, w):
    total = sum(len(X) for X, _ in batches)
    w.grad.zero_()
    for X, y in batches:
        (loss(w, X, y) * len(X) / total).backward()
    return w.grad


# zero_gradients


@lesson.misconception(
    "zero_gradients",
    says="Your function expects every parameter to have a gradient. For some of them `.grad` may be `None`.",
)
def none_not_expected(params):
    for param in params:
        param.grad.zero_()


@lesson.misconception(
    "zero_gradients",
    says="You stopped at the first parameter without a gradient. The ones after it may have one.",
)
def stopped_at_the_first_without(params):
    for param in params:
        if param.grad is None:
            break
        param.grad.zero_()


@lesson.misconception(
    "zero_gradients",
    says="You set the parameters to zero. It is their gradients that have to go; the parameters stay as they are.",
)
def parameters_zeroed(params):
    for param in params:
        param.data.zero_()


@lesson.misconception(
    "zero_gradients",
    says="Nothing was cleared: you changed a copy, or gave a name to another tensor. Change what `.grad` stands for.",
)
def copies_zeroed(params):
    for param in params:
        gradient = param.grad
        if gradient is not None:
            gradient = torch.zeros_like(gradient)


@lesson.misconception(
    "zero_gradients",
    says="You multiplied the gradients by zero. Zero times `nan` is `nan`, so a broken gradient stays broken.",
)
def multiplied_by_zero(params):
    for param in params:
        if param.grad is not None:
            param.grad *= 0


@lesson.misconception(
    "zero_gradients",
    says="You went through the generator to look at it, and then nothing was left to clear. Once is all you have.",
)
def generator_used_up(params):
    if not any(param.grad is not None for param in list(params)):
        return
    for param in params:
        param.grad = None


@lesson.misconception(
    "zero_gradients",
    says="Your function asks for the length of `params`. A generator has none; go through the parameters themselves.",
)
def generator_has_no_length(params):
    for i in range(len(params)):
        params[i].grad = None


@lesson.misconception(
    "zero_gradients",
    says="Does the error speak of an assigned grad? PyTorch takes a tensor of the right shape there, or `None`.",
)
def number_for_a_tensor(params):
    for param in params:
        param.grad = 0


@lesson.misconception(
    "zero_gradients",
    says="You switched the gradients off. The parameters still need them: only what is there now has to go.",
)
def gradients_switched_off(params):
    for param in params:
        param.grad = None
        param.requires_grad_(False)


@lesson.misconception(
    "zero_gradients",
    says="Only the first parameter was cleared. Look how far the line with `return` is indented.",
)
def only_the_first_cleared(params):
    for param in params:
        param.grad = None
        return params


@lesson.misconception(
    "zero_gradients",
    says="Only the last parameter was cleared. Look how far the line that clears is indented.",
)
def only_the_last_cleared(params):
    for param in params:
        last = param
    last.grad = None


# numeric_gradient


@lesson.misconception(
    "numeric_gradient",
    says="You took a step up, but none down (forward differences). Central differences go both ways.",
)
def forward_differences(f, x, h):
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x)) / h
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="You took a step down, but none up (backward differences). Central differences go both ways.",
)
def backward_differences(f, x, h):
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x) - f(x - step)) / h
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="Your gradient is twice too large. How far apart are the two places at which you ask for `f`?",
)
def divided_by_one_step(f, x, h):
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / h
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="You multiplied by `h` in place of dividing by it. Python goes from left to right: `/ 2 * h` needs brackets.",
)
def brackets_forgotten(f, x, h):
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / 2 * h
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="Your signs are turned round: take the value below from the value above.",
)
def below_minus_above(f, x, h):
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x - step) - f(x + step)) / (2 * h)
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="You used a width of your own. The width of the step is given: it is `h`.",
)
def width_of_its_own(f, x, h):
    x, h = x.double(), 0.001
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="Your numbers are closer to the exact gradient than steps of width `h` come. Do you use `h`, and steps at all?",
)
def exact_gradient(f, x, h):
    leaf = x.detach().double().requires_grad_()
    f(leaf).backward()
    return leaf.grad


@lesson.misconception(
    "numeric_gradient",
    says="You computed in float32. The difference of the two values has hardly any digits left there.",
)
def in_single_precision(f, x, h):
    x = x.float()
    gradient = torch.zeros(x.numel(), dtype=torch.float32)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float32)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient.reshape(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="You changed to float64 only at the end, when the digits were lost already. Do so before the first step.",
)
def double_precision_too_late(f, x, h):
    x = x.float()
    gradient = torch.zeros(x.numel(), dtype=torch.float32)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float32)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient.reshape(x.shape).double()


@lesson.misconception(
    "numeric_gradient",
    says="You moved all entries at once, which gives a single number. Move one entry at a time.",
)
def all_entries_at_once(f, x, h):
    x = x.double()
    return (f(x + h) - f(x - h)) / (2 * h)


@lesson.misconception(
    "numeric_gradient",
    says="You moved a whole row at once. In a matrix each single entry takes its own step.",
)
def whole_rows_at_once(f, x, h):
    x = x.double()
    gradient = torch.zeros_like(x)
    for i in range(len(x)):
        step = torch.zeros_like(x)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@lesson.misconception(
    "numeric_gradient",
    says="You did not undo the step of an entry before you went on to the next one.",
)
def step_not_undone(f, x, h):
    x = x.double()
    entries, gradient = x.view(-1), torch.zeros_like(x).view(-1)
    for i in range(len(entries)):
        entries[i] += h
        above = f(x)
        entries[i] -= 2 * h
        gradient[i] = (above - f(x)) / (2 * h)
    return gradient.view(x.shape)


@lesson.misconception(
    "numeric_gradient",
    says="The numbers are right, but they come in one long row. The result has the shape of `x`.",
)
def one_long_row(f, x, h):
    x = x.double()
    gradient = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        step = torch.zeros(x.numel(), dtype=torch.float64)
        step[i] = h
        step = step.reshape(x.shape)
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# detached_update


@lesson.misconception(
    "detached_update",
    says="Does the error speak of a leaf and an in-place operation? PyTorch was recording. How do you tell it to look away?",
)
def changed_while_recorded(w, lr):
    w -= lr * w.grad


@lesson.misconception(
    "detached_update",
    says="The caller's `w` did not move. `w = ...` only gives the name `w` to a new tensor inside your function.",
)
def name_given_to_another(w, lr):
    with torch.no_grad():
        w = w - lr * w.grad
    return w


@lesson.misconception(
    "detached_update",
    says="You changed `w` behind PyTorch's back, through `.data`. A graph from before now gives wrong gradients in silence.",
)
def by_data(w, lr):
    w.data -= lr * w.grad


@lesson.misconception(
    "detached_update",
    says="You went uphill. The gradient shows where the loss grows, and the step goes against it.",
)
def uphill(w, lr):
    with torch.no_grad():
        w += lr * w.grad


@lesson.misconception(
    "detached_update",
    says="The learning rate has no effect on your step.",
)
def learning_rate_forgotten(w, lr):
    with torch.no_grad():
        w -= w.grad


@lesson.misconception(
    "detached_update",
    says="You put the step in the place of `w`. The step has to be taken from where `w` is.",
)
def step_in_its_place(w, lr):
    with torch.no_grad():
        w.copy_(-lr * w.grad)


@lesson.misconception(
    "detached_update",
    says="You divided by the number of entries. The step is the learning rate times the gradient, no more.",
)
def divided_by_the_entries(w, lr):
    with torch.no_grad():
        w -= lr * w.grad / w.numel()


@lesson.misconception(
    "detached_update",
    says="You cleared the gradient after the step. Whoever calls this wants it left as it was.",
)
def gradient_cleared_as_well(w, lr):
    with torch.no_grad():
        w -= lr * w.grad
    w.grad.zero_()


@lesson.misconception(
    "detached_update",
    says="The step is right, but afterwards `w` no longer requires gradients.",
)
def no_longer_watched(w, lr):
    w.requires_grad_(False)
    w -= lr * w.grad


@lesson.misconception(
    "detached_update",
    says="You told PyTorch to stop recording and never to start again. From here on nothing has a gradient.",
)
def never_records_again(w, lr):
    torch.set_grad_enabled(False)
    w -= lr * w.grad


@lesson.misconception(
    "detached_update",
    says="You changed the gradient. It is `w` that moves; the gradient stays.",
)
def gradient_moved(w, lr):
    with torch.no_grad():
        w.grad -= lr * w
