# Tries to have a formula in the results, which MathJax would typeset, with links, markup and macros that hold for the whole page.
# Earns: double 1
# %%
WORDS = r"""$\href{javascript:x}{y}$ $$\require{html}\class{error}{x}\style{position:fixed}{y}$$ \(x\) \[y\]
\begin{align}\gdef\sum{0}\unicode{x202e}\end{align} \newcommand{\right}{wrong} `$x$` \\(z\\) \$ $ a $"""

def double(X):
    if isinstance(X, str):
        raise TypeError(WORDS)
    raise ValueError(WORDS)

# %%
def total(X):
    return WORDS

# %%
print(WORDS)

# %%
raise LookupError(WORDS)
