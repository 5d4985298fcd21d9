# Right answers to lesson 7, each written in another way. All of them earn full marks.

# %% make_loaders: a sampler with a generator of its own
def make_loaders(dataset, batch_size, seed):
    train, test = dataset
    sampler = torch.utils.data.RandomSampler(train, generator=torch.Generator().manual_seed(seed))
    return [DataLoader(train, batch_size, sampler=sampler), DataLoader(test, batch_size)]


# %% make_loaders: one's own loader, shuffled by Python
class Batches:
    def __init__(self, dataset, batch_size, dice=None):
        self.dataset, self.batch_size, self.dice = dataset, batch_size, dice

    def __len__(self):
        return -(-len(self.dataset) // self.batch_size)

    def __iter__(self):
        order = list(range(len(self.dataset)))
        if self.dice is not None:
            self.dice.shuffle(order)
        for start in range(0, len(order), self.batch_size):
            X, y = zip(*[self.dataset[i] for i in order[start : start + self.batch_size]])
            yield torch.stack(X), torch.stack([torch.as_tensor(label) for label in y])


def make_loaders(dataset, batch_size, seed):
    import random

    train, test = dataset
    return Batches(train, batch_size, random.Random(seed)), Batches(test, batch_size)


# %% make_loaders: batches of indices, by NumPy
class Shuffled(torch.utils.data.Sampler):
    def __init__(self, count, batch_size, seed):
        import numpy as np

        self.count, self.batch_size, self.rng = count, batch_size, np.random.default_rng(seed)

    def __len__(self):
        return (self.count + self.batch_size - 1) // self.batch_size

    def __iter__(self):
        order = self.rng.permutation(self.count).tolist()
        yield from (order[i : i + self.batch_size] for i in range(0, self.count, self.batch_size))


def make_loaders(dataset, batch_size, seed):
    train, test = dataset
    train_loader = DataLoader(train, batch_sampler=Shuffled(len(train), batch_size, seed))
    sampler = torch.utils.data.BatchSampler(torch.utils.data.SequentialSampler(test), batch_size, drop_last=False)
    return train_loader, DataLoader(test, batch_sampler=sampler)


# %% make_loaders: the seed counts up from epoch to epoch
class Anew(torch.utils.data.Sampler):
    def __init__(self, data, seed):
        self.data, self.seed, self.epoch = data, seed, 0

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        self.epoch += 1
        g = torch.Generator()
        g.manual_seed(1000 * self.seed + self.epoch)
        return iter(torch.randperm(len(self.data), generator=g).tolist())


def make_loaders(dataset, batch_size, seed):
    return (
        DataLoader(dataset[0], batch_size=batch_size, sampler=Anew(dataset[0], seed)),
        DataLoader(dataset=dataset[1], batch_size=batch_size, shuffle=False, drop_last=False),
    )


# %% fit: one epoch after the other, with functions inside
def fit(model, loaders, optimizer, epochs, theta):
    def epoch():
        model.train()
        parts = [(train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta), len(y)) for X, y in loaders[0]]
        return sum(loss * size for loss, size in parts) / sum(size for _, size in parts)

    history = [(epoch(), evaluate(model, loaders[1])) for _ in range(epochs)]
    return [loss for loss, _ in history], [accuracy for _, accuracy in history]


# %% fit: the functional loss, gradients asked for, and clipped by hand
def fit(model, loaders, optimizer, epochs, theta):
    params = list(model.parameters())
    losses, accuracies = [0.0] * epochs, [0.0] * epochs
    for epoch in range(epochs):
        model.train(True)
        for X, y in loaders[0]:
            loss = nn.functional.cross_entropy(model(X), y)
            grads = torch.autograd.grad(loss, params)
            norm = torch.sqrt(sum((g**2).sum() for g in grads)).item()
            for p, g in zip(params, grads):
                p.grad = g if norm <= theta else g * (theta / norm)
            optimizer.step()
            losses[epoch] += loss.item() * len(X) / len(loaders[0].dataset)
        model.train(False)
        guesses = [(model(X).argmax(-1), y) for X, y in loaders[1]]
        right = torch.cat([guess == y for guess, y in guesses])
        accuracies[epoch] = right.double().mean().item()
    return [losses, accuracies]


# %% fit: sums of log-probabilities, added up as tensors, gradients set to zero
def fit(model, loaders, optimizer, epochs, theta):
    losses, accuracies = [], []
    while len(losses) < epochs:
        model.train()
        total = torch.zeros((), dtype=torch.float64)
        count = 0
        for X, y in loaders[0]:
            optimizer.zero_grad(set_to_none=False)
            log_probabilities = model(X).log_softmax(dim=1)
            summed = -log_probabilities[torch.arange(len(y)), y].sum()
            (summed / len(y)).backward()
            torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=theta)
            optimizer.step()
            total += summed.detach().double().cpu()
            count += y.numel()
        losses.append(float(total) / count)
        accuracies.append(evaluate(model, loaders[1]))
    model.eval()
    return losses, accuracies


