# Tries to put probes of its own in the place of the lesson's: whatever the answer, they give back the same.
# Earns: nothing
# Against: pipeline
# %%
import inspect

from grader.lesson.declare import Exercise

honest = Exercise.check


def check(self, **declared):
    def declare(probe):
        def same(answer, **inputs):
            return 1

        same.__name__, same.__doc__, same.__signature__ = probe.__name__, probe.__doc__, inspect.signature(probe)
        return honest(self, **declared)(same)

    return declare


Exercise.check = check

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return X.sum(1)
