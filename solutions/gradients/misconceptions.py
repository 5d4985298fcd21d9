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

NO_GRADIENT_BACK = (
    "You gave back `None`. Is there a `return`, and a `backward`? `backward` itself returns nothing. And only a leaf gets "
    "a `.grad`: what `.to` or `*` makes of one is not a leaf."
)

gradient_of.slip("leaf = x.detach().requires_grad_()\n    f(leaf).backward()\n    return leaf",
    "x.requires_grad_()\n    f(x).backward()\n    return x", name="traces_left_in_x",
    says="You worked on the caller's own `x`, which now has traces of it. An old gradient got into yours, too.")

@gradient_of.misconception
def old_gradient_thrown_away(f, x):
    """The gradient is right, but you cleared the one that the caller had in `x.grad`. Work on a tensor of your own."""
    x.requires_grad_()
    x.grad = None
    f(x).backward()
    return x.grad

gradient_of.slip("detach", "clone", name="clone_that_is_no_leaf",
    says="Where `x` requires gradients, what you made of it (by `clone`?) is computed from `x`: it is not a leaf, and the "
         "gradient goes on to `x`.")

gradient_of.slip("f(leaf).backward()\n    return leaf.grad", "return f(leaf).backward()", name="what_backward_returns",
    says=NO_GRADIENT_BACK)

gradient_of.slip("requires_grad_()", "requires_grad_().to(torch.float64)", name="leaf_lost_by_conversion",
    says=NO_GRADIENT_BACK)

gradient_of.slip("(leaf)", "(leaf.detach())", name="detached_after_asking",
    says="Does the error say that something `does not require grad`? What `f` got was not watched. Did you ask for "
         "gradients? Did you detach after that?")

gradient_of.slip("leaf = x.detach().requires_grad_()\n    f(leaf).backward()\n    return leaf.grad",
    "(gradient,) = torch.autograd.grad(f(x), x)\n    return gradient", name="nobody_watches",
    says="Nobody told PyTorch to watch `x`, so nothing was recorded where `x` is a plain tensor.")

gradient_of.slip("(leaf)", "(leaf)\n    leaf", name="backward_from_x",
    says="You went backward from `x`. Go backward from `f` of it: that is a single number, which backward asks for.")

BACKWARD_TWICE = (
    "You went backward twice. The first time frees the graph, and where it does not, the gradient is counted twice."
)

gradient_of.slip("f(leaf)", "y = f(leaf)\n    y.backward()\n    y", name="backward_twice", says=BACKWARD_TWICE)

gradient_of.slip("f(leaf)", "y = f(leaf)\n    y.backward(retain_graph=True)\n    y", name="backward_twice_on_a_kept_graph",
    says=BACKWARD_TWICE)

@gradient_of.misconception
def requirement_lost(f, x):
    """Afterwards `x` requires no gradients, though it may have required them before. Work on a tensor of your own."""
    (gradient,) = torch.autograd.grad(f(x.requires_grad_()), x)
    x.requires_grad_(False)
    return gradient

gradient_of.slip("x.detach().requires_grad_()", "torch.ones_like(x, requires_grad=True)", name="gradient_at_ones",
    says="You took the gradient at a tensor of ones. The numbers in `x` say where the gradient is asked for.")

@gradient_of.misconception
def value_of_the_function(f, x):
    """You gave back the value of `f`. Its gradient has as many numbers as `x`."""
    return f(x.detach())

# gradients_in_turn

gradients_in_turn.slip("x.grad = None\n        f", "f", ("(x.grad)", "(x.grad.clone())"), name="never_cleared",
    says="Each gradient is the sum of all before it, since backward adds to what is there. Do you clear `x.grad` itself, "
         "before each function?")

gradients_in_turn.slip("x.grad = None\n        f", "f", name="never_cleared_nor_copied",
    says="Nothing was cleared, and your list holds the same tensor again and again, with the sum of all gradients in it.")

gradients_in_turn.slip("gradients.append(x.grad)", "x.grad.zero_()\n        gradients.append(x.grad.clone())",
    name="cleared_before_reading",
    says="All that is left in your list is zeros. Did you clear `x.grad` before you put it away? Or is what you put "
         "away still the same tensor as `x.grad`, cleared later?")

