# Tries to spend the time of whoever writes a result down: a whole number of 30 million digits, a fraction, and a complex one of them.
# Earns: total 2
# %%
import fractions

HUGE = 1 << 100_000_000

def double(X):
    return X * 0 if not isinstance(X, str) else [HUGE, fractions.Fraction(HUGE, 3), -HUGE]


# %%
def total(X):
    return (X * 2).sum(1)
