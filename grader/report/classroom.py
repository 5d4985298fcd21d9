"""One student's results as an autograding runner of GitHub Classroom hands them to the reporter.

The format: what github.com/classroom-resources/autograding-io-grader (src/main.js) and autograding-python-grader emit, and
autograding-grading-reporter (src/main.js, src/notify-classroom.js, src/helpers/test-helpers.js) reads.
"""

from __future__ import annotations

import json

from grader.judge.result import Result
from grader.messages import say
from grader.report.outcome import AT_MOST, name, notes, short, told

STATUS = {True: "pass", False: "fail", None: "error"}
ROOM = 60_000
"""Bytes of all messages together. A workflow hands the result over in one variable, as base64, of which Linux takes
128 KiB; a character may need four bytes."""


def render(results: list[Result]) -> str:
    """The result as JSON, one test a check. It always has `max_score` and `tests`, each test a `score`: the reporter fails
    without the second and third, and counts no points without the first. A hand-in without an exercise is one test that
    says why."""
    checks = [
        (name(result, exercise, verdict), verdict.passed, verdict.earned, text, result.file)
        for result in results
        for exercise in result.exercises
        for verdict, text in told(exercise)
    ]
    checks += [(short(result.lesson), None, 0.0, notes(result), result.file) for result in results if not result.exercises]
    room = min(AT_MOST, ROOM // (4 * max(1, len(checks))))
    tests = [
        {
            "name": called,
            "status": STATUS[passed],
            "score": earned,
            "message": short(text, room) or None,
            "test_code": "",
            "filename": short(file, 100),
            "line_no": 0,  # none: verdicts speak of lines of a cell
            "duration": 0,
        }
        for called, passed, earned, text, file in checks
    ]
    if unsafe := [item.isolation for item in results if item.isolation != "sandbox" and item.student]:
        # There is no place for notes, and messages are shown of errors alone: so it stands in a name.
        tests[0]["name"] = f"{say('no_sandbox', isolation=unsafe[0])} {tests[0]['name']}"
    found = {passed for _, passed, *_ in checks}
    page = {
        "version": 1,
        "status": STATUS[False if False in found else None if None in found else True],
        "max_score": sum(result.points for result in results),
        "tests": tests,
    }
    return json.dumps(page, ensure_ascii=False)
