"""Wrong answers that students of lesson 3 really give, and what each of them should read."""

import lesson as reference
import torch
from checks import evaluate, grad_clipping, make_optimizer, sgd_step, train_epoch, train_step
from torch import nn

# grad_clipping

@grad_clipping.misconception
def each_parameter_on_its_own(params, theta, device):
    """You clipped each parameter on its own. There is one norm, made of the gradients of all parameters together."""
    for param in params:
        if param.grad is not None:
            norm = param.grad.norm().item()
            if norm > theta:
                param.grad *= theta / norm

@grad_clipping.misconception
def each_number_on_its_own(params, theta, device):
    """You clipped every number on its own, which turns the gradient into another direction. Scale them all alike."""
    for param in params:
        if param.grad is not None:
            param.grad.clamp_(-theta, theta)

@grad_clipping.misconception
def scales_always(params, theta, device):
    """You scaled in every case, so that small gradients grow and a zero gradient breaks. When is scaling needed?"""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    for param in params:
        param.grad *= theta / norm

@grad_clipping.misconception
def generator_used_up(params, theta, device):
    """Your first loop used up the generator: nothing was left for the second one. Keep the parameters somewhere."""
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params if param.grad is not None))
    if norm > theta:
        for param in params:
            if param.grad is not None:
                param.grad *= theta / norm

@grad_clipping.misconception
def none_not_skipped(params, theta, device):
    """Your function expects every parameter to have a gradient. For some of them `.grad` may be `None`."""
    params = list(params)
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def copies_scaled(params, theta, device):
    """You scaled copies of the gradients. The gradients of the parameters themselves have to change."""
    gradients = [param.grad.data.clone() for param in params if param.grad is not None]
    norm = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
    if norm > theta:
        for gradient in gradients:
            gradient *= theta / norm

@grad_clipping.misconception
def parameters_scaled(params, theta, device):
    """You scaled the parameters. It is their gradients that have to change; the parameters stay as they are."""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.data *= theta / norm

@grad_clipping.misconception
def length_of_the_parameters(params, theta, device):
    """You measured the length of the parameters. It is the length of their gradients that counts."""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.detach() ** 2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def square_root_forgotten(params, theta, device):
    """The square root is missing: you compared the sum of the squares with theta."""
    params = [param for param in params if param.grad is not None]
    norm = sum((param.grad**2).sum() for param in params)
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def norms_added_up(params, theta, device):
    """You added up the norms of the parameters' gradients. Add up the squares first, and take one root at the end."""
    params = [param for param in params if param.grad is not None]
    norm = sum(param.grad.norm() for param in params)
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def largest_norm_only(params, theta, device):
    """You took the largest of the parameters' norms. The joint norm counts the numbers of all gradients."""
    params = [param for param in params if param.grad is not None]
    norm = max(param.grad.norm() for param in params)
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def norm_of_the_last_only(params, theta, device):
    """Only the last parameter counts in your norm. Does your loop add to what is there, or replace it?"""
    params = [param for param in params if param.grad is not None]
    for param in params:
        norm = (param.grad**2).sum().sqrt()
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def comparison_turned_round(params, theta, device):
    """Your comparison is reversed: short gradients are scaled and long ones are left alone."""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm < theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def factor_upside_down(params, theta, device):
    """Your factor is upside down, so that long gradients get longer still. What factor turns the norm into theta?"""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= norm / theta

@grad_clipping.misconception
def theta_as_the_factor(params, theta, device):
    """You multiplied by theta itself. That gives a norm of theta only if the norm was 1 before."""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta

@grad_clipping.misconception
def only_the_last_scaled(params, theta, device):
    """Only the last gradient was scaled. Look how far the line that scales is indented."""
    params = [param for param in params if param.grad is not None]
    squares = 0
    for param in params:
        squares += (param.grad**2).sum()
    norm = squares**0.5
    if norm > theta:
        param.grad *= theta / norm

@grad_clipping.misconception
def all_numbers_alike(params, theta, device):
    """The norm is right, but all numbers of your gradients have the same size now. Large ones have to stay larger."""
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        count = sum(param.numel() for param in params)
        for param in params:
            param.grad = param.grad.sign() * theta / count**0.5

