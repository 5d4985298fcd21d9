"""The keys that a class is graded against: what is wrong decides how much of them is made, and nothing is made twice."""

import re
from math import ceil, log2
from pathlib import Path

import pytest
from support.classroom import FILES, Here

from grader.author.expectations import build_key
from grader.classroom.keys import Keys
from grader.classroom.room import VARIANTS, Classroom
from grader.files.course import find
from grader.files.names import JSON_NAME, TENSORS_NAME
from grader.judge.assess import PRINTED_SHOWN
from grader.judge.diagnose import ANYWHERE
from grader.judge.key import load_key


class Counting(Here):
    """A worker that knows how many sessions were asked of it."""

    sessions = 0

    def session(self):
        self.sessions += 1
        return super().session()


NAMES = [mistake.name for mistake in build_key(FILES, Here(), "seed", public_only=True).mistakes]


def keys(folder, version="1"):
    return Keys(folder, {"numbers": FILES}, {"numbers": version})


def known(key):
    return {mistake.name for mistake in key.mistakes if mistake.observations}


def test_misconceptions_are_run_once_they_are_asked_for(tmp_path, classroom):
    worker, mine = Counting(), keys(tmp_path)
    key = mine.of("numbers", "seed", worker)
    assert not known(key) and worker.sessions == 1
    assert mine.naming(key, [], worker) is key
    knowing = mine.naming(key, ["squared"], worker)
    assert known(knowing) == {"squared"} and worker.sessions == 2
    assert mine.naming(key, ["squared"], worker) is mine.of("numbers", "seed", worker)
    assert worker.sessions == 2
    both = mine.naming(knowing, NAMES, worker)
    whole = build_key(FILES, worker, "seed", public_only=False)
    for mistake, other in zip(both.mistakes, whole.mistakes, strict=True):
        assert mistake.name == other.name and mistake.observations.keys() == other.observations.keys()
        assert str(mistake.observations) == str(other.observations)


def test_what_is_known_is_kept_for_the_next_run_and_for_no_other_version(tmp_path, classroom):
    worker, mine = Counting(), keys(tmp_path)
    mine.naming(mine.of("numbers", "seed", worker), ["over_columns"], worker)
    made = worker.sessions
    assert known(keys(tmp_path).of("numbers", "seed", worker)) == {"over_columns"} and worker.sessions == made
    keys(tmp_path, "2").of("numbers", "seed", worker)
    assert worker.sessions == made + 1
    assert len(list((tmp_path / "numbers").iterdir())) == 1


@pytest.mark.parametrize("name", [JSON_NAME, TENSORS_NAME])
def test_a_key_of_two_halves_is_made_anew(tmp_path, classroom, name):
    """A run that is killed between two files leaves one of each."""
    worker, mine = Counting(), keys(tmp_path)
    key = mine.of("numbers", "seed", worker)
    (file,) = tmp_path.rglob(name)
    before = file.read_bytes()
    mine.naming(key, NAMES, worker)
    assert file.read_bytes() != before
    file.write_bytes(before)
    made = worker.sessions
    assert known(keys(tmp_path).of("numbers", "seed", worker)) == set() and worker.sessions == made + 1


@pytest.mark.parametrize(("students", "variants"), [(1, 2), (30, 2), (200, 5), (500, VARIANTS)])
def test_a_small_class_is_spread_over_few_sets_of_inputs_and_stays_so(tmp_path, students, variants):
    for number in range(students):
        (tmp_path / "submitted" / f"student-{number}").mkdir(parents=True)
    room = Classroom(tmp_path / "submitted")
    before = {student: room.seed(student) for student in room.students()}
    assert room.variants == variants and len(set(before.values())) == min(variants, students)
    for number in range(students, students + 100):
        (tmp_path / "submitted" / f"student-{number}").mkdir()
    again = Classroom(tmp_path / "submitted")
    assert {student: again.seed(student) for student in before} == before


def test_a_class_that_was_begun_before_keeps_its_sets_of_inputs(tmp_path):
    (tmp_path / "submitted" / "ada").mkdir(parents=True)
    (tmp_path / ".grader").mkdir()
    (tmp_path / ".grader" / "secret").write_text("drawn by an earlier version")
    assert Classroom(tmp_path / "submitted").variants == VARIANTS


def test_security_md_says_what_a_hand_in_learns_at_most():
    """Of each check one of three verdicts, of each exercise one of its mistakes or none."""
    page, course = (Path(__file__).parents[2] / "SECURITY.md").read_text(), find()
    bits, named = {}, []
    for lesson in course.lessons():
        key = load_key(course.folder(lesson))
        said = [{mistake.says for mistake in key.mistakes if mistake.exercise == each.name} for each in key.exercises]
        names = [log2(1 + len(ANYWHERE) + len(sentences)) for sentences in said]
        named += names
        bits[lesson] = ((len(key.checks) + key.hidden) * log2(3) + sum(names), len(key.checks) + key.hidden, len(names))
    most = max(bits, key=bits.get)
    total, checks, exercises = bits[most]
    told = re.sub(r"\s+", " ", page)
    assert f"`{most}` tells the most: {checks} checks and {exercises} exercises, {ceil(total)} bits at most" in told
    assert f"has a name, up to {max(named):.1f} bits" in told
    assert f"up to {PRINTED_SHOWN:,} characters" in told
