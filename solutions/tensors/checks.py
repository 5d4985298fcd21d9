"""The checks of lesson 1: products of matrices, joining along old and new axes, shapes, broadcasting."""

import torch

from grader import Lesson, choice, integers, normal, uniform, value

lesson = Lesson("tensors", number=1)

MAKES_A_TENSOR = ["empty", "zeros", "ones", "full", "rand", "randn", "arange", "cat", "stack"]


def as_size(shape):
    """A shape as a torch.Size, whether it came as a list or a tuple: a Size is shown as a whole where it differs."""
    return torch.Size(shape) if isinstance(shape, (list, tuple)) else shape


lesson.exercise(
    "matrix_product",
    difficulty=1,
    minutes=5,
    hints=(
        "Work out the first number of the example by hand: which row and which column does it come from?",
        "PyTorch knows this product. It is not the one that `*` stands for.",
        "Python has an operator for products of matrices, a sign that you know from e-mail addresses. Which of the two "
        "matrices stands on its left? The sizes that touch have to be equal: (n, k) and (k, m).",
    ),
)


# Whole numbers have no matrix product on a GPU, so the tensors are made here, where they stay on the CPU.
@lesson.check(
    "matrix_product",
    points=0.5,
    X=value([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
    Y=value([[2, 0, 1], [1, 3, 0], [0, 1, 2]]),
)
def multiplies_the_matrices_of_the_handout(answer, X, Y):
    """The two matrices of the example: whole numbers, which stay whole numbers."""
    return answer.matrix_product(torch.tensor(X), torch.tensor(Y))


@lesson.check("matrix_product", points=0.25, X=normal("n k"), Y=normal("k m"))
def multiplies_matrices_of_any_shape(answer, X, Y):
    """Matrices that are not square, too."""
    return answer.matrix_product(X, Y)


lesson.exercise(
    "cat_along",
    difficulty=1,
    minutes=5,
    hints=(
        "Take a matrix with 2 rows and one with 3 rows, and put them below one another. How many rows are there, and how "
        "many axes?",
        "PyTorch has a function for this. Its name is short for *concatenate*, which means to chain together.",
        "The function takes the list of tensors as its first argument and the axis as its second one. It understands "
        "negative axes as well. Pass on the `dim` that you are given.",
    ),
)


@lesson.check("cat_along", points=0.5, A=normal("a w"), B=normal("b w"), dim=value(0))
def joins_below_one_another(answer, A, B, dim):
    """Along dim 0, two matrices end up below one another."""
    return answer.cat_along([A, B], dim)


@lesson.check("cat_along", points=0.5, A=normal("h a"), B=normal("h b"), dim=value(1))
def joins_side_by_side(answer, A, B, dim):
    """Along dim 1, two matrices end up side by side."""
    return answer.cat_along([A, B], dim)


lesson.exercise(
    "stack_along",
    difficulty=3,
    minutes=15,
    hints=(
        "`torch.cat` can only join along an axis that is there. What could you do to each tensor before you join?",
        "An axis of size 1 holds no more numbers than before. `unsqueeze` adds such an axis to a tensor, at the place "
        "that you name.",
        "First give every tensor of the list an axis of size 1 at `dim`. Now this axis exists in all of them, so they can "
        "be joined along it as in the exercise before. Negative numbers need no extra care.",
    ),
)


@lesson.check("stack_along", points=0.75, forbids=["stack"], A=normal("3 3"), B=normal("3 3"), dim=choice(0, 1, 2))
def stacks_two_matrices(answer, A, B, dim):
    """Two 3×3 matrices become 2×3×3, 3×2×3 or 3×3×2."""
    return answer.stack_along([A, B], dim)


@lesson.check(
    "stack_along",
    points=0.5,
    forbids=["stack"],
    A=normal("h w"),
    B=normal("h w"),
    C=normal("h w"),
    D=normal("h w"),
    count=choice(1, 3, 4),
    dim=choice(0, 2, 1),
)
def stacks_any_number(answer, A, B, C, D, count, dim):
    """One matrix, three or four, of any shape."""
    return answer.stack_along([A, B, C, D][:count], dim)


lesson.exercise(
    "joined_shape",
    difficulty=4,
    minutes=25,
    hints=(
        "Start with shapes that fit and a dim that is not negative. Which numbers of the first shape stay, and which one "
        "is changed or comes in?",
        "Find out how many axes the result has: one more if there is a new one. This tells you which dims are allowed, and "
        "what a negative one means: add the number of axes to it.",
        "Cut each shape in two parts: what comes before the axis and what comes after it. `shape[:dim]` is the first part. "
        "Both parts have to be equal in all shapes, and so has the number of axes. A new axis is as if each shape had a 1 "
        "at `dim`.",
    ),
)


@lesson.check(
    "joined_shape",
    points=0.5,
    forbids=MAKES_A_TENSOR,
    shapes=choice(
        ((2, 3), (4, 3)),
        ((2, 3), (2, 5), (2, 1)),
        ((4, 2), (4, 7)),
        ((4,), (3,)),
        ((5, 2), (3, 2)),
        ((2, 3, 4),),
        ((2, 3, 4), (2, 1, 4), (2, 3, 4)),
    ),
    dim=choice(0, 1, -1, 0, -2, 2, 1),
    new_axis=value(False),
)
def predicts_what_cat_gives(answer, shapes, dim, new_axis):
    """Joining along an axis that is there."""
    return as_size(answer.joined_shape(list(shapes), dim, new_axis))


@lesson.check(
    "joined_shape",
    points=0.25,
    forbids=MAKES_A_TENSOR,
    shapes=choice(((2, 3),) * 2, ((2, 3),) * 4, ((3, 3),) * 2, ((4, 2),) * 3, ((4, 2),) * 3, ((4, 2),) * 3, ((5,),)),
    dim=choice(0, 1, 2, -1, -2, -3, 0),
    new_axis=value(True),
)
def predicts_what_stack_gives(answer, shapes, dim, new_axis):
    """Joining along a new axis."""
    return as_size(answer.joined_shape(list(shapes), dim, new_axis))


@lesson.check(
    "joined_shape",
    points=0.25,
    raises=ValueError,
    mentions=["shape"],
    shapes=choice(((2, 3), (2, 4)), ((2, 3), (4, 3)), ((2, 3), (4, 3)), ((2, 3), (2,)), ((2,), (2, 3))),
    dim=choice(0, 1, 0, 0, 1),
    new_axis=choice(False, False, True, False, True),
)
def refuses_shapes_that_do_not_fit(answer, shapes, dim, new_axis):
    """Shapes that do not fit get a ValueError, and its message speaks of the shape."""
    return answer.joined_shape(list(shapes), dim, new_axis)


@lesson.check(
    "joined_shape",
    points=0.25,
    raises=ValueError,
    mentions=["dim"],
    shapes=choice(((4,), (2,)), ((2, 3),) * 2, ((2, 3),) * 2, ((2, 3),) * 2, ((2, 3),) * 2, ((4,),), ((2, 3, 4),) * 2),
    dim=choice(1, 2, -3, 3, -4, 2, 7),
    new_axis=choice(False, False, False, True, True, True, True),
)
def refuses_an_axis_that_is_not_there(answer, shapes, dim, new_axis):
    """A dim that the result would not have gets a ValueError, and its message speaks of dim."""
    return answer.joined_shape(list(shapes), dim, new_axis)


lesson.exercise(
    "batch_matmul",
    difficulty=2,
    minutes=8,
    hints=(
        "Which of the four sizes b, n, m and p is not in the result, and what happened along this axis?",
        "PyTorch has a function for exactly this. Look in its documentation for a *batch* matrix-matrix product.",
        "You need no reshape and no transpose: the shapes already stand as PyTorch wants them. Its function for batches is "
        "called like `torch.mm`, with a letter for *batch* in front.",
    ),
)


@lesson.check("batch_matmul", points=1, vectorised=True, A=normal("b n m"), B=normal("b m p"))
def multiplies_sample_by_sample(answer, A, B):
    """Each sample has its own product, all of them at once."""
    return answer.batch_matmul(A, B)


lesson.exercise(
    "prediction_errors",
    difficulty=1,
    minutes=5,
    hints=(
        "Compute `predictions - targets` for the example and look at the shape. What does each number in it tell?",
        "Bring both tensors to the same shape before you subtract. Which shape should the result have?",
        "The number of entries is right already; only the shape is not. `reshape` gives `predictions` another one, and "
        "`targets` knows which.",
    ),
)


@lesson.check("prediction_errors", points=0.5, predictions=uniform("n 1", -2, 1), targets=uniform("n", 1, 3))
def compares_each_sample_with_its_own_target(answer, predictions, targets):
    """One error for each sample, with its sign."""
    return answer.prediction_errors(predictions, targets)


### BEGIN HIDDEN TESTS
@lesson.check("matrix_product", points=0.5, X=normal("n>=2 n"), Y=normal("n n"))
def multiplies_square_matrices(answer, X, Y):
    """Square matrices, where a wrong product has the right shape."""
    return answer.matrix_product(X, Y)


@lesson.check("matrix_product", points=0.25, X=normal("n 1"), Y=normal("1 m"))
def multiplies_a_column_and_a_row(answer, X, Y):
    """A matrix of one column and a matrix of one row."""
    return answer.matrix_product(X, Y)


@lesson.check(
    "cat_along",
    points=0.5,
    A=normal("a b c"),
    B=normal("a b c"),
    C=normal("a b c"),
    count=choice(2, 3, 3, 1),
    dim=choice(-1, -2, 2, -3),
)
def joins_along_any_axis(answer, A, B, C, count, dim):
    """Up to three tensors with three axes, with axes counted from the end."""
    return answer.cat_along([A, B, C][:count], dim)


@lesson.check(
    "stack_along",
    points=0.25,
    forbids=["stack"],
    A=normal("n>=2"),
    B=normal("n"),
    C=normal("n"),
    dim=choice(0, 1, -1, -2),
)
def stacks_vectors(answer, A, B, C, dim):
    """Three vectors become a matrix: its rows or its columns."""
    return answer.stack_along([A, B, C], dim)


@lesson.check(
    "stack_along",
    points=0.75,
    forbids=["stack"],
    A=normal("a b c"),
    B=normal("a b c"),
    C=normal("a b c"),
    count=choice(3, 2, 3, 1, 2),
    dim=choice(-1, -2, 3, -3, -4),
)
def stacks_along_any_axis(answer, A, B, C, count, dim):
    """Tensors with three axes, with axes counted from the end of the result."""
    return answer.stack_along([A, B, C][:count], dim)


@lesson.check(
    "joined_shape",
    points=0.5,
    gradients=False,
    forbids=MAKES_A_TENSOR,
    A=normal("a b c d"),
    B=normal("a e c d"),
    dim=choice(1, -3),
)
def predicts_longer_axes(answer, A, B, dim):
    """Three shapes with four axes that differ along one of them."""
    return as_size(answer.joined_shape([tuple(A.shape), tuple(B.shape), tuple(A.shape)], dim, False))


@lesson.check(
    "joined_shape",
    points=0.25,
    gradients=False,
    forbids=MAKES_A_TENSOR,
    A=normal("a b c"),
    count=choice(2, 5, 4, 1, 6),
    dim=choice(3, -2, 1, -4, -1),
)
def predicts_new_axes(answer, A, count, dim):
    """A new axis at any place of shapes with three axes."""
    return as_size(answer.joined_shape([tuple(A.shape)] * count, dim, True))


@lesson.check(
    "joined_shape",
    points=0.25,
    raises=ValueError,
    mentions=["shape"],
    shapes=choice(((5,), (5,), (6,)), ((2, 3), (2, 3), (2, 4)), ((2, 3, 4), (2, 5, 5)), ((3, 4), (3,))),
    dim=choice(0, -2, 1, -1),
    new_axis=choice(True, False, False, True),
)
def refuses_more_shapes_that_do_not_fit(answer, shapes, dim, new_axis):
    """Shapes of which only the last does not fit, or fits at the front only."""
    return answer.joined_shape(list(shapes), dim, new_axis)


# One of these has no axis `dim` at all: whether the dim is wrong or the shape is a matter of taste, so no word is asked for.
@lesson.check(
    "joined_shape",
    points=0.25,
    raises=ValueError,
    shapes=choice(((2, 3), (2,)), ((2,), (2, 3)), ((2, 3), (2, 3), (2, 3, 1))),
    dim=choice(1, -1, 1),
    new_axis=value(False),
)
def refuses_shapes_with_fewer_axes(answer, shapes, dim, new_axis):
    """Shapes with different numbers of axes, even where all sizes that both have are equal."""
    return answer.joined_shape(list(shapes), dim, new_axis)


@lesson.check("batch_matmul", points=0.5, A=normal("n>=2 n n"), B=normal("n n n"))
def multiplies_batches_of_squares(answer, A, B):
    """As many samples as rows and columns, where a wrong product has the right shape."""
    return answer.batch_matmul(A, B)


@lesson.check("prediction_errors", points=0.25, predictions=integers("n>=6 1", -9, 10), targets=integers("n", -9, 10))
def compares_whole_numbers(answer, predictions, targets):
    """Whole numbers give whole numbers."""
    return answer.prediction_errors(predictions, targets)


### END HIDDEN TESTS
