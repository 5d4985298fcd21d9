"""What is published: the wheel and the sdist hold the grader and the release, and nothing that a student must not see."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from grader.author import publishable, release
from grader.files.course import Course, find, in_all_languages

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
COURSE = find(ROOT)
SOURCES = {lesson: COURSE.files(lesson) for lesson in COURSE.lessons()}
PUBLIC = "\n".join(release.stubbed(files.handout) + files.public_checks for files in SOURCES.values())
"""What the sources of all lessons give to students: a later lesson may show what an earlier one asks for."""


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """What both archives hold, by the archive's name and the file's."""
    folder = tmp_path_factory.mktemp("dist")
    building = [sys.executable, "-m", "hatchling", "build", "--directory", folder]
    subprocess.run(building, cwd=ROOT, check=True, capture_output=True)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        in_wheel = {name: opened.read(name) for name in opened.namelist()}
    with tarfile.open(sdist) as opened:
        members = [item for item in opened.getmembers() if item.isfile()]
        in_sdist = {item.name.partition("/")[2]: opened.extractfile(item).read() for item in members}
    return {"wheel": in_wheel, "sdist": in_sdist}


def leaks(lesson, files):
    """Lines of a lesson's secrets in files."""
    return [line for line in publishable.leaks(SOURCES[lesson], files) if line.partition(": ")[2] not in PUBLIC]


def is_code_of_the_grader(name):
    """Whether a file is a module of the grader: such a module has lines that any program has, `except ValueError:` say."""
    return name.startswith("grader/") and not name.startswith("grader/exercises")


@pytest.mark.parametrize("archive", ["wheel", "sdist"])
@pytest.mark.parametrize("lesson", COURSE.lessons())
def test_no_line_of_a_solution_a_hidden_check_or_a_misconception_is_published(archives, archive, lesson):
    files = {name: data for name, data in archives[archive].items() if not is_code_of_the_grader(name)}
    assert any(name.endswith(f"exercises/{lesson}/{lesson}.py") for name in files)
    # The README, which is the description of the package, explains the markers.
    assert [line for line in leaks(lesson, files) if "holds the marker" not in line or "exercises/" in line] == []


@pytest.mark.parametrize("lesson", COURSE.lessons())
@pytest.mark.parametrize("source", ["lesson.py", "checks.py", "misconceptions.py"])
def test_a_source_that_got_into_an_archive_would_be_found(lesson, source):
    assert leaks(lesson, {source: (COURSE.solutions / lesson / source).read_bytes()})


@pytest.mark.parametrize("archive", ["wheel", "sdist"])
def test_an_archive_holds_the_grader_and_what_students_get_and_nothing_else(archives, archive):
    inside = "grader/" if archive == "wheel" else ""
    courses = [Course(folder) for folder in in_all_languages(COURSE.exercises)]
    given = [file for each in courses for lesson in each.lessons() for file in each.released(lesson)]
    given += [file for each in courses for lesson in SOURCES for file in each.figures(lesson)]
    wanted = {inside + file.relative_to(ROOT).as_posix(): file.read_bytes() for file in given}
    for file in (ROOT / "grader").rglob("*"):
        if file.suffix in (".py", ".jinja", ".po"):
            wanted[file.relative_to(ROOT).as_posix()] = file.read_bytes()
    for name in () if archive == "wheel" else ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        wanted[name] = (ROOT / name).read_bytes()
    about_itself = [name for name in archives[archive] if ".dist-info/" in name or name == "PKG-INFO"]
    assert about_itself
    assert {name: data for name, data in archives[archive].items() if name not in about_itself} == wanted


def test_what_is_installed_has_lower_bounds_alone(archives):
    (metadata,) = (data.decode() for name, data in archives["wheel"].items() if name.endswith(".dist-info/METADATA"))
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]
    assert any(line.startswith("Requires-Dist: torch>=") for line in required)
    for line in required:
        bounds = line.partition(";")[0]
        assert ">=" in bounds and not set("<~!") & set(bounds) and "==" not in bounds, line
