# Tries to leave those who come next another folder, umask, language, time zone, environment and terminal.
# Earns: total 2
# %%
import locale, os, signal, time
os.mkdir("/tmp/attack_left_here")
os.chdir("/tmp/attack_left_here")
os.umask(0o777)
os.environ.clear()
os.environ.update(TZ="Pacific/Apia", LANG="tr_TR", OMP_NUM_THREADS="64", PYTHONPATH="/tmp", attack_left="1", LD_PRELOAD="/tmp/x.so")
time.tzset()
for name in ("C", "POSIX", "tr_TR.UTF-8"):
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        pass
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
for number in (0, 1, 2):
    os.close(number)

# %%
def total(X):
    return (X * 2).sum(1)
