"""Fixtures that several files of tests use: a check with its reference, a small lesson, and answers to both."""

import builtins
import os
import sys
import types
from contextlib import closing

import pytest
from support.classroom import Classroom
from support.question import Question

import grader
from grader import language
from grader.sandbox.workers import trusted
from grader.worker import observe

os.environ[language.VARIABLE] = language.ENGLISH  # whatever language the system of a developer speaks


def pytest_collection_modifyitems(items):
    """Files with slow tests go first: two processes then end at about the same time."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="module")
def worker():
    """What runs a lesson's own code."""
    with closing(trusted()) as worker:
        yield worker


@pytest.fixture(autouse=True)
def as_before():
    """What cells that run in this process leave behind does not reach the next test: stand-ins of IPython's, which rich
    would take for a notebook, the lesson that a notebook said it belongs to, and the start of random numbers that `verify`
    puts in."""
    same_start = observe._same_start
    yield
    observe._same_start = same_start
    for name in {"display", "get_ipython"} & vars(builtins).keys():
        delattr(builtins, name)
    vars(grader).pop("check", None)  # it is imported anew where it is asked for
    if at_hand := sys.modules.get("grader.integrations.at_hand"):
        at_hand._notebook = at_hand._Notebook()


@pytest.fixture
def question():
    return Question


@pytest.fixture
def classroom(monkeypatch):
    for name in ("__main__", "submission", "checks", "lesson"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    for name in ("display", "get_ipython"):
        monkeypatch.setattr(builtins, name, print, raising=False)
    monkeypatch.setattr(grader, "check", None, raising=False)
    return Classroom()
