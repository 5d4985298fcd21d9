# Tries to leave those who come next another Python: paths, modules, hooks, built-in functions, limits.
# Earns: total 2
# %%
import builtins, decimal, gc, importlib, sys, warnings
sys.path[:] = ["/tmp"]
sys.meta_path.clear()
sys.path_hooks.clear()
sys.modules.update(fractions=sys, statistics=sys, attack_left=sys)
sys.setrecursionlimit(200)
sys.setswitchinterval(10)
sys.dont_write_bytecode = False
sys.excepthook = sys.unraisablehook = sys.displayhook = print
sys.flags = None
gc.disable()
warnings.filterwarnings("error")
decimal.getcontext().prec = 1
builtins.attack_left = builtins.exit = builtins.breakpoint = None
importlib.invalidate_caches = importlib.reload = None

# %%
def total(X):
    return (X * 2).sum(1)
