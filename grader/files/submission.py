"""What a student handed in → the one file to grade, and sentences about what is odd about the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from grader.digest import digest
from grader.files import answer_file
from grader.files.answer_file import Code, Unreadable, Written
from grader.files.names import as_told, ignored, lesson_of_file, storable
from grader.messages import in_a_row, in_every_language, say

SUFFIXES = (".ipynb", ".py")
NOT_ANSWERS = {"checks.py"}
"""Files of a release that lie beside the answer."""
_ANSWER = re.compile(r"\.(?:ipynb|py)(?:\.txt|\.json)?$", re.IGNORECASE)
"""What an answer's name ends in; browsers and mail programs add to it."""
_BINDS = r"^[ \t>.]*(?:(?:def|class)[ \t]+{name}\b|{name}[ \t]*=)"
UNWRITTEN = "is not written yet"
"""What a stub's NotImplementedError says behind the name of its exercise; the release builder writes it."""
FILES_AT_MOST, MEGABYTES_AT_MOST = 50, 60
"""Files of which it is still looked which one is the answer, and their size. One with the lesson's name is read whatever
else lies there."""
BESIDE_AT_MOST, BESIDE_BYTES_AT_MOST = 20, 1 << 20
"""How many Python files may lie beside an answer for it to import, and their size in all."""


@dataclass
class Submission:
    """What a student handed in for a lesson: its code cells, and sentences about what is odd about the files."""

    student: str
    lesson: str
    code: list[Code] = field(default_factory=list)
    file: str = ""
    notes: list[str] = field(default_factory=list)
    handed_in: str = ""
    """When, as nbgrader wrote it into `timestamp.txt`; nothing where it did not."""
    beside: dict[str, str] = field(default_factory=dict)
    """The text of the Python files that lie beside the graded one, by name, and its own if it is a script: it may import or
    read them."""
    written: dict[str, str] = field(default_factory=dict)
    """The cells of text that have a name, by it: answers in words among them."""

    @property
    def cells(self) -> list[str]:
        return [cell.source for cell in self.code]

    @property
    def digest(self) -> str:
        texts = [text for item in [*sorted(self.beside.items()), *sorted(self.written.items())] for text in item]
        return digest([self.file, *map(str, self.code), *self.notes, *texts])

    def words(self, name: str) -> str | None:
        """An answer in words: nothing where its cell is as it was given out, None where there is no cell."""
        text = self.written.get(name)
        return "" if text is not None and not _begun(text) else text

    def state_in_words(self, name: str) -> Literal["by_hand", "missing", "stub"]:
        """The state of an answer in words."""
        text = self.words(name)
        return "by_hand" if text else "missing" if text is None else "stub"

    def place(self, index: int, line: int) -> str:
        """Where a student finds a line of a cell, lines counted from 1."""
        at = self.code[index].at
        if answer_file.is_notebook(self.file):
            return say("in_notebook", line=line, cell=at)
        return say("in_script", line=at + line - 1, file=self.file)


def of_cells(lesson: str, cells: Sequence[str]) -> Submission:
    """Pieces of code as the cells of a notebook."""
    return Submission("", lesson, [Code(text, number) for number, text in enumerate(cells, 1)], f"{lesson}.ipynb")


@dataclass
class _Candidate:
    """A file that may be the answer."""

    path: Path
    code: list[Code]
    notes: list[str]
    changed: bool
    answers: bool
    """Whether it defines an exercise, and not as a stub."""
    named: bool
    """Whether it has the lesson's name, as it was given out."""
    prose: list[Written]
    """Its cells of text."""
    checks: list[Written]
    """Its cells with a check."""

    @property
    def written(self) -> dict[str, str]:
        """Those that have a name."""
        return {cell.grade_id: cell.source for cell in self.prose if cell.grade_id}


