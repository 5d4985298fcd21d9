"""Wrong answers that students of lesson 1 really give, and what each of them should read."""

import torch
from checks import lesson
from lesson import joined_shape, matrix_product

# matrix_product


@lesson.misconception(
    "matrix_product",
    says="You multiplied the entries that stand at the same place. In the matrix product a row meets a column.",
)
def entry_by_entry(X, Y):
    return X * Y


@lesson.misconception(
    "matrix_product",
    says="You took the product of `Y` and `X`. For matrices the order counts: the rows come from `X`.",
)
def factors_swapped(X, Y):
    return Y @ X


@lesson.misconception(
    "matrix_product",
    says="You turned `Y` first, so that rows meet rows. The rows of `X` have to meet the columns of `Y`.",
)
def rows_with_rows(X, Y):
    return X @ Y.T


@lesson.misconception(
    "matrix_product",
    says="You turned `X` first, so that columns meet columns. The rows of `X` have to meet the columns of `Y`.",
)
def columns_with_columns(X, Y):
    return X.T @ Y


@lesson.misconception(
    "matrix_product",
    says="You turned the result: its rows and columns are swapped. Which of the two matrices do the rows come from?",
)
def result_turned(X, Y):
    return (X @ Y).T


@lesson.misconception(
    "matrix_product",
    says="You used `reshape` to make rows of columns. It keeps the order of the numbers, so they are scrambled.",
)
def reshaped_for_turned(X, Y):
    columns = Y.reshape(Y.shape[1], Y.shape[0])
    return (X[:, None, :] * columns[None, :, :]).sum(-1)


@lesson.misconception(
    "matrix_product",
    says="You multiplied each row with each column, but the products are not added up yet.",
)
def products_not_added(X, Y):
    return X[:, :, None] * Y[None, :, :]


@lesson.misconception(
    "matrix_product",
    says="You averaged the products of a row and a column. The specification adds them up.",
)
def products_averaged(X, Y):
    return (X[:, :, None] * Y).double().mean(1).to(X.dtype)


@lesson.misconception(
    "matrix_product",
    says="The numbers are right, but of another type: whole numbers became floating-point ones. Keep the type of `X`.",
)
def whole_numbers_lost(X, Y):
    Z = torch.zeros(X.shape[0], Y.shape[1])
    for i in range(X.shape[0]):
        for j in range(Y.shape[1]):
            Z[i, j] = (X[i] * Y[:, j]).sum()
    return Z


@lesson.misconception(
    "matrix_product",
    says="Your result is always square. It has a row for each row of `X`, and a column for each column of `Y`.",
)
def always_square(X, Y):
    Z = X.new_zeros(X.shape[0], X.shape[0])
    for i in range(X.shape[0]):
        for j in range(X.shape[0]):
            Z[i, j] = (X[i] * Y[:, j]).sum()
    return Z


@lesson.misconception(
    "matrix_product",
    says="Each entry holds a single product. Does your inner loop add to what is there, or replace it?",
)
def only_the_last_product(X, Y):
    Z = X.new_zeros(X.shape[0], Y.shape[1])
    for i in range(X.shape[0]):
        for j in range(Y.shape[1]):
            for c in range(X.shape[1]):
                Z[i, j] = X[i, c] * Y[c, j]
    return Z


@lesson.misconception(
    "matrix_product",
    says="The numbers are right, but they were taken out of the tensors and lost the link to them. Keep to tensors.",
)
def numbers_taken_out(X, Y):
    rows, columns = X.tolist(), Y.T.tolist()
    entries = [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in rows]
    return torch.tensor(entries, dtype=X.dtype)


@lesson.misconception(
    "matrix_product",
    says="You went through NumPy, which knows nothing of the link between tensors. PyTorch has this product too.",
)
def product_by_numpy(X, Y):
    return torch.from_numpy(X.numpy() @ Y.numpy())


