"""How many bits a second one hand-in can tell the next by which pages of a library the machine keeps in memory.

    python tests/benchmarks/page_cache.py [BITS]

The library's pages are dropped from memory first, from outside: a hand-in can't do that, so each place can be used once.
"""

import argparse
import json
import os
import random
import time
from contextlib import closing
from pathlib import Path

import torch

from grader.sandbox.bubblewrap import Sandbox

LIBRARY = str(max(Path(torch.__path__[0], "lib").iterdir(), key=lambda path: path.stat().st_size))
STEP = 1 << 18
OPEN = f"import json, os, time\nlibrary = os.open({LIBRARY!r}, os.O_RDONLY)\n"
TELL = f"for place, bit in enumerate({{bits}}):\n    if bit: os.pread(library, 1, place * {STEP})\n"
LISTEN = f"""
def took(place):
    begun = time.perf_counter()
    os.pread(library, 1, place * {STEP})
    return round(1e6 * (time.perf_counter() - begun))
print(json.dumps([took(place) for place in range({{number}})]))
"""


def said(sandbox, text):
    session = sandbox.session()
    try:
        reply, _ = session.call({"do": "cell", "index": 0, "source": OPEN + text}, 60.0)
    finally:
        session.close()
    return json.loads(reply)["printed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bits", nargs="?", type=int, default=500)
    number = min(parser.parse_args().bits, os.path.getsize(LIBRARY) // STEP)
    bits = [random.Random(1).randrange(2) for _ in range(number)]
    with closing(Sandbox()) as sandbox:
        said(sandbox, "")
        with open(LIBRARY, "rb") as library:
            os.posix_fadvise(library.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        begun = time.perf_counter()
        said(sandbox, TELL.format(bits=bits))
        times = json.loads(said(sandbox, LISTEN.format(number=number)))
        seconds = time.perf_counter() - begun
    limit = sorted(times)[sum(bits)]
    right = sum((each < limit) == bool(bit) for each, bit in zip(times, bits, strict=True))
    print(f"{right} of {number} bits right in {seconds:.2f} s: {number / seconds:.0f} bits a second")


if __name__ == "__main__":
    main()