gradients_in_turn.slip("x.grad = None", "if x.grad is not None:\n            x.grad.zero_()",
    name="the_same_tensor_again_and_again",
    says="All tensors in your list are one and the same, and hold the last gradient. Put each gradient away in its "
         "round; if you clear in place, put away a copy.")

gradients_in_turn.slip("gradients = []", "x.grad = None\n    gradients = []", ("x.grad = None\n        f", "f"),
    ("(x.grad)", "(x.grad.clone())"), name="cleared_once",
    says="You cleared the gradient once, before the loop. From the second function on the gradients pile up.")

gradients_in_turn.slip("x.grad = None\n        f", "f", ("\n    return", "\n        x.grad = None\n    return"),
    name="cleared_afterwards_only",
    says="You clear after each function only. What was in `x.grad` before the first one went into the first gradient.")

NOTHING_THERE = (
    "Before the first backward `x.grad` may be `None`: nothing is there, and nothing can be set to zero. Do you need to "
    "clear it then?"
)

gradients_in_turn.slip("grad = None", "grad.zero_()", ("(x.grad)", "(x.grad.clone())"), name="nothing_there_to_zero",
    says=NOTHING_THERE)

gradients_in_turn.slip("grad = None", "grad.data.zero_()", ("(x.grad)", "(x.grad.clone())"),
    name="nothing_there_whose_data_to_zero", says=NOTHING_THERE)

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

gradients_in_turn.slip("gradients = []", "shared = x * 1.0\n    gradients = []", ("f(x)", "f(shared)"),
    name="freed_graph_used_again",
    says="All functions share a part of your graph, and the first backward freed it. Compute each from the leaf itself.")

gradients_in_turn.slip("f(x)", "f(x.detach())", name="cut_off_too_early",
    says="Does the error say that something `does not require grad`? The functions' results have no link to `x`. Did you "
         "detach it, or switch recording off?")

gradients_in_turn.slip("\n    return", "\n        return", name="only_the_first",
    says="Only the first gradient came back. Does a `return` inside the loop end it, or do you use the first "
         "function alone?")

gradients_in_turn.slip("x.grad = None", "with torch.no_grad():\n            x.zero_()",
    ("(x.grad)", "(x.grad.clone())"), name="leaf_zeroed",
    says="You set `x` itself to zero. It is the gradient that has to be cleared; the numbers in `x` stay.")

gradients_in_turn.slip("\n    return gradients", "", name="list_not_returned",
    says="Your function gave back nothing. A list with one gradient for each function is asked for.")

# accumulated_gradient

accumulated_gradient.slip("(loss(w, X, y) * len(X) / total)", "loss(w, X, y)", name="sum_of_the_means",
    says="You added up the gradients of the batches as they are. Each batch counts as much as it has samples.")

accumulated_gradient.slip("* len(X) / total", "/ len(batches)", name="mean_of_the_means",
    says="You took the mean over the batches, so that a sample of a small batch counts more. Batches differ in size.")

accumulated_gradient.slip("* len(X) / total", "/ total", name="means_divided_by_the_samples",
    says="You added up the means of the batches, and divided by the number of all samples. Multiply each mean by the size "
         "of its batch first.")

accumulated_gradient.slip("* len(X) / total", "/ len(X)", name="divided_twice",
    says="You divided by the size of each batch, but the loss is a mean already. By which number of samples is it left "
         "to divide?")

accumulated_gradient.slip("(X) / total", "(X)", name="not_divided_at_all",
    says="Your batches have the right weight among each other, but the sum was not divided by the number of all samples.")

accumulated_gradient.slip("sum(len(X) for X, y in batches)", "len(batches) * len(batches[0][0])",
    name="all_as_large_as_the_first",
    says="You divided as if all batches were as large as the first. Count the samples of every batch.")

accumulated_gradient.slip("sum(len(X) for X, y in batches)", "len(batches)", name="divided_by_the_batches",
    says="Your batches have the right weight among each other, but you divided by the number of batches. Divide by the "
         "number of all samples.")