@lesson.misconception("matrix_product", says="Your function returns nothing. Does it end with `return`?")
def product_not_returned(X, Y):
    X @ Y


# cat_along


@lesson.misconception(
    "cat_along",
    says="You made a new axis: two (2, 3) gave (2, 2, 3). Here they are joined along an axis that is there: (4, 3).",
)
def stacked_instead(tensors, dim):
    return torch.stack(tensors, dim)


@lesson.misconception(
    "cat_along",
    says="You always join along axis 0, whatever `dim` says. Is `dim` used anywhere in your function?",
)
def dim_never_used(tensors, dim):
    return torch.cat(tensors)


@lesson.misconception(
    "cat_along",
    says="You have the two directions mixed up: 0 counts the rows, so joining along 0 gives more rows.",
)
def down_for_across(tensors, dim):
    return torch.cat(tensors, 1 - dim)


@lesson.misconception(
    "cat_along",
    says="You joined along 0 or along 1 and nothing else. There are more axes, and negative numbers for them.",
)
def two_axes_only(tensors, dim):
    if dim == 0:
        return torch.cat(tensors, 0)
    return torch.cat(tensors, 1)


@lesson.misconception(
    "cat_along",
    says="You joined along 0 and then reshaped. The shape is right, but the numbers are scrambled.",
)
def reshaped_to_fit(tensors, dim):
    shape = list(tensors[0].shape)
    shape[dim] = sum(tensor.shape[dim] for tensor in tensors)
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).reshape(shape)


@lesson.misconception(
    "cat_along",
    says="Your result is one long row. The tensors keep their axes when they are joined.",
)
def one_long_row(tensors, dim):
    return torch.cat([tensor.flatten() for tensor in tensors])


@lesson.misconception(
    "cat_along",
    says="You took the first two tensors only. There may be one, or three: use the whole list.",
)
def first_two_only(tensors, dim):
    return torch.cat([tensors[0], tensors[1]], dim)


@lesson.misconception(
    "cat_along",
    says="You joined the tensors in the opposite order. The first of the list comes first.",
)
def last_one_first(tensors, dim):
    return torch.cat(tensors[::-1], dim)


@lesson.misconception(
    "cat_along",
    says="You added the tensors up. Joining changes no number: it puts them next to one another.",
)
def tensors_added(tensors, dim):
    return sum(tensors)


@lesson.misconception(
    "cat_along",
    says="You gave the list back as it came. The result has to be one tensor.",
)
def list_given_back(tensors, dim):
    return list(tensors)


@lesson.misconception(
    "cat_along",
    says="The numbers are right, but a fresh copy of them has lost the link to your inputs. Pass them on as they are.",
)
def joined_copies(tensors, dim):
    return torch.cat([torch.tensor(tensor.tolist()) for tensor in tensors], dim)


@lesson.misconception("cat_along", says="Your function returns nothing. Does it end with `return`?")
def joined_not_returned(tensors, dim):
    torch.cat(tensors, dim)


# stack_along


@lesson.misconception(
    "stack_along",
    says="You joined along an axis that is there: two (2, 3) gave (4, 3). The result needs an axis more.",
)
def joined_without_a_new_axis(tensors, dim):
    return torch.cat(tensors, dim)


@lesson.misconception(
    "stack_along",
    says="You put the tensors below one another: two (2, 3) gave (4, 3). The result needs an axis more, at `dim`.",
)
def put_below_one_another(tensors, dim):
    return torch.cat(tensors)


@lesson.misconception(
    "stack_along",
    says="Your new axis always comes first, whatever `dim` says. It has to stand at `dim`.",
)
def new_axis_always_first(tensors, dim):
    return torch.cat([tensor.unsqueeze(0) for tensor in tensors])


@lesson.misconception(
    "stack_along",
    says="Your new axis always comes last, whatever `dim` says. It has to stand at `dim`.",
)
def new_axis_always_last(tensors, dim):
    return torch.cat([tensor.unsqueeze(-1) for tensor in tensors], -1)


