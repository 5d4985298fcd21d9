"""The checks of lesson 7: loaders, training epoch by epoch, asking a model, and a LeNet that reads pictures."""

import torch
from torch import nn
from torch.utils.data import TensorDataset

from grader import Lesson, Tolerance, any_of, choice, labels, normal, uniform
from grader.lesson.pictures import digits
from grader.lesson.probes import (
    CLIPPING,
    OPTIMIZERS,
    Moving,
    enlarged,
    in_order,
    mode_of,
    named,
    remembered_by,
    with_stale_gradients,
)

lesson = Lesson("lenet", number=7)

UNEVEN = any_of(22, 23, 26, 27, 29, 31, 33, 34, 37, 38, 39)
"""Samples that leave a smaller last batch, whether batches are of 4, 5, 7 or 10."""

STEPS = Tolerance(
    relative=1e-4,
    absolute=2e-5,
    because="three large steps of a network with batch normalization enlarge what is rounded in another order",
)


def numbered(count, first=0):
    """Samples that are known by their numbers, which are their labels too."""
    numbers = torch.arange(first, first + count)
    return TensorDataset(numbers + 0.5, numbers)


def epoch_of(loader):
    """The labels of an epoch, batch by batch."""
    return [y.tolist() for _, y in loader]


def in_a_row(batches):
    """What is in all batches, in its order."""
    return [item for batch in batches for item in batch]


def on_pictures(answer, X, y, Z, z, epochs, seed):
    """What train_lenet makes of training pictures X and test pictures Z."""
    dataset = TensorDataset(enlarged(X, 7).cpu(), y.cpu()), TensorDataset(enlarged(Z, 7).cpu(), z.cpu())
    return answer.train_lenet(dataset, epochs, seed)


@torch.no_grad()
def logits_of(model, images):
    """What a model says of pictures in evaluation mode."""
    return model.train(False)(images)


def normalizations(model):
    """The batch normalizations of a network, the first one first."""
    return [layer for layer in model.modules() if isinstance(layer, nn.BatchNorm2d)]


def kinds_of(found):
    """What kinds of things train_lenet gave back; a network has too many numbers to be kept itself."""
    items = found if isinstance(found, (tuple, list)) else (found,)
    kinds = ["a network" if isinstance(item, nn.Module) else type(item).__name__ for item in items]
    return "a network and two lists" if kinds == ["a network", "list", "list"] else " and ".join(kinds)


def is_a_result(found):
    """Whether train_lenet gave back a network and two lists."""
    return kinds_of(found) == "a network and two lists"


make_loaders = lesson.exercise("make_loaders")


@make_loaders.check(points=0.5)
def mixes_the_training_samples(answer, count=UNEVEN, batch_size=choice(4, 7, 5), seed=choice(0, 1, 12345)):
    """The training samples come in another order each epoch, each of them once, in batches with a smaller last one."""
    train_loader, _ = answer.make_loaders((numbered(count), numbered(9, 100)), batch_size, seed)
    first, second = epoch_of(train_loader), epoch_of(train_loader)
    ordered = sorted(in_a_row(first))
    return {
        "the sizes of the batches": [len(batch) for batch in first],
        "the sorted samples of an epoch": ordered,
        "the sorted samples of the next epoch": sorted(in_a_row(second)),
        "the order is mixed": in_a_row(first) != ordered,
        "the next epoch has another order": first != second,
    }


@make_loaders.check(points=0.25)
def keeps_the_test_samples_in_order(answer, count=UNEVEN, batch_size=choice(4, 10), seed=choice(0, 7)):
    """The test samples come in their own order, in every epoch, in batches with a smaller last one."""
    _, test_loader = answer.make_loaders((numbered(9, 100), numbered(count)), batch_size, seed)
    first, second = list(test_loader), list(test_loader)
    return {
        "the sizes of the batches": [len(X) for X, _ in first],
        "the samples of the first epoch": in_a_row(X.tolist() for X, _ in first),
        "the labels of the first epoch": in_a_row(y.tolist() for _, y in first),
        "the samples of the second epoch": in_a_row(X.tolist() for X, _ in second),
    }


