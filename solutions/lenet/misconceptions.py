"""Wrong answers that students of lesson 7 really give, and what each of them should read; and the pictures to be read."""

import copy

import lesson as reference
import torch
from checks import classify, fit, make_loaders, train_lenet
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, RandomSampler, Subset, TensorDataset

from grader.lesson.pictures import digits


def given(images, labels):
    """Pictures as bytes, which take a quarter of the room, and the right answers."""
    return {"images": (images * 255).round().to(torch.uint8)}, labels

@train_lenet.given("reads_new_pictures")
def new_pictures(seed):
    return given(*digits(200, seed, keep=False))

@train_lenet.given("reads_pictures_of_a_stranger")
def pictures_of_a_stranger(seed):
    return given(*digits(1000, seed, keep=False))

# make_loaders

make_loaders.slip("shuffle=True, ", "", name="training_not_shuffled",
    says="Your training samples come in their own order. They are to be shuffled anew before every epoch.")

@make_loaders.misconception
def test_shuffled_too(dataset, batch_size, seed):
    """You shuffled the test samples too. They stay in order: nothing is learned from them."""
    train, test = dataset
    generator = torch.Generator().manual_seed(seed)
    return (
        DataLoader(train, batch_size, shuffle=True, generator=generator),
        DataLoader(test, batch_size, shuffle=True, generator=generator),
    )

make_loaders.slip(", shuffle=True, generator=generator), DataLoader(test, batch_size)",
    "), DataLoader(test, batch_size, shuffle=True, generator=generator)", name="test_shuffled_instead",
    says="You shuffled the test samples, and left the training samples in their order. It is the other way round.")

@make_loaders.misconception
def shuffled_once(dataset, batch_size, seed):
    """Every epoch has the same order: you shuffled once. The loader itself is to shuffle, anew in each epoch."""
    train, test = dataset
    order = torch.randperm(len(train), generator=torch.Generator().manual_seed(seed))
    return DataLoader(Subset(train, order.tolist()), batch_size), DataLoader(test, batch_size)

make_loaders.slip(", generator=generator", "", name="seed_not_used",
    says="Your loader draws the random numbers that everybody draws from. Give it a generator with the seed.")

@make_loaders.misconception
def seed_set_for_everybody(dataset, batch_size, seed):
    """You set the seed for everybody, so whatever is drawn before an epoch changes its order. Give the loader a
    generator of its own."""
    torch.manual_seed(seed)
    train, test = dataset
    return DataLoader(train, batch_size, shuffle=True), DataLoader(test, batch_size)

make_loaders.slip(".manual_seed(seed)", "", name="always_the_same_seed",
    says="The orders are the same for every seed. Does your generator begin where `seed` says, and not at a seed of yours?")

@make_loaders.misconception
def last_batch_dropped(dataset, batch_size, seed):
    """Your loaders drop the last batch when it is smaller, so some samples are missing."""
    train, test = dataset
    generator = torch.Generator().manual_seed(seed)
    return (
        DataLoader(train, batch_size, shuffle=True, generator=generator, drop_last=True),
        DataLoader(test, batch_size, drop_last=True),
    )

@make_loaders.misconception
def last_training_batch_dropped(dataset, batch_size, seed):
    """Your training loader drops the last batch when it is smaller, so some samples are missing."""
    train, test = dataset
    generator = torch.Generator().manual_seed(seed)
    return (
        DataLoader(train, batch_size, shuffle=True, generator=generator, drop_last=True),
        DataLoader(test, batch_size),
    )

@make_loaders.misconception
def test_samples_in_training(dataset, batch_size, seed):
    """Your training loader gives test samples too. A model that has learned them can't be tested with them."""
    return reference.make_loaders((ConcatDataset(dataset), dataset[1]), batch_size, seed)

@make_loaders.misconception
def training_samples_in_the_test(dataset, batch_size, seed):
    """Your test loader gives the training samples. It is to give those of `test`."""
    return reference.make_loaders((dataset[0], dataset[0]), batch_size, seed)