def read(
    folder: Path, student: str, lesson: str, released: dict[str, str], exercises: Sequence[str] = (), file: str = ""
) -> Submission:
    """Read what a student handed in, `folder` being `submitted/<student>/<lesson>`, or the student's own folder where the
    file lies loose in it.

    Args:
        released: digests of the files as they were given out (`answer_file.release_digest`), by suffix, with their language
            behind it where they are in several.
        exercises: the names that answers to the lesson define.
        file: the name of the file that a student has asked about, whatever is in the others.

    Returns:
        A submission in every case; one without cells has a note that says why.
    """
    submission = Submission(as_told(student), as_told(lesson), handed_in=noted(folder, "timestamp.txt"))
    try:
        _choose(folder, submission, released, exercises, file)
    except Unreadable as reason:
        submission.notes.append(str(reason))
    except OSError as error:
        submission.notes.append(say("cannot_read", file=folder.name, reason=error.strerror))
    submission.file = storable(submission.file)
    submission.notes = [storable(note) for note in submission.notes]
    return submission


def _choose(folder: Path, submission: Submission, released: dict[str, str], exercises: Sequence[str], file: str) -> None:
    """Read the one file to grade: one that was changed since it was given out rather than one that was not, one that has the
    lesson's name rather than another, a notebook rather than a script."""
    lesson = submission.lesson
    loose = as_told(folder.name) == submission.student  # then what is above it is the class's
    if not loose and folder.parent.is_symlink():
        raise Unreadable(say("a_link", file=folder.parent.name))
    found = _answers(folder, lesson)
    candidates, problems = [], []
    for path in found:
        notes: list[str] = []
        try:
            code = answer_file.read(path, notes)
        except Unreadable as reason:
            problems.append(str(reason))
            continue
        written = answer_file.as_written(path)
        prose, checks = [cell for cell in written if cell.kind != "code"], [cell for cell in written if cell.is_check]
        named = path.name in (f"{lesson}{suffix}" for suffix in SUFFIXES)
        candidates.append(_Candidate(path, code, notes, False, _answers_one(code, exercises), named, prose, checks))
        begun = any(map(_begun, candidates[-1].written.values()))
        candidates[-1].changed = begun or answer_file.release_digest(code) not in released.values()
    chosen = _best([item for item in candidates if item.path.name == file] or candidates, submission)
    submission.notes += problems
    if chosen is None:
        return
    submission.file, submission.code = chosen.path.relative_to(folder).as_posix(), chosen.code
    submission.notes += chosen.notes
    _tell_others(chosen, candidates, submission)
    _tell_text_cells(chosen, exercises, submission)
    _tell_check_cells(chosen, exercises, submission)
    submission.written = chosen.written
    submission.beside = _beside(chosen, candidates)
    if not chosen.code:
        submission.notes.append(say("no_code", file=chosen.path.name))


def _answers(folder: Path, lesson: str) -> list[Path]:
    """The files that may be answers.

    Raises:
        Unreadable: there are none.
    """
    if folder.is_symlink():
        raise Unreadable(say("a_link", file=folder.name))
    if not folder.exists():
        raise Unreadable(say("no_folder", lesson=lesson))
    if not folder.is_dir():
        raise Unreadable(say("not_a_folder", name=folder.name, lesson=lesson))
    there = sorted(item for item in folder.iterdir() if not ignored(item.name))
    found = [item for item in there if _ANSWER.search(item.name) and item.name.lower() not in NOT_ANSWERS]
    if len(found) > FILES_AT_MOST or sum(item.lstat().st_size for item in found) > MEGABYTES_AT_MOST << 20:
        meant = [item for item in found if item.name in (f"{lesson}{suffix}" for suffix in SUFFIXES)]
        if not meant:
            raise Unreadable(say("many_files", number=len(found), lesson=lesson))
        return meant
    below = [item for item in there if item.is_dir() and not item.is_symlink()]
    if not found and len(below) == 1:  # a folder in the folder, as some archives make it
        return _answers(below[0], lesson)
    if not found and not there:
        raise Unreadable(say("empty_folder", lesson=lesson))
    if not found:
        names = in_a_row(item.name for item in there[:10])
        raise Unreadable(say("no_file", lesson=lesson, found=names))
    return found


def _suffix(path: Path) -> str:
    return ".ipynb" if answer_file.is_notebook(path.name) else ".py"


def _text(code: list[Code]) -> str:
    return "\n".join(cell.source for cell in code)


