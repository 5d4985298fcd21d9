"""What the statement of each exercise forbids and allows, beside what its checks look at: makes `docs/allowed.md`.

python tests/support/allowed.py > docs/allowed.md
"""

import re
from pathlib import Path

from grader.files import percent
from grader.files.course import Course
from grader.worker.observe import load_checks

ROOT = Path(__file__).resolve().parents[2]
HEAD = """\
# What each exercise allows

Every statement says which of PyTorch's own functions are welcome and which are not, under *Allowed* and *Not allowed*. This
page holds them all, with what the checks look at while an answer runs. It is made from the lessons, and a test fails when it
is out of date: `python tests/support/allowed.py > docs/allowed.md`.

- **forbidden** operations are told by what PyTorch dispatches, whatever the function is called that led there, a TorchScript
  function included. Others of the same family (`grader/families.py`) are forbidden with them.
- **counted**: the number of operations must not grow with the sizes of the inputs.
- Where operations are forbidden or counted, an answer must not leave PyTorch, by NumPy, `.tolist()`, `.apply_()` or a
  pointer: nothing would be dispatched there. `.item()` is dispatched itself, so it is counted and not refused.

What an answer does to hide what it uses is another matter: see "What is not promised" in `SECURITY.md`.
"""
_PARAGRAPH = re.compile(r"^\*\*(Allowed|Not allowed)\.\*\* (.*?)\n(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)")


def rules(course):
    """Lesson and exercise → its statement's two paragraphs by their names, and the checks of the exercise."""
    for lesson in course.lessons():
        files = course.files(lesson)
        checks = load_checks(files.checks).checks.values()
        for cell in percent.split(files.handout):
            if name := re.match(r"## Exercise \d+: `(\w+)`", cell.source):
                found = {kind: " ".join(text.split()) for kind, text in _PARAGRAPH.findall(cell.source + "\n")}
                yield lesson, name[1], found, [check for check in checks if check.exercise == name[1]]


def looked_at(checks):
    """What the checks of an exercise look at while it runs, in a few words."""
    forbidden = list(dict.fromkeys(f"`{name}`" for check in checks for name in check.forbids))
    words = [f"forbidden: {', '.join(forbidden)}"] if forbidden else []
    return "; ".join(words + ["counted"] * any(check.vectorized for check in checks))


def page(course):
    """The page, as Markdown."""
    lines, before = [HEAD], ""
    for lesson, name, found, checks in rules(course):
        if lesson != before:
            lines.append(
                f"\n## {lesson}\n\n| exercise | not allowed | allowed | the checks look at |\n| --- | --- | --- | --- |"
            )
            before = lesson
        told = [_LINK.sub(r"\1", found.get(kind, "")).replace("|", "\\|") for kind in ("Not allowed", "Allowed")]
        lines.append(f"| `{name}` | {told[0]} | {told[1]} | {looked_at(checks)} |")
    return "\n".join(lines).replace("\n\n\n", "\n\n") + "\n"


if __name__ == "__main__":
    print(page(Course(ROOT / "exercises", ROOT / "solutions")), end="")
