# Tries to have a link or a picture in the results, in every way that Markdown has: bare, in angles, by reference, in a table, a note.
# Earns: double 1
# %%
WORDS = """<https://attack.invalid/a> www.attack.invalid mailto:a@attack.invalid ![p](//attack.invalid/p.png) [a][b] [^1]

[b]: //attack.invalid "x"
[^1]: [n](data:text/html;base64,PHNjcmlwdD4=)

| a | [c](vbscript:x) |
| - | - |
| ![d][b] | <a href=//attack.invalid>e</a> |

- [ ] [f](  javascript:x "t")
[g](&#106;avascript:x) [h](java\tscript:x) [i](jAvAsCrIpT:x) [//attack.invalid](//attack.invalid)"""

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
