"""Wrong answers that students of lesson 3 really give, and what each of them should read."""

import lesson as reference
import torch
from checks import evaluate, grad_clipping, make_optimizer, sgd_step, train_epoch, train_step

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

NONE_NOT_SKIPPED = "Your function expects every parameter to have a gradient. For some of them `.grad` may be `None`."

grad_clipping.slip(".grad is", " is", name="none_not_skipped", says=NONE_NOT_SKIPPED)

grad_clipping.slip(".grad is", " is", ("(param.grad**2).sum()", "param.grad.norm() ** 2"), name="none_has_no_norm",
    says=NONE_NOT_SKIPPED)

grad_clipping.slip(".grad is", " is", ("(param.grad**2).sum()", "param.grad.pow(2).sum()"), name="none_has_no_pow",
    says=NONE_NOT_SKIPPED)

grad_clipping.slip(".grad is", " is", ("(param.grad**2).sum()", "param.grad.data.norm() ** 2"), name="none_has_no_data",
    says=NONE_NOT_SKIPPED)

grad_clipping.slip(".grad is", " is", ("(param.grad**2).sum()", "torch.norm(param.grad) ** 2"), name="norm_of_none",
    says=NONE_NOT_SKIPPED)

@grad_clipping.misconception
def copies_scaled(params, theta, device):
    """Gradients that are too long stayed as long as they were. Did you scale copies of them, as `p.grad *
    factor` makes one? Did you scale anything?"""
    gradients = [param.grad.data.clone() for param in params if param.grad is not None]
    norm = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
    if norm > theta:
        for gradient in gradients:
            gradient *= theta / norm

grad_clipping.slip("grad *", "data *", name="parameters_scaled",
    says="You scaled the parameters. It is their gradients that have to change; the parameters stay as they are.")

grad_clipping.slip(".grad**2", "**2", name="length_of_the_parameters",
    says="You measured the length of the parameters. It is the length of their gradients that counts.")

grad_clipping.slip(".sqrt()", "", name="square_root_forgotten",
    says="The square root is missing: you compared the sum of the squares with theta.")

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

grad_clipping.slip("squares += (param.grad**2).sum()\n    norm = squares", "norm = (param.grad**2).sum()",
    name="norm_of_the_last_only",
    says="Only the last parameter counts in your norm. Does your loop add to what is there, or replace it?")

grad_clipping.slip("norm >", "norm <", name="comparison_turned_round",
    says="Your comparison is reversed: short gradients are scaled and long ones are left alone.")

grad_clipping.slip("theta / norm", "norm / theta", name="factor_upside_down",
    says="Your factor is upside down, so that long gradients get longer still. What factor turns the norm into theta?")

grad_clipping.slip("theta / norm", "theta", name="theta_as_the_factor",
    says="You multiplied by theta itself. That gives a norm of theta only if the norm was 1 before.")

grad_clipping.slip("for param in params:\n            param", "param", name="only_the_last_scaled",
    says="Only the last gradient was scaled. Is the line that scales inside the loop?")

grad_clipping.slip("\n        for", "\n        count = sum(param.numel() for param in params)\n        for",
    ("*= theta / norm", "= param.grad.sign() * theta / count**0.5"), name="all_numbers_alike",
    says="The norm is right, but all numbers of your gradients have the same size now. Large ones have to stay larger.")

grad_clipping.slip("(), device=device", "1", ("sqrt()", "sqrt().item()"), name="made_where_pytorch_likes",
    says="You made a tensor without saying where, so PyTorch chose the place. Make it on `device`.")