accumulated_gradient.slip("(loss", "w.grad = None\n        (loss", name="cleared_for_each_batch",
    says="Only the last batch counts. Do you clear `w.grad` for each batch, or put the new gradient in its place? "
         "Here the gradients have to add up.")

accumulated_gradient.slip("\n    w.grad = None", "", name="old_gradient_counted",
    says="The old gradient went into yours. Look at `w.grad` before the first batch.")

accumulated_gradient.slip("return", "w.grad.zero_()\n    return", name="cleared_at_the_end",
    says="Only zeros came back. Did you call `backward` for each batch? Did you clear `w.grad` when it was complete? What "
         "you returned is that same tensor.")

accumulated_gradient.slip("\n    for", "\n    running = 0\n    for",
    ("(loss(w, X, y) * len(X) / total)", "running = running + loss(w, X, y) * len(X) / total\n        running"),
    name="freed_graph_of_the_sum",
    says="You went backward from the running sum in every round. Its first part has been gone through, and was freed.")

accumulated_gradient.slip("\n    for", "\n    running = 0\n    for", ("(loss(w, X, y) * len(X) / total).backward()",
     "running = running + loss(w, X, y) * len(X) / total\n        running.backward(retain_graph=True)"),
    name="graph_of_the_sum_kept",
    says="You went backward from the running sum in every round. So the first batches were counted again and again.")

accumulated_gradient.slip("for X, y in batches:\n        (loss(w, X, y) * len(X) / total)",
    "loss(w, torch.cat([X for X, _ in batches]), torch.cat([y for _, y in batches]))", name="all_samples_at_once",
    says="You joined the batches, so that the loss got all samples at once. It is to get one batch at a time.")

accumulated_gradient.slip("for X, y in batches:\n        (loss(w, X, y) * len(X) / total)",
    "mean = sum(loss(w, X, y).item() * len(X) / total for X, y in batches)\n    mean", name="numbers_without_a_graph",
    says="Do you call `backward` on a plain number? `item` leaves the graph behind, and with it the way back to `w`.")

accumulated_gradient.slip("w, X", "w.detach(), X", name="weights_cut_off",
    says="Does the error say that something `does not require grad`? The loss has no link to `w`. Did you detach it, or "
         "switch recording off?")

accumulated_gradient.slip("total =", "batches = batches[:-1] or batches\n    total =", name="last_batch_left_out",
    says="The last batch was left out. It counts like the others, even when it is smaller.")

accumulated_gradient.slip("total = sum(len(X) for X, y in batches)\n    w.grad = None",
    "w = w.clone()\n    total = sum(len(X) for X, _ in batches)", name="leaf_lost",
    says="You gave back `None`. Is there a `return`, and a `backward`? And is it `w` itself that you go backward to? Only "
         "a leaf has a `.grad`.")

NO_OLD_GRADIENT = (
    "At first `w.grad` may be `None`: nothing is there, and nothing can be set to zero. Do you need to clear it then?"
)

accumulated_gradient.slip("grad = None", "grad.zero_()", name="no_old_gradient_to_zero", says=NO_OLD_GRADIENT)

accumulated_gradient.slip("grad = None", "grad.data.zero_()", name="no_old_gradient_whose_data_to_zero",
    says=NO_OLD_GRADIENT)

# zero_gradients

NONE_NOT_EXPECTED = "Your function expects every parameter to have a gradient. For some of them `.grad` may be `None`."

zero_gradients.slip("grad = None", "grad.zero_()", name="none_not_expected", says=NONE_NOT_EXPECTED)

zero_gradients.slip("grad = None", "grad.data.zero_()", name="none_has_no_data", says=NONE_NOT_EXPECTED)

zero_gradients.slip("grad = None", "grad.detach_()\n        param.grad.zero_()", name="none_can_not_be_detached",
    says=NONE_NOT_EXPECTED)

zero_gradients.slip("param.grad = None", "if param.grad is None:\n            break\n        param.grad.zero_()",
    name="stopped_at_the_first_without",
    says="You stopped at the first parameter without a gradient. The ones after it may have one.")

PARAMETERS_ZEROED = "You set the parameters to zero. It is their gradients that have to go; the parameters stay as they are."

