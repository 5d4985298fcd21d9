"""What an exercise allows: its statement says so, and what the checks look at, it says too."""

import numpy as np
import pytest
import torch
from support import allowed

from grader import wire
from grader.files.course import Course
from grader.judge.observation import Observation, decode
from grader.judge.verdict import judge
from grader.worker.observe import Answer, load_checks, run_check

COURSE = Course(allowed.ROOT / "exercises", allowed.ROOT / "solutions")
RULES = {f"{lesson}/{name}": (found, checks) for lesson, name, found, checks in allowed.rules(COURSE)}


def test_the_page_of_what_is_allowed_is_that_of_the_lessons():
    assert (allowed.ROOT / "docs" / "allowed.md").read_text(encoding="utf-8") == allowed.page(COURSE)


@pytest.mark.parametrize("name", RULES)
def test_a_statement_says_what_is_allowed_and_forbids_what_the_checks_do(name):
    found, checks = RULES[name]
    assert found, "it says neither what is allowed nor what is not"
    assert checks
    if any(check.forbids for check in checks):
        assert "Not allowed" in found


def corrected_exact_gradient(f, x, h):
    """What the steps give for a sum of cubes, but from `backward`."""
    leaf = x.detach().double().requires_grad_()
    f(leaf).backward()
    return leaf.grad + h**2


def shape_of_an_array(shapes, dim, new_axis):
    """The shape that NumPy gives, where no operation of PyTorch's is dispatched."""
    return (np.stack if new_axis else np.concatenate)([np.empty(shape) for shape in shapes], dim).shape


def places_in_a_layer(n, kernel, stride, padding):
    """The number of windows that a layer cuts a picture into."""
    return torch.nn.Unfold((1, kernel), stride=(1, stride), padding=(0, padding))(torch.zeros(1, 1, 1, n)).shape[-1]


def places_of_frames(n, kernel, stride, padding):
    """The number of pieces of a sound that a Fourier transform takes one by one."""
    sound, window = torch.zeros(n + 2 * padding), torch.ones(kernel)
    return torch.stft(sound, kernel, stride, window=window, center=False, return_complex=True).shape[-1]


def places_of_windows(n, kernel, stride, padding):
    """The number of windows that NumPy finds."""
    return np.lib.stride_tricks.sliding_window_view(np.zeros(n + 2 * padding), kernel)[::stride].shape[0]


def places_of_a_convolution(n, kernel, stride, padding):
    """The size that PyTorch works out for its own convolution, with plain numbers alone."""
    from torch._meta_registrations import calc_conv_nd_return_shape

    return calc_conv_nd_return_shape(Sized(1, 1, n), Sized(1, 1, kernel), stride, padding, 1, False, 1)[-1]


def places_of_a_pool(n, kernel, stride, padding):
    """The size that PyTorch works out for its own pooling, with plain numbers alone."""
    from torch._meta_registrations import pooling_output_shape

    return pooling_output_shape(n, kernel, padding, stride, 1, False)


class Sized:
    """What has a shape, and is no tensor."""

    device = torch.device("cpu")

    def __init__(self, *shape):
        self.shape = shape


@pytest.mark.parametrize(
    ("lesson", "exercise", "check", "answer"),
    [
        ("gradients", "numeric_gradient", "steps_along_any_axes", corrected_exact_gradient),
        ("tensors", "joined_shape", "predicts_what_cat_gives", shape_of_an_array),
        ("convolution", "conv_output_size", "counts_the_places", places_in_a_layer),
        ("convolution", "conv_output_size", "counts_the_places", places_of_frames),
        ("convolution", "conv_output_size", "counts_the_places", places_of_windows),
        ("convolution", "conv_output_size", "counts_the_places", places_of_a_convolution),
        ("convolution", "conv_output_size", "counts_the_places", places_of_a_pool),
    ],
)
def test_what_a_statement_rules_out_fails_where_no_operation_tells_it(lesson, exercise, check, answer):
    files = COURSE.files(lesson)
    names = {"torch": torch}
    for cell in files.code_cells:
        exec(cell, names)
    loaded = load_checks(files.checks)

    def seen(**own):
        record = run_check(loaded, loaded.checks[check], Answer(names | own), "seed", show_inputs=True, advice=False)
        return decode(*wire.split(record), list[Observation])

    assert judge(loaded.checks[check], seen(), seen()).passed
    assert not judge(loaded.checks[check], seen(), seen(**{exercise: answer})).passed