make_loaders.slip("(train, batch_size, shuffle=True, generator=generator), DataLoader(test, batch_size)",
    "(test, batch_size), DataLoader(train, batch_size, shuffle=True, generator=generator)", name="test_loader_first",
    says="You returned the test loader first. The training loader comes first.")

@make_loaders.misconception
def datasets_mixed_up(dataset, batch_size, seed):
    """You shuffled `test` and left `train` in order: which of the two stands first in `dataset`?"""
    return reference.make_loaders(dataset[::-1], batch_size, seed)

@make_loaders.misconception
def batch_size_forgotten(dataset, batch_size, seed):
    """Your batches hold a single sample each. The loaders have to be told `batch_size`."""
    return reference.make_loaders(dataset, 1, seed)

@make_loaders.misconception
def batch_size_of_the_test_forgotten(dataset, batch_size, seed):
    """Your test samples come one at a time. The test loader has to be told `batch_size` too."""
    train_loader, _ = reference.make_loaders(dataset, batch_size, seed)
    return train_loader, DataLoader(dataset[1])

@make_loaders.misconception
def loaders_used_up(dataset, batch_size, seed):
    """Your loaders can be gone through only once: the second epoch is empty. Return them without `iter`."""
    train_loader, test_loader = reference.make_loaders(dataset, batch_size, seed)
    return iter(train_loader), iter(test_loader)

@make_loaders.misconception
def drawn_with_replacement(dataset, batch_size, seed):
    """You drew training samples with replacement: some come twice, others never. Each comes once an epoch."""
    train, test = dataset
    generator = torch.Generator().manual_seed(seed)
    sampler = RandomSampler(train, replacement=True, generator=generator)
    return DataLoader(train, batch_size, sampler=sampler), DataLoader(test, batch_size)

@make_loaders.misconception
def training_loader_only(dataset, batch_size, seed):
    """You returned the training loader only. The test loader is asked for too."""
    return reference.make_loaders(dataset, batch_size, seed)[0]

# fit

def trained(model, loaders, optimizer, epochs, step, accuracy=reference.evaluate):
    """The history of a model that is trained by `step(X, y)`, which gives the loss, in training mode."""
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        loss_sum, count = 0, 0
        for X, y in train_loader:
            loss_sum += step(X, y) * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        accuracies.append(accuracy(model, test_loader))
    return losses, accuracies

def loss_of(model, X, y):
    return nn.CrossEntropyLoss()(model(X), y)

def accuracy_as_it_is(model, loader):
    """The accuracy in the mode in which the model is."""
    with torch.no_grad():
        right = sum((model(X).argmax(1) == y).sum().item() for X, y in loader)
    return right / len(loader.dataset)

@fit.misconception
def learns_from_the_test(model, loaders, optimizer, epochs, theta):
    """Your model learned from the test samples too. Then the accuracy on them says nothing: only look at them."""
    train_loader, test_loader = loaders
    return reference.fit(model, ([*train_loader, *test_loader], test_loader), optimizer, epochs, theta)

fit.slip("train_loader, test_loader = loaders", "test_loader, train_loader = loaders", name="loaders_mixed_up",
    says="You trained on the test samples and tested on the training samples. Which loader comes first?")

@fit.misconception
def accuracy_in_training_mode(model, loaders, optimizer, epochs, theta):
    """You measured the accuracy in training mode, in which some layers work in another way. Do you call `eval()`, with
    its parentheses?"""
    def step(X, y):
        return reference.train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta)

    return trained(model, loaders, optimizer, epochs, step, accuracy_as_it_is)

@fit.misconception
def stays_in_evaluation_mode(model, loaders, optimizer, epochs, theta):
    """After the first epoch your model stayed in evaluation mode. Each epoch has to begin in training mode."""
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    model.train()
    for _ in range(epochs):
        loss_sum, count = 0, 0
        for X, y in train_loader:
            loss_sum += reference.train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta) * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        accuracies.append(accuracy_as_it_is(model.eval(), test_loader))
    return losses, accuracies

