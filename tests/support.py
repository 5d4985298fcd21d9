"""What several files of tests build and call: a notebook's bytes, and the command line as a user calls it."""

import json
import os
import subprocess


def cell(source, kind="code", **metadata):
    return {"cell_type": kind, "metadata": metadata, "source": source}


def notebook(*cells, minor=5, version=4, **metadata):
    """A notebook's bytes; a cell given as text is a code cell."""
    made = [cell(item) if isinstance(item, str) else item for item in cells]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": version, "nbformat_minor": minor}).encode()


def run(*words, cwd, expect=0, **variables):
    """What a command prints; it ends with this exit code, and without a traceback."""
    done = subprocess.run(
        [*map(str, words)], cwd=cwd, env=os.environ | variables, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr
