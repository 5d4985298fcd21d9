# Lesson 2 as d2l and PyTorch's own documentation write it. One cell an exercise; all of them earn full marks.

# %% gradient_of: textbook
def gradient_of(f, x):
    x = x.clone().detach().requires_grad_(True)
    y = f(x)
    y.backward()
    return x.grad


# %% gradients_in_turn: textbook
def gradients_in_turn(fs, x):
    grads = []
    for f in fs:
        if x.grad is not None:
            x.grad.zero_()
        y = f(x)
        y.backward()
        grads.append(x.grad.clone())
    return grads


# %% accumulated_gradient: textbook
def accumulated_gradient(batches, loss, w):
    n = sum(X.shape[0] for X, _ in batches)
    if w.grad is not None:
        w.grad.zero_()
    for X, y in batches:
        l = loss(w, X, y) * X.shape[0] / n
        l.backward()
    return w.grad


# %% zero_gradients: textbook
def zero_gradients(params):
    for p in params:
        if p.grad is not None:
            p.grad.detach_()
            p.grad.zero_()


# %% numeric_gradient: textbook
def numeric_gradient(f, x, h):
    x = x.to(torch.float64)
    grad = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        e = torch.zeros(x.numel(), dtype=torch.float64)
        e[i] = 1
        e = e.reshape(x.shape)
        grad[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return grad.reshape(x.shape)


# %% detached_update: textbook
def detached_update(w, lr):
    with torch.no_grad():
        w -= lr * w.grad
