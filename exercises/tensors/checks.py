"""The checks of lesson 1: products of matrices, joining along old and new axes, shapes, broadcasting."""

import torch

from grader import Lesson, any_of, choice, normal, uniform

lesson = Lesson("tensors", number=1)

"""A tensor of so many numbers fits into no memory, whoever makes it."""
MAKES_A_TENSOR = ["empty", "zeros", "ones", "full", "rand", "randn", "arange", "cat", "stack", "numpy"]


def grown(*shapes):
    """Shapes as they are written, or with every size larger by the same number: which, is drawn."""
    return any_of(*[tuple(tuple(size + more for size in shape) for shape in shapes) for more in range(20)])


def as_size(shape):
    """A shape as a torch.Size, whether it came as a list or a tuple: a Size is shown as a whole where it differs."""
    return torch.Size(shape) if isinstance(shape, (list, tuple)) else shape


matrix_product = lesson.exercise("matrix_product")


WHOLE_NUMBERS = [[[more * row + column**2 for column in range(3)] for row in range(1, 4)] for more in range(2, 40)]


# Whole numbers have no matrix product on a GPU, so the tensors are made here, where they stay on the CPU.
@matrix_product.check(points=0.5)
def multiplies_whole_numbers(answer, X=any_of(*WHOLE_NUMBERS), Y=[[2, 0, 1], [1, 3, 0], [0, 1, 2]]):
    """Two matrices of whole numbers: their product holds whole numbers, too."""
    return answer.matrix_product(torch.tensor(X), torch.tensor(Y))


@matrix_product.check(points=0.25)
def multiplies_matrices_of_any_shape(answer, X=normal("n k"), Y=normal("k m")):
    """Matrices that are not square, too."""
    return answer.matrix_product(X, Y)


cat_along = lesson.exercise("cat_along")


@cat_along.check(points=0.5)
def joins_below_one_another(answer, A=normal("a w"), B=normal("b w"), dim=0):
    """Along dim 0, two matrices end up below one another."""
    return answer.cat_along([A, B], dim)


@cat_along.check(points=0.5)
def joins_side_by_side(answer, A=normal("h a"), B=normal("h b"), dim=1):
    """Along dim 1, two matrices end up side by side."""
    return answer.cat_along([A, B], dim)


stack_along = lesson.exercise("stack_along", forbids=["stack"])


@stack_along.check(points=0.75)
def stacks_two_matrices(answer, A=normal("3 3"), B=normal("3 3"), dim=choice(0, 1, 2)):
    """Two 3×3 matrices become 2×3×3, 3×2×3 or 3×3×2."""
    return answer.stack_along([A, B], dim)


@stack_along.check(points=0.5)
def stacks_any_number(
    answer,
    A=normal("h w"),
    B=normal("h w"),
    C=normal("h w"),
    D=normal("h w"),
    count=choice(1, 3, 4),
    dim=choice(0, 2, 1),
):
    """One matrix, three or four, of any shape."""
    return answer.stack_along([A, B, C, D][:count], dim)


joined_shape = lesson.exercise("joined_shape", forbids=MAKES_A_TENSOR)


@joined_shape.check(points=0.5)
def predicts_what_cat_gives(
    answer,
    shapes=choice(
        grown((2, 3), (4, 3)),
        grown((2, 3), (2, 5), (2, 1)),
        grown((4, 2), (4, 7)),
        grown((4,), (3,)),
        grown((5, 2), (3, 2)),
        grown((2, 3, 4)),
        grown((2, 3, 4), (2, 1, 4), (2, 3, 4)),
    ),
    dim=choice(0, 1, -1, 0, -2, 2, 1),
    new_axis=False,
):
    """Joining along an axis that is there."""
    return as_size(answer.joined_shape(list(shapes), dim, new_axis))


@joined_shape.check(points=0.25)
def predicts_what_stack_gives(
    answer,
    shapes=choice(
        grown((2, 3), (2, 3)),
        grown(*[(2, 3)] * 4),
        grown((3, 3), (3, 3)),
        grown((4, 2), (4, 2), (4, 2)),
        grown((4, 2), (4, 2), (4, 2)),
        grown((4, 2), (4, 2), (4, 2)),
        grown((5,)),
    ),
    dim=choice(0, 1, 2, -1, -2, -3, 0),
    new_axis=True,
):
    """Joining along a new axis."""
    return as_size(answer.joined_shape(list(shapes), dim, new_axis))


@joined_shape.check(points=0.25, raises=ValueError, mentions=["shape"])
def refuses_shapes_that_do_not_fit(
    answer,
    shapes=choice(
        ((2, 3), (2, 4)), ((2, 3), (4, 3)), ((2, 3), (4, 3)), ((2, 3), (2,)), ((2,), (2, 3)), grown((2, 3), (4, 3))
    ),
    dim=choice(0, 1, 0, 0, 1, 0),
    new_axis=choice(False, False, True, False, True, False),
):
    """Shapes that do not fit get a ValueError, and its message speaks of the shape. Shapes that fit get none."""
    return as_size(answer.joined_shape(list(shapes), dim, new_axis))


@joined_shape.check(points=0.25, raises=ValueError, mentions=["dim"])
def refuses_an_axis_that_is_not_there(
    answer,
    shapes=choice(
        ((4,), (2,)),
        ((2, 3),) * 2,
        ((2, 3),) * 2,
        ((2, 3),) * 2,
        ((2, 3),) * 2,
        ((4,),),
        ((2, 3, 4),) * 2,
        grown((2, 3), (2, 3)),
    ),
    dim=choice(1, 2, -3, 3, -4, 2, 7, -3),
    new_axis=choice(False, False, False, True, True, True, True, True),
):
    """A dim that the result would not have gets a ValueError, and its message speaks of dim. The last dim that it has gets
    none."""
    return as_size(answer.joined_shape(list(shapes), dim, new_axis))


batch_matmul = lesson.exercise("batch_matmul")


@batch_matmul.check(points=1, vectorized=True)
def multiplies_sample_by_sample(answer, A=normal("b n m"), B=normal("b m p")):
    """Each sample has its own product, all of them at once."""
    return answer.batch_matmul(A, B)


prediction_errors = lesson.exercise("prediction_errors")


@prediction_errors.check(points=0.5)
def compares_each_sample_with_its_own_target(answer, predictions=uniform("n 1", -2, 1), targets=uniform("n", 1, 3)):
    """One error for each sample, with its sign."""
    return answer.prediction_errors(predictions, targets)
