# Tries to be quoted: lines that are no Python, that stop, that never end, each with words for whoever reads them.
# Earns: total 2
# %%
x = <script>alert(1)</script> "[bold red]loud[/]"  # `</code><b>` ‮ =1+1

# %%
raise ValueError  # <script>alert(2)</script> ‮ `</code><b onclick=alert(3)>`

# %%
import os; os._exit(0)  # <script>alert(4)</script> ‮ [link=x]y[/]

# %%
def total(X):
    return (X * 2).sum(1)

# %%
def double(X):
    raise ValueError  # <script>alert(5)</script> ‮ `</code><b onclick=alert(6)>`
