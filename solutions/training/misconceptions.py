"""Wrong answers that students of lesson 3 really give, and what each of them should read."""

import torch
from checks import lesson
from lesson import evaluate, grad_clipping, train_epoch, train_step
from torch import nn

# grad_clipping


@lesson.misconception(
    "grad_clipping",
    says="You clipped each parameter on its own. There is one norm, made of the gradients of all parameters together.",
)
def each_parameter_on_its_own(params, theta, device):
    for param in params:
        if param.grad is not None:
            norm = param.grad.norm().item()
            if norm > theta:
                param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You clipped every number on its own, which turns the gradient into another direction. Scale them all alike.",
)
def each_number_on_its_own(params, theta, device):
    for param in params:
        if param.grad is not None:
            param.grad.clamp_(-theta, theta)


@lesson.misconception(
    "grad_clipping",
    says="You scaled in every case, so that small gradients grow and a zero gradient breaks. When is scaling needed?",
)
def scales_always(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    for param in params:
        param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="Your first loop used up the generator: nothing was left for the second one. Keep the parameters somewhere.",
)
def generator_used_up(params, theta, device):
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params if param.grad is not None))
    if norm > theta:
        for param in params:
            if param.grad is not None:
                param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="Your function expects every parameter to have a gradient. For some of them `.grad` may be `None`.",
)
def none_not_skipped(params, theta, device):
    params = list(params)
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You scaled copies of the gradients. The gradients of the parameters themselves have to change.",
)
def copies_scaled(params, theta, device):
    gradients = [param.grad.data.clone() for param in params if param.grad is not None]
    norm = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
    if norm > theta:
        for gradient in gradients:
            gradient *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You scaled the parameters. It is their gradients that have to change; the parameters stay as they are.",
)
def parameters_scaled(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.data *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You measured the length of the parameters. It is the length of their gradients that counts.",
)
def length_of_the_parameters(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.detach() ** 2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="The square root is missing: you compared the sum of the squares with theta.",
)
def square_root_forgotten(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = sum((param.grad**2).sum() for param in params)
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You added up the norms of the parameters' gradients. Add up the squares first, and take one root at the end.",
)
def norms_added_up(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = sum(param.grad.norm() for param in params)
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You took the largest of the parameters' norms. The joint norm counts the numbers of all gradients.",
)
def largest_norm_only(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = max(param.grad.norm() for param in params)
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="Only the last parameter counts in your norm. Does your loop add to what is there, or replace it?",
)
def norm_of_the_last_only(params, theta, device):
    params = [param for param in params if param.grad is not None]
    for param in params:
        norm = (param.grad**2).sum().sqrt()
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="Your comparison is the wrong way round: short gradients are scaled and long ones are left alone.",
)
def comparison_turned_round(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm < theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="Your factor is upside down, so that long gradients get longer still. What factor turns the norm into theta?",
)
def factor_upside_down(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= norm / theta


@lesson.misconception(
    "grad_clipping",
    says="You multiplied by theta itself. That gives a norm of theta only if the norm was 1 before.",
)
def theta_as_the_factor(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta


@lesson.misconception(
    "grad_clipping",
    says="Only the last gradient was scaled. Look how far the line that scales is indented.",
)
def only_the_last_scaled(params, theta, device):
    params = [param for param in params if param.grad is not None]
    squares = 0
    for param in params:
        squares += (param.grad**2).sum()
    norm = squares**0.5
    if norm > theta:
        param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="The norm is right, but all numbers of your gradients have the same size now. Large ones have to stay larger.",
)
def all_numbers_alike(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        count = sum(param.numel() for param in params)
        for param in params:
            param.grad = param.grad.sign() * theta / count**0.5


@lesson.misconception(
    "grad_clipping",
    says="You made a tensor without saying where, so PyTorch chose the place. Make it on `device`.",
)
def made_where_pytorch_likes(params, theta, device):
    params = [param for param in params if param.grad is not None]
    squares = torch.zeros(1)
    for param in params:
        squares += (param.grad**2).sum()
    norm = squares.sqrt().item()
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


@lesson.misconception(
    "grad_clipping",
    says="You added up the numbers themselves, so that a negative one takes away from a positive one. Square them first.",
)
def numbers_not_squared(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = abs(sum(param.grad.sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


# sgd_step


@lesson.misconception(
    "sgd_step",
    says="You followed the sum, not the mean: `batch_size` is not used. How large is the step for a batch of 256?",
)
def batch_size_left_out(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad


@lesson.misconception(
    "sgd_step",
    says="You divided by the batch size twice. Once turns the sum into a mean.",
)
def batch_size_divided_twice(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr / batch_size * param.grad / batch_size


@lesson.misconception(
    "sgd_step",
    says="You multiplied by the batch size, so that large batches make huge steps. What turns a sum into a mean?",
)
def batch_size_multiplied(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad * batch_size


@lesson.misconception(
    "sgd_step",
    says="You divided by how many numbers the parameter has. It is the samples in the batch that count.",
)
def divided_by_the_numbers(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / param.numel()


@lesson.misconception(
    "sgd_step",
    says="You left out the learning rate.",
)
def learning_rate_left_out(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= param.grad / batch_size


@lesson.misconception(
    "sgd_step",
    says="You went up, along the gradients: that makes the loss larger. Which sign leads down?",
)
def along_the_gradients(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param += lr * param.grad / batch_size


@lesson.misconception(
    "sgd_step",
    says="PyTorch refused: a leaf that requires gradients may not change in place while PyTorch records. Switch that off.",
)
def recorded(params, lr, batch_size):
    for param in params:
        param -= lr * param.grad / batch_size


@lesson.misconception(
    "sgd_step",
    says="Nothing moved. Did you give the old name to a new tensor, or clear the gradients before they were used?",
)
def nothing_moved(params, lr, batch_size):
    for param in params:
        param = param - lr * param.grad / batch_size


@lesson.misconception(
    "sgd_step",
    says="The numbers are right, but you let the parameters require no gradients any more, so they can't learn further.",
)
def no_gradients_required_any_more(params, lr, batch_size):
    for param in params:
        param.requires_grad_(False)
        param -= lr * param.grad / batch_size


@lesson.misconception(
    "sgd_step",
    says="Only the first parameter moved: `return` inside the loop ends it. Should it be there at all?",
)
def only_the_first_moved(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size
            return param


@lesson.misconception(
    "sgd_step",
    says="You put the step in the place of the parameter. The step has to be taken away from what was there.",
)
def step_for_the_parameter(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param.copy_(lr * param.grad / batch_size)


@lesson.misconception(
    "sgd_step",
    says="You looked only at the signs of the gradients. A large gradient has to move its parameter further.",
)
def signs_only(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad.sign() / batch_size


# train_step


@lesson.misconception(
    "train_step",
    says="The old gradients were never cleared, so that each step uses the sum of all gradients so far.",
)
def gradients_never_cleared(model, loss_fn, optimizer, X, y, theta):
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You cleared the gradients at the end only. What was left behind before your first step went into it.",
)
def gradients_cleared_at_the_end(model, loss_fn, optimizer, X, y, theta):
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You cleared the new gradients before the optimizer could use them, so nothing moved.",
)
def gradients_cleared_before_use(model, loss_fn, optimizer, X, y, theta):
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.zero_grad()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You clipped after the parameters had moved, which is too late. Compare with the order in the table.",
)
def clipped_after_the_move(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    grad_clipping(model.parameters(), theta, X.device)
    return loss.item()


@lesson.misconception(
    "train_step",
    says="The gradients were not clipped when the optimizer used them. Clip after they are computed, and make sure "
    "that your clipping works.",
)
def clipped_before_they_were_computed(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    grad_clipping(model.parameters(), theta, X.device)
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You clipped each parameter on its own. Give all parameters of the model to the clipping at once.",
)
def clipped_one_by_one(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    for param in model.parameters():
        grad_clipping([param], theta, X.device)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You clipped every number of the gradients on its own. Here their joint norm is what counts.",
)
def clipped_by_value(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    nn.utils.clip_grad_value_(model.parameters(), theta)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You returned the loss as a tensor, which keeps its whole computation in memory. Return its number.",
)
def loss_with_its_graph(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss


@lesson.misconception(
    "train_step",
    says="You computed the loss once more, after the parameters had moved. Return the loss that the step started from.",
)
def loss_after_the_move(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss_fn(model(X), y).backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss_fn(model(X), y).item()


@lesson.misconception("train_step", says="The step is right, but your function returns nothing. The loss is asked for.")
def loss_not_returned(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()


@lesson.misconception(
    "train_step",
    says="The gradients are right, but the parameters never moved. Who moves them, and did you ask for it?",
)
def parameters_never_moved(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You made a new optimizer in each step. What the old one remembered is lost: use the one that you are given.",
)
def optimizer_made_anew(model, loss_fn, optimizer, X, y, theta):
    optimizer = type(optimizer)(model.parameters(), **optimizer.defaults)
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You moved the parameters by hand, as plain SGD does. Each optimizer has a way of its own: let it move them.",
)
def moved_by_hand(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    with torch.no_grad():
        for param in model.parameters():
            if param.grad is not None:
                param -= optimizer.param_groups[0]["lr"] * param.grad
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You divided the loss by the number of samples. The loss function has taken the mean already.",
)
def divided_by_the_batch_twice(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y) / len(X)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="The loss function got its two arguments in the wrong order: first what the model says, then `y`.",
)
def loss_arguments_swapped(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(y, model(X))
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


@lesson.misconception(
    "train_step",
    says="You switched the model to evaluation. While it learns it stays in training mode.",
)
def trained_in_evaluation_mode(model, loss_fn, optimizer, X, y, theta):
    model.eval()
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
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


@lesson.misconception(
    "make_optimizer",
    says="You forgot the learning rate: PyTorch then takes one of its own.",
)
def rate_of_pytorch(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name](params)


@lesson.misconception(
    "make_optimizer",
    says="Your SGD has momentum. Leave everything but the learning rate as PyTorch has it.",
)
def momentum_for_sgd(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return torch.optim.SGD(params, lr=lr, momentum=0.9) if name == "SGD" else KINDS[name](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="You made `AdamW` where `Adam` is asked for. `AdamW` also makes the parameters smaller in each step.",
)
def adamw_for_adam(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return torch.optim.AdamW(params, lr=lr) if name == "Adam" else KINDS[name](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="You mixed up Adagrad and Adadelta. Compare your names with your classes.",
)
def adagrad_and_adadelta_mixed_up(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[{"Adagrad": "Adadelta", "Adadelta": "Adagrad"}.get(name, name)](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="Your optimizer is SGD whatever `name` says.",
)
def always_sgd(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return torch.optim.SGD(params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="You returned the class, not an optimizer made from it. Call the class, with the parameters and the rate.",
)
def class_returned(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name]


@lesson.misconception(
    "make_optimizer",
    says="You take whatever `torch.optim` has, so `AdamW` goes through. Only the five names are allowed.",
)
def whatever_pytorch_has(name, params, lr):
    try:
        return getattr(torch.optim, name)(params, lr=lr)
    except AttributeError:
        raise ValueError(f"{name} is none of {list(KINDS)}.") from None


@lesson.misconception(
    "make_optimizer",
    says="The five are right. An unknown name ends in a KeyError, which you did not choose: see first if it is known.",
)
def key_error_for_other_names(name, params, lr):
    return KINDS[name](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="The five are right, but for another name your function gives back something and goes on. `raise` an error.",
)
def other_names_let_through(name, params, lr):
    if name in KINDS:
        return KINDS[name](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="You raised a NameError. That one is about names of variables: a `ValueError` is asked for.",
)
def name_error_raised(name, params, lr):
    if name not in KINDS:
        raise NameError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="`assert` raises an AssertionError. A `ValueError` is asked for: use `raise`.",
)
def names_asserted(name, params, lr):
    assert name in KINDS, f"{name} is none of {list(KINDS)}."
    return KINDS[name](params, lr=lr)


@lesson.misconception(
    "make_optimizer",
    says="You raised a ValueError, but its message does not list the five names. Whoever reads it wants to know them.",
)
def names_not_listed(name, params, lr):
    if name not in KINDS:
        raise ValueError("There is no such optimizer.")
    return KINDS[name](params, lr=lr)


@lesson.misconception("make_optimizer", says="Your function returns nothing. Does it end with `return`?")
def optimizer_not_returned(name, params, lr):
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    KINDS[name](params, lr=lr)


# train_epoch


@lesson.misconception(
    "train_epoch",
    says="Your loss is the mean over the batches. The last one is smaller, so each of its samples counts too much.",
)
def mean_over_the_batches(model, loader, loss_fn, optimizer, theta):
    model.train()
    losses, right, count = [], 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        losses.append(train_step(model, loss_fn, optimizer, X, y, theta))
        count += len(X)
    return sum(losses) / len(losses), right / count


@lesson.misconception(
    "train_epoch",
    says="Your accuracy is the mean over the batches. The last one is smaller: count over all samples, divide at the end.",
)
def accuracies_of_batches_averaged(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, accuracies, count = 0, [], 0
    for X, y in loader:
        accuracies.append((model(X).argmax(1) == y).double().mean().item())
        loss_sum += train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        count += len(X)
    return loss_sum / count, sum(accuracies) / len(accuracies)


@lesson.misconception(
    "train_epoch",
    says="Loss and accuracy are both means over the batches. The last one is smaller: add up over samples, divide once.",
)
def both_averaged_over_the_batches(model, loader, loss_fn, optimizer, theta):
    model.train()
    losses, accuracies = [], []
    for X, y in loader:
        accuracies.append((model(X).argmax(1) == y).double().mean().item())
        losses.append(train_step(model, loss_fn, optimizer, X, y, theta))
    return sum(losses) / len(losses), sum(accuracies) / len(accuracies)


@lesson.misconception(
    "train_epoch",
    says="Your loss was divided by the batch size twice: `loss_fn` has taken the mean, and then you divided by all samples.",
)
def means_divided_by_the_samples(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += train_step(model, loss_fn, optimizer, X, y, theta)
        count += len(X)
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="You returned the loss of the last batch. The mean over all samples of the epoch is asked for.",
)
def loss_of_the_last_batch(model, loader, loss_fn, optimizer, theta):
    model.train()
    right, count = 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss = train_step(model, loss_fn, optimizer, X, y, theta)
        count += len(X)
    return loss, right / count


@lesson.misconception(
    "train_epoch",
    says="You took all batches to be as large as the first. The last one is smaller: ask each batch for its length.",
)
def all_batches_taken_as_full(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += train_step(model, loss_fn, optimizer, X, y, theta) * loader.batch_size
        count += loader.batch_size
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="Training mode was never switched on. If the model comes from an evaluation, it learns in the wrong mode.",
)
def training_mode_forgotten(model, loader, loss_fn, optimizer, theta):
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        count += len(X)
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="You trained in evaluation mode: `eval` is for finding out how good a model is.",
)
def epoch_in_evaluation_mode(model, loader, loss_fn, optimizer, theta):
    model.eval()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        loss_sum += train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        count += len(X)
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="You made a new optimizer for each epoch. What the old one remembered is lost: use the one that you are given.",
)
def optimizer_rebuilt_each_epoch(model, loader, loss_fn, optimizer, theta):
    optimizer = type(optimizer)(model.parameters(), **optimizer.defaults)
    return train_epoch(model, loader, loss_fn, optimizer, theta)


@lesson.misconception(
    "train_epoch",
    says="The gradients were never cleared, so that each step uses the sum of all gradients so far.",
)
def epoch_without_clearing(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="You cleared the gradients once, before the loop. Each batch needs that anew.",
)
def cleared_once_an_epoch(model, loader, loss_fn, optimizer, theta):
    optimizer.zero_grad()
    return epoch_without_clearing(model, loader, loss_fn, optimizer, theta)


@lesson.misconception(
    "train_epoch",
    says="You cleared the gradients between `backward` and the step of the optimizer, so nothing moved.",
)
def cleared_before_the_step(model, loader, loss_fn, optimizer, theta):
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


@lesson.misconception(
    "train_epoch",
    says="The gradients were not clipped when the optimizer used them. Where in your loop do you use `theta`?",
)
def epoch_without_clipping(model, loader, loss_fn, optimizer, theta):
    return train_epoch(model, loader, loss_fn, optimizer, float("inf"))


@lesson.misconception(
    "train_epoch",
    says="The optimizer moved the parameters once, after the loop. Each batch is to have a step of its own.",
)
def one_step_an_epoch(model, loader, loss_fn, optimizer, theta):
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
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="Only the first batch was used: `return` inside the loop ends the epoch.",
)
def only_the_first_batch(model, loader, loss_fn, optimizer, theta):
    return train_epoch(model, [next(iter(loader))], loss_fn, optimizer, theta)


@lesson.misconception(
    "train_epoch",
    says="You added up the loss as a tensor, so the computation of every batch stays in memory. Add up its number.",
)
def losses_with_their_graphs(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="Your accuracy is a tensor. Plain Python numbers are asked for: which method gives the number of a tensor?",
)
def accuracy_left_a_tensor(model, loader, loss_fn, optimizer, theta):
    loss, accuracy = train_epoch(model, loader, loss_fn, optimizer, theta)
    return loss, torch.tensor(accuracy)


@lesson.misconception(
    "train_epoch",
    says="You looked at the guesses after the parameters had moved. Use the outputs from which the loss came.",
)
def guesses_after_the_move(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        loss_sum += train_step(model, loss_fn, optimizer, X, y, theta) * len(X)
        right += (model(X).argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


@lesson.misconception(
    "train_epoch",
    says="You measured the accuracy when the epoch was over. Count the right guesses on the way, batch by batch.",
)
def accuracy_when_it_is_over(model, loader, loss_fn, optimizer, theta):
    loss, _ = train_epoch(model, loader, loss_fn, optimizer, theta)
    accuracy = evaluate(model, loader)
    return loss, accuracy


@lesson.misconception(
    "train_epoch", says="You returned the number of right guesses. Their share of all samples is asked for."
)
def right_guesses_counted_only(model, loader, loss_fn, optimizer, theta):
    loss, accuracy = train_epoch(model, loader, loss_fn, optimizer, theta)
    return loss, round(accuracy * len(loader.dataset))


@lesson.misconception("train_epoch", says="You returned the accuracy before the loss. The loss comes first.")
def results_in_the_other_order(model, loader, loss_fn, optimizer, theta):
    return train_epoch(model, loader, loss_fn, optimizer, theta)[::-1]


@lesson.misconception("train_epoch", says="You returned the loss only. The accuracy is asked for too.")
def loss_only(model, loader, loss_fn, optimizer, theta):
    return train_epoch(model, loader, loss_fn, optimizer, theta)[0]


@lesson.misconception(
    "train_epoch", says="The training is right, but your function returns nothing. Loss and accuracy are asked for."
)
def results_not_returned(model, loader, loss_fn, optimizer, theta):
    train_epoch(model, loader, loss_fn, optimizer, theta)


# evaluate


def accuracy_of(model, loader):
    """The accuracy of a model in the mode in which it is."""
    right, count = 0, 0
    with torch.no_grad():
        for X, y in loader:
            right += (model(X).argmax(1) == y).sum().item()
            count += len(X)
    return right / count


@lesson.misconception(
    "evaluate",
    says="Evaluation mode was never switched on. Some layers work in another way while a model learns.",
)
def evaluation_mode_forgotten(model, loader):
    return accuracy_of(model, loader)


@lesson.misconception(
    "evaluate",
    says="You left the model in evaluation mode. Put back the mode that it was in before you called `eval`.",
)
def mode_not_put_back(model, loader):
    return accuracy_of(model.eval(), loader)


@lesson.misconception(
    "evaluate",
    says="You always end in training mode. A model that came in evaluation mode has to stay in it.",
)
def always_back_to_training(model, loader):
    accuracy = accuracy_of(model.eval(), loader)
    model.train()
    return accuracy


@lesson.misconception(
    "evaluate",
    says="The accuracy is right, but PyTorch recorded everything for a `backward` that never comes. Switch that off.",
)
def recorded_for_nothing(model, loader):
    mode = model.training
    model.eval()
    right, count = 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        count += len(X)
    model.train(mode)
    return right / count


@lesson.misconception(
    "evaluate",
    says="You switched recording off for good: after your function PyTorch can't learn any more. Switch it on again.",
)
def recording_off_for_good(model, loader):
    torch.set_grad_enabled(False)
    return evaluate(model, loader)


@lesson.misconception(
    "evaluate",
    says="You cleared the model's gradients. Nothing but the mode may change here, and that only for a while.",
)
def gradients_cleared_meanwhile(model, loader):
    model.zero_grad()
    return evaluate(model, loader)


@lesson.misconception(
    "evaluate",
    says="Your model does not require gradients any more. Switch the recording off, not the parameters.",
)
def parameters_frozen(model, loader):
    return evaluate(model.requires_grad_(False), loader)


@lesson.misconception(
    "evaluate",
    says="You took the mean of the batches' accuracies. The last batch is smaller: count over all, divide once.",
)
def batch_accuracies_averaged(model, loader):
    parts = [evaluate(model, [batch]) for batch in loader]
    return sum(parts) / len(parts)


@lesson.misconception(
    "evaluate",
    says="You divided by the number of batches. It is the number of samples that counts.",
)
def divided_by_the_batches(model, loader):
    return evaluate(model, loader) * len(loader.dataset) / len(loader)


@lesson.misconception(
    "evaluate",
    says="You took every batch to be full. The last one is smaller: ask each batch for its length.",
)
def batches_taken_as_full(model, loader):
    return evaluate(model, loader) * len(loader.dataset) / (len(loader) * loader.batch_size)


@lesson.misconception(
    "evaluate",
    says="Only the last batch counts in your result. Does your loop add to what is there, or replace it?",
)
def accuracy_of_the_last_batch(model, loader):
    return evaluate(model, [list(loader)[-1]])


@lesson.misconception("evaluate", says="Only the first batch was looked at: `return` inside the loop ends it.")
def accuracy_of_the_first_batch(model, loader):
    return evaluate(model, [next(iter(loader))])


@lesson.misconception(
    "evaluate", says="You returned how many guesses are right. Their share of all samples is asked for."
)
def count_for_share(model, loader):
    return round(evaluate(model, loader) * len(loader.dataset))


@lesson.misconception("evaluate", says="You counted the wrong guesses. The accuracy is the share of the right ones.")
def share_of_wrong_guesses(model, loader):
    return 1 - evaluate(model, loader)


@lesson.misconception("evaluate", says="You returned percent. A share lies between 0.0 and 1.0.")
def percent_for_share(model, loader):
    return 100 * evaluate(model, loader)


@lesson.misconception(
    "evaluate", says="The accuracy is right, but it is a tensor. A Python float is asked for: take its number."
)
def tensor_for_float(model, loader):
    return torch.tensor(evaluate(model, loader))


@lesson.misconception("evaluate", says="Your guess is the class with the lowest score. It is the highest that counts.")
def lowest_score_guessed(model, loader):
    mode = model.training
    model.eval()
    right, count = 0, 0
    with torch.no_grad():
        for X, y in loader:
            right += (model(X).argmin(1) == y).sum().item()
            count += len(X)
    model.train(mode)
    return right / count


@lesson.misconception("evaluate", says="Your function returns nothing. Does it end with `return`?")
def accuracy_not_returned(model, loader):
    evaluate(model, loader)
