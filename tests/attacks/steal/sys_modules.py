# Tries to find the reference and the misconceptions among the modules that are loaded, and to import them.
# Earns: total 2
# %%
import importlib, sys

def seen():
    found = []
    for name in ("lesson", "misconceptions", "solutions.numbers.lesson", "solutions.numbers.misconceptions", "conftest"):
        try:
            found.append(vars(importlib.import_module(name))["__name__"])
        except ImportError:
            pass
    for name, module in list(sys.modules.items()):
        lesson = vars(module).get("lesson") if hasattr(module, "__dict__") else None
        if getattr(lesson, "name", "") == "numbers":
            found += [*lesson.misconceptions, *lesson.givens]
            found += [check for check in lesson.checks if check == "doubles_images"]
    return found

# %%
def total(X):
    if found := seen():
        said = f"STOLEN {found}"
        raise LookupError(said)
    return (X * 2).sum(1)
