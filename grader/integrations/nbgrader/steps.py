"""What stands in the place of nbgrader's preprocessors: stubs are written, and hand-ins graded, as the kit does it."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.author import release
from grader.files import answer_file
from grader.integrations.nbgrader.notebook import autograded
from grader.messages import say


class WriteStubs(NbGraderPreprocessor):
    """Stands where ClearSolutions stood: the stubs name what is missing, which the grader tells them by."""

    def preprocess_cell(self, cell: NotebookNode, resources: ResourcesDict, index: int) -> tuple[Any, Any]:
        if cell.cell_type == "code":
            cell.source = release.stubbed(cell.source).rstrip("\n")
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = say("your_answer")
        return cell, resources


class GradeInSandbox(NbGraderPreprocessor):
    """Stands where Execute stood: grades the hand-in in the sandbox, records what it earned, and makes the autograded
    notebook: what the student wrote, each exercise followed by its check, which shows the feedback."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        converter = self.parent.parent  # ours: `Autograde` in the module beside
        item = converter.hand_ins[resources["nbgrader"]["student"]]
        result = converter.grader.one(item, force=True)
        converter.grader.record([result])
        converter.graded = result
        written = answer_file.as_written(item.folder / result.file) if result.file else []
        return autograded(result, converter.released(item.lesson), written), resources