@lesson.misconception(
    "stack_along",
    says="The numbers are right, but `torch.stack` made them. Find out what it does, and do it yourself.",
)
def stacked_by_pytorch(tensors, dim):
    return torch.stack(tensors, dim)


@lesson.misconception(
    "stack_along",
    says="`torch.stack` is not allowed here, and it was not told `dim` either: the new axis always comes first.",
)
def stacked_by_pytorch_in_front(tensors, dim):
    return torch.stack(tensors)


@lesson.misconception(
    "stack_along",
    says="You gave the right shape to the wrong order of numbers. `reshape` moves no axis: the tensors are scrambled.",
)
def reshaped_into_place(tensors, dim):
    shape = list(tensors[0].shape)
    shape.insert(dim if dim >= 0 else dim + len(shape) + 1, len(tensors))
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).reshape(shape)


@lesson.misconception(
    "stack_along",
    says="You swapped the first axis with axis `dim`. The new axis moves to `dim`, and all others keep their order.",
)
def axes_swapped(tensors, dim):
    return torch.cat([tensor.unsqueeze(0) for tensor in tensors]).transpose(0, dim)


@lesson.misconception(
    "stack_along",
    says="You made the new axis at `dim`, but then joined along axis 0. Join along the axis that you made.",
)
def joined_along_the_first(tensors, dim):
    return torch.cat([tensor.unsqueeze(dim) for tensor in tensors])


@lesson.misconception(
    "stack_along",
    says="You made the new axis in front, but then joined along another one. Make it where you join.",
)
def axis_made_in_front(tensors, dim):
    return torch.cat([tensor.unsqueeze(0) for tensor in tensors], dim)


@lesson.misconception(
    "stack_along",
    says="A negative `dim` lands one place too early: `insert(-1, …)` puts something before the last, not at the end.",
)
def negative_one_too_early(tensors, dim):
    shape = list(tensors[0].shape)
    shape.insert(dim, 1)
    return torch.cat([tensor.reshape(shape) for tensor in tensors], dim)


@lesson.misconception(
    "stack_along",
    says="You took two tensors only. There may be one, three or more: use the whole list.",
)
def always_two_tensors(tensors, dim):
    return torch.cat([tensors[0].unsqueeze(dim), tensors[1].unsqueeze(dim)], dim)


@lesson.misconception(
    "stack_along",
    says="Every place on the new axis holds the first tensor. Does your loop use its variable?",
)
def first_tensor_everywhere(tensors, dim):
    return torch.cat([tensors[0].unsqueeze(dim) for _ in tensors], dim)


@lesson.misconception(
    "stack_along",
    says="The new axis is there, but the tensors still stand in a list. Join them along it.",
)
def list_of_unsqueezed(tensors, dim):
    return [tensor.unsqueeze(dim) for tensor in tensors]


@lesson.misconception(
    "stack_along",
    says="The numbers are right, but they were taken out of the tensors and lost the link to them. Keep to tensors.",
)
def lists_made_a_tensor(tensors, dim):
    return torch.tensor([tensor.tolist() for tensor in tensors]).movedim(0, dim)


@lesson.misconception("stack_along", says="Your function returns nothing. Does it end with `return`?")
def stacked_not_returned(tensors, dim):
    torch.cat([tensor.unsqueeze(dim) for tensor in tensors], dim)


# joined_shape


def without_fail(shapes, dim, new_axis):
    """A shape for everything that is asked, sensible or not."""
    size = len(shapes) if new_axis else sum(shape[dim] for shape in shapes)
    after = dim if new_axis else dim + 1
    return (*shapes[0][:dim], size, *shapes[0][after:])


