# Tries to have the lesson declare checks that let everything pass, for a thousand points each.
# Earns: total 2
# Against: pipeline
# %%
from grader.lesson.declare import Exercise, Tolerance

honest = Exercise.check


def lenient(self, **declared):
    declared |= {"tolerance": Tolerance(1e30, 1e30, "because"), "points": 1000, "raises": None, "forbids": ()}
    return honest(self, **declared)


Exercise.check = lenient

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
