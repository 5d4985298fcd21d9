"""One student's results as an `autograder.py` of Classroom 50 leaves them in `result.json`, schema `classroom50/result/v1`.

The format: github.com/foundation50/classroom50, wiki, page "Advanced Autograding". Scores there are whole numbers.
"""

from __future__ import annotations

import datetime
import json
import os
from fractions import Fraction
from math import lcm

from grader.judge.result import Result
from grader.messages import together
from grader.report.outcome import AT_MOST, name, notes, short, told

ABOUT = {
    "classroom": "CLASSROOM", "assignment": "ASSIGNMENT", "submission": "SUBMISSION_TAG", "commit": "COMMIT_URL",
    "release": "RELEASE_URL", "review": "REVIEW_URL",
}  # fmt: skip
"""What is copied from the environment that a run of Classroom 50 has."""
ROOM = 60_000
"""Characters of all messages together."""


def render(results: list[Result]) -> str:
    """The result as JSON, one test per check. Where some points are not whole numbers, all are multiplied by `points-scale`,
    a field of ours beside those of the schema, as is `message`. A hand-in without an exercise is one test that says why."""
    checks = [
        (name(result, exercise, verdict), verdict.passed is True, verdict.earned, verdict.points, text)
        for result in results
        for exercise in result.exercises
        for verdict, text in told(exercise)
    ]
    checks += [(short(result.lesson), False, 0.0, 0.0, notes(result)) for result in results if not result.exercises]
    scale = lcm(*(Fraction(points).limit_denominator(100).denominator for *_, points, _ in checks), 1)
    room = min(AT_MOST, ROOM // max(1, len(checks)))
    tests = [
        {
            "test-name": called,
            "passed": passed,
            "score": round(scale * earned),
            "max-score": round(scale * points),
            "message": short(text, room),
        }
        for called, passed, earned, points, text in checks
    ]
    page = {
        "schema": "classroom50/result/v1",
        **{field: os.environ.get(variable, "") for field, variable in ABOUT.items()},
        "datetime": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "score": sum(test["score"] for test in tests),  # type: ignore[misc]
        "max-score": sum(test["max-score"] for test in tests),  # type: ignore[misc]
        "tests": tests,
        "points-scale": scale,
        "notes": together(*filter(None, map(notes, results))),
    }
    return json.dumps(page, ensure_ascii=False)