fit.slip("model.train()\n        loss_sum", "loss_sum", name="training_mode_forgotten",
    says="Training mode was never switched on. Is `train()` called, with its parentheses? The model may come in evaluation "
         "mode, where some layers do not learn.")

fit.slip("loss_sum += train_step", "loss_sum = train_step", ("* len(X)", ""), ("loss_sum / count", "loss_sum"),
    name="loss_of_the_last_batch",
    says="Your loss is that of the last batch. The loss of an epoch is the mean over all its samples.")

fit.slip("* len(X)", "", ("loss_sum / count", "loss_sum / len(train_loader)"), name="batch_losses_averaged",
    says="You took the mean of the batches' losses. The last batch is smaller, so weigh each loss by its samples.")

fit.slip("* len(X)", "", name="means_divided_by_the_samples",
    says="You added up the losses of the batches, which are means, and divided by the samples. Multiply each by the "
         "size of its batch first.")

fit.slip("/ count", "", name="losses_added_up",
    says="You returned the sum of the losses. Divide it by the number of the samples that were trained on.")

fit.slip("loss_sum += train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta) * len(X)",
    "losses.append(train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta))",
    ("losses.append(loss_sum / count)\n        ", ""), name="a_loss_for_each_batch",
    says="Your history has a loss for each batch. One for each epoch is asked for: the mean over its samples.")

@fit.misconception
def sums_never_reset(model, loaders, optimizer, epochs, theta):
    """Your sums go on from epoch to epoch, so each loss is a mean over all epochs so far. Begin each one with 0."""
    losses, accuracies = reference.fit(model, loaders, optimizer, epochs, theta)
    return [sum(losses[: epoch + 1]) / (epoch + 1) for epoch in range(epochs)], accuracies

@fit.misconception
def loss_when_it_is_over(model, loaders, optimizer, epochs, theta):
    """You measured the loss when the epoch was over. It is made of the losses that the steps gave, on the way."""
    losses, accuracies = [], []
    for _ in range(epochs):
        accuracies += reference.fit(model, loaders, optimizer, 1, theta)[1]
        model.eval()
        with torch.no_grad():
            loss_sum = sum(loss_of(model, X, y).item() * len(X) for X, y in loaders[0])
        losses.append(loss_sum / len(loaders[0].dataset))
    return losses, accuracies

fit.slip("evaluate(model, test_loader)", "evaluate(model, train_loader)", name="accuracy_of_the_training_samples",
    says="Your accuracies are those on the training samples. Whether a model has understood, the test samples "
         "tell.")

@fit.misconception
def accuracy_of_the_last_batch(model, loaders, optimizer, epochs, theta):
    """Your accuracy is that of the last batch of the test loader. Count the right guesses over all its batches."""
    def step(X, y):
        return reference.train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta)

    def accuracy(model, loader):
        model.eval()
        for X, y in loader:
            last = (model(X).argmax(1) == y).float().mean().item()
        return last

    return trained(model, loaders, optimizer, epochs, step, accuracy)

@fit.misconception
def accuracy_before_the_epoch(model, loaders, optimizer, epochs, theta):
    """You measured the accuracy before the epoch. It is to tell how good the model is after it."""
    losses, accuracies = [], []
    for _ in range(epochs):
        accuracies.append(reference.evaluate(model, loaders[1]))
        losses += reference.fit(model, loaders, optimizer, 1, theta)[0]
    return losses, accuracies

@fit.misconception
def new_optimizer_each_epoch(model, loaders, optimizer, epochs, theta):
    """You made a new optimizer in each epoch, so it forgot what it remembered. Use the one that you are given."""
    defaults, losses, accuracies = dict(optimizer.defaults), [], []
    for _ in range(epochs):
        fresh = type(optimizer)(model.parameters(), **defaults)
        loss, accuracy = reference.fit(model, loaders, fresh, 1, theta)
        losses, accuracies = losses + loss, accuracies + accuracy
    return losses, accuracies

