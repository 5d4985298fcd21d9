"""Whether the grader can run here: on this Python, with the packages that are installed. Any Python from 3.8 can read it."""

from __future__ import annotations

import sys
from importlib.util import find_spec

PYTHON = (3, 11)
PACKAGES = (
    "torch",
    "numpy",
    "safetensors",
    "msgspec",
    "typer",
    "jinja2",
    "rich",
    "matplotlib",
    "prompt_toolkit",
    "watchfiles",
)


def problem() -> str:
    """What is missing, as a sentence that says what to do; empty where nothing is."""
    from grader.messages import say

    if sys.version_info < PYTHON:
        return say("old_python", here=_dotted(sys.version_info[:2]), needed=_dotted(PYTHON))
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if "torch" in missing:
        return say("no_torch", python=sys.executable)
    return say("no_packages", names=", ".join(missing), python=sys.executable) if missing else ""


def versions() -> str:
    """The versions that a report of a fault should name. Nothing is imported for it: PyTorch takes seconds."""
    from importlib.metadata import PackageNotFoundError, version

    found = {"torch-exercise-kit": "", "Python": _dotted(sys.version_info[:3]), "torch": "", "torchvision": ""}
    for name in found:
        try:
            found[name] = found[name] or version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return "\n".join("{} {}".format(*item) for item in found.items())


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))
