# Right answers to lesson 3, each written in another way. All of them earn full marks.

# %% grad_clipping: PyTorch's own torch.nn.utils.clip_grad_norm_
def grad_clipping(params, theta, device):
    torch.nn.utils.clip_grad_norm_(params, theta)


# %% grad_clipping: all gradients in one row
def grad_clipping(params, theta, device):
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.cat([g.flatten() for g in grads]).norm()
    with torch.no_grad():
        for g in grads:
            g.mul_(min(1.0, theta / max(norm.item(), 1e-30)))


# %% grad_clipping: d2l's newer way, with a sum of tensors
def grad_clipping(params, theta, device):
    params = [p for p in params if p.grad is not None]
    norm = torch.sqrt(sum(torch.sum(p.grad**2) for p in params))
    if norm > theta:
        for param in params:
            param.grad[:] *= theta / norm


# %% grad_clipping: Python's numbers, in double precision
def grad_clipping(params, theta, device):
    params = list(params)
    total = 0.0
    for param in params:
        if param.grad is None:
            continue
        for number in param.grad.double().flatten().tolist():
            total += number * number
    length = total**0.5
    if length <= theta:
        return
    for param in params:
        if param.grad is not None:
            param.grad.div_(length / theta)


# %% grad_clipping: the norm of the norms, and new gradients
def grad_clipping(params, theta, device):
    kept = [param for param in params if param.grad is not None]
    norms = torch.stack([torch.linalg.vector_norm(param.grad).to(device) for param in kept])
    norm = torch.linalg.vector_norm(norms)
    factor = (theta / norm).clamp(max=1.0) if norm > 0 else torch.ones((), device=device)
    for param in kept:
        param.grad = param.grad * factor.to(param.grad.dtype)
    return norm


# %% grad_clipping: PyTorch's own, in its two halves
def grad_clipping(params, theta, device):
    params = list(params)
    norm = nn.utils.get_total_norm([p.grad for p in params if p.grad is not None])
    nn.utils.clip_grads_with_norm_(params, theta, norm)


# %% sgd_step: PyTorch's own torch.optim.SGD
def sgd_step(params, lr, batch_size):
    torch.optim.SGD(params, lr=lr / batch_size).step()


# %% sgd_step: d2l's older way, through .data
def sgd_step(params, lr, batch_size):
    for param in params:
        param.data -= lr * param.grad / batch_size


# %% sgd_step: as a decorator, with sub_ and alpha
@torch.no_grad()
def sgd_step(params, lr, batch_size):
    for p in params:
        p.sub_(p.grad, alpha=lr / batch_size)
        p.grad = None


# %% sgd_step: the mean first, in place in the gradient
def sgd_step(params, lr, batch_size):
    with torch.no_grad():
        for p in params:
            p.grad /= batch_size
            p.add_(-lr * p.grad)


# %% sgd_step: copied from new numbers in double precision
def sgd_step(params, lr, batch_size):
    for p in list(params):
        moved = p.detach().double() - lr * p.grad.double() / batch_size
        with torch.no_grad():
            p.copy_(moved)


# %% train_step: gradients set to zero, not to None
def train_step(model, loss_fn, optimizer, X, y, theta):
    model.zero_grad(set_to_none=False)
    l = loss_fn(model(X), y)
    l.backward()
    nn.utils.clip_grad_norm_(list(model.parameters()), theta)
    optimizer.step()
    return l.detach().item()


# %% train_step: gradients asked for
def train_step(model, loss_fn, optimizer, X, y, theta):
    params = [p for p in model.parameters() if p.requires_grad]
    l = loss_fn(model(X), y)
    for p, g in zip(params, torch.autograd.grad(l, params)):
        p.grad = g
    grad_clipping(params, theta, X.device)
    optimizer.step()
    return l.item()


# %% train_step: the optimizer is given a closure
def train_step(model, loss_fn, optimizer, X, y, theta):
    def closure():
        optimizer.zero_grad()
        loss = loss_fn(model(X), y)
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        return loss

    return optimizer.step(closure).item()


# %% train_step: the optimizer's own parameters, in training mode
def train_step(model, loss_fn, optimizer, X, y, theta):
    model.train()
    output = model(X)
    for group in optimizer.param_groups:
        for param in group["params"]:
            param.grad = None
    loss = loss_fn(output, y)
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], max_norm=theta)
    optimizer.step()
    return loss.tolist()


# %% make_optimizer: a dictionary of classes
def make_optimizer(name, params, lr):
    kinds = {
        "SGD": torch.optim.SGD,
        "Adagrad": torch.optim.Adagrad,
        "RMSprop": torch.optim.RMSprop,
        "Adadelta": torch.optim.Adadelta,
        "Adam": torch.optim.Adam,
    }
    try:
        return kinds[name](params, lr)
    except KeyError:
        raise ValueError("choose from " + ", ".join(sorted(kinds)))