@fit.misconception
def an_optimizer_of_its_own(model, loaders, optimizer, epochs, theta):
    """You trained with an optimizer of your own. Use the one that you are given: which kind it is matters."""
    own = torch.optim.Adam(model.parameters(), lr=optimizer.defaults["lr"])
    return reference.fit(model, loaders, own, epochs, theta)

@fit.misconception
def a_copy_is_trained(model, loaders, optimizer, epochs, theta):
    """You trained a copy. The model that you were given has to learn, so that others can use it afterwards."""
    model, optimizer = copy.deepcopy((model, optimizer))
    return reference.fit(model, loaders, optimizer, epochs, theta)

@fit.misconception
def gradients_not_cleared(model, loaders, optimizer, epochs, theta):
    """The gradients were not cleared between the batches, so they added up. `train_step` clears them for you; by hand,
    `zero_grad()` needs its parentheses."""
    def step(X, y):
        loss = loss_of(model, X, y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), theta)
        optimizer.step()
        return loss.item()

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def cleared_before_the_step(model, loaders, optimizer, epochs, theta):
    """Nothing was learned: no parameter moved. Does each batch call `backward()` and then `step()`, with their
    parentheses? Do you clear the gradients between the two?"""
    def step(X, y):
        loss = loss_of(model, X, y)
        loss.backward()
        optimizer.zero_grad()
        optimizer.step()
        return loss.item()

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def clipped_too_late_or_never(model, loaders, optimizer, epochs, theta):
    """The gradients were not clipped when the optimizer used them. Clipping comes after `backward`, and before the step."""
    def step(X, y):
        optimizer.zero_grad()
        loss = loss_of(model, X, y)
        loss.backward()
        optimizer.step()
        nn.utils.clip_grad_norm_(model.parameters(), theta)
        return loss.item()

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def each_parameter_clipped(model, loaders, optimizer, epochs, theta):
    """Each parameter's gradient was clipped on its own. `theta` limits the joint norm of all gradients together."""
    def step(X, y):
        optimizer.zero_grad()
        loss = loss_of(model, X, y)
        loss.backward()
        for param in model.parameters():
            nn.utils.clip_grad_norm_(param, theta)
        optimizer.step()
        return loss.item()

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def each_number_clipped(model, loaders, optimizer, epochs, theta):
    """Every number of the gradients was clipped on its own. It is their joint norm that `theta` limits."""
    def step(X, y):
        optimizer.zero_grad()
        loss = loss_of(model, X, y)
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), theta)
        optimizer.step()
        return loss.item()

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def softmax_before_the_loss(model, loaders, optimizer, epochs, theta):
    """You gave the loss probabilities. `nn.CrossEntropyLoss` takes the softmax itself: give it the logits."""
    def loss_fn(output, y):
        return nn.CrossEntropyLoss()(output.softmax(1), y)

    def step(X, y):
        return reference.train_step(model, loss_fn, optimizer, X, y, theta)

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def sum_for_mean(model, loaders, optimizer, epochs, theta):
    """Your loss is the sum over the batch, so each step is larger. `nn.CrossEntropyLoss()` takes the mean by itself."""
    def step(X, y):
        return reference.train_step(model, nn.CrossEntropyLoss(reduction="sum"), optimizer, X, y, theta) / len(X)

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def losses_with_their_graphs(model, loaders, optimizer, epochs, theta):
    """Your losses are tensors, which may keep the computation of every batch in memory. Take their numbers."""
    def step(X, y):
        optimizer.zero_grad()
        loss = loss_of(model, X, y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), theta)
        optimizer.step()
        return loss

    return trained(model, loaders, optimizer, epochs, step)

@fit.misconception
def accuracies_left_tensors(model, loaders, optimizer, epochs, theta):
    """Your accuracies are tensors. Plain Python floats are asked for: which method gives a tensor's number?"""
    losses, accuracies = reference.fit(model, loaders, optimizer, epochs, theta)
    return losses, [torch.tensor(accuracy) for accuracy in accuracies]

@fit.misconception
def first_epoch_only(model, loaders, optimizer, epochs, theta):
    """Your function stops after the first epoch. Does `return` stand inside the loop, or is there no loop over the
    epochs?"""
    return reference.fit(model, loaders, optimizer, 1, theta)

