# Right answers to lesson 2, each written in another way. All of them earn full marks.

# %% gradient_of: PyTorch's own torch.func.grad
def gradient_of(f, x):
    return torch.func.grad(f)(x)


# %% gradient_of: torch.autograd.grad
def gradient_of(f, x):
    x = torch.clone(x.detach())
    x.requires_grad = True
    return torch.autograd.grad(outputs=f(x), inputs=x)[0]


# %% gradient_of: the Jacobian of a function with one output
def gradient_of(f, x):
    return torch.autograd.functional.jacobian(f, x)


# %% gradient_of: a parameter, and the gradient cut off
def gradient_of(f, x):
    parameter = nn.Parameter(x.detach().clone())
    f(parameter).backward(torch.ones_like(f(parameter)))
    return parameter.grad.detach().clone()


# %% gradient_of: in double precision inside
def gradient_of(f, x):
    leaf = torch.zeros_like(x, dtype=torch.float64).copy_(x.data).requires_grad_()
    f(leaf).backward()
    return leaf.grad.to(x.dtype)


# %% gradient_of: forward mode, one direction for each entry
def gradient_of(f, x):
    directions = torch.eye(x.numel()).to(x).reshape(-1, *x.shape)
    slopes = [torch.func.jvp(f, (x.detach(),), (direction,))[1] for direction in directions]
    return torch.stack(slopes).reshape(x.shape)


# %% gradient_of: a leaf of the caller's is put back as it was
def gradient_of(f, x):
    old, watched = x.grad, x.requires_grad
    x.grad = None
    x.requires_grad_(True)
    f(x).backward()
    found = x.grad
    x.grad = old
    x.requires_grad_(watched)
    return found


# %% gradients_in_turn: PyTorch's own torch.autograd.grad
def gradients_in_turn(fs, x):
    return [torch.autograd.grad(f(x), x)[0] for f in fs]


# %% gradients_in_turn: torch.func.grad, in a tuple
def gradients_in_turn(fs, x):
    return tuple(torch.func.grad(f)(x) for f in fs)


# %% gradients_in_turn: an optimizer clears
def gradients_in_turn(fs, x):
    optimizer = torch.optim.SGD([x], lr=0.1)
    found = []
    for f in fs:
        optimizer.zero_grad()
        f(x).backward()
        found += [x.grad.detach()]
    return found


# %% gradients_in_turn: differences of what piles up
def gradients_in_turn(fs, x):
    x.grad = torch.zeros_like(x)
    found = []
    for f in fs:
        before = x.grad.clone()
        f(x).backward()
        found.append(x.grad - before)
    return found


# %% gradients_in_turn: a leaf of its own for each function
def gradients_in_turn(fs, x):
    leaves = [x.clone().detach().requires_grad_(True) for _ in fs]
    for f, leaf in zip(fs, leaves):
        f(leaf).backward()
    return [leaf.grad for leaf in leaves]


# %% gradients_in_turn: the rows of a Jacobian
def gradients_in_turn(fs, x):
    return list(torch.autograd.functional.jacobian(lambda x: torch.stack([f(x) for f in fs]), x))


# %% accumulated_gradient: sums of losses, divided at the end
def accumulated_gradient(batches, loss, w):
    w.grad = None
    count = 0
    for X, y in batches:
        (loss(w, X, y) * len(y)).backward()
        count += len(y)
    with torch.no_grad():
        w.grad /= count
    return w.grad


# %% accumulated_gradient: torch.autograd.grad with weights
def accumulated_gradient(batches, loss, w):
    sizes = torch.tensor([len(X) for X, _ in batches], dtype=torch.float64)
    weights = (sizes / sizes.sum()).tolist()
    return sum(weight * torch.autograd.grad(loss(w, X, y), w)[0] for weight, (X, y) in zip(weights, batches))


# %% accumulated_gradient: PyTorch's own torch.func.grad
def accumulated_gradient(batches, loss, w):
    sizes = [len(X) for X, _ in batches]
    gradients = torch.stack([torch.func.grad(loss)(w.detach(), X, y) for X, y in batches])
    return gradients.mul(torch.tensor(sizes).to(w)[:, None]).sum(dim=0) / sum(sizes)


# %% accumulated_gradient: one graph for all batches
def accumulated_gradient(batches, loss, w):
    leaf = w.detach().requires_grad_()
    total = sum(len(X) * loss(leaf, X, y) for X, y in batches)
    (total / sum(len(X) for X, _ in batches)).backward()
    return leaf.grad


# %% accumulated_gradient: sample by sample
def accumulated_gradient(batches, loss, w):
    samples = [(x, y) for X, Y in batches for x, y in zip(X, Y)]
    w.grad = torch.zeros_like(w)
    for x, y in samples:
        loss(w, x[None], y[None]).backward(torch.tensor(1 / len(samples)).to(w))
    return w.grad.clone()