@make_loaders.check(points=0.5)
def depends_on_the_seed_alone(answer, count=any_of(*range(20, 50)), seed=choice(3, 0, 99)):
    """The same seed gives the same orders, another seed other ones, whatever random numbers are drawn elsewhere."""
    orders = []
    for elsewhere, own in ((1, seed), (2, seed), (2, seed + 1)):
        torch.manual_seed(elsewhere)
        train_loader, _ = answer.make_loaders((numbered(count), numbered(5)), 4, own)
        torch.rand(elsewhere)
        first = epoch_of(train_loader)
        torch.rand(elsewhere)
        orders.append((first, epoch_of(train_loader)))
    return {
        "the sorted samples of an epoch": sorted(in_a_row(orders[0][0])),
        "the same seed gives the same orders": orders[0] == orders[1],
        "another seed gives another order": orders[1] != orders[2],
    }


fit = lesson.exercise("fit", gradients=False, tolerance=CLIPPING)


@fit.check(points=0.75)
def gives_losses_and_accuracies(
    answer,
    X=normal("5 d"),
    y=labels("5", 3),
    Z=normal("11 d"),
    z=labels("11", 3),
    theta=choice(50.0, 0.5),
    epochs=choice(3, 2),
):
    """The losses and the accuracies of some epochs, with 5 training samples in batches of 2 and 11 test samples in batches
    of 4."""
    model = with_stale_gradients(nn.Sequential(nn.Linear(X.shape[1], 3), Moving()), X).train(False)
    sgd = OPTIMIZERS["SGD"](model.parameters())
    found = answer.fit(model, (in_order(X, y, 2), in_order(Z, z, 4)), sgd, epochs, theta)
    return named(found, "losses", "accuracies")


@fit.check(points=0.75)
def goes_the_way_of_the_optimizer(
    answer,
    X=normal("7 d>=2"),
    y=labels("7", 3),
    Z=normal("5 d>=2"),
    z=labels("5", 3),
    rule=choice("SGD with momentum", "Adam", "SGD"),
    theta=choice(50.0, 0.2),
):
    """Two epochs lead a model with batch normalization to the right parameters and statistics."""
    layers = nn.Linear(X.shape[1], 4, bias=False), nn.BatchNorm1d(4), nn.Sigmoid(), nn.Linear(4, 3)
    model = with_stale_gradients(nn.Sequential(*layers), X).train(False)
    optimizer = OPTIMIZERS[rule](model.parameters())
    answer.fit(model, (in_order(X, y, 4), in_order(Z, z, 2)), optimizer, 2, theta)
    model.zero_grad()
    return {"model": model.train(True), "the optimizer": remembered_by(optimizer, model)}


classify = lesson.exercise("classify", gradients=False)


