# Tries to choke who reads its answers: with huge, deep and endless ones, one for each call.
# Earns: double 1
# %%
import itertools, torch
calls = itertools.count()

def double(X):
    if isinstance(X, str):
        raise TypeError("x" * 10**7)
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return [deep, [X] * 10**4, {number: X for number in range(30_000)}, torch.empty(1 << 25)][next(calls) % 4]

# %%
class Endless(list):
    def __iter__(self):
        return itertools.repeat(self)

def total(X):
    loop = []
    loop.append(loop)
    return [Endless([X]), loop, "x" * 10**8, 10**100_000][next(calls) % 4]