@lesson.misconception(
    "joined_shape",
    says="Your function never raises an error: it gives a shape to tensors that can't be joined. Check first.",
)
def joins_anything(shapes, dim, new_axis):
    axes = len(shapes[0]) + new_axis
    return without_fail(shapes, dim % axes, new_axis)


@lesson.misconception(
    "joined_shape",
    says="Two things are open: `insert(-1, …)` puts nothing at the end, and nobody checks whether the shapes fit.",
)
def inserted_without_a_check(shapes, dim, new_axis):
    result = list(shapes[0])
    if new_axis:
        result.insert(dim, len(shapes))
    else:
        result[dim] = sum(shape[dim] for shape in shapes)
    return tuple(result)


@lesson.misconception(
    "joined_shape",
    says="Your new axis always comes first. It has to stand at `dim`.",
)
def number_of_tensors_first(shapes, dim, new_axis):
    shape = joined_shape(shapes, dim, new_axis)
    return (len(shapes), *shapes[0]) if new_axis else shape


@lesson.misconception(
    "joined_shape",
    says="You took the two joins for one another: `new_axis=True` means an axis more, `False` as many as before.",
)
def joins_mistaken(shapes, dim, new_axis):
    return joined_shape(shapes, dim, not new_axis)


@lesson.misconception(
    "joined_shape",
    says="You never looked at `new_axis`: the result has an axis more when it is `True`.",
)
def new_axis_ignored(shapes, dim, new_axis):
    return joined_shape(shapes, dim, False)


@lesson.misconception(
    "joined_shape",
    says="Without a new axis you always change the first size. It is the size at `dim` that grows.",
)
def first_size_grows(shapes, dim, new_axis):
    shape = joined_shape(shapes, dim, new_axis)
    return shape if new_axis else (sum(one[0] for one in shapes), *shapes[0][1:])


@lesson.misconception(
    "joined_shape",
    says="You added up the sizes along every axis. Only those along `dim` are added; the others stay.",
)
def all_sizes_added(shapes, dim, new_axis):
    shape = joined_shape(shapes, dim, new_axis)
    return shape if new_axis else tuple(sum(sizes) for sizes in zip(*shapes, strict=True))


@lesson.misconception(
    "joined_shape",
    says="You multiplied the first size by the number of shapes. The sizes along `dim` may differ: add them up.",
)
def first_size_multiplied(shapes, dim, new_axis):
    shape = list(joined_shape(shapes, dim, new_axis))
    if not new_axis:
        shape[dim] = shapes[0][dim] * len(shapes)
    return tuple(shape)


@lesson.misconception(
    "joined_shape",
    says="You took all sizes along `dim` to be equal. Without a new axis they may differ.",
)
def all_sizes_equal(shapes, dim, new_axis):
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("All shapes have to be equal.")
    return joined_shape(shapes, dim, new_axis)


@lesson.misconception(
    "joined_shape",
    says="With a new axis, a negative `dim` lands one place too early. It counts the axes of the result.",
)
def negative_counts_the_old_axes(shapes, dim, new_axis):
    shape = list(joined_shape(shapes, dim, new_axis))
    if new_axis and dim < 0:
        shape = list(shapes[0])
        shape.insert(dim, len(shapes))
    return tuple(shape)


@lesson.misconception(
    "joined_shape",
    says="You refuse every negative `dim`. Counted from the end they are allowed.",
)
def negative_refused(shapes, dim, new_axis):
    if dim < 0:
        raise ValueError("dim must not be negative, whatever the shapes.")
    return joined_shape(shapes, dim, new_axis)


@lesson.misconception(
    "joined_shape",
    says="A new axis may also come last: then its `dim` is as large as the number of axes in the given shapes.",
)
def no_room_at_the_end(shapes, dim, new_axis):
    if not -len(shapes[0]) <= dim < len(shapes[0]):
        raise ValueError("dim is out of range.")
    return joined_shape(shapes, dim, new_axis)