@classify.check(points=0.75)
def gives_classes_and_probabilities(answer, images=normal("n 1 h w"), mode=choice("training", "evaluation")):
    """The class of each picture and its probability, from a model that works in another way while it learns."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(images[0].numel(), 4), Moving()).to(images)
    return named(answer.classify(model.train(mode == "training"), images), "classes", "probabilities")


@classify.check(points=0.5)
def leaves_the_model_as_it_was(answer, images=normal("n 1 2 w"), mode=choice("evaluation", "training")):
    """The mode, the model and the gradients that are there stay as they are, and nothing is recorded meanwhile."""
    layers = nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(images[0].numel(), 3), Moving()
    model = with_stale_gradients(nn.Sequential(*layers), images).train(mode == "training")
    answer.classify(model, images)
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    return {
        "the mode afterwards": mode_of(model),
        "PyTorch recorded its work": model[3].recorded, "PyTorch records afterwards": recording,
        "all parameters require gradients": all(param.requires_grad for param in model.parameters()), "model": model,
    }  # fmt: skip


train_lenet = lesson.exercise("train_lenet")


@train_lenet.check(points=0.5, gradients=False, tolerance=STEPS)
def takes_the_right_steps(
    answer,
    X=uniform("12 1 4 4"),
    y=labels("12", 10),
    Z=uniform("8 1 4 4"),
    z=labels("8", 10),
    epochs=choice(2, 1),
    seed=choice(0, 5),
):
    """With a single batch of pictures, a few steps lead to the right losses and the right logits for other pictures."""
    found = on_pictures(answer, X, y, Z, z, epochs, seed)
    if not is_a_result(found):
        return {"what came back": kinds_of(found)}
    model, losses, accuracies = found
    logits = logits_of(model, enlarged(Z, 7).cpu())
    right = (logits.argmax(1) == z.cpu()).sum().item()
    norms = normalizations(model)
    return {
        "what came back": kinds_of(found), "losses": losses, "logits": logits,
        "the running means": [norm.running_mean for norm in norms],
        "the running variances": [norm.running_var for norm in norms],
        "the number of accuracies": len(accuracies),
        "the last accuracy is that of the model": accuracies[-1:] == [right / len(z)],
    }  # fmt: skip


@train_lenet.check(points=0.5, gradients=False)
def mixes_sorted_pictures(answer, seed=1, each=any_of(64, 128, 192, 256)):
    """From many black pictures and then as many white ones come batches of up to 64 in which both kinds are mixed."""
    images = torch.arange(2 * each).ge(each).float().reshape(-1, 1, 1, 1).expand(-1, 1, 28, 28)
    train, test = TensorDataset(images, images[:, 0, 0, 0].long()), TensorDataset(images[:3], torch.zeros(3).long())
    found = answer.train_lenet((train, test), 1, seed)
    if not is_a_result(found):
        return {"what came back": kinds_of(found)}
    norms = normalizations(found[0])
    if not norms:
        return {"what came back": "a network without batch normalization"}
    batches = norms[0].num_batches_tracked.item()
    # Where all pictures of a batch are alike, their variance is 0, and after so many batches this is left of the first 1.
    nothing_but_alike = 0.9**batches
    mixed = norms[0].running_var.max().item() > nothing_but_alike + 1e-4
    return {"what came back": kinds_of(found), "the number of batches": batches, "a batch holds both kinds": mixed}


@train_lenet.check(points=0.5, gradients=False, tolerance=STEPS)
def begins_anew_in_every_call(answer, X=uniform("66 1 4 4"), Z=uniform("2 1 4 4"), seed=4):
    """The same seed gives the same losses, whatever random numbers are drawn elsewhere, and each call another network. With
    a single batch they are the right losses."""
    y, z = torch.arange(66) % 10, torch.arange(2)
    torch.manual_seed(1)
    once = on_pictures(answer, X, y, Z, z, 1, seed)
    torch.manual_seed(2)
    again = on_pictures(answer, X, y, Z, z, 1, seed)
    if not (is_a_result(once) and is_a_result(again)):
        return {"what came back": kinds_of(once)}
    same = all(abs(one - other) < 1e-3 for one, other in zip(once[1], again[1], strict=False))
    torch.manual_seed(3)
    _, losses, _ = on_pictures(answer, X[:12], y[:12], Z, z, 1, seed)
    return {
        "what came back": kinds_of(once), "the losses are the same": same, "the network is new": once[0] is not again[0],
        "the losses with a single batch": losses,
    }  # fmt: skip


def said_by_its_weights(model, images):
    """What a LeNet of ours with the weights of a model says of pictures, whatever else the model is or does; of another
    network a word."""
    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.BatchNorm2d(6), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.BatchNorm2d(16), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(256, 120), nn.BatchNorm1d(120), nn.Sigmoid(), nn.Linear(120, 84), nn.BatchNorm1d(84), nn.Sigmoid(),
        nn.Linear(84, 10),
    )  # fmt: skip
    learned = [numbers for numbers in model.state_dict().values() if numbers.dim()]
    places = {name: numbers.shape for name, numbers in lenet.state_dict().items() if numbers.dim()}
    if [numbers.shape for numbers in learned] != list(places.values()):
        return "a network other than lenet_with_batch_norm()"
    lenet.load_state_dict(dict(zip(places, learned, strict=True)), strict=False)
    return logits_of(lenet, images).argmax(1)


def share_read(answer, images):
    """What a LeNet says of pictures, after it has been trained on 6,000 others, which are sorted."""
    pictures, classes = digits(6000, seed=1)
    order = classes.argsort(stable=True)
    dataset = TensorDataset(pictures[order], classes[order]), TensorDataset(*digits(1000, seed=2))
    model, *_ = answer.train_lenet(dataset, epochs=3, seed=1)
    return said_by_its_weights(model, images.float() / 255)


@train_lenet.check(points=1, at_least=0.94, seconds=60)
def reads_new_pictures(answer, images):
    """Trained on 6,000 sorted pictures for three epochs and one more, the network reads 94 of 100 new pictures."""
    return share_read(answer, images)