fit.slip("losses, accuracies = [], []\n    for _ in range(epochs):",
    "for _ in range(epochs):\n        losses, accuracies = [], []", name="lists_made_anew",
    says="Your lists begin anew in every epoch, so that they hold the numbers of the last one only. Make them "
         "once, before the loop.")

fit.slip("epochs", "epochs - 1", name="one_epoch_less",
    says="You trained for one epoch less than `epochs`. How often does your loop go round?")

@fit.misconception
def first_batch_only(model, loaders, optimizer, epochs, theta):
    """Only the first batch of each epoch was used. Does something end the loop over the batches too early, or is there
    no loop?"""
    train_loader, test_loader = loaders
    return reference.fit(model, ([next(iter(train_loader))], test_loader), optimizer, epochs, theta)

@fit.misconception
def last_epoch_returned(model, loaders, optimizer, epochs, theta):
    """You returned the numbers of the last epoch. Collect those of all epochs in two lists."""
    losses, accuracies = reference.fit(model, loaders, optimizer, epochs, theta)
    return losses[-1], accuracies[-1]

@fit.misconception
def pairs_for_lists(model, loaders, optimizer, epochs, theta):
    """You returned a pair for each epoch. Two lists are asked for: all losses, then all accuracies."""
    return list(zip(*reference.fit(model, loaders, optimizer, epochs, theta), strict=True))

fit.slip("return losses, accuracies", "return accuracies, losses", name="accuracies_first",
    says="You returned the accuracies first. The losses come first.")

fit.slip("return losses, accuracies", "", name="history_not_returned",
    says="The training is right, but your function returns nothing. Losses and accuracies are asked for.")

# classify

def asked(model, images, read):
    """What `read` makes of the logits of some images, in evaluation mode and without gradients."""
    mode = model.training
    model.eval()
    with torch.no_grad():
        found = read(model(images))
    model.train(mode)
    return found

@classify.misconception
def logit_for_probability(model, images):
    """You returned the highest logit. It becomes a probability by a softmax over the classes."""
    return asked(model, images, lambda logits: logits.max(1)[::-1])

classify.slip(", dim=1", ", dim=0", name="softmax_over_the_batch",
    says="You took the softmax down the batch. The logits of one picture lie in one row: the sum is to be 1 along it.")

classify.slip("(dim=1)", "(dim=0)", name="highest_of_the_batch",
    says="You looked for the highest number down the batch. Each picture has a row of its own, and needs its own class.")

@classify.misconception
def sigmoid_for_softmax(model, images):
    """You used a sigmoid, which looks at one logit alone. A softmax weighs it against those of the other classes."""
    return asked(model, images, lambda logits: logits.sigmoid().max(1)[::-1])

@classify.misconception
def log_probability(model, images):
    """You returned the logarithm of the probability. Which softmax did you take?"""
    return asked(model, images, lambda logits: logits.log_softmax(1).max(1)[::-1])

@classify.misconception
def softmax_twice(model, images):
    """You took the softmax twice, which makes every picture look unsure. Logits need it once."""
    return asked(model, images, lambda logits: logits.softmax(1).softmax(1).max(1)[::-1])

classify.slip(".max", ".min", name="lowest_logit",
    says="You returned the class with the lowest logit. The highest one is asked for.")

@classify.misconception
def probabilities_of_all_classes(model, images):
    """You returned the probabilities of all classes. One number for each picture is asked for: that of its class."""
    return asked(model, images, lambda logits: (logits.argmax(1), logits.softmax(1)))

classify.slip("classes, probabilities", "probabilities, classes", name="probabilities_first",
    says="You returned the probabilities first. The classes come first.")

@classify.misconception
def classes_only(model, images):
    """You returned the classes only. Their probabilities are asked for too."""
    return reference.classify(model, images)[0]

