# Tries to see the course's secret as the time of its own hand-in: timestamp.txt beside it is a link.
# Earns: total 2
# %%
def total(X):
    return (X * 2).sum(1)
