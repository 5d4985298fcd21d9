"""Wrong answers that students of lesson 1 really give, and what each of them should read."""

import lesson as reference
import torch
from checks import batch_matmul, cat_along, joined_shape, matrix_product, prediction_errors, stack_along

# matrix_product

matrix_product.slip("X @ Y", "X * Y", name="entry_by_entry",
    says="You multiplied the entries that stand at the same place. In the matrix product a row meets a column.")

matrix_product.slip("X @ Y", "Y @ X", name="factors_swapped",
    says="You took the product of `Y` and `X`. For matrices the order counts: the rows come from `X`.")

matrix_product.slip("X @ Y", "X @ Y.T", name="rows_with_rows",
    says="You turned `Y` first, so that rows meet rows. The rows of `X` have to meet the columns of `Y`.")

matrix_product.slip("X @ Y", "X.T @ Y", name="columns_with_columns",
    says="You turned `X` first, so that columns meet columns. The rows of `X` have to meet the columns of `Y`.")

matrix_product.slip("X @ Y", "(X @ Y).T", name="result_turned",
    says="Your result is turned: its rows and columns are swapped. Which of the two matrices do the rows come from?")

matrix_product.slip("return X @ Y",
    "columns = Y.reshape(Y.shape[1], Y.shape[0])\n    return (X[:, None, :] * columns[None, :, :]).sum(-1)",
    name="reshaped_for_turned",
    says="You used `reshape` to make rows of columns. It keeps the order of the numbers, so they are scrambled.")

matrix_product.slip("X @ Y", "X[:, :, None] * Y[None, :, :]", name="products_not_added",
    says="You multiplied each row with each column, but the products are not added up yet.")

matrix_product.slip("X @ Y", "(X[:, :, None] * Y).double().mean(1).to(X.dtype)", name="products_averaged",
    says="You averaged the products of a row and a column. The specification adds them up.")

matrix_product.slip("X @ Y", "(X @ Y).float()", name="whole_numbers_lost",
    says="The numbers are right, but of another type: whole numbers became floating-point ones. Keep the type of `X`.")

@matrix_product.misconception
def always_square(X, Y):
    """Your result is always square. It has a row for each row of `X`, and a column for each column of `Y`."""
    Z = X.new_zeros(X.shape[0], X.shape[0])
    for i in range(X.shape[0]):
        for j in range(X.shape[0]):
            Z[i, j] = (X[i] * Y[:, j]).sum()
    return Z

@matrix_product.misconception
def only_the_last_product(X, Y):
    """Each entry holds a single product. Does your inner loop add to what is there, or replace it?"""
    Z = X.new_zeros(X.shape[0], Y.shape[1])
    for i in range(X.shape[0]):
        for j in range(Y.shape[1]):
            for c in range(X.shape[1]):
                Z[i, j] = X[i, c] * Y[c, j]
    return Z

@matrix_product.misconception
def numbers_taken_out(X, Y):
    """The numbers are right, but the link to your inputs is lost. Did you take the numbers out, as `.tolist()` does, or
    cut the link, as `.detach()` and `torch.tensor(...)` do?"""
    rows, columns = X.tolist(), Y.T.tolist()
    entries = [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in rows]
    return torch.tensor(entries, dtype=X.dtype)

matrix_product.slip("X @ Y", "torch.from_numpy(X.numpy() @ Y.numpy())", name="product_by_numpy",
    says="You went through NumPy, which knows nothing of the link between tensors. PyTorch has this product too.")

# cat_along

cat_along.slip("cat", "stack", name="stacked_instead",
    says="You made a new axis: two (2, 3) gave (2, 2, 3). Here they are joined along an axis that is there: (4, 3).")

cat_along.slip(", dim", "", name="dim_never_used",
    says="You always join along axis 0, whatever `dim` says. Is `dim` used anywhere in your function?")

cat_along.slip("dim", "1 - dim", name="down_for_across",
    says="You have the two directions mixed up: 0 counts the rows, so joining along 0 gives more rows.")

cat_along.slip("return torch.cat(tensors, dim)",
    "if dim == 0:\n        return torch.cat(tensors, 0)\n    return torch.cat(tensors, 1)", name="two_axes_only",
    says="You joined along 0 or along 1 and nothing else. There are more axes, and negative numbers for them.")