@classify.misconception
def an_axis_too_many(model, images):
    """Your results have an axis too many: `(n,)` is asked for. Did something keep an axis of size 1, as `keepdim` and
    `topk` do?"""
    return asked(model, images, lambda logits: logits.softmax(1).max(1, keepdim=True)[::-1])

@classify.misconception
def percent_for_share(model, images):
    """You returned percent. A probability lies between 0 and 1."""
    classes, probabilities = reference.classify(model, images)
    return classes, 100 * probabilities

@classify.misconception
def lists_for_tensors(model, images):
    """You returned lists of Python numbers. Two tensors are asked for."""
    return tuple(found.tolist() for found in reference.classify(model, images))

@classify.misconception
def classes_as_floats(model, images):
    """Your classes are floats. A class is a whole number (int64), as `argmax` gives it."""
    classes, probabilities = reference.classify(model, images)
    return classes.to(probabilities), probabilities

classify.slip("model.eval()", "", name="evaluation_mode_forgotten",
    says="Evaluation mode was never switched on. Do you call `eval()`, with its parentheses? Some layers work in another "
         "way while a model learns.")

classify.slip("model.train(mode)", "", name="mode_not_put_back",
    says="You left the model in evaluation mode. Put back the mode that it was in before.")

classify.slip("(mode)", "()", name="always_back_to_training",
    says="You always end in training mode. A model that came in evaluation mode has to stay in it.")

@classify.misconception
def recorded_for_nothing(model, images):
    """PyTorch recorded everything for a `backward` that never comes. Switch the recording off around the call, by a `with`
    line: to cut the graph off at the end is too late."""
    mode = model.training
    model.eval()
    probabilities, classes = model(images).softmax(1).max(1)
    model.train(mode)
    return classes, probabilities

@classify.misconception
def detached_at_the_end(model, images):
    """PyTorch recorded everything for a `backward` that never comes. Switch the recording off around the call, by a `with`
    line: to cut the graph off at the end is too late."""
    classes, probabilities = recorded_for_nothing(model, images)
    return classes, probabilities.detach()

@classify.misconception
def recording_off_for_good(model, images):
    """You switched recording off for good: after your function PyTorch can't learn any more. Switch it on again."""
    torch.set_grad_enabled(False)
    return reference.classify(model, images)

@classify.misconception
def parameters_frozen(model, images):
    """Your model does not require gradients any more. Switch the recording off, not the parameters."""
    return reference.classify(model.requires_grad_(False), images)

@classify.misconception
def gradients_cleared(model, images):
    """You cleared the model's gradients. Nothing of the model may change here."""
    model.zero_grad()
    return reference.classify(model, images)

# train_lenet

def recipe(
    dataset, epochs, seed, build=reference.lenet_with_batch_norm, optimizer=torch.optim.SGD, size=64, theta=1.0,
    rates=(1.0, 0.1),
):
    """The recipe of the exercise, with something else in it."""
    torch.manual_seed(seed)
    model = build()
    loaders = reference.make_loaders(dataset, size, seed)
    losses, accuracies = reference.fit(model, loaders, optimizer(model.parameters(), lr=rates[0]), epochs, theta)
    more, further = reference.fit(model, loaders, optimizer(model.parameters(), lr=rates[1]), 1, theta)
    return model, losses + more, accuracies + further

def changed(dataset, change):
    """A dataset of pictures that are changed by a function."""
    images, classes = zip(*dataset, strict=True)
    return TensorDataset(change(torch.stack(images)), torch.stack(classes))

@train_lenet.misconception
def pictures_not_shuffled(dataset, epochs, seed):
    """Your training pictures come in their own order, sorted: the network forgets one digit over the next. Shuffle them."""
    torch.manual_seed(seed)
    model = reference.lenet_with_batch_norm()
    loaders = DataLoader(dataset[0], 64), DataLoader(dataset[1], 64)
    losses, accuracies = reference.fit(model, loaders, torch.optim.SGD(model.parameters(), lr=1.0), epochs, 1.0)
    more, further = reference.fit(model, loaders, torch.optim.SGD(model.parameters(), lr=0.1), 1, 1.0)
    return model, losses + more, accuracies + further

