"""The command line, as a user calls it."""

import os
import subprocess
import sys
from pathlib import Path

GRADER = Path(sys.executable).with_name("grader")


def run(*words, cwd, expect=0, **variables):
    """What a command prints, with --json its JSON alone; it ends with this exit code, and without a traceback."""
    done = subprocess.run(
        [*map(str, words)], cwd=cwd, env=os.environ | variables, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if "--json" in words else done.stdout + done.stderr


def grader(*words, cwd, expect=0, **variables):
    """What `grader` prints, as `run` gives it."""
    return run(GRADER, *words, cwd=cwd, expect=expect, **variables)
