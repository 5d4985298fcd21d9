# Right answers to lesson 1, each written in another way. All of them earn full marks.

# %% matrix_product: a loop over rows and columns
def matrix_product(X, Y):
    n, m = X.shape[0], Y.shape[1]
    Z = torch.zeros((n, m), dtype=X.dtype)
    for i in range(n):
        for j in range(m):
            Z[i, j] = torch.dot(X[i, :], Y[:, j])
    return Z


# %% matrix_product: three loops
def matrix_product(X, Y):
    rows = []
    for i in range(len(X)):
        row = []
        for j in range(Y.shape[1]):
            total = 0
            for k in range(len(Y)):
                total = total + X[i][k] * Y[k][j]
            row.append(total)
        rows.append(torch.stack(row))
    return torch.stack(rows)


# %% matrix_product: PyTorch's own
matrix_product = torch.matmul


# %% matrix_product: einsum
def matrix_product(X, Y):
    return torch.einsum("ik,kj->ij", X, Y)


# %% matrix_product: a sum of columns times rows
def matrix_product(X, Y):
    return sum(X[:, k : k + 1] * Y[k] for k in range(X.size(1)))


# %% matrix_product: broadcast and sum
def matrix_product(X, Y):
    return (X.unsqueeze(2) * Y.unsqueeze(0)).sum(dim=1)


# %% matrix_product: in float64, turned twice
def matrix_product(X, Y):
    return (Y.double().T @ X.double().T).T.to(X.dtype)


# %% matrix_product: a linear layer without a bias
def matrix_product(X, Y):
    return nn.functional.linear(X, Y.t())


# %% cat_along: PyTorch's own
cat_along = torch.concat


# %% cat_along: written into a new tensor
def cat_along(tensors, dim):
    size = list(tensors[0].shape)
    size[dim] = sum(t.shape[dim] for t in tensors)
    result = torch.zeros(size, dtype=tensors[0].dtype, device=tensors[0].device)
    start = 0
    for t in tensors:
        result.narrow(dim, start, t.shape[dim]).copy_(t)
        start += t.shape[dim]
    return result


# %% cat_along: one slice after another, stacked
def cat_along(tensors, dim):
    slices = [part for t in tensors for part in t.unbind(dim)]
    return torch.stack(slices, dim)


# %% cat_along: the axis brought to the front, a view
def cat_along(tensors, dim):
    return torch.vstack([t.unsqueeze(-1).movedim(dim if dim >= 0 else dim - 1, 0) for t in tensors]).movedim(
        0, dim if dim >= 0 else dim - 1
    )[..., 0]


# %% cat_along: padded with zeros and added
def cat_along(tensors, dim):
    axis = dim % tensors[0].dim()
    total = sum(t.shape[axis] for t in tensors)
    result, before = 0, 0
    for t in tensors:
        after = total - before - t.shape[axis]
        padding = [0, 0] * (t.dim() - 1 - axis) + [before, after]
        result = result + nn.functional.pad(t, padding)
        before += t.shape[axis]
    return result


# %% cat_along: two at a time
def cat_along(tensors, dim):
    result = tensors[0]
    for t in tensors[1:]:
        result = torch.cat((result, t), axis=dim)
    return result


# %% stack_along: PyTorch's concatenate with None
def stack_along(tensors, dim):
    new = [t[None] for t in tensors]
    return torch.concatenate(new).movedim(0, dim)


# %% stack_along: filled in place by place
def stack_along(tensors, dim):
    shape = list(tensors[0].shape)
    axis = dim if dim >= 0 else dim + len(shape) + 1
    shape.insert(axis, len(tensors))
    result = torch.empty(shape, dtype=tensors[0].dtype, device=tensors[0].device)
    for i, t in enumerate(tensors):
        result.select(axis, i).copy_(t)
    return result


# %% stack_along: one long row, then permuted
def stack_along(tensors, dim):
    flat = torch.cat([t.flatten() for t in tensors]).reshape(len(tensors), *tensors[0].shape)
    order = list(range(1, flat.dim()))
    order.insert(dim if dim >= 0 else dim + flat.dim(), 0)
    return flat.permute(order)


# %% stack_along: a sum of what is nothing elsewhere
def stack_along(tensors, dim):
    marks = torch.eye(len(tensors), dtype=tensors[0].dtype, device=tensors[0].device)
    axes = tensors[0].dim()
    position = dim % (axes + 1)
    result = 0
    for mark, t in zip(marks, tensors):
        shape = [1] * (axes + 1)
        shape[position] = len(tensors)
        result = result + t.unsqueeze(position) * mark.reshape(shape)
    return result