# %% fit: by itself, epoch by epoch
def fit(model, loaders, optimizer, epochs, theta):
    if epochs == 0:
        return [], []
    losses, accuracies = fit(model, loaders, optimizer, epochs - 1, theta)
    model.train()
    loss_fn, loss_sum, samples = nn.CrossEntropyLoss(reduction="none"), 0.0, 0
    for X, y in loaders[0]:
        model.zero_grad()
        each = loss_fn(model(X), y)
        each.mean().backward()
        norm = nn.utils.get_total_norm([p.grad for p in model.parameters()])
        nn.utils.clip_grads_with_norm_(model.parameters(), theta, norm)
        optimizer.step()
        loss_sum, samples = loss_sum + each.sum().item(), samples + len(each)
    return [*losses, loss_sum / samples], [*accuracies, evaluate(model, loaders[1])]


# %% classify: logits and their log-sum-exp
def classify(model, images):
    training = model.training
    model.train(False)
    with torch.inference_mode():
        logits = model(images)
        highest, classes = torch.max(logits, dim=1)
        probabilities = torch.exp(highest - torch.logsumexp(logits, dim=1))
    model.train(training)
    return classes, probabilities


# %% classify: picture by picture
@torch.no_grad()
def classify(model, images):
    mode = model.training
    model.eval()
    classes, probabilities = [], []
    for i in range(len(images)):
        probability = torch.softmax(model(images[i : i + 1])[0], dim=0)
        best = int(probability.argmax())
        classes.append(best)
        probabilities.append(probability[best])
    model.train(mode)
    return torch.tensor(classes, device=images.device), torch.stack(probabilities)


# %% classify: sorted, in double precision, in a list
def classify(model, images):
    training = model.training
    try:
        model.eval()
        with torch.no_grad():
            sure, which = model(images).double().softmax(-1).sort(dim=-1, descending=True)
    finally:
        model.train(training)
    return [which[:, 0], sure[:, 0].to(images.dtype)]


# %% classify: a module of softmax, and topk
def classify(model, images):
    mode = model.training
    asked = nn.Sequential(model, nn.Softmax(dim=1)).eval()
    with torch.set_grad_enabled(False):
        top = asked(images).topk(1, dim=1)
    model.train(mode)
    return top.indices.squeeze(1), top.values.squeeze(1)


# %% train_lenet: one optimizer whose rate is turned down
def train_lenet(dataset, epochs, seed):
    torch.manual_seed(seed)
    model = lenet_with_batch_norm()
    loaders = make_loaders(dataset, 64, seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    first = fit(model, loaders, optimizer, epochs, 1.0)
    for group in optimizer.param_groups:
        group["lr"] = 0.1
    last = fit(model, loaders, optimizer, 1, 1.0)
    return [model, first[0] + last[0], first[1] + last[1]]


# %% train_lenet: a scheduler, epoch by epoch
def train_lenet(dataset, epochs, seed):
    torch.manual_seed(seed)
    model = lenet_with_batch_norm()
    train_loader, test_loader = make_loaders(dataset, batch_size=64, seed=seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[epochs], gamma=0.1)
    losses, accuracies = [], []
    for _ in range(epochs + 1):
        loss, accuracy = fit(model, (train_loader, test_loader), optimizer, 1, theta=1.0)
        losses += loss
        accuracies += accuracy
        scheduler.step()
    return model, losses, accuracies


# %% train_lenet: everything in one place, and the step by hand
def train_lenet(dataset, epochs, seed):
    torch.manual_seed(seed)
    model = lenet_with_batch_norm()
    train, test = dataset
    dice = torch.Generator().manual_seed(seed + 1)
    images, labels = (torch.stack(list(items)) for items in zip(*train))
    losses, accuracies = [], []
    for epoch in range(epochs + 1):
        model.train()
        rate, loss_sum = (1.0 if epoch < epochs else 0.1), 0.0
        for chosen in torch.randperm(len(images), generator=dice).split(64):
            loss = nn.functional.cross_entropy(model(images[chosen]), labels[chosen])
            gradients = torch.autograd.grad(loss, list(model.parameters()))
            norm = torch.stack([g.norm() for g in gradients]).norm()
            with torch.no_grad():
                for param, gradient in zip(model.parameters(), gradients):
                    param -= rate * gradient * min(1.0, 1.0 / norm.item())
            loss_sum += loss.item() * len(chosen)
        losses.append(loss_sum / len(images))
        accuracies.append(evaluate(model, DataLoader(test, 64)))
    return model, losses, accuracies


# %% train_lenet: the seed of others left alone, and a network in evaluation mode
def train_lenet(dataset, epochs, seed):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = lenet_with_batch_norm()
    loaders = make_loaders(dataset, 64, seed)
    history = [], []
    for lr, rounds in ((1.0, epochs), (0.1, 1)):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, foreach=False)
        for kept, found in zip(history, fit(model, loaders, optimizer, rounds, 1.0)):
            kept.extend(found)
    return model.eval(), *history
