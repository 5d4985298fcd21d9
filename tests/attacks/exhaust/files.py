# Tries to fill the disk: one large file, many, some without a name, and one full of holes; not more than 300 MB where it may.
# Earns: total 2
# %%
import os
held = 0
for number in range(5):
    try:
        with open(f"/tmp/attack_left_{number}", "wb") as file:
            if number == 4:
                os.truncate(file.fileno(), 1 << 40)
                print("STOLEN a terabyte")
            for _ in range(60):
                held += file.write(bytes(1 << 20))
    except OSError as error:
        print(error)
nameless = os.open("/tmp", os.O_TMPFILE | os.O_RDWR) if hasattr(os, "O_TMPFILE") else None
print(held >> 20)
if held > 200 << 20:
    print("STOLEN the disk")

# %%
def total(X):
    return (X * 2).sum(1)
