"""Names of folders and files: which lesson each means, as people and their programs write it."""

import unicodedata

import pytest

from grader.files import names

LESSONS = ["tensors", "batch_norm", "2d_conv", "Überblick"]


@pytest.mark.parametrize(
    ("name", "lesson"),
    [
        ("tensors", "tensors"), ("Tensors", "tensors"), ("TENSORS", "tensors"), ("01_tensors", "tensors"),
        ("1-tensors", "tensors"), ("1. Tensors", "tensors"), ("01tensors", "tensors"), ("Lesson 1 – Tensors", "tensors"),
        ("week01_tensors", "tensors"), ("Copy of tensors", "tensors"), ("Copy of Copy of tensors (2)", "tensors"),
        ("tensors (1)", "tensors"), ("tensors(1)", "tensors"), ("tensors-Copy1", "tensors"), ("tensors - Copy", "tensors"),
        ("tensors - Copy (2)", "tensors"), ("tensors copy 2", "tensors"), ("tensors-main", "tensors"),
        ("tensors 2", "tensors"), ("Batch Norm", "batch_norm"), ("BatchNorm", "batch_norm"),
        ("batch-norm-main", "batch_norm"), ("06 batch norm (1)", "batch_norm"), ("2d conv", "2d_conv"),
        ("4_2d-conv (3)", "2d_conv"), ("Ｔensors", "tensors"), (" tensors ", "tensors"),
        (unicodedata.normalize("NFD", "Überblick"), "Überblick"), ("überblick", "Überblick"),
    ],
)  # fmt: skip
def test_a_name_that_differs_as_copies_and_systems_write_it_means_the_lesson(name, lesson):
    assert names.lesson_of(name, LESSONS) == lesson


@pytest.mark.parametrize("name", ["tensor", "homework", "my tensors", "3", "copy", "main", "(1)", "conv", "", "\udcff"])
def test_another_name_means_no_lesson(name):
    assert names.lesson_of(name, LESSONS) is None


def test_a_name_that_could_mean_two_lessons_means_neither_but_an_exact_one_does():
    assert names.lesson_of("A B", ["a_b", "a-b"]) is None
    assert names.lesson_of("a-b", ["a_b", "a-b"]) == "a-b"
    assert names.lesson_of("part_2", ["part", "part_2"]) == "part_2"


@pytest.mark.parametrize(
    ("name", "lesson"),
    [
        ("tensors.ipynb", "tensors"), ("Tensors (1).IPYNB", "tensors"), ("01_tensors.py", "tensors"),
        ("1. Tensors.ipynb", "tensors"), ("Copy of tensors.ipynb", "tensors"), ("tensors.ipynb.txt", "tensors"),
        ("tensors.zip", "tensors"), ("notes.txt", None), ("tensors", None),
    ],
)  # fmt: skip
def test_a_files_name_means_what_stands_before_its_ending(name, lesson):
    assert names.lesson_of_file(name, LESSONS) == lesson


@pytest.mark.parametrize(
    ("name", "lesson"),
    [("tensor", "tensors"), ("tesnors", "tensors"), ("homework on batch norm", "batch_norm"), ("ps1", None)],
)
def test_a_name_that_is_nearly_a_lessons_suggests_it(name, lesson):
    assert names.likely(name, LESSONS) == lesson


@pytest.mark.parametrize("name", ["__MACOSX", "__pycache__", ".git", ".ipynb_checkpoints", "._tensors", "feedback"])
def test_what_nobody_handed_in_is_ignored(name):
    assert names.ignored(name)
    assert not names.ignored("ada")