@train_lenet.misconception
def test_pictures_in_training(dataset, epochs, seed):
    """Your network learned from the test pictures too. They are for the accuracies only."""
    return recipe((ConcatDataset(dataset), dataset[1]), epochs, seed)

@train_lenet.misconception
def trained_on_the_test_pictures(dataset, epochs, seed):
    """Your network learned from the test pictures. Which of the two datasets stands first?"""
    return recipe(dataset[::-1], epochs, seed)

@train_lenet.misconception
def pictures_normalised(dataset, epochs, seed):
    """You shifted and scaled the pictures before training. Whoever asks your network does not: feed them as they are."""
    train = changed(dataset[0], lambda images: (images - images.mean()) / images.std())
    return recipe((train, dataset[1]), epochs, seed)

@train_lenet.misconception
def divided_by_255(dataset, epochs, seed):
    """You divided the training pictures by 255. They lie between 0 and 1 already: feed them as they are."""
    return recipe((changed(dataset[0], lambda images: images / 255), dataset[1]), epochs, seed)

@train_lenet.misconception
def a_linear_model(dataset, epochs, seed):
    """Your network is one linear layer, which reads four of five pictures at best. Build it with `lenet_with_batch_norm`."""
    return recipe(dataset, epochs, seed, build=lambda: nn.Sequential(nn.Flatten(), nn.Linear(28 * 28, 10)))

@train_lenet.misconception
def without_batch_norm(dataset, epochs, seed):
    """Your LeNet has no batch normalization, and learns too slowly. Build it with `lenet_with_batch_norm`."""
    def build():
        layers = reference.lenet_with_batch_norm()
        layers = [layer for layer in layers if not isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d))]
        return nn.Sequential(*layers)

    return recipe(dataset, epochs, seed, build)

@train_lenet.misconception
def another_network_moves(dataset, epochs, seed):
    """Your optimizer has the parameters of another network, so yours learned nothing. Build one network, and use it
    everywhere."""
    def another(params, lr):
        return torch.optim.SGD(reference.lenet_with_batch_norm().parameters(), lr=lr)

    return recipe(dataset, epochs, seed, optimizer=another)

@train_lenet.misconception
def a_fresh_network_returned(dataset, epochs, seed):
    """The network that you returned is not the one that was trained. Build one network, and return that."""
    _, losses, accuracies = reference.train_lenet(dataset, epochs, seed)
    torch.manual_seed(seed)
    return reference.lenet_with_batch_norm(), losses, accuracies

@train_lenet.misconception
def weights_of_another_run(dataset, epochs, seed):
    """The history is that of one network, and you returned another, trained again from another beginning."""
    _, losses, accuracies = reference.train_lenet(dataset, epochs, seed)
    return reference.train_lenet(dataset, epochs, seed + 1)[0], losses, accuracies

KEPT = {}

@train_lenet.misconception
def one_network_for_all_calls(dataset, epochs, seed):
    """Your second call went on with the network of the first. Build the network inside of the function."""
    torch.manual_seed(seed)
    model = KEPT.setdefault(len(dataset[0]), reference.lenet_with_batch_norm())
    return recipe(dataset, epochs, seed, build=lambda: model)

train_lenet.slip("torch.manual_seed(seed)\n    model", "model", name="seed_not_set",
    says="Your network begins with other weights each time. Do you set the seed, and before you build the network?")

@train_lenet.misconception
def adam_for_sgd(dataset, epochs, seed):
    """You trained with Adam. This recipe is made for SGD, with much larger learning rates than Adam takes."""
    return recipe(dataset, epochs, seed, optimizer=torch.optim.Adam)

@train_lenet.misconception
def small_steps_only(dataset, epochs, seed):
    """All your epochs have the learning rate 0.1. It is 1.0 at first, and 0.1 in the last epoch only."""
    return recipe(dataset, epochs, seed, rates=(0.1, 0.1))

@train_lenet.misconception
def large_steps_only(dataset, epochs, seed):
    """Your last epoch has the learning rate 1.0 as well. In the small steps of 0.1 the network would settle."""
    return recipe(dataset, epochs, seed, rates=(1.0, 1.0))