# %% accumulated_gradient: a running mean, in double precision
def accumulated_gradient(batches, loss, w):
    mean, seen = torch.zeros_like(w, dtype=torch.float64), 0
    for X, y in batches:
        seen += len(X)
        mean += (torch.autograd.grad(loss(w, X, y), w)[0].double() - mean) * len(X) / seen
    return mean.to(w.dtype)


# %% zero_gradients: None everywhere
def zero_gradients(params):
    for param in list(params):
        param.grad = None


# %% zero_gradients: PyTorch's own optimizer
def zero_gradients(params):
    torch.optim.SGD(params, lr=0.1).zero_grad()


# %% zero_gradients: PyTorch's own optimizer, zeros
def zero_gradients(params):
    torch.optim.Adam(params).zero_grad(set_to_none=False)


# %% zero_gradients: new zeros for all
def zero_gradients(params):
    for param in params:
        param.grad = torch.zeros_like(param)


# %% zero_gradients: filled in place through data
def zero_gradients(params):
    for gradient in [param.grad for param in params if param.grad is not None]:
        gradient.data.fill_(0)


# %% zero_gradients: the attribute deleted
def zero_gradients(params):
    for param in params:
        del param.grad


# %% zero_gradients: all at once
def zero_gradients(params):
    gradients = [param.grad for param in params if param.grad is not None]
    torch._foreach_zero_(gradients)


# %% numeric_gradient: steps from a unit matrix
def numeric_gradient(f, x, h):
    x = x.double()
    steps = h * torch.eye(x.numel(), dtype=x.dtype, device=x.device).reshape(-1, *x.shape)
    return torch.stack([f(x + step) - f(x - step) for step in steps]).reshape(x.shape) / (2 * h)


# %% numeric_gradient: each entry moved and put back, as plain numbers
def numeric_gradient(f, x, h):
    x = x.detach().clone().double()
    gradient = torch.zeros_like(x)
    flat, out = x.view(-1), gradient.view(-1)
    for i in range(flat.numel()):
        old = flat[i].item()
        flat[i] = old + h
        above = f(x).item()
        flat[i] = old - h
        below = f(x).item()
        flat[i] = old
        out[i] = (above - below) / (2 * h)
    return gradient


# %% numeric_gradient: by index, with itertools
def numeric_gradient(f, x, h):
    from itertools import product

    gradient = torch.zeros(x.shape, dtype=torch.float64, device=x.device)
    for place in product(*(range(size) for size in x.shape)):
        above, below = x.to(torch.float64, copy=True), x.to(torch.float64, copy=True)
        above[place] += h
        below[place] -= h
        gradient[place] = 0.5 * (f(above) / h - f(below) / h)
    return gradient


# %% numeric_gradient: the mean of a step up and a step down
def numeric_gradient(f, x, h):
    x = x.type(torch.float64)
    middle = f(x)
    slopes = []
    for place in range(x.numel()):
        step = torch.nn.functional.one_hot(torch.tensor(place), x.numel()).to(x).view(x.shape) * h
        slopes.append(((f(x + step) - middle) / h + (middle - f(x - step)) / h) / 2)
    return torch.stack(slopes).view(x.shape)


# %% numeric_gradient: vmap over all steps
def numeric_gradient(f, x, h):
    x = x.double()
    steps = torch.eye(x.numel()).to(x).mul(h).unflatten(1, x.shape) if x.dim() else torch.full((1,), h).to(x)
    up, down = torch.vmap(f)(x + steps), torch.vmap(f)(x - steps)
    return ((up - down) / (2 * h)).reshape(x.shape)


# %% numeric_gradient: PyTorch's own numeric Jacobian
def numeric_gradient(f, x, h):
    from torch.autograd.gradcheck import get_numerical_jacobian

    leaf = x.detach().clone().double().requires_grad_()
    return get_numerical_jacobian(lambda inputs: f(inputs[0]), (leaf,), eps=h)[0].reshape(x.shape)


# %% detached_update: PyTorch's own optimizer
def detached_update(w, lr):
    torch.optim.SGD([w], lr=lr).step()


# %% detached_update: through a detached view
def detached_update(w, lr):
    w.detach().sub_(w.grad, alpha=lr)


# %% detached_update: copied in
@torch.no_grad()
def detached_update(w, lr):
    w.copy_(w - w.grad * lr)
    return w


# %% detached_update: gradients switched off and on again
def detached_update(w, lr):
    w.requires_grad_(False)
    w.add_(w.grad, alpha=-lr)
    w.requires_grad_(True)


# %% detached_update: inference mode, in double precision
def detached_update(w, lr):
    with torch.inference_mode():
        w[...] = (w.double() - lr * w.grad.double()).to(w.dtype)


# %% detached_update: recording set by hand
def detached_update(w, lr):
    was = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        torch.sub(w, lr * w.grad, out=w)
    finally:
        torch.set_grad_enabled(was)