# %% make_optimizer: match and case, the defaults written out
def make_optimizer(name, params, lr):
    match name:
        case "SGD":
            return torch.optim.SGD(params, lr=lr, momentum=0)
        case "Adagrad":
            return torch.optim.Adagrad(params, lr=lr, lr_decay=0)
        case "RMSprop":
            return torch.optim.RMSprop(params, lr=lr, alpha=0.99)
        case "Adadelta":
            return torch.optim.Adadelta(params, lr=lr, rho=0.9)
        case "Adam":
            return torch.optim.Adam(params, lr=lr, betas=(0.9, 0.999), eps=1e-8)
    raise ValueError(f"{name!r}? The names are SGD, Adagrad, RMSprop, Adadelta, Adam.")


# %% make_optimizer: without a loop over lists of tensors, names in small letters as well
def make_optimizer(name, params, lr):
    known = [torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop, torch.optim.Adadelta, torch.optim.Adam]
    for kind in known:
        if kind.__name__.lower() == name.lower():
            return kind([{"params": list(params)}], lr=lr, foreach=False)
    raise ValueError(f"unknown optimizer {name}: expected one of {[kind.__name__ for kind in known]}")


# %% make_optimizer: the rate set afterwards
def make_optimizer(name, params, lr):
    if name not in ("SGD", "Adagrad", "RMSprop", "Adadelta", "Adam"):
        raise ValueError("SGD, Adagrad, RMSprop, Adadelta, Adam")
    optimizer = vars(torch.optim)[name](params)
    for group in optimizer.param_groups:
        group["lr"] = lr
    return optimizer


# %% train_epoch: with train_step, the guesses beforehand
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train()
    losses, hits, sizes = [], [], []
    for X, y in loader:
        with torch.no_grad():
            hits.append(int((model(X).max(dim=1).indices == y).sum()))
        losses.append(train_step(model, loss_fn, optimizer, X, y, theta))
        sizes.append(len(y))
    total = sum(sizes)
    return sum(l * n for l, n in zip(losses, sizes)) / total, sum(hits) / total


# %% train_epoch: PyTorch's own clipping and the size of the dataset
def train_epoch(model, loader, loss_fn, optimizer, theta):
    size = len(loader.dataset)
    model.train()
    optimizer.zero_grad()
    train_loss, correct = 0, 0
    for _, (X, y) in enumerate(loader):
        pred = model(X)
        loss = loss_fn(pred, y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), theta)
        optimizer.step()
        optimizer.zero_grad()
        train_loss += loss.item() * X.size(0)
        correct += (pred.argmax(1) == y).type(torch.float).sum().item()
    return train_loss / size, correct / size


# %% train_epoch: sums kept in tensors until the end
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train()
    sums = torch.zeros(3, dtype=torch.float64)
    for X, y in loader:
        optimizer.zero_grad(set_to_none=False)
        scores = model(X)
        loss = loss_fn(scores, y)
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        right = torch.eq(scores.detach().argmax(dim=-1), y).sum()
        sums += torch.tensor([loss.detach() * y.numel(), right, y.numel()], dtype=torch.float64)
    loss_sum, right, count = sums.tolist()
    return [loss_sum / count, right / count]


# %% train_epoch: a running mean
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train(True)
    seen, loss_so_far, accuracy_so_far = 0, 0.0, 0.0
    for X, y in iter(loader):
        model.zero_grad()
        out = model(X)
        loss = loss_fn(out, y)
        loss.backward()
        grad_clipping(list(model.parameters()), theta, X.device)
        optimizer.step()
        share = len(X) / (seen + len(X))
        loss_so_far += share * (float(loss) - loss_so_far)
        accuracy_so_far += share * ((out.topk(1).indices[:, 0] == y).double().mean().item() - accuracy_so_far)
        seen += len(X)
    return loss_so_far, accuracy_so_far


# %% evaluate: as a decorator, all guesses in one tensor
@torch.no_grad()
def evaluate(model, loader):
    training = model.training
    model.eval()
    right = torch.cat([model(X).argmax(dim=1) == y for X, y in loader])
    model.train(mode=training)
    return right.double().mean().item()


# %% evaluate: inference mode, try and finally
def evaluate(model, loader):
    mode = model.training
    try:
        model.train(False)
        with torch.inference_mode():
            hits = samples = 0
            for X, y in loader:
                hits += int((model(X).max(1)[1] == y).sum())
                samples += y.size(0)
    finally:
        model.train(mode)
    return hits / samples


# %% evaluate: a copy of the model
def evaluate(model, loader):
    import copy

    still = copy.deepcopy(model).eval().requires_grad_(False)
    guesses = [(int(scores.argmax()), int(label)) for X, y in loader for scores, label in zip(still(X), y)]
    return sum(guess == label for guess, label in guesses) / len(guesses)


# %% evaluate: recording switched off and on by hand, the softmax first
def evaluate(model, loader):
    before = model.training
    recording = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    model.eval()
    correct, total = 0, 0
    for X, y in loader:
        probabilities = torch.softmax(model(X), dim=1)
        correct += torch.sum(torch.max(probabilities, 1).indices == y).item()
        total += len(y)
    model.training = before
    for module in model.modules():
        module.training = before
    torch.set_grad_enabled(recording)
    return float(correct / total)
