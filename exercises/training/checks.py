"""The checks of lesson 3: clipping gradients, the step by hand and by optimizer, an epoch of steps, and the accuracy."""

import torch
from torch import nn

from grader import Lesson, any_of, choice, labels, normal, uniform
from grader.lesson.probes import (
    CLIPPING,
    OPTIMIZERS,
    Moving,
    afterwards,
    by_parameter,
    in_order,
    mode_of,
    named,
    remembered_by,
    with_stale_gradients,
)

lesson = Lesson("training", number=3, gradients=False)


def parameter(numbers, gradient):
    """A parameter with these numbers and this gradient, which may be None."""
    made = nn.Parameter(numbers.clone())
    made.grad = None if gradient is None else gradient.clone()
    return made


def with_gradients(*gradients):
    """Parameters that are all ones, each with the gradient given for it (which may be None)."""
    return [parameter(torch.ones(3) if gradient is None else torch.ones_like(gradient), gradient) for gradient in gradients]


def clipped(answer, *gradients, theta, given=list):
    """Parameters with these gradients, and what is left of them and of the gradients. They are given as a list, or as
    `given` makes of one."""
    params = with_gradients(*gradients)
    device = next(gradient.device for gradient in gradients if gradient is not None)
    answer.grad_clipping(given(params), theta, device)
    return by_parameter({"the numbers": param, "the gradient": param.grad} for param in params)


def after_steps(answer, model, loss_fn, rule, X, y, theta, steps=3):
    """The losses of some training steps, and what they leave behind."""
    optimizer = OPTIMIZERS[rule](model.parameters())
    made = []
    optimizer.register_step_post_hook(lambda *_: made.append(1))
    names = ("the first loss", "the second loss", "the third loss")[:steps]
    losses = {name: answer.train_step(model, loss_fn, optimizer, X, y, theta) for name in names}
    model.zero_grad()
    state = {"model": model, "the optimizer": remembered_by(optimizer, model)}
    return {**losses, "the optimizer made its steps": len(made) == steps, **state}


def guessing(X, right_guesses):
    """A model that tells 3 classes apart, and labels for the first samples of X. `right_guesses`, such as "1011", has
    a digit for each of them: 1 where the model guesses its label in evaluation mode, 0 where it would in training mode."""
    model = with_stale_gradients(nn.Sequential(nn.Linear(X.shape[1], 3), Moving()), X).train(False)
    guesses = model(X[: len(right_guesses)]).detach().argmax(1)
    model[1].recorded = False
    wrong = torch.tensor([hit == "0" for hit in right_guesses], device=X.device)
    return model, torch.where(wrong, (guesses + 2) % 3, guesses)


def guesses(last, size):
    """Samples that are guessed right (1) or wrong (0): up to ten that are drawn, then the ones that are given. Never are as
    many right as wrong, which would be the same share in either mode, nor do batches of `size` come out even."""
    drawn = (f"{first:b}{last}" for first in range(2, 1023, 29))
    fair = [each for each in drawn if 2 * each.count("1") != len(each) and len(each) % size]
    return any_of(last, *fair)


grad_clipping = lesson.exercise("grad_clipping", tolerance=CLIPPING)


@grad_clipping.check(points=0.5)
def shortens_long_gradients(
    answer, first_gradient=uniform("n m", 0.5, 3), second_gradient=uniform("k>=2", -3, -0.5), theta=choice(0.5, 0.1, 0.25)
):
    """Gradients that are too long together are all scaled by the same factor."""
    return clipped(answer, first_gradient, second_gradient, theta=theta)


@grad_clipping.check(points=0.25)
def leaves_short_gradients_alone(answer, first_gradient=normal("n m"), second_gradient=normal("k"), theta=100.0):
    """Gradients that are short enough stay as they are."""
    return clipped(answer, first_gradient, second_gradient, theta=theta)


@grad_clipping.check(points=0.25)
def takes_a_generator(
    answer, first_gradient=uniform("n m", 0.5, 3), second_gradient=uniform("k>=2", -3, -0.5), theta=choice(0.2, 0.1)
):
    """The parameters may come from a generator, as those of a model do."""
    return clipped(answer, first_gradient, second_gradient, theta=theta, given=iter)


@grad_clipping.check(points=0.25)
def makes_tensors_on_the_device(
    answer, first_gradient=normal("n m"), second_gradient=normal("k>=2"), theta=choice(0.2, 50.0)
):
    """What is made to add up in is made on `device`: PyTorch would put it on the device `meta` here, without numbers."""
    with torch.device("meta"):
        return clipped(answer, first_gradient, second_gradient, theta=theta)


sgd_step = lesson.exercise("sgd_step")


@sgd_step.check(points=0.5)
def moves_against_the_gradients(
    answer,
    weight=normal("n m"),
    weight_gradient=normal("n m"),
    bias=normal("k"),
    bias_gradient=normal("k"),
    lr=choice(0.5, 0.1, 2.0),
    batch_size=choice(4, 3, 10),
):
    """All parameters move by the mean gradient times the learning rate, and stay leaves that require gradients."""
    params = [parameter(weight, weight_gradient), parameter(bias, bias_gradient)]
    answer.sgd_step(params, lr, batch_size)
    return by_parameter(map(afterwards, params))


@sgd_step.check(points=0.25)
def steps_again_and_again(answer, X=normal("n d"), y=normal("n 1"), lr=choice(0.1, 0.3)):
    """Three steps of a model, with the gradients of a loss that was added up over the batch."""
    model = nn.Linear(X.shape[1], 1).to(X)
    for _ in range(3):
        model.zero_grad()
        ((model(X) - y) ** 2).sum().backward()
        answer.sgd_step(model.parameters(), lr, len(X))
    return by_parameter(map(afterwards, model.parameters()))


