"""How long `grader watch` takes from a save to the answer on the screen: `python tests/benchmarks/watch.py [SAVES]`.

For each exercise that does not train: a right answer and a wrong one are saved in turn, as an editor does, in a terminal of
60 columns. Prints the median and the 95th percentile, of each and of all.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.terminal import Terminal

from grader.author import simulate
from grader.files import course

GRADER = Path(sys.executable).with_name("grader")
ROOT = Path(__file__).parents[2]
EXERCISES = [
    "tensors/cat_along", "tensors/joined_shape", "gradients/zero_gradients", "training/grad_clipping", "softmax/softmax",
    "convolution/corr2d", "batch_norm/batch_norm",
]  # fmt: skip
MEDIAN, P95 = 0.1, 0.25
"""Seconds that are promised."""


def times(name, folder, author, saves):
    """Seconds from save to answer, for an exercise."""
    lesson, exercise = name.split("/")
    file = course.find(folder).folder(lesson) / f"{lesson}.py"
    author.write(file.parent, author.right, ".py")
    right = file.read_text(encoding="utf-8")
    wrong = f"{right}\n\n# %%\ndef {exercise}(*args):\n    return args\n"
    file.write_text(right, encoding="utf-8")
    terminal, found = Terminal(GRADER, "watch", name, cwd=folder), []
    try:
        terminal.wait_for(rf"⌫.*✓.*{exercise}.*q quit")
        for number in range(saves):
            time.sleep(0.3)  # as a student would, once the answer has been read
            text, mark = (wrong, "[○✗]") if number % 2 == 0 else (right, "✓")
            began = time.perf_counter()
            file.write_text(f"{text}\n# {number}\n", encoding="utf-8")
            terminal.wait_for(rf"⌫.*{mark}.*{exercise}.*q quit")
            found.append(time.perf_counter() - began)
    finally:
        terminal.close()
    return found


def main():
    saves = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    found, authors = [], course.find(ROOT)
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([GRADER, "start", work], check=True, capture_output=True)
        for name in EXERCISES:
            took = times(name, Path(work), simulate.Author(authors.files(name.partition("/")[0])), saves)
            found += took
            print(f"{name:28} {said(took)}", flush=True)
    print(f"{'all':28} {said(found)}; promised: {MEDIAN * 1000:.0f} and {P95 * 1000:.0f} ms")


def said(took):
    return f"p50 {statistics.median(took) * 1000:4.0f} ms, p95 {statistics.quantiles(took, n=20)[-1] * 1000:4.0f} ms"


if __name__ == "__main__":
    main()
