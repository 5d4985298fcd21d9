# Lesson 1 as d2l and PyTorch's own documentation write it. One cell an exercise; all of them earn full marks.

# %% matrix_product: textbook
def matrix_product(X, Y):
    return torch.mm(X, Y)


# %% cat_along: textbook
def cat_along(tensors, dim):
    return torch.cat(tensors, dim=dim)


# %% stack_along: textbook
def stack_along(tensors, dim):
    return torch.cat([t.unsqueeze(dim) for t in tensors], dim=dim)


# %% joined_shape: textbook
def joined_shape(shapes, dim, new_axis):
    ndim = len(shapes[0]) + 1 if new_axis else len(shapes[0])
    if dim < -ndim or dim >= ndim:
        raise ValueError(f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got {dim})")
    if dim < 0:
        dim += ndim
    for shape in shapes[1:]:
        if len(shape) != len(shapes[0]):
            raise ValueError("Tensors must have the same number of dimensions, but the shapes differ.")
        for i, (got, expected) in enumerate(zip(shape, shapes[0])):
            if got != expected and (new_axis or i != dim):
                raise ValueError(f"Sizes of tensors must match: expected size {expected} but got {got} in shape {shape}.")
    result = list(shapes[0])
    if new_axis:
        result.insert(dim, len(shapes))
    else:
        result[dim] = sum(shape[dim] for shape in shapes)
    return tuple(result)


# %% batch_matmul: textbook
def batch_matmul(A, B):
    return torch.bmm(A, B)


# %% prediction_errors: textbook
def prediction_errors(predictions, targets):
    return predictions.reshape(targets.shape) - targets