def _answers_one(code: list[Code], exercises: Sequence[str]) -> bool:
    text = _text(code)
    return any(f"{name} {UNWRITTEN}" not in text and definition(text, name) for name in exercises)


def definition(text: str, name: str) -> re.Match[str] | None:
    """Where code binds a name."""
    if name not in text:  # as in most cells, and a pattern takes longer to find that out
        return None
    return re.search(_BINDS.format(name=re.escape(name)), text, re.MULTILINE)


def _best(candidates: list[_Candidate], submission: Submission) -> _Candidate | None:
    """The file to grade.

    Raises:
        Unreadable: several may be meant.
    """
    if not candidates:
        return None
    lesson = submission.lesson

    def rank(item: _Candidate) -> tuple[bool, ...]:
        means_it = bool(lesson_of_file(item.path.name, [lesson]))
        is_answer = item.answers or item.named or means_it
        return (item.changed and is_answer, item.answers, item.named, means_it, _suffix(item.path) == ".ipynb")

    ranked = sorted(candidates, key=rank, reverse=True)
    best = ranked[0]
    equals = [item for item in ranked if rank(item) == rank(best)]
    if not best.named and len({answer_file.release_digest(item.code) for item in equals}) > 1:
        names = in_a_row(item.path.name for item in equals)
        raise Unreadable(say("several", files=names, lesson=lesson))
    if not best.named:
        untouched = [item.path.name for item in candidates if item.named and not item.changed]
        note = say("instead", file=best.path.name, untouched=in_a_row(untouched)) if untouched else None
        submission.notes.append(note or say("other_name", file=best.path.name, lesson=lesson))
    return best


def _tell_others(chosen: _Candidate, candidates: list[_Candidate], submission: Submission) -> None:
    """Name the files with answers in them that are not graded."""
    others = [item for item in candidates if item is not chosen and item.changed and (item.answers or item.named)]
    if [item.named for item in others] == [True] and chosen.named:
        notebook, script = sorted((chosen.path.name, others[0].path.name))  # .ipynb comes before .py
        submission.notes.append(say("both", notebook=notebook, script=script))
    elif others:
        names = in_a_row(item.path.name for item in others)
        submission.notes.append(say("passed_over", file=chosen.path.name, others=names))


def _begun(text: str) -> bool:
    """Whether a cell for an answer in words is not as it was given out."""
    return text.strip() not in ("", *in_every_language("your_answer"))


def _tell_text_cells(chosen: _Candidate, exercises: Sequence[str], submission: Submission) -> None:
    """Name the exercises that are defined in a text cell alone, where nothing is run."""
    prose = [Code(cell.source, 0) for cell in chosen.prose if cell.kind == "markdown"]
    for name in exercises:
        if _answers_one(prose, [name]) and not definition(_text(chosen.code), name):
            submission.notes.append(say("in_text_cell", name=name))


def _tell_check_cells(chosen: _Candidate, exercises: Sequence[str], submission: Submission) -> None:
    """Name the exercises whose check cell is not as it was given out."""
    stand = {cell.grade_id: cell.source.strip() for cell in chosen.checks}
    changed = [f"`{name}`" for name in exercises if stand.get(f"check_{name}", whole := f'check("{name}")') != whole]
    if changed:
        submission.notes.append(say("check_cells", names=in_a_row(changed)))


def _beside(chosen: _Candidate, candidates: list[_Candidate]) -> dict[str, str]:
    """The scripts that the graded file may import, as far as there is room for them."""
    kept: dict[str, str] = {}
    room = BESIDE_BYTES_AT_MOST
    for item in candidates:
        if item.path.name.endswith(".py") and len(kept) < BESIDE_AT_MOST:
            text = answer_file.content(item.path).decode("utf-8", "replace")
            room -= len(text)
            if room >= 0:
                kept[item.path.name] = text
    return kept


def noted(folder: Path, name: str) -> str:
    """What nbgrader noted of a hand-in, in a small file beside it; nothing where there is none, or none that can be read."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return ""
    try:
        return answer_file.content(folder / name)[:200].decode("utf-8-sig", "replace").strip()
    except Unreadable:
        return ""
