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
