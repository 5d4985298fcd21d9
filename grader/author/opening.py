"""What a notebook opens with: its title, with badges where the course has an address, and the cell that gets its checks."""

from __future__ import annotations

import json
import textwrap

from grader.digest import file_digest
from grader.files.names import released_in
from grader.files.source import LessonFiles
from grader.messages import say

KIT = "torch-exercise-kit"
RELEASE_DIGITS = 8
_FIRST_CELL = """\
# {run_first}
# {installs_them}
from importlib.util import find_spec

if not find_spec("grader"):
    import subprocess, sys

    # {pytorch_stays}
    pip = [sys.executable, "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "{kit}"])
    subprocess.run([*pip, "msgspec", "safetensors", "jinja2", "rich"])
if find_spec("grader"):
    from grader import check, hint, next_exercise, progress, use_lesson

    use_lesson("{lesson}", release="{release}")
else:
    print(
{no_kit}
    )"""
_COLAB, _KAGGLE = "https://colab.research.google.com", "https://www.kaggle.com"
_BADGES = (
    f"[![Open in Colab]({_COLAB}/assets/colab-badge.svg)]({_COLAB}/github/{{path}}) "
    f"[![Open in Kaggle]({_KAGGLE}/static/images/open-in-kaggle.svg)]"
    f"({_KAGGLE}/kernels/welcome?src=https://github.com/{{path}})"
)


def first_cell(files: LessonFiles) -> str:
    """The code that imports `check`, installing it where it is missing, and says which checks belong to the notebook.

    It is plain Python: a magic would have the sandbox import IPython for every hand-in. PyTorch is left alone: the kit is
    installed without what it depends on, and none of the small packages that it needs beside PyTorch depends on PyTorch.
    """
    release = file_digest(files.public_checks.encode())[:RELEASE_DIGITS]
    lines = [f"        {json.dumps(line, ensure_ascii=False)}" for line in textwrap.wrap(say("no_kit"), 65)]
    comments = {name: say(name) for name in ("run_first", "installs_them", "pytorch_stays")}
    return _FIRST_CELL.format(kit=KIT, lesson=files.name, release=release, no_kit=",\n".join(lines), **comments)


def opens_with(digest: str, code: str) -> bool:
    """Whether a notebook's code opens as the release does whose `checks.py` has this digest."""
    return bool(digest) and f'release="{digest[:RELEASE_DIGITS]}"' in code


def with_badges(title: str, files: LessonFiles) -> str:
    """The text of the cell with the title, with links below it that open the notebook in Colab and in Kaggle. They can open
    what lies on GitHub; a course without an address there gets none."""
    if not files.repository:
        return title
    first, _, rest = title.partition("\n")
    path = f"{files.repository}/{released_in(files.language)}/{files.name}/{files.name}.ipynb"
    return f"{first}\n\n{_BADGES.format(path=path)}\n{rest}"
