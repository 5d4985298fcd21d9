# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% fit: cleared_before_the_step: backward is never called
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        loss_sum, count = 0, 0
        for X, y in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X), y)
            optimizer.step()
            loss_sum += loss.item() * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        accuracies.append(evaluate(model, test_loader))
    return losses, accuracies


# %% make_loaders: always_the_same_seed: a seed of its own
def make_loaders(dataset, batch_size, seed):
    train, test = dataset
    generator = torch.Generator().manual_seed(0)
    return DataLoader(train, batch_size, shuffle=True, generator=generator), DataLoader(test, batch_size)


# %% make_loaders: seed_not_used: the generator is not handed over
def make_loaders(dataset, batch_size, seed):
    train, test = dataset
    generator = torch.Generator().manual_seed(seed)
    return DataLoader(train, batch_size, shuffle=True), DataLoader(test, batch_size)


# %% fit: cleared_before_the_step: step without its parentheses
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        loss_sum, count = 0, 0
        for X, y in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), theta)
            optimizer.step
            loss_sum += loss.item() * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        accuracies.append(evaluate(model, test_loader))
    return losses, accuracies


# %% fit: first_epoch_only: no loop over the epochs
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    model.train()
    loss_sum, count = 0, 0
    for X, y in train_loader:
        loss_sum += train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta) * len(X)
        count += len(X)
    return [loss_sum / count], [evaluate(model, test_loader)]


# %% fit: first_batch_only: no loop over the batches
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        X, y = next(iter(train_loader))
        losses.append(train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta))
        accuracies.append(evaluate(model, test_loader))
    return losses, accuracies


# %% fit: losses_with_their_graphs: tensors without graphs
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        loss_sum, count = 0, 0
        for X, y in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), theta)
            optimizer.step()
            loss_sum += loss.detach() * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        accuracies.append(evaluate(model, test_loader))
    return losses, accuracies


# %% fit: accuracy_in_training_mode: eval without its parentheses
def fit(model, loaders, optimizer, epochs, theta):
    train_loader, test_loader = loaders
    losses, accuracies = [], []
    for _ in range(epochs):
        model.train()
        loss_sum, count = 0, 0
        for X, y in train_loader:
            loss_sum += train_step(model, nn.CrossEntropyLoss(), optimizer, X, y, theta) * len(X)
            count += len(X)
        losses.append(loss_sum / count)
        model.eval
        right, samples = 0, 0
        with torch.no_grad():
            for X, y in test_loader:
                right += (model(X).argmax(1) == y).sum().item()
                samples += len(X)
        accuracies.append(right / samples)
    return losses, accuracies


# %% classify: an_axis_too_many: by topk
def classify(model, images):
    mode = model.training
    model.eval()
    with torch.no_grad():
        probabilities, classes = model(images).softmax(1).topk(1)
    model.train(mode)
    return classes, probabilities


# %% classify: recorded_for_nothing: cut off at the end
def classify(model, images):
    mode = model.training
    model.eval()
    probabilities, classes = torch.softmax(model(images), dim=1).data.max(dim=1)
    model.train(mode)
    return classes, probabilities


# %% train_lenet: seed_not_set: set when the network is there already
def train_lenet(dataset, epochs, seed):
    model = lenet_with_batch_norm()
    torch.manual_seed(seed)
    loaders = make_loaders(dataset, 64, seed)
    losses, accuracies = fit(model, loaders, torch.optim.SGD(model.parameters(), lr=1.0), epochs, theta=1.0)
    more, further = fit(model, loaders, torch.optim.SGD(model.parameters(), lr=0.1), 1, theta=1.0)
    return model, losses + more, accuracies + further


# %% train_lenet: large_steps_only: the new rate is given to nobody
def train_lenet(dataset, epochs, seed):
    torch.manual_seed(seed)
    model = lenet_with_batch_norm()
    loaders = make_loaders(dataset, 64, seed)
    sgd = torch.optim.SGD(model.parameters(), lr=1.0)
    losses, accuracies = fit(model, loaders, sgd, epochs, theta=1.0)
    sgd.lr = 0.1
    more, further = fit(model, loaders, sgd, 1, theta=1.0)
    return model, losses + more, accuracies + further


# %% train_lenet: not_clipped: a large theta
def train_lenet(dataset, epochs, seed):
    torch.manual_seed(seed)
    model = lenet_with_batch_norm()
    loaders = make_loaders(dataset, 64, seed)
    losses, accuracies = fit(model, loaders, torch.optim.SGD(model.parameters(), lr=1.0), epochs, theta=1000.0)
    more, further = fit(model, loaders, torch.optim.SGD(model.parameters(), lr=0.1), 1, theta=1000.0)
    return model, losses + more, accuracies + further


# %% fit: lists_made_anew: a history for each epoch
def fit(model, loaders, optimizer, epochs, theta):
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        losses, accuracies, total = [], [], 0.0
        model.train()
        for X, y in loaders[0]:
            total += train_step(model, loss_fn, optimizer, X, y, theta) * len(y)
        losses.append(total / len(loaders[0].dataset))
        accuracies.append(evaluate(model, loaders[1]))
    return losses, accuracies
