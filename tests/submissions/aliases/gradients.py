# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% gradients_in_turn: cleared_before_reading: put away, and then cleared in place
def gradients_in_turn(fs, x):
    gradients = []
    x.grad = None
    for f in fs:
        f(x).backward()
        gradients.append(x.grad)
        x.grad.zero_()
    return gradients


# %% accumulated_gradient: cleared_for_each_batch: replaced where it should be added to
def accumulated_gradient(batches, loss, w):
    total = sum(len(X) for X, y in batches)
    for X, y in batches:
        w.grad = torch.autograd.grad(loss(w, X, y) * len(X) / total, w)[0]
    return w.grad


# %% detached_update: name_given_to_another: a new tensor is returned
def detached_update(w, lr):
    with torch.no_grad():
        return w - lr * w.grad


# %% gradient_of: what_backward_returns: backward is never called
def gradient_of(f, x):
    leaf = x.detach().requires_grad_()
    f(leaf)
    return leaf.grad


# %% gradient_of: what_backward_returns: no return
def gradient_of(f, x):
    leaf = x.detach().requires_grad_()
    f(leaf).backward()
    gradient = leaf.grad


# %% gradient_of: detached_after_asking: never asked for gradients
def gradient_of(f, x):
    leaf = x.detach().clone()
    f(leaf).backward()
    return leaf.grad


# %% gradient_of: clone_that_is_no_leaf: made by arithmetic
def gradient_of(f, x):
    leaf = (x + 0).requires_grad_()
    f(leaf).backward()
    return leaf.grad


# %% gradients_in_turn: never_cleared: a name is set to None
def gradients_in_turn(fs, x):
    gradients = []
    for f in fs:
        gradient = x.grad
        gradient = None
        f(x).backward()
        gradients.append(x.grad.clone())
    return gradients


# %% gradients_in_turn: the_same_tensor_again_and_again: put away after the loop
def gradients_in_turn(fs, x):
    for f in fs:
        x.grad = None
        f(x).backward()
    return [x.grad for f in fs]


# %% gradients_in_turn: only_the_first: no loop
def gradients_in_turn(fs, x):
    x.grad = None
    fs[0](x).backward()
    return [x.grad]


# %% accumulated_gradient: cleared_at_the_end: backward is never called
def accumulated_gradient(batches, loss, w):
    total = sum(len(X) for X, y in batches)
    w.grad = torch.zeros_like(w)
    for X, y in batches:
        part = loss(w, X, y) * len(X) / total
    return w.grad


# %% accumulated_gradient: weights_cut_off: recording is off
def accumulated_gradient(batches, loss, w):
    total = sum(len(X) for X, y in batches)
    w.grad = None
    for X, y in batches:
        with torch.no_grad():
            part = loss(w, X, y) * len(X) / total
        part.backward()
    return w.grad


# %% accumulated_gradient: leaf_lost: backward is never called
def accumulated_gradient(batches, loss, w):
    total = sum(len(X) for X, y in batches)
    w.grad = None
    for X, y in batches:
        part = loss(w, X, y) * len(X) / total
    return w.grad


# %% zero_gradients: copies_zeroed: compared where it should be assigned
def zero_gradients(params):
    for param in params:
        param.grad == None


# %% zero_gradients: copies_zeroed: a method without its parentheses
def zero_gradients(params):
    for param in params:
        if param.grad is not None:
            param.grad.zero_


# %% zero_gradients: multiplied_by_zero: subtracted from itself
def zero_gradients(params):
    for param in params:
        if param.grad is not None:
            param.grad -= param.grad.clone()


# %% zero_gradients: only_the_first_cleared: no loop
def zero_gradients(params):
    next(iter(params)).grad = None


# %% zero_gradients: number_for_a_tensor: a float
def zero_gradients(params):
    for param in params:
        param.grad = 0.0


# %% zero_gradients: none_not_expected: through data
def zero_gradients(params):
    for param in params:
        param.grad.data.zero_()


# %% detached_update: name_given_to_another: a method without an underscore
def detached_update(w, lr):
    with torch.no_grad():
        w.sub(lr * w.grad)