@cat_along.misconception
def reshaped_to_fit(tensors, dim):
    """You joined along 0 and then reshaped. The shape is right, but the numbers are scrambled."""
    shape = list(tensors[0].shape)
    shape[dim] = sum(tensor.shape[dim] for tensor in tensors)
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).reshape(shape)

cat_along.slip("tensors, dim", "[tensor.flatten() for tensor in tensors]", name="one_long_row",
    says="Your result is one long row. The tensors keep their axes when they are joined.")

cat_along.slip("tensors", "[tensors[0], tensors[1]]", name="first_two_only",
    says="You took the first two tensors only. There may be one, or three: use the whole list.")

cat_along.slip("tensors", "tensors[::-1]", name="last_one_first",
    says="You joined the tensors in the opposite order. The first of the list comes first.")

cat_along.slip("torch.cat(tensors, dim)", "sum(tensors)", name="tensors_added",
    says="You added the tensors up. Joining changes no number: it puts them next to one another.")

cat_along.slip("torch.cat(tensors, dim)", "list(tensors)", name="list_given_back",
    says="You gave the list back as it came. The result has to be one tensor.")

cat_along.slip("tensors", "[torch.tensor(tensor.tolist()) for tensor in tensors]", name="joined_copies",
    says="The numbers are right, but the link to your inputs is lost. Is there a `.detach()`, or a `torch.tensor(...)`, "
         "which makes a fresh copy? Pass the tensors on as they are.")

# stack_along

stack_along.slip("[tensor.unsqueeze(dim) for tensor in tensors]", "tensors", name="joined_without_a_new_axis",
    says="You joined along an axis that is there: two (2, 3) gave (4, 3) or (2, 6). The result needs an axis more.")

stack_along.slip("[tensor.unsqueeze(dim) for tensor in tensors], dim", "tensors", name="put_below_one_another",
    says="You put the tensors below one another: two (2, 3) gave (4, 3). The result needs an axis more, at `dim`.")

stack_along.slip("(dim) for tensor in tensors], dim", "(0) for tensor in tensors]", name="new_axis_always_first",
    says="Your new axis always comes first, whatever `dim` says. It has to stand at `dim`.")

stack_along.slip("(dim) for tensor in tensors], dim", "(-1) for tensor in tensors], -1", name="new_axis_always_last",
    says="Your new axis always comes last, whatever `dim` says. It has to stand at `dim`.")

@stack_along.misconception
def stacked_by_pytorch(tensors, dim):
    """The numbers are right, but `torch.stack` made them. Find out what it does, and do it yourself."""
    return torch.stack(tensors, dim)

@stack_along.misconception
def stacked_by_pytorch_in_front(tensors, dim):
    """`torch.stack` is not allowed here. And your new axis always comes first, whatever `dim` says."""
    return torch.stack(tensors)

@stack_along.misconception
def reshaped_into_place(tensors, dim):
    """The shape is right, but the numbers stand in the wrong order: they are scrambled. `reshape` and `view` never move
    an axis."""
    shape = list(tensors[0].shape)
    shape.insert(dim if dim >= 0 else dim + len(shape) + 1, len(tensors))
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).reshape(shape)

stack_along.slip("(dim) for tensor in tensors]", "(0) for tensor in tensors]).transpose(0", name="axes_swapped",
    says="You swapped the first axis with axis `dim`. The new axis moves to `dim`, and all others keep their order.")

stack_along.slip(", dim", "", name="joined_along_the_first",
    says="You made the new axis at `dim`, but then joined along axis 0. Join along the axis that you made.")

stack_along.slip("(dim)", "(0)", name="axis_made_in_front",
    says="You made the new axis in front, but then joined along another one. Make it where you join.")

stack_along.slip("return torch.cat([tensor.unsqueeze(dim)",
    "shape = list(tensors[0].shape)\n    shape.insert(dim, 1)\n    return torch.cat([tensor.reshape(shape)",
    name="negative_one_too_early",
    says="A negative `dim` lands one place too early: `insert(-1, …)` puts something before the last size, and "
         "`shape[:-1]` ends before it.")

stack_along.slip("tensor.unsqueeze(dim) for tensor in tensors", "tensors[0].unsqueeze(dim), tensors[1].unsqueeze(dim)",
    name="always_two_tensors", says="You took two tensors only. There may be one, three or more: use the whole list.")

