# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% train_step: gradients_cleared_before_use: backward is never called
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


# %% train_epoch: cleared_before_the_step: backward is never called
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


# %% grad_clipping: copies_scaled: the norm is computed, and nothing is scaled
def grad_clipping(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        theta / norm


# %% grad_clipping: copies_scaled: the products are thrown away
def grad_clipping(params, theta, device):
    params = [param for param in params if param.grad is not None]
    norm = torch.sqrt(sum((param.grad**2).sum() for param in params))
    if norm > theta:
        for param in params:
            param.grad * theta / norm


# %% evaluate: accuracy_of_the_first_batch: no loop
def evaluate(model, loader):
    mode = model.training
    model.eval()
    with torch.no_grad():
        X, y = next(iter(loader))
        right = (model(X).argmax(1) == y).sum().item()
    model.train(mode)
    return right / len(X)


# %% grad_clipping: made_where_pytorch_likes: compared as a tensor
def grad_clipping(params, theta, device):
    params = [param for param in params if param.grad is not None]
    squares = torch.zeros(1)
    for param in params:
        squares += (param.grad**2).sum()
    norm = squares.sqrt()
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


# %% grad_clipping: none_not_skipped: norms
def grad_clipping(params, theta, device):
    params = list(params)
    norm = sum(param.grad.norm() ** 2 for param in params) ** 0.5
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


# %% grad_clipping: none_not_skipped: torch.norm
def grad_clipping(params, theta, device):
    params = list(params)
    norm = torch.norm(torch.stack([torch.norm(param.grad) for param in params]))
    if norm > theta:
        for param in params:
            param.grad *= theta / norm


# %% sgd_step: nothing_moved: a method without an underscore
def sgd_step(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param.sub(lr * param.grad / batch_size)


# %% sgd_step: nothing_moved: cleared before use
def sgd_step(params, lr, batch_size):
    with torch.no_grad():
        for param in params:
            param.grad.zero_()
            param -= lr * param.grad / batch_size


# %% train_step: gradients_never_cleared: a method without its parentheses
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


# %% train_step: gradients_cleared_before_use: backward without its parentheses
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.item()


# %% train_step: parameters_never_moved: a method without its parentheses
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step
    return loss.item()


# %% train_step: clipped_before_they_were_computed: never clipped
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% train_step: clipped_before_they_were_computed: before backward
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    grad_clipping(model.parameters(), theta, X.device)
    loss.backward()
    optimizer.step()
    return loss.item()


# %% train_step: clipped_one_by_one: by a clipping that takes a norm for each
def clipped(params, theta):
    for param in params:
        if param.grad is not None and param.grad.norm() > theta:
            param.grad *= theta / param.grad.norm()


def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    clipped(model.parameters(), theta)
    optimizer.step()
    return loss.item()


# %% train_step: clipped_by_value: number by number
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    for param in model.parameters():
        if param.grad is not None:
            param.grad.clamp_(-theta, theta)
    optimizer.step()
    return loss.item()


# %% train_step: loss_with_its_graph: a tensor without a graph
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    optimizer.step()
    return loss.detach()


# %% train_step: moved_by_hand: by an SGD made anew
def train_step(model, loss_fn, optimizer, X, y, theta):
    optimizer.zero_grad()
    loss = loss_fn(model(X), y)
    loss.backward()
    grad_clipping(model.parameters(), theta, X.device)
    torch.optim.SGD(model.parameters(), lr=optimizer.param_groups[0]["lr"]).step()
    return loss.item()


# %% make_optimizer: whatever_pytorch_has: more than five names
def make_optimizer(name, params, lr):
    names = ["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "Adamax"]
    if name not in names:
        raise ValueError(f"{name} is none of {names}.")
    return getattr(torch.optim, name)(params, lr=lr)


# %% make_optimizer: other_names_let_through: the error is returned
def make_optimizer(name, params, lr):
    names = ["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam"]
    if name not in names:
        return ValueError(f"{name} is none of {names}.")
    return getattr(torch.optim, name)(params, lr=lr)


# %% make_optimizer: names_not_listed: raised by a list
def make_optimizer(name, params, lr):
    names = ["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam"]
    classes = [torch.optim.SGD, torch.optim.Adagrad, torch.optim.RMSprop, torch.optim.Adadelta, torch.optim.Adam]
    return classes[names.index(name)](params, lr=lr)


# %% train_epoch: training_mode_forgotten: a method without its parentheses
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


# %% train_epoch: cleared_before_the_step: step without its parentheses
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step
        loss_sum += loss.item() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


# %% train_epoch: losses_with_their_graphs: tensors without graphs
def train_epoch(model, loader, loss_fn, optimizer, theta):
    model.train()
    loss_sum, right, count = 0, 0, 0
    for X, y in loader:
        output = model(X)
        loss = loss_fn(output, y)
        optimizer.zero_grad()
        loss.backward()
        grad_clipping(model.parameters(), theta, X.device)
        optimizer.step()
        loss_sum += loss.detach() * len(X)
        right += (output.argmax(1) == y).sum().item()
        count += len(X)
    return loss_sum / count, right / count


# %% evaluate: evaluation_mode_forgotten: a method without its parentheses
def evaluate(model, loader):
    mode = model.training
    model.eval
    right, count = 0, 0
    with torch.no_grad():
        for X, y in loader:
            right += (model(X).argmax(1) == y).sum().item()
            count += len(X)
    model.train(mode)
    return right / count


# %% evaluate: recorded_for_nothing: no_grad without with
def evaluate(model, loader):
    mode = model.training
    model.eval()
    torch.no_grad()
    right, count = 0, 0
    for X, y in loader:
        right += (model(X).argmax(1) == y).sum().item()
        count += len(X)
    model.train(mode)
    return right / count


# %% evaluate: mode_not_put_back: asked when it was too late
def evaluate(model, loader):
    model.eval()
    mode = model.training
    right, count = 0, 0
    with torch.no_grad():
        for X, y in loader:
            right += (model(X).argmax(1) == y).sum().item()
            count += len(X)
    model.train(mode)
    return right / count


# %% sgd_step: used_up_by_a_look: counted first
def sgd_step(params, lr, batch_size):
    count = sum(1 for param in params)
    with torch.no_grad():
        for param in params:
            param -= lr * param.grad / batch_size


# %% make_optimizer: whole_set_made: one after the other
def make_optimizer(name, params, lr):
    sgd = torch.optim.SGD(params, lr=lr)
    adagrad = torch.optim.Adagrad(params, lr=lr)
    rmsprop = torch.optim.RMSprop(params, lr=lr)
    adadelta = torch.optim.Adadelta(params, lr=lr)
    adam = torch.optim.Adam(params, lr=lr)
    for kind in (sgd, adagrad, rmsprop, adadelta, adam):
        if type(kind).__name__ == name:
            return kind
    raise ValueError("It has to be SGD, Adagrad, RMSprop, Adadelta or Adam.")
