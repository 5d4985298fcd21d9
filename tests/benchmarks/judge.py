"""How much memory the judging process takes over the attacks of `tests/attacks/`, each graded on its own: the most over all
of them, and by which. It is a program and no test.

    python tests/benchmarks/judge.py [GROUP …]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from system import test_attacks as corpus

MOST = 5
"""Attacks that are listed, those that take the most first."""


def peak() -> float:
    """The most memory that this process has held since it was asked last, in MB."""
    status = Path("/proc/self/status").read_text()
    Path("/proc/self/clear_refs").write_text("5")  # the kernel begins to look anew
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def main(groups: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room = corpus.Class(Path(folder))
        try:
            peak()
            room.graded("victim")
            print(f"An honest hand-in: {peak():.0f} MB.")
            found = {}
            for name, attack in corpus.attacks().items():
                if groups and name.split("/")[0] not in groups:
                    continue
                student = f"attacker-{name.replace('/', '-')}"
                target = room.submitted / student / corpus.LESSON
                if attack.is_dir():
                    shutil.copytree(attack, target, symlinks=True)
                else:
                    room.hand_in(student, corpus.text_of(attack))
                room.graded(student)
                found[name] = peak()
        finally:
            room.grader.close()
    print(f"{len(found)} attacks, one after the other; at most:")
    for name in sorted(found, key=lambda name: -found[name])[:MOST]:
        print(f"{found[name]:6.0f} MB  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