stack_along.slip("tensor.", "tensors[0].", name="first_tensor_everywhere",
    says="Every place on the new axis holds the first tensor. Do you use all tensors, each in its turn?")

@stack_along.misconception
def list_of_unsqueezed(tensors, dim):
    """The new axis is there, but the tensors still stand in a list. Join them along it."""
    return [tensor.unsqueeze(dim) for tensor in tensors]

@stack_along.misconception
def lists_made_a_tensor(tensors, dim):
    """The numbers are right, but the link to your inputs is lost. Did you take the numbers out, as `.tolist()` does, or
    cut the link, as `.detach()` and `torch.tensor(...)` do?"""
    return torch.tensor([tensor.tolist() for tensor in tensors]).movedim(0, dim)

# joined_shape

def without_fail(shapes, dim, new_axis):
    """A shape for everything that is asked, sensible or not."""
    size = len(shapes) if new_axis else sum(shape[dim] for shape in shapes)
    after = dim if new_axis else dim + 1
    return (*shapes[0][:dim], size, *shapes[0][after:])

@joined_shape.misconception
def joins_anything(shapes, dim, new_axis):
    """Your function gives something back for tensors that can't be joined. Does it check that, and does it `raise` the
    error? To return or to print it is not enough."""
    axes = len(shapes[0]) + new_axis
    return without_fail(shapes, dim % axes, new_axis)

@joined_shape.misconception
def inserted_without_a_check(shapes, dim, new_axis):
    """Two things are open. A new axis with a negative `dim` lands one place too early, as `insert(-1, …)` and
    `shape[:-1]` put it. And nobody checks whether the shapes fit."""
    result = list(shapes[0])
    if new_axis:
        result.insert(dim, len(shapes))
    else:
        result[dim] = sum(shape[dim] for shape in shapes)
    return tuple(result)

@joined_shape.misconception
def number_of_tensors_first(shapes, dim, new_axis):
    """Your new axis always comes first. It has to stand at `dim`."""
    shape = reference.joined_shape(shapes, dim, new_axis)
    return (len(shapes), *shapes[0]) if new_axis else shape

@joined_shape.misconception
def joins_mistaken(shapes, dim, new_axis):
    """You took the two joins for one another: `new_axis=True` means an axis more, `False` as many as before."""
    return reference.joined_shape(shapes, dim, not new_axis)

@joined_shape.misconception
def new_axis_ignored(shapes, dim, new_axis):
    """Your result never has a new axis. It has an axis more when `new_axis` is `True`: do you look at it?"""
    return reference.joined_shape(shapes, dim, False)

@joined_shape.misconception
def first_size_grows(shapes, dim, new_axis):
    """Without a new axis you always change the first size. It is the size at `dim` that grows."""
    shape = reference.joined_shape(shapes, dim, new_axis)
    return shape if new_axis else (sum(one[0] for one in shapes), *shapes[0][1:])

@joined_shape.misconception
def all_sizes_added(shapes, dim, new_axis):
    """You added up the sizes along every axis. Only those along `dim` are added; the others stay."""
    shape = reference.joined_shape(shapes, dim, new_axis)
    return shape if new_axis else tuple(sum(sizes) for sizes in zip(*shapes, strict=True))

@joined_shape.misconception
def first_size_multiplied(shapes, dim, new_axis):
    """You took the first shape's size along `dim` as many times as there are shapes. The sizes may differ: add them up."""
    shape = list(reference.joined_shape(shapes, dim, new_axis))
    if not new_axis:
        shape[dim] = shapes[0][dim] * len(shapes)
    return tuple(shape)

@joined_shape.misconception
def all_sizes_equal(shapes, dim, new_axis):
    """You took all sizes along `dim` to be equal. Without a new axis they may differ."""
    if any(shape != shapes[0] for shape in shapes):
        raise ValueError("All shapes have to be equal.")
    return reference.joined_shape(shapes, dim, new_axis)

@joined_shape.misconception
def negative_counts_the_old_axes(shapes, dim, new_axis):
    """With a new axis, a negative `dim` lands one place too early. It counts the axes of the result."""
    shape = list(reference.joined_shape(shapes, dim, new_axis))
    if new_axis and dim < 0:
        shape = list(shapes[0])
        shape.insert(dim, len(shapes))
    return tuple(shape)

