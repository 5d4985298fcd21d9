"""Files of data: an exercise that reads one finds it in a check, in a class and in a student's own copy."""

import zipfile
from contextlib import closing
from dataclasses import replace

import pytest
from support.lessons import TINY

from grader.author import package, release
from grader.author.verify import SEEDS, verify
from grader.classroom import grade
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files import source
from grader.files.course import Course
from grader.judge.key import version
from grader.student import own_check, start

HEIGHTS = b"1.5\n2.5\n4.0\n"
READS = 'torch.tensor([float(line) for line in Path("data/heights.csv").read_text().split()])'
FILES = replace(
    TINY,
    handout=TINY.handout.replace("import torch", "from pathlib import Path\n\nimport torch").replace(
        "return X * torch.tensor(2.0)", f"return X * 2.0 + {READS}.sum()"
    ),
    misconceptions=TINY.misconceptions.replace("multiply by it", "multiply by it, and add the heights"),
    data={"heights.csv": HEIGHTS},
)


@pytest.fixture(scope="module")
def root(tmp_path_factory, worker):
    """A course of the lesson, as its author has it, with its release."""
    root = tmp_path_factory.mktemp("course")
    sources = root / "solutions" / "tiny"
    (sources / "data").mkdir(parents=True)
    for name, content in (("lesson", FILES.handout), ("checks", FILES.checks), ("misconceptions", FILES.misconceptions)):
        (sources / f"{name}.py").write_text(content)
    (sources / "data" / "heights.csv").write_bytes(HEIGHTS)
    (sources / "data" / ".DS_Store").write_bytes(b"nobody's")
    release.write(root / "exercises" / "tiny", release.build(source.read(sources), worker))
    return root


def answered(script):
    return script.replace('raise NotImplementedError("double is not written yet")', f"return X * 2.0 + {READS}.sum()")


@pytest.mark.slow
def test_a_lesson_with_data_is_sound(worker):
    assert verify(FILES, worker, SEEDS[:1]) == []


def test_a_release_carries_the_data_and_is_written_once(root, worker):
    given = root / "exercises" / "tiny"
    assert [file.name for file in (given / "data").iterdir()] == ["heights.csv"]
    assert (given / "data" / "heights.csv").read_bytes() == HEIGHTS
    built = release.build(FILES, worker)
    assert release.changes(given, built).stale == [] and release.changes(given, built).foreign == []
    smaller = {name: content for name, content in built.items() if name != "data/heights.csv"}
    assert release.changes(given, smaller).removed == ["data/heights.csv"]
    assert release.changes(given, built | {"data/heights.csv": b"1.0\n"}).written == ["data/heights.csv"]
    assert version(FILES) != version(replace(FILES, data={"heights.csv": b"1.0\n"}))


def test_a_student_reads_it_in_a_check_and_is_told_when_it_was_changed(root, worker, tmp_path, monkeypatch):
    monkeypatch.setattr(start.course, "installed", lambda: root / "exercises")
    list(start.start(tmp_path))
    mine = Course(tmp_path)
    script = mine.folder("tiny") / "tiny.py"
    script.write_text(answered(script.read_text()))
    (mine.folder("tiny") / "tiny.ipynb").unlink()
    assert own_check.check(mine, "tiny", None, worker).exercises[0].state == "right"
    (mine.folder("tiny") / "data" / "heights.csv").write_text("1.0\n")
    with pytest.raises(CourseError, match=r"data/heights\.csv"):
        own_check.check(mine, "tiny", None, worker)


def test_a_class_reads_the_lessons_own_whatever_was_handed_in(root, worker, tmp_path):
    course = Course(root / "exercises", root / "solutions")
    folder = tmp_path / "submitted" / "ada" / "tiny"
    (folder / "data").mkdir(parents=True)
    (folder / "tiny.py").write_text(answered((root / "exercises" / "tiny" / "tiny.py").read_text()))
    (folder / "data" / "heights.csv").write_text("1.0\n")
    room = Classroom(tmp_path / "submitted")
    with closing(grade.Grader(room, course, lambda: worker, worker.isolation)) as grader:
        (graded,) = [grader.one(item, force=False) for item in hand_ins(room, course, None, None)]
    assert (graded.earned, graded.points) == (2, 2)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda data: (data / "deep").mkdir(), "data/deep is a folder"),
        (lambda data: (data / "etc").symlink_to("/etc/hostname"), "data/etc is a link"),
        (lambda data: (data / "my heights.csv").write_text("1"), "name it with letters from a to z"),
        (lambda data: (data / "large.bin").write_bytes(bytes(1_200_000)), "are 1.2 MB together, and 1 MB is the most"),
    ],
)
def test_what_is_no_small_file_is_refused(tmp_path, make, told):
    data = tmp_path / "solutions" / "tiny" / "data"
    data.mkdir(parents=True)
    for name, content in (("lesson", FILES.handout), ("checks", FILES.checks)):
        (data.parent / f"{name}.py").write_text(content)
    make(data)
    with pytest.raises(CourseError, match=told):
        source.read(data.parent)


def test_a_package_of_the_course_carries_it(root, tmp_path):
    wheel = package.package(Course(root / "exercises", root / "solutions"), "heights", tmp_path)
    with zipfile.ZipFile(wheel) as packed:
        assert packed.read("torch_exercises_heights/exercises/tiny/data/heights.csv") == HEIGHTS
