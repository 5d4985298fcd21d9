"""A small lesson, `numbers`: two exercises, a hidden check, and misconceptions of each. Its course on disk, and a class."""

from contextlib import closing
from dataclasses import replace
from functools import cache
from itertools import count

import msgspec

from grader import wire
from grader.author import release
from grader.author.expectations import build_key
from grader.files.answer_file import Code
from grader.files.course import Course
from grader.files.source import LessonFiles
from grader.files.submission import Submission
from grader.judge import assess
from grader.judge.result import Isolation
from grader.sandbox.plain import Plain
from grader.sandbox.run import phases, run
from grader.worker.child import Job
from grader.worker.clock import Times
from grader.worker.errors import describe_error

HANDOUT = """
# %%
import torch

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
def double(X):
    ### BEGIN SOLUTION
    if isinstance(X, str):
        raise TypeError("X is text, not a tensor")
    return X * 2
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
def total(X):
    ### BEGIN SOLUTION
    return double(X).sum(1)
    ### END SOLUTION
"""
CHECKS = """
from grader import Lesson, normal

lesson = Lesson("numbers")
double = lesson.exercise("double")
total = lesson.exercise("total")

@double.check(points=2)
def doubles(answer, X=normal("n d")):
    \"\"\"Each number is doubled.\"\"\"
    return answer.double(X)

@double.check(points=1, raises=TypeError, mentions=["text"])
def refuses_text(answer, X="text"):
    \"\"\"Text is refused with a TypeError that says so.\"\"\"
    return answer.double(X)

@total.check(points=2)
def adds_up_rows(answer, X=normal("n d")):
    \"\"\"Each row is doubled and added up.\"\"\"
    return answer.total(X)

@double.check(points=1, hidden=True)
def doubles_images(answer, X=normal("c h>=2 w")):
    \"\"\"Images are doubled too.\"\"\"
    return answer.double(X)
"""
MISCONCEPTIONS = """
import torch
from checks import double, total
import lesson as reference

@double.misconception
def squared(X):
    "You squared."
    return reference.double(X) * X / 2

@double.misconception
def cut_off(X):
    "Your numbers are right, but they are cut off from X."
    return reference.double(X).detach()

@double.misconception
def refuses_everything(X):
    "You stop at every X."
    raise TypeError("no text, please")

@double.misconception
def refuses_with_another_error(X):
    "You stop with a value error at every X."
    raise ValueError

@double.misconception
def looks_for_twice(X):
    "There is no torch.twice."
    return torch.twice(X)

@total.misconception
def over_columns(X):
    "You added up the columns."
    return reference.double(X).sum(0)

@total.misconception
def sum_of_squares(X):
    "You squared before you added up."
    return (X * X).sum(1)
"""
FILES = LessonFiles("numbers", HANDOUT, CHECKS, MISCONCEPTIONS)
FOLLOWING = replace(
    FILES,
    checks=CHECKS.replace('Lesson("numbers")', 'Lesson("numbers", follow_through=True)').replace(
        'exercise("double")', 'exercise("double", solution="after")'
    )
    + """
@total.check(points=1, hidden=True)
def adds_up_long_rows(answer, X=normal("n d>=40")):
    \"\"\"Long rows, too.\"\"\"
    return answer.total(X)
""",
)
"""The same lesson, which asks for follow-through."""


def course_on_disk(root, files=FILES):
    """A course of this one lesson, with its release."""
    course = Course(root / "exercises", root / "solutions")
    (root / "solutions" / "numbers").mkdir(parents=True)
    for name, text in (("lesson", files.handout), ("checks", files.checks), ("misconceptions", files.misconceptions)):
        (root / "solutions" / "numbers" / f"{name}.py").write_text(text)
    with closing(Plain()) as worker:
        release.write(root / "exercises" / "numbers", release.build(course.files("numbers"), worker))
    return course


class Here:
    """A worker whose sessions live in this process: enough for answers that do no harm."""

    isolation: Isolation = "process"

    def session(self):
        return _Session()

    def close(self):
        pass


class _Session:
    def __init__(self):
        self.job = Job()

    def call(self, message, seconds, patience=0.0):
        arguments = dict(message)
        try:
            return wire.split(getattr(self.job, arguments.pop("do"))(**arguments))
        except Exception as error:
            return wire.split({"failed": describe_error(error)})

    def times(self):
        return Times(0.0, 0.0)

    def close(self):
        pass


@cache
def _key():
    return build_key(FILES, Here(), "seed", public_only=False)


def numbered(cells):
    """Pieces of text as the code cells of a notebook."""
    return list(map(Code, cells, count(1)))


class Classroom:
    """The small lesson, and hand-ins to it: pieces of text, one a cell."""

    lesson = "numbers"
    right = ("import torch", "def double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    return X * 2",
             "def total(X):\n    return double(X).sum(1)")  # fmt: skip

    @property
    def key(self):
        return msgspec.structs.replace(_key())

    def submission(self, *cells):
        return Submission("ada", self.lesson, numbered(cells), "numbers.ipynb")

    def run(self, *cells):
        """What comes of running the cells and the checks."""
        names = [exercise.name for exercise in self.key.exercises]
        return run(Here(), self.submission(*cells), phases(FILES, self.key.checks), names, "seed")

    def hand_in(self, *cells, **options):
        """The result of a hand-in."""
        return assess.assess(self.key, self.submission(*cells), self.run(*cells), "sandbox", **options)

    def double(self, body, **options):
        """What became of the exercise `double` with another body."""
        return self.hand_in("import torch", f"def double(X):\n    {body}", self.right[2], **options).exercises[0]

    def total(self, body):
        """The same of `total`, with `double` right."""
        return self.hand_in(*self.right[:2], f"def total(X):\n    {body}").exercises[1]
