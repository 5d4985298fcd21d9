"""How long `check("…")` takes to answer in a real kernel: the import, the first check of a lesson, and every later one.

Run: make bench, or .venv/bin/python tests/benchmarks/notebook.py [LESSON …]
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "course")]

from nbclient import NotebookClient  # noqa: E402
from test_notebook_runs import LESSONS, released, write_in  # noqa: E402

AGAIN = 9


def main(lessons):
    later = []
    print(f"{'lesson':<12} {'import':>8} {'first':>8} {'later, median':>14} {'slowest exercise':>18}")
    for lesson in lessons:
        loading, first, checks = measured(lesson)
        later += checks.values()
        slowest = max(checks, key=checks.get)
        median = statistics.median(checks.values())
        print(
            f"{lesson:<12} {loading:6.0f} ms {first:5.0f} ms {median:11.0f} ms   {slowest} {checks[slowest]:.0f} ms",
            flush=True,
        )
    print(f"Median of all {len(later)} exercises, checked {AGAIN} times after the first: {statistics.median(later):.0f} ms")


def measured(lesson):
    """Milliseconds of the importing cell, of the first check, and the median of the later checks by exercise."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("checks.py", "answer_key.json", "answer_key.safetensors"):
            shutil.copy(ROOT / "exercises" / lesson / name, folder)
        notebook = write_in(released(lesson), lesson)
        client = NotebookClient(notebook, resources={"metadata": {"path": folder}})
        first, checks = None, {}
        with client.setup_kernel():
            for index, cell in enumerate(notebook.cells):
                took = timed(client, cell, index)
                if index == 0:
                    loading = took
                if cell.metadata.get("nbgrader", {}).get("grade"):
                    first = first or took
                    repeats = 2 if took > 1000 else AGAIN
                    checks[cell.source] = statistics.median(timed(client, cell, index) for _ in range(repeats))
        return loading, first, checks


def timed(client, cell, index):
    started = time.perf_counter()
    client.execute_cell(cell, index)
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    main(sys.argv[1:] or LESSONS)
