# %% [markdown]
# # Doubling
#
# Write `double(X)`.

# %%
import torch

# %% [markdown]


# %%
def double(X):
    """Twice X."""
    # Your code here.
    return X * 2.0


# %% [markdown]
# ## Why two
# Say why the gradient is two.

# %% why_two [markdown]
# It is the slope.