@lesson.misconception(
    "joined_shape",
    says="For an axis that is not there Python stopped you with an IndexError. Check `dim` first, and raise a ValueError.",
)
def index_error_for_dim(shapes, dim, new_axis):
    axes = len(shapes[0]) + new_axis
    if not -axes <= dim < axes:
        raise IndexError("tuple index out of range")
    return joined_shape(shapes, dim, new_axis)


@lesson.misconception(
    "joined_shape",
    says="You used `assert`, which raises an AssertionError. A ValueError is asked for: write `raise ValueError(…)`.",
)
def asserted(shapes, dim, new_axis):
    try:
        return joined_shape(shapes, dim, new_axis)
    except ValueError as error:
        raise AssertionError(str(error)) from None


@lesson.misconception(
    "joined_shape",
    says="You return None where tensors can't be joined. The error has to be raised, or nobody notices it.",
)
def none_for_an_error(shapes, dim, new_axis):
    try:
        return joined_shape(shapes, dim, new_axis)
    except ValueError:
        return None


@lesson.misconception(
    "joined_shape",
    says="You made tensors after all. The shape can be told from the numbers in `shapes` alone.",
)
def tensors_after_all(shapes, dim, new_axis):
    join = torch.stack if new_axis else torch.cat
    try:
        return tuple(join([torch.zeros(shape) for shape in shapes], dim).shape)
    except (RuntimeError, IndexError):
        raise ValueError("Either dim or one shape does not fit.") from None


@lesson.misconception(
    "joined_shape",
    says="You compare the first two shapes only. Each shape of the list has to fit.",
)
def only_two_shapes_compared(shapes, dim, new_axis):
    joined_shape(shapes[:2], dim, new_axis)
    axes = len(shapes[0]) + new_axis
    return without_fail(shapes, dim % axes, new_axis)


@lesson.misconception("joined_shape", says="Your function returns nothing. Does it end with `return`?")
def shape_not_returned(shapes, dim, new_axis):
    joined_shape(shapes, dim, new_axis)


# batch_matmul


@lesson.misconception(
    "batch_matmul",
    says="You multiplied the entries that stand at the same place. Each sample needs a matrix product.",
)
def samples_entry_by_entry(A, B):
    return A * B


@lesson.misconception(
    "batch_matmul",
    says="You took the products of `B` and `A`. For matrices the order counts: the rows come from `A`.",
)
def factors_of_samples_swapped(A, B):
    return torch.bmm(B, A)


@lesson.misconception(
    "batch_matmul",
    says="The numbers are right, but they come from a loop over the samples. PyTorch can do all samples at once.",
)
def sample_after_sample(A, B):
    return torch.cat([matrix_product(a, b).unsqueeze(0) for a, b in zip(A, B, strict=True)])


@lesson.misconception(
    "batch_matmul",
    says="Your `reshape` put rows of different samples together, so the samples are mixed. Keep the batch apart.",
)
def samples_mixed_by_reshape(A, B):
    b, n, m = A.shape
    p = B.shape[2]
    return (A.reshape(b * n, m) @ B.reshape(m, b * p)).reshape(b, n, -1)[:, :, :p]


@lesson.misconception(
    "batch_matmul",
    says="You multiplied every sample of `A` with every sample of `B`. Each meets only the one of the same number.",
)
def every_sample_with_every_other(A, B):
    return torch.einsum("snm,tmp->stnp", A, B)


@lesson.misconception(
    "batch_matmul",
    says="You used the first matrix of `B` for all samples. Each sample has its own.",
)
def one_matrix_for_all(A, B):
    return torch.matmul(A, B[0])


@lesson.misconception(
    "batch_matmul",
    says="You added the samples up. The result has one matrix for each sample.",
)
def samples_added(A, B):
    return torch.bmm(A, B).sum(0)


@lesson.misconception(
    "batch_matmul",
    says="You turned the matrices of `B` first, so that rows meet rows. Rows of `A` have to meet columns of `B`.",
)
def rows_with_rows_of_samples(A, B):
    return torch.bmm(A, B.transpose(1, 2))


