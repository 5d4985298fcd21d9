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