@grad_clipping.misconception
def made_where_pytorch_likes(params, theta, device):
    """You made a tensor without saying where, so PyTorch chose the place. Make it on `device`."""
    params = [param for param in params if param.grad is not None]
    squares = torch.zeros(1)
    for param in params:
        squares += (param.grad**2).sum()
    norm = squares.sqrt().item()
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

@grad_clipping.misconception
def numbers_not_squared(params, theta, device):
    """You added up the numbers themselves, so that a negative one takes away from a positive one. Square them first."""
    params = [param for param in params if param.grad is not None]
    norm = abs(sum(param.grad.sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

# sgd_step

@sgd_step.misconception
def batch_size_left_out(params, lr, batch_size):
    """You followed the sum, not the mean: `batch_size` is not used. How large is the step for a batch of 256?"""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad

@sgd_step.misconception
def batch_size_divided_twice(params, lr, batch_size):
    """You divided by the batch size twice. Once turns the sum into a mean."""
    with torch.no_grad():
        for param in params:
            param -= lr / batch_size * param.grad / batch_size

@sgd_step.misconception
def batch_size_multiplied(params, lr, batch_size):
    """You multiplied by the batch size, so that large batches make huge steps. What turns a sum into a mean?"""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad * batch_size

@sgd_step.misconception
def divided_by_the_numbers(params, lr, batch_size):
    """You divided by how many numbers the parameter has. It is the samples in the batch that count."""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / param.numel()

@sgd_step.misconception
def learning_rate_left_out(params, lr, batch_size):
    """You left out the learning rate."""
    with torch.no_grad():
        for param in params:
            param -= param.grad / batch_size

@sgd_step.misconception
def along_the_gradients(params, lr, batch_size):
    """You went up, along the gradients: that makes the loss larger. Which sign leads down?"""
    with torch.no_grad():
        for param in params:
            param += lr * param.grad / batch_size

@sgd_step.misconception
def recorded(params, lr, batch_size):
    """PyTorch refused: a leaf that requires gradients must not change in place while PyTorch records. Switch that off."""
    for param in params:
        param -= lr * param.grad / batch_size

@sgd_step.misconception
def nothing_moved(params, lr, batch_size):
    """Nothing moved. Did you give the old name to a new tensor, or clear the gradients before they were used?"""
    for param in params:
        param = param - lr * param.grad / batch_size

@sgd_step.misconception
def no_gradients_required_any_more(params, lr, batch_size):
    """The numbers are right, but you let the parameters require no gradients any more, so they can't learn further."""
    for param in params:
        param.requires_grad_(False)
        param -= lr * param.grad / batch_size

@sgd_step.misconception
def only_the_first_moved(params, lr, batch_size):
    """Only the first parameter moved: `return` inside the loop ends it. Should it be there at all?"""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            return param

@sgd_step.misconception
def step_for_the_parameter(params, lr, batch_size):
    """You put the step in the place of the parameter. The step has to be subtracted from what was there."""
    with torch.no_grad():
        for param in params:
            param.copy_(lr * param.grad / batch_size)

@sgd_step.misconception
def signs_only(params, lr, batch_size):
    """You looked only at the signs of the gradients. A large gradient has to move its parameter further."""
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad.sign() / batch_size

# train_step

@train_step.misconception
def gradients_never_cleared(model, loss_fn, optimizer, X, y, theta):
    """The old gradients were never cleared, so that each step uses the sum of all gradients so far."""
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()

@train_step.misconception
def gradients_cleared_at_the_end(model, loss_fn, optimizer, X, y, theta):
    """You cleared the gradients at the end only. What was left behind before your first step went into it."""
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()

@train_step.misconception
def gradients_cleared_before_use(model, loss_fn, optimizer, X, y, theta):
    """You cleared the new gradients before the optimizer could use them, so nothing moved."""
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.zero_grad()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()

@train_step.misconception
def clipped_after_the_move(model, loss_fn, optimizer, X, y, theta):
    """You clipped after the parameters had moved, which is too late. Compare with the order in the table."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    reference.grad_clipping(model.parameters(), theta, X.device)
    return loss.item()

@train_step.misconception
def clipped_before_they_were_computed(model, loss_fn, optimizer, X, y, theta):
    """The gradients were not clipped when the optimizer used them. Clip after they are computed, and make sure that
    your clipping works."""
    optimizer.zero_grad()
    reference.grad_clipping(model.parameters(), theta, X.device)
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()

@train_step.misconception
def clipped_one_by_one(model, loss_fn, optimizer, X, y, theta):
    """You clipped each parameter on its own. Give all parameters of the model to the clipping at once."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    for param in model.parameters():
        reference.grad_clipping([param], theta, X.device)
    optimizer.step()
    return loss.item()

@train_step.misconception
def clipped_by_value(model, loss_fn, optimizer, X, y, theta):
    """You clipped every number of the gradients on its own. Here their joint norm is what counts."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    nn.utils.clip_grad_value_(model.parameters(), theta)
    optimizer.step()
    return loss.item()

@train_step.misconception
def loss_with_its_graph(model, loss_fn, optimizer, X, y, theta):
    """You returned the loss as a tensor, which keeps its whole computation in memory. Return its number."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss

@train_step.misconception
def loss_after_the_move(model, loss_fn, optimizer, X, y, theta):
    """You computed the loss once more, after the parameters had moved. Return the loss that the step started from."""
    optimizer.zero_grad()
    loss_fn(model(X), y).backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss_fn(model(X), y).item()

@train_step.misconception
def loss_not_returned(model, loss_fn, optimizer, X, y, theta):
    """The step is right, but your function returns nothing. The loss is asked for."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()

@train_step.misconception
def parameters_never_moved(model, loss_fn, optimizer, X, y, theta):
    """The gradients are right, but the parameters never moved. Who moves them, and did you ask for it?"""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    return loss.item()

@train_step.misconception
def optimizer_made_anew(model, loss_fn, optimizer, X, y, theta):
    """You made a new optimizer in each step. What the old one remembered is lost: use the one that you are given."""
    optimizer = type(optimizer)(model.parameters(), **optimizer.defaults)
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()

@train_step.misconception
def moved_by_hand(model, loss_fn, optimizer, X, y, theta):
    """You moved the parameters by hand, as plain SGD does. Each optimizer has a way of its own: let it move them."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    with torch.no_grad():
        for param in model.parameters():
            if param.grad is not None:
                param -= optimizer.param_groups[0]["lr"] * param.grad
    return loss.item()

@train_step.misconception
def divided_by_the_batch_twice(model, loss_fn, optimizer, X, y, theta):
    """You divided the loss by the number of samples. The loss function has taken the mean already."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y) / len(X)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()

@train_step.misconception
def loss_arguments_swapped(model, loss_fn, optimizer, X, y, theta):
    """The loss function got its two arguments in the wrong order: first what the model says, then `y`."""
    optimizer.zero_grad()
    loss = loss_fn(y, model(X))
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()

@train_step.misconception
def trained_in_evaluation_mode(model, loss_fn, optimizer, X, y, theta):
    """You switched the model to evaluation. While it learns it stays in training mode."""
    model.eval()
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()

# make_optimizer

KINDS = {
    "SGD": torch.optim.SGD,
    "Adagrad": torch.optim.Adagrad,
    "RMSprop": torch.optim.RMSprop,
    "Adadelta": torch.optim.Adadelta,
    "Adam": torch.optim.Adam,
}

@make_optimizer.misconception
def rate_of_pytorch(name, params, lr):
    """You forgot the learning rate: PyTorch then takes one of its own."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name](params)

@make_optimizer.misconception
def momentum_for_sgd(name, params, lr):
    """Your SGD has momentum. Leave everything but the learning rate as PyTorch has it."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return torch.optim.SGD(params, lr=lr, momentum=0.9) if name == "SGD" else KINDS[name](params, lr=lr)

@make_optimizer.misconception
def adamw_for_adam(name, params, lr):
    """You made `AdamW` where `Adam` is asked for. `AdamW` also makes the parameters smaller in each step."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return torch.optim.AdamW(params, lr=lr) if name == "Adam" else KINDS[name](params, lr=lr)

@make_optimizer.misconception
def adagrad_and_adadelta_mixed_up(name, params, lr):
    """You mixed up Adagrad and Adadelta. Compare your names with your classes."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[{"Adagrad": "Adadelta", "Adadelta": "Adagrad"}.get(name, name)](params, lr=lr)

@make_optimizer.misconception
def always_sgd(name, params, lr):
    """Your optimizer is SGD whatever `name` says."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return torch.optim.SGD(params, lr=lr)

@make_optimizer.misconception
def class_returned(name, params, lr):
    """You returned the class, not an optimizer made from it. Call the class, with the parameters and the rate."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name]

@make_optimizer.misconception
def whatever_pytorch_has(name, params, lr):
    """You take whatever `torch.optim` has, so `AdamW` goes through. Only the five names are allowed."""
    try:
        return getattr(torch.optim, name)(params, lr=lr)
    except AttributeError:
        raise ValueError(f"{name} is none of {list(KINDS)}.") from None

@make_optimizer.misconception
def key_error_for_other_names(name, params, lr):
    """The five are right. An unknown name ends in a KeyError, which you did not choose: see first if it is known."""
    return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def other_names_let_through(name, params, lr):
    """The five are right, but for another name your function gives back something and goes on. `raise` an error."""
    if name in KINDS:
        return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def name_error_raised(name, params, lr):
    """You raised a NameError. That one is about names of variables: a `ValueError` is asked for."""
    if name not in KINDS:
        raise NameError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def names_asserted(name, params, lr):
    """`assert` raises an AssertionError. A `ValueError` is asked for: use `raise`."""
    assert name in KINDS, f"{name} is none of {list(KINDS)}."
    return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def names_not_listed(name, params, lr):
    """You raised a ValueError, but its message does not list the five names. Whoever reads it wants to know them."""
    if name not in KINDS:
        raise ValueError("There is no such optimizer.")
    return KINDS[name](params, lr=lr)

# train_epoch

@train_epoch.misconception
def mean_over_the_batches(model, loader, loss_fn, optimizer, theta):
    """Your loss is the mean over the batches. The last one is smaller, so each of its samples counts too much."""
    model.train()
    losses, right, count = [], 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        losses.append(reference.train_step(model, loss_fn, optimizer, X, y, theta))
        count += len(X)
    return sum(losses) / len(losses), right / count

@train_epoch.misconception
def accuracies_of_batches_averaged(model, loader, loss_fn, optimizer, theta):
    """Your accuracy is the mean over the batches. The last one is smaller: count over all samples, divide at the end."""
    model.train()
    loss_sum, accuracies, count = 0, [], 0
    for X, y in loader:
        accuracies.append((model(X).argmax(1) == y).double().mean().item())
        loss_sum += reference.train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        count += len(X)
    return loss_sum / count, sum(accuracies) / len(accuracies)

@train_epoch.misconception
def both_averaged_over_the_batches(model, loader, loss_fn, optimizer, theta):
    """Loss and accuracy are both means over the batches. The last one is smaller: add up over samples, divide once."""
    model.train()
    losses, accuracies = [], []
    for X, y in loader:
        accuracies.append((model(X).argmax(1) == y).double().mean().item())
        losses.append(reference.train_step(model, loss_fn, optimizer, X, y, theta))
    return sum(losses) / len(losses), sum(accuracies) / len(accuracies)

@train_epoch.misconception
def means_divided_by_the_samples(model, loader, loss_fn, optimizer, theta):
    """Your loss was divided by the batch size twice: `loss_fn` has taken the mean, and then you divided by all samples."""
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += reference.train_step(model, loss_fn, optimizer, X, y, theta)
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def loss_of_the_last_batch(model, loader, loss_fn, optimizer, theta):
    """You returned the loss of the last batch. The mean over all samples of the epoch is asked for."""
    model.train()
    right, count = 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss = reference.train_step(model, loss_fn, optimizer, X, y, theta)
        count += len(X)
    return loss, right / count

@train_epoch.misconception
def all_batches_taken_as_full(model, loader, loss_fn, optimizer, theta):
    """You took all batches to be as large as the first. The last one is smaller: ask each batch for its length."""
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += reference.train_step(model, loss_fn, optimizer, X, y, theta) * loader.batch_size
        count += loader.batch_size
    return loss_sum / count, right / count

@train_epoch.misconception
def training_mode_forgotten(model, loader, loss_fn, optimizer, theta):
    """Training mode was never switched on. If the model comes from an evaluation, it learns in the wrong mode."""
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += reference.train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def epoch_in_evaluation_mode(model, loader, loss_fn, optimizer, theta):
    """You trained in evaluation mode: `eval` is for finding out how good a model is."""
    model.eval()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += reference.train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def optimizer_rebuilt_each_epoch(model, loader, loss_fn, optimizer, theta):
    """You made a new optimizer for each epoch. What the old one remembered is lost: use the one that you are given."""
    optimizer = type(optimizer)(model.parameters(), **optimizer.defaults)
    return reference.train_epoch(model, loader, loss_fn, optimizer, theta)

@train_epoch.misconception
def epoch_without_clearing(model, loader, loss_fn, optimizer, theta):
    """The gradients were never cleared, so that each step uses the sum of all gradients so far."""
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        loss.backward()
        reference.grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def cleared_once_an_epoch(model, loader, loss_fn, optimizer, theta):
    """You cleared the gradients once, before the loop. Each batch needs that anew."""
    optimizer.zero_grad()
    return epoch_without_clearing(model, loader, loss_fn, optimizer, theta)

@train_epoch.misconception
def cleared_before_the_step(model, loader, loss_fn, optimizer, theta):
    """You cleared the gradients between `backward` and the step of the optimizer, so nothing moved."""
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def epoch_without_clipping(model, loader, loss_fn, optimizer, theta):
    """The gradients were not clipped when the optimizer used them. Where in your loop do you use `theta`?"""
    return reference.train_epoch(model, loader, loss_fn, optimizer, float("inf"))

@train_epoch.misconception
def one_step_an_epoch(model, loader, loss_fn, optimizer, theta):
    """The optimizer moved the parameters once, after the loop. Each batch is to have a step of its own."""
    model.train()
    optimizer.zero_grad()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        loss.backward()
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    reference.grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss_sum / count, right / count

@train_epoch.misconception
def only_the_first_batch(model, loader, loss_fn, optimizer, theta):
    """Only the first batch was used: `return` inside the loop ends the epoch."""
    return reference.train_epoch(model, [next(iter(loader))], loss_fn, optimizer, theta)

@train_epoch.misconception
def losses_with_their_graphs(model, loader, loss_fn, optimizer, theta):
    """You added up the loss as a tensor, so the computation of every batch stays in memory. Add up its number."""
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        loss.backward()
        reference.grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def accuracy_left_a_tensor(model, loader, loss_fn, optimizer, theta):
    """Your accuracy is a tensor. Plain Python numbers are asked for: which method gives the number of a tensor?"""
    loss, accuracy = reference.train_epoch(model, loader, loss_fn, optimizer, theta)
    return loss, torch.tensor(accuracy)

@train_epoch.misconception
def guesses_after_the_move(model, loader, loss_fn, optimizer, theta):
    """You looked at the guesses after the parameters had moved. Use the outputs from which the loss came."""
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        loss_sum += reference.train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        right += (model(X).argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count

@train_epoch.misconception
def accuracy_when_it_is_over(model, loader, loss_fn, optimizer, theta):
    """You measured the accuracy when the epoch was over. Count the right guesses on the way, batch by batch."""
    loss, _ = reference.train_epoch(model, loader, loss_fn, optimizer, theta)
    accuracy = reference.evaluate(model, loader)
    return loss, accuracy

@train_epoch.misconception
def right_guesses_counted_only(model, loader, loss_fn, optimizer, theta):
    """You returned the number of right guesses. Their share of all samples is asked for."""
    loss, accuracy = reference.train_epoch(model, loader, loss_fn, optimizer, theta)
    return loss, round(accuracy * len(loader.dataset))

@train_epoch.misconception
def results_in_the_other_order(model, loader, loss_fn, optimizer, theta):
    """You returned the accuracy before the loss. The loss comes first."""
    return reference.train_epoch(model, loader, loss_fn, optimizer, theta)[::-1]

@train_epoch.misconception
def loss_only(model, loader, loss_fn, optimizer, theta):
    """You returned the loss only. The accuracy is asked for too."""
    return reference.train_epoch(model, loader, loss_fn, optimizer, theta)[0]

@train_epoch.misconception
def results_not_returned(model, loader, loss_fn, optimizer, theta):
    """The training is right, but your function returns nothing. Loss and accuracy are asked for."""
    reference.train_epoch(model, loader, loss_fn, optimizer, theta)

# evaluate

def accuracy_of(model, loader):
    """The accuracy of a model in the mode in which it is."""
    right, count = 0, 0
    with torch.no_grad():
        for X, y in loader:
            right += (model(X).argmax(1) == y).sum().item()
            count += len(X)
    return right / count

@evaluate.misconception
def evaluation_mode_forgotten(model, loader):
    """Evaluation mode was never switched on. Some layers work in another way while a model learns."""
    return accuracy_of(model, loader)

@evaluate.misconception
def mode_not_put_back(model, loader):
    """You left the model in evaluation mode. Put back the mode that it was in before you called `eval`."""
    return accuracy_of(model.eval(), loader)

@evaluate.misconception
def always_back_to_training(model, loader):
    """You always end in training mode. A model that came in evaluation mode has to stay in it."""
    accuracy = accuracy_of(model.eval(), loader)
    model.train()
    return accuracy

@evaluate.misconception
def recorded_for_nothing(model, loader):
    """The accuracy is right, but PyTorch recorded everything for a `backward` that never comes. Switch that off."""
    mode = model.training
    model.eval()
    right, count = 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        count += len(X)
    model.train(mode)
    return right / count

@evaluate.misconception
def recording_off_for_good(model, loader):
    """You switched recording off for good: after your function PyTorch can't learn any more. Switch it on again."""
    torch.set_grad_enabled(False)
    return reference.evaluate(model, loader)

@evaluate.misconception
def gradients_cleared_meanwhile(model, loader):
    """You cleared the model's gradients. Nothing but the mode may change here, and that only for a while."""
    model.zero_grad()
    return reference.evaluate(model, loader)

@evaluate.misconception
def parameters_frozen(model, loader):
    """Your model does not require gradients any more. Switch the recording off, not the parameters."""
    return reference.evaluate(model.requires_grad_(False), loader)

@evaluate.misconception
def batch_accuracies_averaged(model, loader):
    """You took the mean of the batches' accuracies. The last batch is smaller: count over all, divide once."""
    parts = [reference.evaluate(model, [batch]) for batch in loader]
    return sum(parts) / len(parts)

@evaluate.misconception
def divided_by_the_batches(model, loader):
    """You divided by the number of batches. It is the number of samples that counts."""
    return reference.evaluate(model, loader) * len(loader.dataset) / len(loader)

@evaluate.misconception
def batches_taken_as_full(model, loader):
    """You took every batch to be full. The last one is smaller: ask each batch for its length."""
    return reference.evaluate(model, loader) * len(loader.dataset) / (len(loader) * loader.batch_size)

@evaluate.misconception
def accuracy_of_the_last_batch(model, loader):
    """Only the last batch counts in your result. Does your loop add to what is there, or replace it?"""
    return reference.evaluate(model, [list(loader)[-1]])

@evaluate.misconception
def accuracy_of_the_first_batch(model, loader):
    """Only the first batch was looked at: `return` inside the loop ends it."""
    return reference.evaluate(model, [next(iter(loader))])

@evaluate.misconception
def count_for_share(model, loader):
    """You returned how many guesses are right. Their share of all samples is asked for."""
    return round(reference.evaluate(model, loader) * len(loader.dataset))

@evaluate.misconception
def share_of_wrong_guesses(model, loader):
    """You counted the wrong guesses. The accuracy is the share of the right ones."""
    return 1 - reference.evaluate(model, loader)

@evaluate.misconception
def percent_for_share(model, loader):
    """You returned percent. A share lies between 0.0 and 1.0."""
    return 100 * reference.evaluate(model, loader)

@evaluate.misconception
def tensor_for_float(model, loader):
    """The accuracy is right, but it is a tensor. A Python float is asked for: take its number."""
    return torch.tensor(reference.evaluate(model, loader))

@evaluate.misconception
def lowest_score_guessed(model, loader):
    """Your guess is the class with the lowest score. It is the highest that counts."""
    mode = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in loader:
            right += (model(X).argmin(1) == y).sum().item()
            count += len(X)
    model.train(mode)
    return right / count