@grad_clipping.misconception
def numbers_not_squared(params, theta, device):
    """You added up the numbers themselves, so that negative numbers cancel positive ones. Square them first."""
    params = [param for param in params if param.grad is not None]
    norm = abs(sum(param.grad.sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm

# sgd_step

sgd_step.slip("grad / batch_size", "grad", name="batch_size_left_out",
    says="You followed the sum, not the mean: `batch_size` is not used. How large is the step for a batch of 256?")

sgd_step.slip("* param", "/ batch_size * param", name="batch_size_divided_twice",
    says="You divided by the batch size twice. Once turns the sum into a mean.")

sgd_step.slip("grad /", "grad *", name="batch_size_multiplied",
    says="You multiplied by the batch size, so that large batches make huge steps. What turns a sum into a mean?")

sgd_step.slip("batch_size", "param.numel()", name="divided_by_the_numbers",
    says="You divided by how many numbers the parameter has. It is the samples in the batch that count.")

sgd_step.slip("lr * param", "param", name="learning_rate_left_out", says="You left out the learning rate.")

sgd_step.slip("-= lr", "+= lr", name="along_the_gradients",
    says="You went up, along the gradients: that makes the loss larger. Which sign leads down?")

sgd_step.slip("with torch.no_grad()", "if True", name="recorded",
    says="PyTorch refused: a leaf that requires gradients must not change in place while PyTorch records. Switch that off.")

NOTHING_MOVED = (
    "Nothing moved. Did you make a new tensor, as `w = ...` and `w - ...` do, or clear the gradients before they were used?"
)

sgd_step.slip("with torch.no_grad():\n        for param in params:\n            param -= lr",
    "for param in params:\n        param = param - lr", name="nothing_moved", says=NOTHING_MOVED)

sgd_step.slip("with torch.no_grad():\n        for param in params:\n            param -= lr * param.grad / batch_size",
    "for param in params:\n        param = param - lr * param.grad / batch_size\n        param.grad.zero_()",
    name="no_gradient_of_a_new_tensor", says=NOTHING_MOVED)

sgd_step.slip("with torch.no_grad():\n        for param in params:\n            param",
    "for param in params:\n        param.requires_grad_(False)\n        param", name="no_gradients_required_any_more",
    says="The numbers are right, but you let the parameters require no gradients any more, so they can't learn further.")

sgd_step.slip("batch_size", "batch_size\n            return param", name="only_the_first_moved",
    says="Only the first parameter moved. Does a `return` inside the loop end it, or do you use the first one "
         "alone?")

sgd_step.slip("with torch.no_grad()", "list(params)\n    with torch.no_grad()", name="used_up_by_a_look",
    says="Your function went through the parameters before the loop that moves them. A generator can be used only "
         "once, so nothing was left for the loop: make a list of it first.")

sgd_step.slip("param -= lr * param.grad / batch_size", "param.copy_(lr * param.grad / batch_size)",
    name="step_for_the_parameter",
    says="You put the step in the place of the parameter. The step has to be subtracted from what was there.")

sgd_step.slip(".grad", ".grad.sign()", name="signs_only",
    says="You looked only at the signs of the gradients. A large gradient has to move its parameter further.")

# train_step

train_step.slip("optimizer.zero_grad()\n    loss", "loss", name="gradients_never_cleared",
    says="The old gradients were never cleared, so that each step uses the sum of all gradients so far. Do you call what "
         "clears them, with its parentheses?")

train_step.slip("optimizer.zero_grad()\n    loss", "loss", ("return", "optimizer.zero_grad()\n    return"),
    name="gradients_cleared_at_the_end",
    says="You cleared the gradients at the end only. What was left behind before your first step went into it.")

train_step.slip("grad_clipping", "optimizer.zero_grad()\n    grad_clipping", name="gradients_cleared_before_use",
    says="Nothing moved: the gradients were zero or missing when the optimizer made its step. Did you call "
         "`backward()`, with its parentheses? Did you clear them after it?")

train_step.slip("grad_clipping", "optimizer.step()\n    grad_clipping", ("optimizer.step()\n    return", "return"),
    name="clipped_after_the_move",
    says="You clipped after the parameters had moved, which is too late. Compare with the order in the table.")

train_step.slip("grad_clipping(model.parameters(), theta, X.device)\n    optimizer", "optimizer",
    name="clipped_before_they_were_computed",
    says="The gradients were not clipped when the optimizer used them. Clip after they are computed, and make sure "
         "that your clipping works.")

train_step.slip("grad_clipping(model.parameters()", "for param in model.parameters():\n        grad_clipping([param]",
    name="clipped_one_by_one",
    says="Each parameter's gradient was clipped on its own. Does the clipping get all parameters of the model at once, "
         "and does it take one norm of them all?")

train_step.slip("grad_clipping(model.parameters(), theta, X.device)",
    "nn.utils.clip_grad_value_(model.parameters(), theta)", name="clipped_by_value",
    says="Every number of the gradients was clipped on its own. Here their joint norm is what counts.")

train_step.slip(".item()", "", name="loss_with_its_graph",
    says="You returned the loss as a tensor, which may keep its whole computation in memory. Return its number.")

train_step.slip("loss.item", "loss_fn(model(X), y).item", name="loss_after_the_move",
    says="You computed the loss once more, after the parameters had moved. Return the loss that the step started from.")

train_step.slip("\n    return loss.item()", "", name="loss_not_returned",
    says="The step is right, but your function returns nothing. The loss is asked for.")

train_step.slip("optimizer.step()\n    return", "return", name="parameters_never_moved",
    says="The gradients are right, but the parameters never moved. Who moves them, and do you call that, with its "
         "parentheses, after the gradients are there?")

train_step.slip(".zero_grad", " = type(optimizer)(model.parameters(), **optimizer.defaults)\n    optimizer.zero_grad",
    name="optimizer_made_anew",
    says="You made a new optimizer in each step. What the old one remembered is lost: use the one that you are given.")

@train_step.misconception
def moved_by_hand(model, loss_fn, optimizer, X, y, theta):
    """The parameters moved as plain SGD moves them. Each optimizer has a way of its own: let the one that you are given
    move them."""
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    reference.grad_clipping(model.parameters(), theta, X.device)
    with torch.no_grad():
        for param in model.parameters():
            if param.grad is not None:
                param -= optimizer.param_groups[0]["lr"] * param.grad
    return loss.item()

train_step.slip("(model(X), y)", "(model(X), y) / len(X)", name="divided_by_the_batch_twice",
    says="You divided the loss by the number of samples. The loss function has taken the mean already.")

train_step.slip("model(X), y", "y, model(X)", name="loss_arguments_swapped",
    says="The loss function got its two arguments in the wrong order: first what the model says, then `y`.")

train_step.slip("optimizer.zero_grad", "model.eval()\n    optimizer.zero_grad", name="trained_in_evaluation_mode",
    says="You switched the model to evaluation. While it learns it stays in training mode.")

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
def whole_set_made(name, params, lr):
    """You make all five optimizers in every call. The first one uses up a generator, and nothing is left for the others:
    make only the one that is asked for."""
    made = {kind: KINDS[kind](params, lr=lr) for kind in KINDS}
    if name not in made:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return made[name]

@make_optimizer.misconception
def class_returned(name, params, lr):
    """You returned the class, not an optimizer made from it. Call the class, with the parameters and the rate."""
    if name not in KINDS:
        raise ValueError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name]

@make_optimizer.misconception
def whatever_pytorch_has(name, params, lr):
    """You let optimizers through that are not among the five, such as `AdamW`. Only the five names are allowed."""
    try:
        return getattr(torch.optim, name)(params, lr=lr)
    except AttributeError:
        raise ValueError(f"{name} is none of {list(KINDS)}.") from None

@make_optimizer.misconception
def key_error_for_other_names(name, params, lr):
    """The five are right. An unknown name ends in a KeyError, from you or from a dictionary. A `ValueError` is asked for:
    see first if the name is known."""
    return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def other_names_let_through(name, params, lr):
    """The five are right, but for another name your function ends without an error. Printing or returning it is not
    enough: `raise` it."""
    if name in KINDS:
        return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def name_error_raised(name, params, lr):
    """An unknown name ends in a NameError. That one is about names of variables: a `ValueError` is asked for."""
    if name not in KINDS:
        raise NameError(f"{name} is none of {list(KINDS)}.")
    return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def names_asserted(name, params, lr):
    """An unknown name ends in an AssertionError, as `assert` raises it. A `ValueError` is asked for: use `raise`."""
    assert name in KINDS, f"{name} is none of {list(KINDS)}."
    return KINDS[name](params, lr=lr)

@make_optimizer.misconception
def names_not_listed(name, params, lr):
    """There is a ValueError, but its message does not list the five names. Did you write it, or did Python? Whoever
    reads it wants to know the names."""
    if name not in KINDS:
        raise ValueError("There is no such optimizer.")
    return KINDS[name](params, lr=lr)

# train_epoch

train_epoch.slip("* len(X)", "", ("loss_sum / count", "loss_sum / len(loader)"), name="mean_over_the_batches",
    says="Your loss is the mean over the batches. The last one is smaller, so each of its samples counts too much.")

train_epoch.slip("sum().item()", "double().mean().item()", ("right / count", "right / len(loader)"),
    name="accuracies_of_batches_averaged",
    says="Your accuracy is the mean over the batches. The last one is smaller: count over all samples, divide at "
         "the end.")

train_epoch.slip("* len(X)", "", ("sum().item()", "double().mean().item()"),
    ("loss_sum / count, right / count", "loss_sum / len(loader), right / len(loader)"),
    name="both_averaged_over_the_batches",
    says="Loss and accuracy are both means over the batches. The last one is smaller: add up over samples, divide "
         "once.")

train_epoch.slip("* len(X)", "", name="means_divided_by_the_samples",
    says="Your loss was divided by the batch size twice: `loss_fn` has taken the mean, and then you divided by all samples.")

train_epoch.slip("loss_sum += loss.item() * len(X)", "loss_sum = loss.item()", ("loss_sum / count", "loss_sum"),
    name="loss_of_the_last_batch",
    says="You returned the loss of the last batch. The mean over all samples of the epoch is asked for.")

train_epoch.slip("* len(X)", "* loader.batch_size", ("count += len(X)", "count += loader.batch_size"),
    name="all_batches_taken_as_full",
    says="You took all batches to be as large as the first. The last one is smaller: ask each batch for its "
         "length.")

WRONG_MODE = (
    "A model that comes from an evaluation learns in the wrong mode. Do you call `train()`, with its parentheses, "
    "and no `eval`?"
)

train_epoch.slip("model.train()\n    loss_sum", "loss_sum", name="training_mode_forgotten",
    says=WRONG_MODE)

train_epoch.slip("train", "eval", name="epoch_in_evaluation_mode",
    says=WRONG_MODE)

@train_epoch.misconception
def optimizer_rebuilt_each_epoch(model, loader, loss_fn, optimizer, theta):
    """You made a new optimizer for each epoch. What the old one remembered is lost: use the one that you are given."""
    optimizer = type(optimizer)(model.parameters(), **optimizer.defaults)
    return reference.train_epoch(model, loader, loss_fn, optimizer, theta)

train_epoch.slip("optimizer.zero_grad()\n        loss", "loss", name="epoch_without_clearing",
    says="The gradients were never cleared, so that each step uses the sum of all gradients so far. Do you call "
         "what clears them, with its parentheses?")

train_epoch.slip("for X, y in loader", "optimizer.zero_grad()\n    for X, y in loader",
    ("optimizer.zero_grad()\n        loss", "loss"), name="cleared_once_an_epoch",
    says="You cleared the gradients once, before the loop. Each batch needs that anew.")

train_epoch.slip("loss.backward()\n        grad_clipping(model.parameters(), theta, X.device)\n        optimizer",
    "optimizer", name="cleared_before_the_step",
    says="Nothing moved in the whole epoch. Does each batch call `backward()` and then `step()`, with their "
         "parentheses? Do you clear the gradients between the two?")

train_epoch.slip("grad_clipping(model.parameters(), theta, X.device)", "", name="epoch_without_clipping",
    says="The gradients were not clipped when the optimizer used them. Do you clip them in the loop, after `backward`, and "
         "does your clipping work?")

train_epoch.slip("for X, y in loader", "optimizer.zero_grad()\n    for X, y in loader",
    ("optimizer.zero_grad()\n        loss", "loss"),
    ("grad_clipping(model.parameters(), theta, X.device)\n        optimizer.step()\n        ", ""),
    ("return loss_sum", "grad_clipping(model.parameters(), theta, X.device)\n    optimizer.step()\n    return loss_sum"),
    name="one_step_an_epoch",
    says="The optimizer moved the parameters once, after the loop. Each batch is to have a step of its own.")

train_epoch.slip("grad_clipping(model.parameters(), theta, X.device)\n        optimizer.step()\n        ", "",
    ("return loss_sum", "grad_clipping(model.parameters(), theta, X.device)\n    optimizer.step()\n    return loss_sum"),
    name="step_for_the_last_batch_only",
    says="The optimizer moved the parameters once, after the loop. Each batch is to have a step of its own.")

@train_epoch.misconception
def only_the_first_batch(model, loader, loss_fn, optimizer, theta):
    """Only the first batch was used. Does a `return` inside the loop end the epoch, or is there no loop?"""
    return reference.train_epoch(model, [next(iter(loader))], loss_fn, optimizer, theta)

train_epoch.slip("loss.item()", "loss", name="losses_with_their_graphs",
    says="Your loss is a tensor, which may keep the computation of every batch in memory. Add up plain numbers.")

train_epoch.slip("().item()", "()", name="accuracy_left_a_tensor",
    says="Your accuracy is a tensor. Plain Python numbers are asked for: which method gives the number of a tensor?")

train_epoch.slip("output.argmax(1)", "model(X).argmax(1)", name="guesses_after_the_move",
    says="You looked at the guesses after the parameters had moved. Use the outputs from which the loss came.")

@train_epoch.misconception
def accuracy_when_it_is_over(model, loader, loss_fn, optimizer, theta):
    """You measured the accuracy when the epoch was over. Count the right guesses on the way, batch by batch."""
    loss, _ = reference.train_epoch(model, loader, loss_fn, optimizer, theta)
    accuracy = reference.evaluate(model, loader)
    return loss, accuracy

train_epoch.slip("right / count", "right ", name="right_guesses_counted_only",
    says="You returned the number of right guesses. Their share of all samples is asked for.")

train_epoch.slip("loss_sum / count, right", "right / count, loss_sum", name="results_in_the_other_order",
    says="You returned the accuracy before the loss. The loss comes first.")

@train_epoch.misconception
def loss_only(model, loader, loss_fn, optimizer, theta):
    """You returned the loss only. The accuracy is asked for too."""
    return reference.train_epoch(model, loader, loss_fn, optimizer, theta)[0]

train_epoch.slip("return loss_sum / count, right / count", "", name="results_not_returned",
    says="The training is right, but your function returns nothing. Loss and accuracy are asked for.")

# evaluate

evaluate.slip("model.eval()", "", name="evaluation_mode_forgotten",
    says="Evaluation mode was never switched on. Do you call `eval()`, with its parentheses? Some layers work in another "
         "way while a model learns.")

evaluate.slip("model.train(mode)", "", name="mode_not_put_back",
    says="You left the model in evaluation mode. Put back the mode that it was in before you called `eval`.")

evaluate.slip("(mode)", "()", name="always_back_to_training",
    says="You always end in training mode. A model that came in evaluation mode has to stay in it.")

@evaluate.misconception
def recorded_for_nothing(model, loader):
    """The accuracy is right, but PyTorch recorded everything for a `backward` that never comes. Switch that off around
    the loop, by a `with` line."""
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
    """Only the first batch was looked at. Does a `return` inside the loop end it, or is there no loop?"""
    return reference.evaluate(model, [next(iter(loader))])

evaluate.slip("/ count", "", name="count_for_share",
    says="You returned how many guesses are right. Their share of all samples is asked for.")

@evaluate.misconception
def share_of_wrong_guesses(model, loader):
    """You counted the wrong guesses. The accuracy is the share of the right ones."""
    return 1 - reference.evaluate(model, loader)

@evaluate.misconception
def percent_for_share(model, loader):
    """You returned percent. A share lies between 0.0 and 1.0."""
    return 100 * reference.evaluate(model, loader)

evaluate.slip(".item()", "", name="tensor_for_float",
    says="The accuracy is right, but it is a tensor. A Python float is asked for: take its number.")

evaluate.slip("argmax", "argmin", name="lowest_score_guessed",
    says="Your guess is the class with the lowest score. It is the highest that counts.")

# Other ways

@grad_clipping.way
def norm_of_the_norms(params, theta, device):
    """The norm of all norms is the norm of all numbers: no squares to add up, and no root to forget."""
    gradients = [param.grad for param in params if param.grad is not None]
    norm = torch.stack([gradient.norm().to(device) for gradient in gradients]).norm()
    if norm > theta:
        for gradient in gradients:
            gradient *= theta / norm
