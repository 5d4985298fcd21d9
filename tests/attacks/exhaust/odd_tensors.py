# Tries to choke who records its answers, by tensors of every odd kind: all that can be recorded at once, then one by one.
# Earns: total 2
# %%
import itertools
import torch

class Liar(torch.Tensor):
    shape = property(lambda self: (1,) * 10**6)

    def numel(self):
        return 0

def leaked():
    kept = []
    torch.func.vmap(lambda x: kept.append(x) or x)(torch.ones(3, 2))
    return kept

ALIVE = [
    lambda: torch.ones(2, 2).to(torch.complex32),
    lambda: torch.sparse_coo_tensor(torch.zeros(2, 0, dtype=torch.int64), torch.zeros(0), (1 << 31, 1 << 31)),
    lambda: torch.ones(1).expand(1 << 40),
    lambda: torch.ones(1).as_strided((1 << 10, 1 << 10), (0, 0)),
    lambda: torch.empty(1 << 62, 0, device="meta"),
    lambda: torch.empty(1 << 20, 1 << 20, 1 << 20, 0),
    lambda: torch.ones(2, 2).to_mkldnn(),
    lambda: torch.complex(torch.ones(2), torch.ones(2)).conj().imag,
    lambda: torch.tensor([0x7F800001, -1, 0x7FC00000, 1], dtype=torch.int32).view(torch.float32),
    lambda: [torch.ones(1 << 20)] * 100,
]
DEAD = [
    lambda: torch.ones([1] * 100, device="meta"),
    lambda: torch.sparse_csr_tensor([0, 1 << 40], [1 << 50], [1.0], (1, 2), check_invariants=False),
    lambda: torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
    lambda: torch.ones(2, 2).to(torch.float8_e4m3fn),
    lambda: torch.quantize_per_tensor(torch.ones(2, 2), 0.1, 0, torch.qint8),
    lambda: torch.sparse_coo_tensor(torch.zeros(2, 0, dtype=torch.int64), torch.zeros(0), (1 << 32, 1 << 32)),
    lambda: torch._efficientzerotensor((2, 2)),
    lambda: torch.ones(2, 2).as_subclass(Liar),
    leaked,
]
calls = itertools.count()

def double(X):
    if isinstance(X, str):
        return X
    number = next(calls)
    return DEAD[number % len(DEAD)]() if number else [make() for make in ALIVE]


# %%
def total(X):
    return (X * 2).sum(1)
