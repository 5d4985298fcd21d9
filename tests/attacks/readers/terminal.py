# Tries to command the terminal of whoever grades: its title, screen, colours, links and clipboard, and what it types.
# Earns: double 1
# %%
WORDS = "\x1b]0;attack\x07\x1b[2J\x1b[31m\x1b]8;;https://attack.invalid\x1b\\x\x1b]52;c;YQ==\x07\x9b31m\x90q\x1b[6n\r\b\x7f"
WORDS += "[bold red][link=https://attack.invalid]y[/link][/] :skull: [@click=app.quit]"
NAME = WORDS

def double(X):
    if isinstance(X, str):
        raise type(NAME, (TypeError,), {})(WORDS)
    raise type(NAME, (Exception,), {"__module__": WORDS, "__qualname__": NAME})(WORDS)

# %%
def total(X):
    return type(NAME, (), {"__repr__": lambda self: WORDS, "__doc__": WORDS})()

# %%
print(WORDS)

# %%
raise LookupError(WORDS)
