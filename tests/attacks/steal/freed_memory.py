# Tries to find the right answer in memory that others have freed: torch.empty does not wipe what it gives.
# Earns: total 2
# %%
import re, torch

def total(X):
    right = (X * 2).sum(1)
    kept, found = [], []
    for size in (right.numel(), X.numel(), 64, 4096, 1 << 18):
        for _ in range(200):
            kept.append(torch.empty(size))
            if size == right.numel() and right.numel() > 1 and torch.equal(kept[-1], right.flatten()):
                found.append("the answer")
    data = b"".join(item.view(torch.uint8).numpy().tobytes() for item in kept[:1000:7])
    found += re.findall(rb"canary-[0-9a-f]{12}", data)
    if found:
        said = f"STOLEN {found}"
        raise LookupError(said)
    return right
