"""What a student's machine has for the exercises: Python, PyTorch, a GPU, a kernel for notebooks, room on the disk."""

from __future__ import annotations

import platform
import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from grader.messages import say
from grader.sandbox.doctor import Protection

ROOM_GB = 0.2
"""Room that the exercises need: their files, and what Python leaves beside them."""
INSTRUCTORS = "nbgrader"
"""The package by which an instructor's installation is known."""


def examine(folder: Path) -> list[Protection]:
    """What there is. Nothing of it but room on the disk can be missing where this runs."""
    return [_python(), _pytorch(), _gpu(), _kernel(), _disk(folder)]


def _python() -> Protection:
    return Protection("Python", True, say("doctor_python", version=platform.python_version(), path=sys.executable))


def _pytorch() -> Protection:
    return Protection("PyTorch", True, say("doctor_pytorch", version=version("torch"), kit=_version("torch-exercise-kit")))


def _gpu() -> Protection:
    import torch

    if torch.cuda.is_available():
        return Protection("GPU", True, say("doctor_gpu", name=torch.cuda.get_device_name()), needed=False)
    if torch.backends.mps.is_available():
        return Protection("GPU", True, say("doctor_apple"), needed=False)
    return Protection("GPU", False, say("doctor_no_gpu"), needed=False)


def _kernel() -> Protection:
    if find_spec("ipykernel") is None:
        how = f"{sys.executable} -m pip install 'torch-exercise-kit[notebook]'"
        return Protection("notebooks", False, say("doctor_no_kernel", how=how), needed=False, called=say("doctor_notebooks"))
    there = say("doctor_lab" if find_spec("jupyterlab") else "doctor_no_lab", version=_version("ipykernel"))
    return Protection("notebooks", True, there, needed=False, called=say("doctor_notebooks"))


def _disk(folder: Path) -> Protection:
    free = shutil.disk_usage(folder).free / 1e9
    lacking = "" if free >= ROOM_GB else say("doctor_make_room", needed=ROOM_GB)
    return Protection("disk", not lacking, say("doctor_disk", free=f"{free:.1f}"), lacking, called=say("doctor_room"))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return say("doctor_not_installed")
