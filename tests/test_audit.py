"""An audit finds the holes in a lesson's checks, and holds its author to the list of edits that change nothing."""

from dataclasses import replace

import pytest
from lessons import TINY

from grader import audit, verify
from grader.key import CourseError
from grader.sandbox.pool import Sandbox

LISTED = """
[[equivalent]]
exercise = "double"
was = "return X * torch.tensor(2.0)"
now = "{now}"
because = "it is the same number"
"""


@pytest.fixture(scope="module")
def worker():
    worker = Sandbox()
    yield worker
    worker.close()


SAME = ("return X * torch.tensor(2.0)", "return X * 2.0")
"""An edit of the tiny lesson's reference that changes nothing."""


def audited(files):
    return audit.audit(files, Sandbox, 1)


def test_checks_without_a_hole_let_nothing_through():
    found = audited(TINY)
    assert found.tried > 15
    assert [answer.edit for answer in found.survivors] == [SAME]


def test_a_hole_is_found_and_shown_as_an_edit():
    blind = replace(
        TINY, checks=TINY.checks.replace('normal("n m")', "value(2.0)").replace('normal("a b c")', "value(2.0)")
    )
    blind = replace(blind, checks=blind.checks.replace("normal", "value"))
    edits = {answer.edit for answer in audited(blind).survivors}
    assert ("return X * torch.tensor(2.0)", "return X + torch.tensor(2.0)") in edits
    assert ("return X * torch.tensor(2.0)", "return X - torch.tensor(2.0)") not in edits


def test_an_edit_that_is_listed_with_its_reason_is_no_survivor():
    found = audited(replace(TINY, equivalents=LISTED.format(now=SAME[1])))
    assert (found.survivors, found.stale) == ([], [])


def test_a_listed_edit_that_a_check_catches_is_stale():
    files = replace(TINY, equivalents=LISTED.format(now="return X + torch.tensor(2.0)"))
    assert [item.now for item in audited(files).stale] == ["return X + torch.tensor(2.0)"]


def test_verify_says_which_listed_edit_can_no_longer_be_made(worker):
    files = replace(TINY, equivalents=LISTED.format(now="return 7"))
    assert any("return 7" in problem for problem in verify.verify(files, worker))


def test_a_list_that_can_not_be_read_is_said_to_be_so():
    with pytest.raises(CourseError, match=r"equivalents\.toml can't be read"):
        audited(replace(TINY, equivalents="[[equivalent]]\nexercise = 3\n"))
