"""A tiny lesson for tests of what reads lessons: one exercise, two checks, two mistakes."""

from dataclasses import replace

from grader.files.source import LessonFiles

HANDOUT = '''# %% [markdown]
# # Doubling
#
# Write `double(X)`.

# %%
import torch

# %%
def double(X):
    """Twice X."""
    ### BEGIN SOLUTION
    return X * torch.tensor(2.0)
    ### END SOLUTION
'''
CHECKS = '''"""Checks of a tiny lesson."""

from grader import Lesson, normal

lesson = Lesson("tiny")
lesson.exercise("double", difficulty=1, minutes=1, hints=("One.", "Two.", "Three."))


@lesson.check("double", points=1, X=normal("n m"))
def doubles(answer, X):
    """It doubles."""
    return answer.double(X)


### BEGIN HIDDEN TESTS
@lesson.check("double", points=1, X=normal("a b c"))
def doubles_a_block_of_numbers(answer, X):
    """It doubles three axes."""
    return answer.double(X)


### END HIDDEN TESTS
'''
MISCONCEPTIONS = '''"""Mistakes of a tiny lesson."""

from checks import lesson


@lesson.misconception("double", says="You added two: multiply by it.")
def two_added(X):
    return X + 2


@lesson.misconception("double", says="You tripled it.")
def three_times(X):
    return X * 3
'''
LEARNT = LessonFiles(
    "learnt",
    '''# %%
import torch

# %%
def trained(X, y):
    """A model that tells positive numbers from others."""
    ### BEGIN SOLUTION
    return lambda X: (X > 0).long()
    ### END SOLUTION
''',
    '''"""Checks of a lesson about something that is learnt."""

from grader import Lesson, normal, labels

lesson = Lesson("learnt")
lesson.exercise("trained", difficulty=1, minutes=1, hints=("One.", "Two.", "Three."))


@lesson.check("trained", points=1, X=normal("n"), y=labels("n", 2))
def tells_numbers(answer, X, y):
    """It tells numbers."""
    return answer.trained(X, y)(X)


### BEGIN HIDDEN TESTS
@lesson.check("trained", points=1, at_least=0.75)
def tells_numbers_it_has_not_seen(answer, X):
    """It tells numbers that it has not seen."""
    return answer.trained(X, X)(X)


### END HIDDEN TESTS
''',
    '''"""Mistakes of that lesson, and the numbers that are not shown."""

import torch
from checks import lesson


@lesson.given("tells_numbers_it_has_not_seen")
def numbers():
    return {"X": torch.tensor([-4.0, -3.0, 2.0, 3.0])}, torch.tensor([0, 0, 1, 1])


@lesson.misconception("trained", says="It says yes to every number.")
def says_yes(X, y):
    return torch.ones_like
''',
)
"""A lesson whose hidden check asks for a share of right answers to given inputs."""

TINY = LessonFiles("tiny", HANDOUT, CHECKS, MISCONCEPTIONS)


def tiny(**changes: tuple[str, str]) -> LessonFiles:
    """The tiny lesson with one piece of text replaced in a file."""
    texts = {}
    for name, (old, new) in changes.items():
        before = getattr(TINY, name)
        assert old in before
        texts[name] = before.replace(old, new)
    return replace(TINY, **texts)
