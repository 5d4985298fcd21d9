# Answers with the effect of a known mistake from another cause, by exercise and mistake. What they are told is true of them.

# %% matrix_product: result_turned: the factors are turned and swapped
def matrix_product(X, Y):
    return Y.T @ X.T


# %% matrix_product: whole_numbers_lost: the matrices are made floating-point ones
def matrix_product(X, Y):
    return X.float() @ Y.float()


# %% matrix_product: numbers_taken_out: the result is cut off
def matrix_product(X, Y):
    return (X @ Y).detach()


# %% cat_along: joined_copies: the result is made a tensor once more
def cat_along(tensors, dim):
    return torch.tensor(torch.cat(tensors, dim))


# %% stack_along: negative_one_too_early: the shape is cut in two
def stack_along(tensors, dim):
    shape = list(tensors[0].shape)
    shape = shape[:dim] + [1] + shape[dim:]
    return torch.cat([tensor.reshape(shape) for tensor in tensors], dim)


# %% stack_along: first_tensor_everywhere: as many times as there are tensors
def stack_along(tensors, dim):
    return torch.cat([tensors[0].unsqueeze(dim)] * len(tensors), dim)


# %% joined_shape: inserted_without_a_check: the shape is cut in two
def joined_shape(shapes, dim, new_axis):
    first = tuple(shapes[0])
    if new_axis:
        return first[:dim] + (len(shapes),) + first[dim:]
    result = list(first)
    result[dim] = sum(shape[dim] for shape in shapes)
    return tuple(result)


# %% joined_shape: none_for_an_error: the error is printed
def joined_shape(shapes, dim, new_axis):
    axes = len(shapes[0]) + new_axis
    if not -axes <= dim < axes:
        print(f"There is no dim {dim}.")
        return
    dim %= axes
    if new_axis:
        shapes = [(*shape[:dim], 1, *shape[dim:]) for shape in shapes]
    for shape in shapes:
        if len(shape) != axes or shape[:dim] != shapes[0][:dim] or shape[dim + 1 :] != shapes[0][dim + 1 :]:
            print("The shapes do not fit.")
            return
    return (*shapes[0][:dim], sum(shape[dim] for shape in shapes), *shapes[0][dim + 1 :])


# %% joined_shape: joins_anything: the errors are made, and not raised
def joined_shape(shapes, dim, new_axis):
    axes = len(shapes[0]) + new_axis
    if not -axes <= dim < axes:
        ValueError(f"There is no dim {dim}.")
    dim %= axes
    if new_axis:
        return (*shapes[0][:dim], len(shapes), *shapes[0][dim:])
    return (*shapes[0][:dim], sum(shape[dim] for shape in shapes), *shapes[0][dim + 1 :])


# %% batch_matmul: results_turned: the indices of einsum stand in the wrong order
def batch_matmul(A, B):
    return torch.einsum("bnm,bmp->bpn", A, B)


# %% prediction_errors: pairs_averaged: the mean of the targets
def prediction_errors(predictions, targets):
    return predictions.reshape(-1) - targets.mean()


# %% prediction_errors: one_row_of_the_table: the first prediction only
def prediction_errors(predictions, targets):
    return predictions[0] - targets


# %% prediction_errors: one_column_of_the_table: the first target only
def prediction_errors(predictions, targets):
    return predictions[:, 0] - targets[0]


# %% prediction_errors: errors_from_plain_numbers: the result is cut off
def prediction_errors(predictions, targets):
    return (predictions[:, 0] - targets).detach()


# %% joined_shape: no_room_at_the_end: an error in words of its own
def joined_shape(shapes, dim, new_axis):
    first = shapes[0]
    if dim >= len(first) or dim < -len(first):
        raise ValueError("there is no such dim")
    dim = dim % (len(first) + new_axis)
    if new_axis:
        if any(shape != first for shape in shapes):
            raise ValueError("some shape is another one")
        return (*first[:dim], len(shapes), *first[dim:])
    for shape in shapes:
        if len(shape) != len(first) or any(shape[k] != first[k] for k in range(len(first)) if k != dim):
            raise ValueError("some shape is another one")
    return (*first[:dim], sum(shape[dim] for shape in shapes), *first[dim + 1 :])


# %% batch_matmul: every_sample_with_every_other: by an axis more
def batch_matmul(A, B):
    return A.unsqueeze(1) @ B


# %% batch_matmul: every_sample_with_every_other: by a contraction that keeps both batches
def batch_matmul(A, B):
    return torch.einsum("snm,tmp->sntp", A, B)
