# Tries to have the lesson declare checks that let everything pass, for a thousand points each.
# Earns: total 2
# Against: pipeline
# %%
from grader.lesson.declare import Lesson, Tolerance

honest = Lesson.check


def lenient(self, exercise, **declared):
    declared |= {"tolerance": Tolerance(1e30, 1e30, "because"), "points": 1000, "raises": None, "forbids": ()}
    return honest(self, exercise, **declared)


Lesson.check = lenient

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