# %% stack_along: with the function of exercise 2
def stack_along(tensors, dim):
    tensors = [torch.unsqueeze(t, dim) for t in tensors]
    return cat_along(tensors, dim)


# %% joined_shape: compared without the axis, lists inside
def joined_shape(shapes, dim, new_axis):
    shapes = [list(shape) for shape in shapes]
    if len({len(shape) for shape in shapes}) > 1:
        raise ValueError("One shape has more axes than another, so they cannot be joined.")
    axes = len(shapes[0]) + (1 if new_axis else 0)
    if dim not in range(-axes, axes):
        raise ValueError(f"dim={dim} is not an axis of the result")
    if dim < 0:
        dim = dim + axes
    if new_axis:
        if any(shape != shapes[0] for shape in shapes):
            raise ValueError("All shapes have to be the same.")
        return shapes[0][:dim] + [len(shapes)] + shapes[0][dim:]
    total = 0
    for shape in shapes:
        total += shape.pop(dim)
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("Shapes may differ along the joined axis only.")
    shapes[0].insert(dim, total)
    return shapes[0]


# %% joined_shape: two at a time, as a torch.Size
def joined_shape(shapes, dim, new_axis):
    first, *others = shapes
    axes = len(first) + bool(new_axis)
    if dim >= axes or dim < -axes:
        raise ValueError("The result has no such dim.")
    dim %= axes
    if new_axis:
        if others != [first] * len(others):
            raise ValueError("These shapes are not all equal.")
        return torch.Size([*first[:dim], len(shapes), *first[dim:]])
    result = first
    for other in others:
        if len(other) != len(result) or any(a != b for i, (a, b) in enumerate(zip(other, result)) if i != dim):
            raise ValueError(f"Shape {other} does not fit to shape {result}.")
        result = tuple(a + b if i == dim else a for i, (a, b) in enumerate(zip(result, other)))
    return torch.Size(result)


# %% joined_shape: sizes axis by axis, counted from the end
def joined_shape(shapes, dim, new_axis):
    class CannotJoin(ValueError):
        pass

    length = len(shapes[0])
    for shape in shapes:
        if len(shape) != length:
            raise CannotJoin(f"{shape} is not a shape with {length} axes, as the first one is; dim is {dim}.")
    allowed = length + 1 if new_axis else length
    position = dim - allowed if dim >= 0 else dim
    if position >= 0 or position < -allowed:
        raise CannotJoin(f"Dim {dim} does not exist.")
    sizes = []
    for axis in range(-length, 0):
        found = [shape[axis] for shape in shapes]
        if not new_axis and axis == position:
            sizes.append(sum(found))
        elif min(found) != max(found):
            raise CannotJoin(f"The shapes have different sizes {found} on axis {axis}.")
        else:
            sizes.append(found[0])
    if new_axis:
        sizes.insert(position + allowed, len(shapes))
    return tuple(sizes)


# %% batch_matmul: the operator
def batch_matmul(A, B):
    return A @ B


# %% batch_matmul: PyTorch's own matmul
batch_matmul = torch.matmul


# %% batch_matmul: einsum
def batch_matmul(A, B):
    return torch.einsum("bnm,bmp->bnp", A, B)


# %% batch_matmul: broadcast and sum
def batch_matmul(A, B):
    return (A[:, :, :, None] * B[:, None, :, :]).sum(2)


# %% batch_matmul: added to zeros, in float64
def batch_matmul(A, B):
    start = torch.zeros(A.shape[0], A.shape[1], B.shape[2], dtype=torch.float64, device=A.device)
    return torch.baddbmm(start, A.double(), B.double()).to(A.dtype)


# %% batch_matmul: turned twice, a view
def batch_matmul(A, B):
    return (B.transpose(1, 2) @ A.transpose(1, 2)).transpose(1, 2)


# %% batch_matmul: vmap over the single product
def batch_matmul(A, B):
    return torch.vmap(torch.mm)(A, B)


# %% prediction_errors: the column as a row
def prediction_errors(predictions, targets):
    return predictions[:, 0] - targets


# %% prediction_errors: PyTorch's own
def prediction_errors(predictions, targets):
    return torch.sub(predictions.squeeze(1), targets)


# %% prediction_errors: the row as a column
def prediction_errors(predictions, targets):
    return (predictions - targets.unsqueeze(1)).flatten()


# %% prediction_errors: the diagonal of all pairs
def prediction_errors(predictions, targets):
    return torch.diagonal(predictions - targets)


# %% prediction_errors: one sample after the other
def prediction_errors(predictions, targets):
    return torch.cat([p - t for p, t in zip(predictions, targets)])


# %% prediction_errors: view and float64
def prediction_errors(predictions, targets):
    return (predictions.view(-1).double() - targets.double()).to(targets.dtype)
