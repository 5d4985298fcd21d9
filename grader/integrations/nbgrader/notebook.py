"""The autograded notebook: what a student wrote, and the feedback below each check."""

from __future__ import annotations

from copy import deepcopy

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.files.answer_file import Written
from grader.files.source import DEFINES
from grader.judge.result import ExerciseResult, Result
from grader.messages import say
from grader.report import html, text
from grader.report.outcome import listed
from grader.report.printable import printable, quoted


def points(released: NotebookNode) -> dict[str, float]:
    """What each exercise of a released notebook is worth."""
    found = [cell.metadata.nbgrader for cell in _marked(released) if cell.metadata.nbgrader.grade]
    return {about.grade_id if about.solution else about.grade_id.removeprefix("check_"): about.points for about in found}


def _marked(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]


def autograded(result: Result, released: NotebookNode, written: list[Written]) -> NotebookNode:
    """The autograded notebook. What nbgrader knows a cell by comes from the release alone, whatever the student changed."""
    marked = {cell.metadata.nbgrader.grade_id: cell for cell in _marked(released)}
    prose = {cell.source: cell for cell in released.cells if cell.cell_type == "markdown"}
    of_exercise = {each.exercise: each for each in result.exercises}
    answers = {index: name for name in of_exercise if (index := _answer(name, written)) is not None}
    checks = {cell.source for cell in marked.values()}
    cells = _about(result)
    for index, cell in enumerate(written):
        if index in answers:
            cells += _pair(of_exercise.pop(answers[index]), marked, cell.source)
        elif cell.kind != "code" and cell.grade_id in of_exercise and of_exercise[cell.grade_id].in_words:
            del of_exercise[cell.grade_id]
            cells.append(new_markdown_cell(quoted(cell.source), metadata=marked[cell.grade_id].metadata))
        elif cell.kind == "code" and not (cell.is_check and cell.source in checks):
            cells.append(new_code_cell(_code(cell.source)))
        elif cell.kind != "code":
            cells.append(deepcopy(prose.get(cell.source)) or new_markdown_cell(quoted(cell.source)))
    for missing in of_exercise.values():
        if missing.in_words:
            cells.append(new_markdown_cell(missing.summary, metadata=marked[missing.exercise].metadata))
        else:
            cells += _pair(missing, marked, "")
    for number, made in enumerate(cells):
        made["id"] = f"cell-{number}"
    return new_notebook(cells=cells, metadata=released.metadata)


def _answer(name: str, written: list[Written]) -> int | None:
    """Which cell holds the answer to an exercise: the last that defines it, or else the one that was meant for it."""
    defining = [index for index, cell in enumerate(written) if cell.kind == "code" and name in DEFINES.findall(cell.source)]
    meant = [index for index, cell in enumerate(written) if cell.kind == "code" and cell.grade_id == name]
    found = defining or meant
    return found[-1] if found else None


def _pair(of: ExerciseResult, marked: dict[str, NotebookNode], answer: str) -> list[NotebookNode]:
    """The cell of an answer, and that of its check with the feedback below it."""
    solution, check = marked[of.exercise], marked[f"check_{of.exercise}"]
    shown = _shown(html.exercise(of, graded=True), text.plain(of))
    return [
        new_code_cell(_code(answer), metadata=solution.metadata),
        new_code_cell(check.source, metadata=check.metadata, outputs=[shown]),
    ]


def _code(source: str) -> str:
    """A student's code with all of its characters to be seen: some turn the direction of what stands after them."""
    return printable(source.replace("\r\n", "\n"))


def _about(result: Result) -> list[NotebookNode]:
    """A cell with what there is to say of the hand-in itself: notes, what was printed, and how it was run."""
    if not (result.notes or result.printed or result.isolation != "sandbox"):
        return []
    shown = _shown(html.about(result), "\n".join(listed(result.notes)))
    return [new_code_cell(say("about_cell", lesson=result.lesson), outputs=[shown])]


def _shown(page: str, plain: str) -> NotebookNode:
    return new_output("display_data", {"text/html": page, "text/plain": plain})
