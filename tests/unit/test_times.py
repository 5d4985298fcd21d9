"""Times of hand-ins: read as nbgrader reads them, and a sentence where that is not what was meant."""

import pytest

from grader.classroom import times

pytest.importorskip("nbgrader", reason="nbgrader, which instructors install, is not here")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-30 10:00:00 UTC", "2026-01-30T10:00:00"), ("2026-01-30 10:00:00 +0200", "2026-01-30T08:00:00"),
        ("2026-01-30T10:00:00-08:00", "2026-01-30T18:00:00"), ("2026-01-30 10:00:00 Europe/Berlin", "2026-01-30T09:00:00"),
        ("2026-01-30 10:00:00", "2026-01-30T10:00:00"), ("2026-01-30T10:00:00Z", "2026-01-30T10:00:00"),
        ("\ufeff2026-01-30 10:00:00 UTC", "2026-01-30T10:00:00"),
        ("\ufffd\ufffd\ufffd2026-01-30 10:00:00 UTC", "2026-01-30T10:00:00"),  # the mark, read as ASCII
        ("\ufffd\ufffd2\x000\x002\x006\x00-\x000\x001\x00-\x003\x000\x00", "2026-01-30T00:00:00"),  # UTF-16
    ],
)  # fmt: skip
def test_a_time_is_read_with_or_without_a_mark_in_front_of_it(written, read):
    assert times.when(written).isoformat() == read
    assert times.doubt(written) == ""


@pytest.mark.parametrize(
    "written",
    ["2026-01-30 10:00:00 PST", "2026-01-30T10:00:00 PST", "Fri Jan 30 10:00:00 PDT 2026", "2026-01-30 10:00:00 XYZ"],
)
def test_a_time_zone_that_is_not_known_is_told_by_its_name(written):
    assert times.when(written).isoformat() == "2026-01-30T10:00:00"
    zone = next(word for word in ("PST", "PDT", "XYZ") if word in written)
    assert f"the unknown time zone {zone}" in times.doubt(written)


@pytest.mark.parametrize("written", ["last Tuesday", "2026-13-41 10:00:00 UTC", "9" * 200])
def test_a_time_that_cannot_be_read_is_told(written):
    assert times.when(written) is None and "is not a valid time" in times.doubt(written)


def test_nothing_is_said_where_there_is_no_time():
    assert times.when("") is None and times.doubt("") == ""
