"""What a student's machine has for the exercises: Python, PyTorch, a GPU, a kernel for notebooks, room on the disk."""

from __future__ import annotations

import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from grader.sandbox.doctor import Protection

ROOM_GB = 0.2
"""Room that the exercises need: their files, and what Python leaves beside them."""
INSTRUCTORS = "nbgrader"
"""The package by which an instructor's installation is known."""


def examine(folder: Path) -> list[Protection]:
    """What there is. Nothing of it but room on the disk can be missing where this runs."""
    return [_python(), _pytorch(), _gpu(), _kernel(), _disk(folder)]


def _python() -> Protection:
    return Protection("Python", True, f"{platform.python_version()}, at {sys.executable}.")


def _pytorch() -> Protection:
    return Protection("PyTorch", True, f"{version('torch')}, with torch-exercise-kit {_version('torch-exercise-kit')}.")


def _gpu() -> Protection:
    import torch

    if torch.cuda.is_available():
        return Protection("GPU", True, f"{torch.cuda.get_device_name()}. Checks try your answers there too.", needed=False)
    if torch.backends.mps.is_available():
        return Protection("GPU", True, "Apple's. The exercises run on the CPU all the same.", needed=False)
    return Protection("GPU", False, "There is none that PyTorch can use. The exercises need none.", needed=False)


def _kernel() -> Protection:
    if find_spec("ipykernel") is None:
        how = f"{sys.executable} -m pip install 'torch-exercise-kit[notebook]'"
        says = f"There is none, so notebooks can't be run; scripts can. To get one: {how}"
        return Protection("notebooks", False, says, needed=False)
    lab = "and JupyterLab" if find_spec("jupyterlab") else "but no JupyterLab: use an editor that opens notebooks"
    return Protection("notebooks", True, f"There is a kernel, ipykernel {_version('ipykernel')}, {lab}.", needed=False)


def _disk(folder: Path) -> Protection:
    free = shutil.disk_usage(folder).free / 1e9
    says = f"{free:.1f} GB are free where you are."
    return Protection("disk", free >= ROOM_GB, says, "" if free >= ROOM_GB else f"Make room: {ROOM_GB} GB are needed.")


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
