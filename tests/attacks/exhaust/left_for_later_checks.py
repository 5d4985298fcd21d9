# Tries to have later checks run its code: tracers, audit hooks, callbacks of the collector, a timer, exit handlers, no limits.
# Earns: total 2
# %%
import atexit, gc, signal, sys, threading
import torch

def traced(frame, event, argument):
    return traced

def double(X):
    sys.settrace(traced)
    sys.setprofile(lambda *_: None)
    threading.settrace(traced)
    sys.addaudithook(lambda name, arguments: None)
    gc.callbacks.append(lambda phase, found: sys.stdout.write("."))
    signal.signal(signal.SIGALRM, lambda *_: sys.stdout.write("!"))
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    atexit.register(lambda: sys.stdout.write("attack_left"))
    sys.setrecursionlimit(10**9)
    sys.set_int_max_str_digits(0)
    torch.autograd.set_multithreading_enabled(False)
    torch.set_printoptions(threshold=10**9)
    return X * 0


# %%
def total(X):
    return (X * 2).sum(1)