train_step = lesson.exercise("train_step", tolerance=CLIPPING)


@train_step.check(points=0.75)
def goes_the_way_of_each_optimizer(
    answer, X=normal("n>=2 d"), y=labels("n", 3), rule=choice(*OPTIMIZERS), theta=choice(0.1, 50.0)
):
    """Three steps with each optimizer lead to the right parameters, from gradients that were left behind before."""
    model = with_stale_gradients(nn.Sequential(nn.Linear(X.shape[1], 4), nn.Tanh(), nn.Linear(4, 3)), X)
    return after_steps(answer, model, nn.CrossEntropyLoss(), rule, X, y, theta)


@train_step.check(points=0.25)
def returns_the_loss_as_a_number(answer, X=normal("n>=2 d"), y=normal("n 1")):
    """The loss comes back as a Python float: the loss before the parameters moved."""
    model = with_stale_gradients(nn.Linear(X.shape[1], 1), X)
    return answer.train_step(model, nn.MSELoss(), OPTIMIZERS["SGD"](model.parameters()), X, y, 1.0)


@train_step.check(points=0.25)
def leaves_the_clipped_gradients_there(answer, X=normal("n>=2 d"), y=labels("n", 3), theta=choice(0.1, 50.0)):
    """After a step the gradients that the optimizer used can still be read."""
    model = with_stale_gradients(nn.Linear(X.shape[1], 3), X)
    answer.train_step(model, nn.CrossEntropyLoss(), OPTIMIZERS["SGD"](model.parameters()), X, y, theta)
    return {"the gradients": {name: param.grad for name, param in model.named_parameters()}}


make_optimizer = lesson.exercise("make_optimizer")


def after_three_steps(made, params, gradient):
    """What an optimizer makes of parameters whose gradients change from step to step."""
    for factor in (1.0, -0.5, 2.0):
        for moved in params:
            moved.grad = factor * gradient
        made.step()
    return by_parameter(map(afterwards, params))


@make_optimizer.check(points=0.5)
def makes_each_of_the_five(
    answer,
    numbers=normal("n"),
    gradient=uniform("n", 0.1, 3.0),
    name=choice("SGD", "Adagrad", "RMSprop", "Adadelta", "Adam"),
    lr=choice(0.5, 0.25, 0.05, 2.0),
):
    """Three steps with the optimizer of each name, at several learning rates."""
    params = [parameter(numbers, None)]
    return after_three_steps(answer.make_optimizer(name, params, lr), params, gradient)


@make_optimizer.check(points=0.25, raises=ValueError, mentions=["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam"])
def refuses_other_names(
    answer, numbers=normal("n"), gradient=uniform("n", 0.1, 3.0), name=choice("AdamW", "Momentum", "Adamax", "", "SGD")
):
    """Another name is answered by a ValueError that lists the five; one of the five is not."""
    params = [parameter(numbers, None)]
    return after_three_steps(answer.make_optimizer(name, params, 0.1), params, gradient)


train_epoch = lesson.exercise("train_epoch", tolerance=CLIPPING)


@train_epoch.check(points=0.5)
def gives_loss_and_accuracy(answer, X=normal("5 d"), y=labels("5", 3), theta=choice(50.0, 0.5)):
    """The loss and the accuracy of each of two epochs, with 5 samples in batches of 2."""
    model = with_stale_gradients(nn.Linear(X.shape[1], 3), X)
    sgd = torch.optim.SGD(model.parameters(), lr=2.0)  # steps so long that guesses change
    loader = in_order(X, y, 2)
    return {
        epoch: named(answer.train_epoch(model, loader, nn.CrossEntropyLoss(), sgd, theta), "the loss", "the accuracy")
        for epoch in ("the first epoch", "the second epoch")
    }


@train_epoch.check(points=0.5)
def moves_the_model_epoch_by_epoch(
    answer, X=normal("5 d"), y=labels("5", 3), rule=choice("SGD with momentum", "Adam", "SGD"), theta=choice(50.0, 0.2)
):
    """Two epochs lead to the right parameters, and leave the model in training mode, though it was in evaluation mode."""
    model = with_stale_gradients(nn.Sequential(nn.Linear(X.shape[1], 3), Moving()), X)
    optimizer = OPTIMIZERS[rule](model.parameters())
    for _ in range(2):
        answer.train_epoch(model.train(False), in_order(X, y, 2), nn.CrossEntropyLoss(), optimizer, theta)
    model.zero_grad()
    return {"the mode afterwards": mode_of(model), "model": model, "the optimizer": remembered_by(optimizer, model)}


evaluate = lesson.exercise("evaluate")


@evaluate.check(points=0.5)
def counts_the_right_guesses(
    answer,
    X=normal("17 d"),
    right_guesses=choice(*(guesses(last, 2) for last in ("10110", "0001", "1101111", "00101", "01"))),
):
    """The accuracy over batches of 2 and a smaller one, of a model that works in another way while it learns."""
    model, y = guessing(X, right_guesses)
    return answer.evaluate(model.train(True), in_order(X[: len(right_guesses)], y, 2))


@evaluate.check(points=0.25)
def puts_the_mode_back(
    answer,
    X=normal("15 d"),
    right_guesses=choice(guesses("110", 3), guesses("00010", 3)),
    mode=choice("evaluation", "training"),
):
    """Afterwards the model is in the mode in which it was before."""
    model, y = guessing(X, right_guesses)
    found = answer.evaluate(model.train(mode == "training"), in_order(X[: len(right_guesses)], y, 3))
    return {"the accuracy": found, "the mode afterwards": mode_of(model)}