zero_gradients.slip("grad = None", "data.zero_()", name="parameters_zeroed", says=PARAMETERS_ZEROED)

zero_gradients.slip("param.grad = None", "param.zero_()", name="parameters_to_be_zeroed", says=PARAMETERS_ZEROED)

zero_gradients.slip("param.grad = None", "param.fill_(0)", name="parameters_to_be_filled", says=PARAMETERS_ZEROED)

zero_gradients.slip("param.grad = None",
    "gradient = param.grad\n        if gradient is not None:\n            gradient = torch.zeros_like(gradient)",
    name="copies_zeroed",
    says="Nothing was cleared. Did you change a copy, give a name to another tensor, write `==` for `=`, or leave out "
         "the parentheses of `zero_()`? Change what `.grad` stands for.")

zero_gradients.slip("param.grad = None", "if param.grad is not None:\n            param.grad *= 0",
    name="multiplied_by_zero",
    says="A gradient with `nan` in it stays broken: zero times `nan` is `nan`, and so is `nan` minus `nan`. Put zeros or "
         "`None` in its place.")

zero_gradients.slip("for", "if not any(param.grad is not None for param in list(params)):\n        return\n    for",
    name="generator_used_up",
    says="You went through the generator to look at it, and then nothing was left to clear. Once is all you have.")

zero_gradients.slip("param in params:\n        param", "i in range(len(params)):\n        params[i]",
    name="generator_has_no_length",
    says="Your function asks for the length of `params`. A generator has none; go through the parameters themselves.")

NUMBER_FOR_A_TENSOR = "Does the error speak of an assigned grad? PyTorch takes a tensor of the right shape there, or `None`."

zero_gradients.slip("None", "0", name="number_for_a_tensor", says=NUMBER_FOR_A_TENSOR)

zero_gradients.slip("None", "0.0", name="float_for_a_tensor", says=NUMBER_FOR_A_TENSOR)

zero_gradients.slip("None", "None\n        param.requires_grad_(False)", name="gradients_switched_off",
    says="You switched the gradients off. The parameters still need them: only what is there now has to go.")

zero_gradients.slip("None", "None\n        return params", name="only_the_first_cleared",
    says="Only the first parameter was cleared. Does a `return` end your loop, or do you use the first one alone?")

zero_gradients.slip("param.", "last = param\n    last.", name="only_the_last_cleared",
    says="Only the last parameter was cleared. Is the line that clears inside the loop?")

# numeric_gradient

numeric_gradient.slip("(x - step)) / (2 * h)", "(x)) / h", name="forward_differences",
    says="You took a step up, but none down (forward differences). Central differences go both ways.")

numeric_gradient.slip("(f(x + step) - f(x - step)) / (2 * h)", "(f(x) - f(x - step)) / h", name="backward_differences",
    says="You took a step down, but none up (backward differences). Central differences go both ways.")

numeric_gradient.slip("(2 * h)", "h", name="divided_by_one_step",
    says="Your gradient is twice too large. How far apart are the two places at which you ask for `f`?")

numeric_gradient.slip("(2 * h)", "2 * h", name="brackets_forgotten",
    says="You multiplied by `h` in place of dividing by it. Python goes from left to right: `/ 2 * h` needs parentheses.")

numeric_gradient.slip("(x + step) - f(x - step)", "(x - step) - f(x + step)", name="below_minus_above",
    says="Your signs are reversed: subtract the value below from the value above.")

numeric_gradient.slip("x = x.double()\n    gradient = x.new_zeros(x.numel())",
    "x, h = x.double(), 0.001\n    gradient = torch.zeros(x.numel(), dtype=torch.float64)", name="width_of_its_own",
    says="You used a width of your own. The width of the step is given: it is `h`.")

@numeric_gradient.misconception
def exact_gradient(f, x, h):
    """Your numbers are closer to the exact gradient than steps of width `h` come. Do you use `h`, and steps at all?"""
    leaf = x.detach().double().requires_grad_()
    f(leaf).backward()
    return leaf.grad

numeric_gradient.slip("double()\n    gradient = x.new_zeros(x.numel())",
    "float()\n    gradient = torch.zeros(x.numel(), dtype=torch.float32)", name="in_single_precision",
    says="You computed in float32. The difference of the two values has hardly any digits left there.")