@lesson.misconception(
    "batch_matmul",
    says="You turned the results: in each sample rows and columns are swapped. Which of the two do the rows come from?",
)
def results_turned(A, B):
    return torch.bmm(A, B).transpose(1, 2)


@lesson.misconception(
    "batch_matmul",
    says="You reshaped `B` where you meant to turn its matrices: the numbers are scrambled.",
)
def samples_scrambled(A, B):
    rows = B.reshape(B.shape[0], B.shape[2], B.shape[1])
    return torch.einsum("bnm,bpm->bnp", A, rows)


@lesson.misconception(
    "batch_matmul",
    says="`torch.mm` and `torch.dot` know no batch: they take a single matrix or vector. Look for their relative that does.",
)
def product_of_single_matrices(A, B):
    return torch.mm(A, B)


@lesson.misconception("batch_matmul", says="Your function returns nothing. Does it end with `return`?")
def products_not_returned(A, B):
    torch.bmm(A, B)


# prediction_errors


@lesson.misconception(
    "prediction_errors",
    says="A column minus a row gave a table of all pairs, (n, n). Bring both to the same shape first.",
)
def table_of_all_pairs(predictions, targets):
    return predictions - targets


@lesson.misconception(
    "prediction_errors",
    says="You averaged over a table of all pairs. Each prediction has only one target: compare the shapes first.",
)
def pairs_averaged(predictions, targets):
    return (predictions - targets).mean(1)


@lesson.misconception(
    "prediction_errors",
    says="You took one row or column from a table of all pairs: one sample is compared with all others.",
)
def one_row_of_the_table(predictions, targets):
    return (predictions - targets)[0]


@lesson.misconception(
    "prediction_errors",
    says="You took one row or column from a table of all pairs: all samples are compared with one target.",
)
def one_column_of_the_table(predictions, targets):
    return (predictions - targets)[:, 0]


@lesson.misconception(
    "prediction_errors",
    says="The numbers are right, but they stand in a column, (n, 1). The result has a single axis.",
)
def errors_in_a_column(predictions, targets):
    return predictions - targets.reshape(-1, 1)


@lesson.misconception(
    "prediction_errors",
    says="Your signs are the wrong way round. A prediction that is too large has a positive error.",
)
def target_minus_prediction(predictions, targets):
    return targets - predictions.reshape(-1)


@lesson.misconception(
    "prediction_errors",
    says="You lost the sign. The error of a prediction that is too small is negative.",
)
def sign_lost(predictions, targets):
    return (predictions.reshape(-1) - targets).abs()


@lesson.misconception(
    "prediction_errors",
    says="You squared the errors. Here they stay as they are, with their sign.",
)
def errors_squared(predictions, targets):
    return (predictions.reshape(-1) - targets) ** 2


@lesson.misconception(
    "prediction_errors",
    says="You took the mean over the samples. The result has one error for each sample.",
)
def errors_averaged(predictions, targets):
    return (predictions.reshape(-1) - targets).mean()


@lesson.misconception(
    "prediction_errors",
    says="You changed `predictions` itself: others may still need it. Make a new tensor.",
)
def predictions_overwritten(predictions, targets):
    errors = predictions[:, 0]
    errors -= targets
    return errors


@lesson.misconception(
    "prediction_errors",
    says="The numbers are right, but they were taken out of the tensors and lost the link to them. Keep to tensors.",
)
def errors_from_plain_numbers(predictions, targets):
    pairs = zip(predictions.tolist(), targets.tolist(), strict=True)
    return torch.tensor([row[0] - target for row, target in pairs])


@lesson.misconception("prediction_errors", says="Your function returns nothing. Does it end with `return`?")
def errors_not_returned(predictions, targets):
    predictions.reshape(-1) - targets