joined_shape.slip("not -axes <= dim < axes", "dim >= axes", name="far_below_zero_let_through",
    says="A `dim` far below 0 is not refused. Counted from the end there are as many axes as counted from the front.")

@joined_shape.misconception
def negative_refused(shapes, dim, new_axis):
    """You refuse every negative `dim`. Counted from the end they are allowed."""
    if dim < 0:
        raise ValueError("dim must not be negative, whatever the shapes.")
    return reference.joined_shape(shapes, dim, new_axis)

@joined_shape.misconception
def no_room_at_the_end(shapes, dim, new_axis):
    """A new axis may also come last: then its `dim` is as large as the number of axes in the given shapes."""
    if not -len(shapes[0]) <= dim < len(shapes[0]):
        raise ValueError("dim is out of range.")
    return reference.joined_shape(shapes, dim, new_axis)

@joined_shape.misconception
def index_error_for_dim(shapes, dim, new_axis):
    """For an axis that is not there you raise an IndexError, or Python does. Check `dim` first, and raise a ValueError."""
    axes = len(shapes[0]) + new_axis
    if not -axes <= dim < axes:
        raise IndexError("tuple index out of range")
    return reference.joined_shape(shapes, dim, new_axis)

@joined_shape.misconception
def asserted(shapes, dim, new_axis):
    """Your error is an AssertionError, as `assert` raises it. A ValueError is asked for: write `raise ValueError(…)`."""
    try:
        return reference.joined_shape(shapes, dim, new_axis)
    except ValueError as error:
        raise AssertionError(str(error)) from None

@joined_shape.misconception
def none_for_an_error(shapes, dim, new_axis):
    """Where tensors can't be joined, your function returns `None`. The error has to be raised: printing or returning
    it is not enough."""
    try:
        return reference.joined_shape(shapes, dim, new_axis)
    except ValueError:
        return None

@joined_shape.misconception
def tensors_after_all(shapes, dim, new_axis):
    """You made tensors after all. The shape can be told from the numbers in `shapes` alone."""
    join = torch.stack if new_axis else torch.cat
    try:
        return tuple(join([torch.zeros(shape) for shape in shapes], dim).shape)
    except (RuntimeError, IndexError):
        raise ValueError("Either dim or one shape does not fit.") from None

@joined_shape.misconception
def only_two_shapes_compared(shapes, dim, new_axis):
    """You compare the first two shapes only. Each shape of the list has to fit."""
    reference.joined_shape(shapes[:2], dim, new_axis)
    axes = len(shapes[0]) + new_axis
    return without_fail(shapes, dim % axes, new_axis)

# batch_matmul

batch_matmul.slip("torch.bmm(A, B)", "A * B", name="samples_entry_by_entry",
    says="You multiplied the entries that stand at the same place. Each sample needs a matrix product.")

batch_matmul.slip("A, B", "B, A", name="factors_of_samples_swapped",
    says="You took the products of `B` and `A`. For matrices the order counts: the rows come from `A`.")

batch_matmul.slip("bmm(A, B)", "cat([matrix_product(a, b).unsqueeze(0) for a, b in zip(A, B, strict=True)])",
    name="sample_after_sample",
    says="The numbers are right, but they come from a loop over the samples. PyTorch can do all samples at once.")

@batch_matmul.misconception
def samples_mixed_by_reshape(A, B):
    """Your `reshape` put rows of different samples together, so the samples are mixed. Keep the batch apart."""
    b, n, m = A.shape
    p = B.shape[2]
    return (A.reshape(b * n, m) @ B.reshape(m, b * p)).reshape(b, n, -1)[:, :, :p]

EVERY_SAMPLE = "You multiplied every sample of `A` with every sample of `B`. Each meets only the one of the same number."

batch_matmul.slip("bmm(A, B)", 'einsum("snm,tmp->stnp", A, B)', name="every_sample_with_every_other", says=EVERY_SAMPLE)

batch_matmul.slip("bmm(A, B)", "tensordot(A, B, ([2], [1]))", name="every_sample_by_tensordot", says=EVERY_SAMPLE)

batch_matmul.slip("bmm(A, B)", "matmul(A, B[0])", name="one_matrix_for_all",
    says="You used the first matrix of `B` for all samples. Each sample has its own.")

