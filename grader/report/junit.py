"""Results as JUnit XML, which CI servers read: one test suite per hand-in, one test case per check.

The format: junit-10.xsd of Jenkins' xunit plugin (github.com/jenkinsci/xunit-plugin,
src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd).
"""

from __future__ import annotations

from xml.etree import ElementTree

from grader.judge.result import Result
from grader.report.outcome import notes, short, told

NO_XML = {0xFFFE: r"\ufffe", 0xFFFF: r"\uffff"}
"""The characters that are printable, and that XML 1.0 has no way to write."""


def render(results: list[Result]) -> str:
    """The page. What did not pass is a failure, an exercise that is not written yet too; what could not be judged is an
    error, and so is a hand-in without an exercise; what a person grades is neither. Nothing is skipped: a skipped test
    leaves CI green."""
    root = ElementTree.Element("testsuites")
    for result in results:
        _suite(root, result)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _suite(root: ElementTree.Element, result: Result) -> None:
    called = f"{result.student}/{result.lesson}" if result.student else result.lesson
    suite = ElementTree.SubElement(root, "testsuite", name=_text(called))
    for exercise in result.exercises:
        kind = ", ".join(exercise.mistakes) or exercise.state
        for verdict, text in told(exercise):
            problem = (
                None if verdict.passed or exercise.state == "by_hand" else "error" if verdict.passed is None else "failure"
            )
            _case(suite, f"{result.lesson}.{exercise.exercise}", verdict.check, problem, kind, text)
    if not result.exercises:
        _case(suite, result.lesson, "hand-in", "error", "unjudged", notes(result))
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    if result.graded:
        suite.set("timestamp", result.graded)
    if said := notes(result):
        ElementTree.SubElement(suite, "system-out").text = _text(said)


def _case(suite: ElementTree.Element, group: str, name: str, problem: str | None, kind: str, text: str) -> None:
    """A test case, with its problem if it has one: the first line for a list, all of it for who opens it."""
    case = ElementTree.SubElement(suite, "testcase", classname=_text(group), name=_text(name))
    if problem:
        message, _, _ = text.partition("\n")
        ElementTree.SubElement(case, problem, message=_text(message), type=_text(kind)).text = _text(text)


def _text(text: str) -> str:
    return short(text).translate(NO_XML)