@train_lenet.misconception
def rates_mixed_up(dataset, epochs, seed):
    """You began with the small steps and ended with the large ones. It is the other way round."""
    return recipe(dataset, epochs, seed, rates=(0.1, 1.0))

train_lenet.slip("1, theta", "0, theta", name="last_epoch_missing",
    says="The last epoch, with the learning rate 0.1, is missing.")

@train_lenet.misconception
def last_epoch_counted_in(dataset, epochs, seed):
    """The small epoch is one of your `epochs`. It comes on top of them."""
    return recipe(dataset, epochs - 1, seed)

@train_lenet.misconception
def small_steps_too_long(dataset, epochs, seed):
    """You went through the small steps for `epochs` epochs. They last for a single one."""
    torch.manual_seed(seed)
    model, loaders, losses, accuracies = reference.lenet_with_batch_norm(), reference.make_loaders(dataset, 64, seed), [], []
    for lr in (1.0, 0.1):
        more, further = reference.fit(model, loaders, torch.optim.SGD(model.parameters(), lr=lr), epochs, 1.0)
        losses, accuracies = losses + more, accuracies + further
    return model, losses, accuracies

@train_lenet.misconception
def larger_batches(dataset, epochs, seed):
    """Your batches are not of 64 pictures. How many are in a batch decides how many steps an epoch has."""
    return recipe(dataset, epochs, seed, size=256)

@train_lenet.misconception
def not_clipped(dataset, epochs, seed):
    """The gradients are not clipped to the joint norm 1.0. Which `theta` does `fit` get from you?"""
    return recipe(dataset, epochs, seed, theta=float("inf"))

@train_lenet.misconception
def history_of_the_last_epoch(dataset, epochs, seed):
    """Your history is that of the last epoch only. It begins with the epochs of the large steps."""
    model, losses, accuracies = reference.train_lenet(dataset, epochs, seed)
    return model, losses[-1:], accuracies[-1:]

@train_lenet.misconception
def history_without_the_last_epoch(dataset, epochs, seed):
    """Your history ends before the last epoch. Put what the second call of `fit` gives behind that of the first."""
    model, losses, accuracies = reference.train_lenet(dataset, epochs, seed)
    return model, losses[:-1], accuracies[:-1]

@train_lenet.misconception
def lists_in_the_history(dataset, epochs, seed):
    """A list stands among the numbers of your history, as `append` puts it there. Join the two lists."""
    model, losses, accuracies = reference.train_lenet(dataset, epochs, seed)
    return model, [*losses[:-1], losses[-1:]], [*accuracies[:-1], accuracies[-1:]]

@train_lenet.misconception
def trained_twice(dataset, epochs, seed):
    """You trained once for the losses and once more for the accuracies. One call of `fit` gives both."""
    torch.manual_seed(seed)
    model = reference.lenet_with_batch_norm()
    loaders = reference.make_loaders(dataset, 64, seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    losses = reference.fit(model, loaders, optimizer, epochs, 1.0)[0]
    accuracies = reference.fit(model, loaders, optimizer, epochs, 1.0)[1]
    more, further = reference.fit(model, loaders, torch.optim.SGD(model.parameters(), lr=0.1), 1, 1.0)
    return model, losses + more, accuracies + further

@train_lenet.misconception
def network_only(dataset, epochs, seed):
    """You returned the network only. Its losses and its accuracies are asked for too."""
    return reference.train_lenet(dataset, epochs, seed)[0]

@train_lenet.misconception
def history_as_a_pair(dataset, epochs, seed):
    """You returned the history as one pair. Three things are asked for: the network, the losses, the accuracies."""
    model, losses, accuracies = reference.train_lenet(dataset, epochs, seed)
    return model, (losses, accuracies)

@train_lenet.misconception
def history_only(dataset, epochs, seed):
    """You returned the history only. The trained network is asked for first."""
    return reference.train_lenet(dataset, epochs, seed)[1:]
