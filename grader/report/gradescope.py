"""One student's results as Gradescope's `results.json`.

The format: "Autograder Specifications", gradescope-autograders.readthedocs.io/en/latest/specs, section "Output format"
(its source: github.com/gradescope/autograder_samples, docs/specs.md).
"""

from __future__ import annotations

import json

from grader.judge.result import Result
from grader.report.outcome import name, notes, short, told


def render(results: list[Result]) -> str:
    """One test a check, with its points; what is to be said of the hand-in stands above them.

    All texts are of the format "text", which Gradescope never reads as markup. Hidden checks are "visible" too: of them
    `told` says only that they failed, and Gradescope shows no total to a student while it keeps a test back. What grading
    printed stays with the instructor. There is no score besides those of the tests, so none where nothing was graded.
    """
    tests = [
        {
            "name": name(result, exercise, verdict),
            "score": verdict.earned,
            "max_score": verdict.points,
            "status": "passed" if verdict.passed else "failed",
            "output": text,
            "output_format": "text",
            "visibility": "visible",
        }
        for result in results
        for exercise in result.exercises
        for verdict, text in told(exercise)
    ]
    page = {
        "output": "\n".join(f"{short(result.lesson)}: {notes(result)}" for result in results if notes(result)),
        "output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(page, ensure_ascii=False, indent=1)
