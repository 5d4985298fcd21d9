"""A tiny lesson for tests of what reads lessons: one exercise, two checks, two mistakes."""

from dataclasses import replace

from grader.files.source import LessonFiles

HANDOUT = '''# %% [markdown]
# # Doubling
#
# Write `double(X)`.

# %%
import torch

# %% [markdown]
# **Difficulty.** 1 of 5, about 1 minute.
#
# **Hint.** One.
#
# **Hint.** Two.
#
# **Hint.** Three.

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
double = lesson.exercise("double")


@double.check(points=1)
def doubles(answer, X=normal("n m")):
    """It doubles."""
    return answer.double(X)


@double.check(points=1, hidden=True)
def doubles_a_block_of_numbers(answer, X=normal("a b c")):
    """It doubles three axes."""
    return answer.double(X)
'''
MISCONCEPTIONS = '''"""Mistakes of a tiny lesson."""

from checks import double


@double.misconception
def two_added(X):
    "You added two: multiply by it."
    return X + 2


@double.misconception
def three_times(X):
    "You tripled it."
    return X * 3
'''
LEARNT = LessonFiles(
    "learnt",
    '''# %%
import torch

# %% [markdown]
# **Difficulty.** 1 of 5, about 1 minute.
#
# **Hint.** One.
#
# **Hint.** Two.
#
# **Hint.** Three.

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
trained = lesson.exercise("trained")


@trained.check(points=1)
def tells_numbers(answer, X=normal("n"), y=labels("n", 2)):
    """It tells numbers."""
    return answer.trained(X, y)(X)


@trained.check(points=1, at_least=0.75, hidden=True)
def tells_numbers_it_has_not_seen(answer, X):
    """It tells numbers that it has not seen."""
    return answer.trained(X, X)(X)
''',
    '''"""Mistakes of that lesson, and the numbers that are not shown."""

import torch
from checks import trained


@trained.given("tells_numbers_it_has_not_seen")
def numbers(seed):
    return {"X": torch.tensor([-4.0, -3.0, 2.0, 3.0])}, torch.tensor([0, 0, 1, 1])


@trained.misconception
def says_yes(X, y):
    "It says yes to every number."
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
