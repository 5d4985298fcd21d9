# Tries to be of every type, and of any length.
# Earns: nothing
# Against: pipeline
# %%
import builtins

builtins.isinstance = lambda *given: True
builtins.len = lambda *given: 1
builtins.type = lambda *given: object
builtins.zip = lambda *given, **options: ()

# %%
def double(X):
    return X * 0


# %%
def total(X):
    return X.sum(1)