numeric_gradient.slip("double()\n    gradient = x.new_zeros(x.numel())",
    "float()\n    gradient = torch.zeros(x.numel(), dtype=torch.float32)",
    ("gradient.reshape(x.shape)", "gradient.reshape(x.shape).double()"), name="double_precision_too_late",
    says="You changed to float64 only at the end, when the digits were lost already. Do so before the first step.")

@numeric_gradient.misconception
def all_entries_at_once(f, x, h):
    """You moved all entries at once, which gives a single number. Move one entry at a time."""
    x = x.double()
    return (f(x + h) - f(x - h)) / (2 * h)

numeric_gradient.slip("step[i]", "step[:]", name="the_same_step_everywhere",
    says="You moved all entries at once, so that each place of the result holds the same number. Move one entry at a time.")

numeric_gradient.slip("x.new_zeros(x.numel())\n    for i in range(x.numel()):\n        step = x.new_zeros(x.numel())",
    "torch.zeros_like(x)\n    for i in range(len(x)):\n        step = torch.zeros_like(x)", name="whole_rows_at_once",
    says="You moved a whole row at once. In a matrix each single entry takes its own step.")

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

numeric_gradient.slip("gradient.reshape(x.shape)", "gradient", name="one_long_row",
    says="The numbers are right, but they come in one long row. The result has the shape of `x`.")

# detached_update

detached_update.slip("with torch.no_grad():\n        w", "w", name="changed_while_recorded",
    says="Does the error speak of a leaf and an in-place operation? PyTorch was recording. How do you tell it to look away?")

detached_update.slip("-= lr * w.grad", "= w - lr * w.grad\n    return w", name="name_given_to_another",
    says="The caller's `w` did not move. Did you make a new tensor, as `w = ...` and `w - ...` do? Change the "
         "numbers in `w` itself.")

detached_update.slip("with torch.no_grad():\n        w", "w.data", name="by_data",
    says="You changed `w` behind PyTorch's back, through `.data`. A graph from before now gives wrong gradients in silence.")

detached_update.slip("-= lr", "+= lr", name="uphill",
    says="You went uphill. The gradient shows where the loss grows, and the step goes against it.")

detached_update.slip("lr * w", "w", name="learning_rate_forgotten",
    says="The learning rate has no effect on your step.")

detached_update.slip("w -= lr * w.grad", "w.copy_(-lr * w.grad)", name="step_in_its_place",
    says="You put the step in the place of `w`. The step has to be taken from where `w` is.")

detached_update.slip(".grad", ".grad / w.numel()", name="divided_by_the_entries",
    says="You divided by the number of entries. The step is the learning rate times the gradient, no more.")

GRADIENT_CLEARED = "You cleared the gradient after the step. Whoever calls this wants it left as it was."

detached_update.slip(".grad", ".grad\n    w.grad.zero_()", name="gradient_cleared_as_well", says=GRADIENT_CLEARED)

detached_update.slip(".grad", ".grad\n    w.grad = None", name="gradient_taken_away", says=GRADIENT_CLEARED)

detached_update.slip("with torch.no_grad():\n        w", "w.requires_grad_(False)\n    w", name="no_longer_watched",
    says="The step is right, but afterwards `w` no longer requires gradients.")

detached_update.slip("with torch.no_grad():\n        w", "torch.set_grad_enabled(False)\n    w",
    name="never_records_again",
    says="You told PyTorch to stop recording and never to start again. From here on nothing has a gradient.")

detached_update.slip("w -= lr * w.grad", "w.grad -= lr * w", name="gradient_moved",
    says="You changed the gradient. It is `w` that moves; the gradient stays.")

# Other ways

@gradient_of.way
def from_autograd(f, x):
    """`torch.autograd.grad` gives the gradient back, and writes it into no `.grad`."""
    leaf = x.detach().requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0]

@gradients_in_turn.way
def each_from_autograd(fs, x):
    """Nothing is added to `x.grad` here, so there is nothing to clear."""
    return [torch.autograd.grad(f(x), x)[0] for f in fs]