batch_matmul.slip("(A, B)", "(A, B).sum(0)", name="samples_added",
    says="You added the samples up. The result has one matrix for each sample.")

batch_matmul.slip("A, B", "A, B.transpose(1, 2)", name="rows_with_rows_of_samples",
    says="You turned the matrices of `B` first, so that rows meet rows. Rows of `A` have to meet columns of `B`.")

batch_matmul.slip("(A, B)", "(A, B).transpose(1, 2)", name="results_turned",
    says="Your results are turned: in each sample rows and columns are swapped. Which of the two do the rows come from?")

batch_matmul.slip("return torch.bmm(A, B)",
    'rows = B.reshape(B.shape[0], B.shape[2], B.shape[1])\n    return torch.einsum("bnm,bpm->bnp", A, rows)',
    name="samples_scrambled", says="You reshaped `B` where you meant to turn its matrices: the numbers are scrambled.")

batch_matmul.slip("bmm", "mm", name="product_of_single_matrices",
    says="`torch.mm` and `torch.dot` know no batch: they take a single matrix or vector. Look for their relative that does.")

# prediction_errors

prediction_errors.slip(".reshape(targets.shape)", "", name="table_of_all_pairs",
    says="A column minus a row gave a table of all pairs, (n, n). Bring both to the same shape first.")

prediction_errors.slip("predictions.reshape(targets.shape) - targets", "(predictions - targets).mean(1)",
    name="pairs_averaged",
    says="Each prediction was compared with the mean of all targets. Is there a table of all pairs, (n, n), that you "
         "averaged? Each prediction has only one target.")

prediction_errors.slip("predictions.reshape(targets.shape) - targets", "(predictions - targets)[0]",
    name="one_row_of_the_table",
    says="One prediction was compared with all targets. Did you take a single prediction, or one row of a table of all "
         "pairs?")

prediction_errors.slip("predictions.reshape(targets.shape) - targets", "(predictions - targets)[:, 0]",
    name="one_column_of_the_table",
    says="All predictions were compared with one target. Did you take a single target, or one column of a table of all "
         "pairs?")

prediction_errors.slip("return predictions.reshape(targets.shape)", "targets = targets[:, None]\n    return predictions",
    name="errors_in_a_column",
    says="The numbers are right, but they stand in a column, (n, 1). The result has a single axis.")

SIGN = (
    "A sign is wrong: a prediction that is too large has a positive error, and one that is too small a negative one. Did "
    "you subtract the other way around, or lose the sign?"
)

prediction_errors.slip("predictions.reshape(targets.shape) - targets", "targets - predictions.reshape(-1)",
    name="target_minus_prediction",
    says=SIGN)

prediction_errors.slip("return ", "return (", ("- targets", "- targets).abs()"), name="sign_lost", says=SIGN)

prediction_errors.slip("return ", "return (", ("- targets", "- targets) ** 2"), name="errors_squared",
    says="You squared the errors. Here they stay as they are, with their sign.")

prediction_errors.slip("return ", "return (", ("- targets", "- targets).mean()"), name="errors_averaged",
    says="You took the mean over the samples. The result has one error for each sample.")

prediction_errors.slip("return predictions.reshape(targets.shape) - targets",
    "errors = predictions[:, 0]\n    errors -= targets\n    return errors", name="predictions_overwritten",
    says="You changed `predictions` itself: others may still need it. Make a new tensor.")

@prediction_errors.misconception
def errors_from_plain_numbers(predictions, targets):
    """The numbers are right, but the link to your inputs is lost. Did you take the numbers out, as `.tolist()` does, or
    cut the link, as `.detach()` and `torch.tensor(...)` do?"""
    pairs = zip(predictions.tolist(), targets.tolist(), strict=True)
    return torch.tensor([row[0] - target for row, target in pairs])

# Other ways

@matrix_product.way
def with_named_axes(X, Y):
    """`einsum` names the axes: it shows that `j` is summed over, and works the same way for any product of tensors."""
    return torch.einsum("ij,jk->ik", X, Y)

@batch_matmul.way
def with_the_operator(A, B):
    """`@` multiplies the last two axes, and takes any number of axes in front of them, not one only."""
    return A @ B

@prediction_errors.way
def with_an_index(predictions, targets):
    """The index says which column is meant, and that there is one number for each sample."""
    return predictions[:, 0] - targets
