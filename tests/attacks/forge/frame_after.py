# Tries to send a result of its own after each true one.
# Earns: nothing
# Against: last frame
# %%
from grader import wire

honest = wire.write_frame


def twice(stream, message):
    honest(stream, message)
    honest(stream, {"error": None, "printed": "", "kinds": {"double": "callable"}, "observations": [], "score": 6})


wire.write_frame = twice

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return X.sum(1)
