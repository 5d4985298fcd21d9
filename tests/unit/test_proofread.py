"""An author's slips in a lesson's text: nothing that should be hidden is given out because of one."""

from dataclasses import replace

import pytest
from support.lessons import TINY, tiny

from grader.errors import CourseError
from grader.files import course, proofread, source

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HIDE, SHOW = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
HIDDEN = "@double.check(points=1, hidden=True)"


def found(**changes):
    return proofread.find(tiny(**changes))


def test_a_sound_lesson_has_no_slips():
    assert proofread.find(TINY) == []


@pytest.mark.parametrize("lesson", course.find().lessons())
def test_no_lesson_of_the_course_has_slips(lesson):
    assert proofread.find(source.read(course.find().solutions / lesson)) == []


@pytest.mark.parametrize(
    "written",
    ["### begin solution", "###BEGIN SOLUTION", "## BEGIN SOLUTION", "#### BEGIN SOLUTION", "# BEGIN SOLUTION",
     "### BEGIN SOLUTON", "### BEGIN SOLUTIONS", "### BEGIN  SOLUTION", "### BEGINSOLUTION", "### BEGIN_SOLUTION",
     "### START SOLUTION", "### SOLUTION BEGIN", "### BEGIN SOLUTION:", "### BEGIN SOLUTION (with two loops, the long way)",
     "# begin solution", "### Begin Solution", "# ### BEGIN SOLUTION", "### BGEIN SOLUTION", "### BEGIN SOL", "### BEGIN",
     "#BEGIN SOLUTION", "pass  ### BEGIN SOLUTION", "### BEGIN\N{NO-BREAK SPACE}SOLUTION"],
)  # fmt: skip
def test_a_line_that_is_nearly_a_marker_is_named_with_its_line_and_the_marker_that_is_meant(written):
    problems = found(handout=(BEGIN, written))
    (near,) = [problem for problem in problems if "is not a marker" in problem]
    assert near.startswith(f"solutions/tiny/lesson.py, line 21: `{written}` ")
    assert f"`{BEGIN}`" in near


@pytest.mark.parametrize(
    "marker",
    [HIDE, SHOW, "### BEGIN HIDDEN TEST", HIDE.lower(), HIDE[1:], "### BEGIN HIDDEN", "### END TESTS",
     "### HIDDEN TESTS END", "### BEGIN HIDDEN CHECKS", "### END HIDEN TESTS", BEGIN],
)  # fmt: skip
def test_a_marker_hides_nothing_in_the_checks_and_it_is_said_what_to_write_there(marker):
    (problem,) = found(checks=(HIDDEN, f"{marker}\n{HIDDEN}"))
    assert problem.startswith(f"solutions/tiny/checks.py, line 15: `{marker}` hides nothing here.")
    assert "hidden=True" in problem


@pytest.mark.parametrize(
    ("was", "now", "line"),
    [
        ("hidden=True", "hidden=1", 15),
        (HIDDEN, f"{HIDDEN}\n@double.check(points=1, hidden=not True)", 16),
        (f"\n{HIDDEN}\n", f"\ndouble.check(points=1, hidden=True)(doubles)\n\n\n{HIDDEN}\n", 15),
    ],
)
def test_it_is_told_where_the_text_alone_does_not_say_whether_a_check_is_hidden(was, now, line):
    (problem,) = found(checks=(was, now))
    assert problem.startswith(f"solutions/tiny/checks.py, line {line}: ")


@pytest.mark.parametrize(
    "prose",
    ["The solution begins with the shapes.", "at the end of the solution.", "Solution", "## Solution", "## The end",
     "Hidden layers begin here", "Start with the end in mind: a solution begins where it ends.", "3. End of the lesson"],
)  # fmt: skip
def test_prose_that_speaks_of_solutions_is_no_marker(prose):
    assert found(handout=("# Write", f"# {prose}\n# Write")) == []


def test_a_solution_that_is_never_closed_is_told_with_the_line_where_it_begins():
    (problem,) = found(handout=(f"    {END}\n", ""))
    assert problem.startswith("solutions/tiny/lesson.py, line 21:") and END in problem


def test_a_solution_ends_in_its_own_cell():
    (problem, _) = found(handout=(f"    {END}\n", f"\n# %%\nx = 1\n{END}\n"))
    assert "line 24: its cell ends before" in problem


def test_markers_do_not_lie_in_each_other():
    problems = found(handout=(BEGIN, f"{BEGIN}\n    {BEGIN}"))
    assert len(problems) == 1 and "line 22: another one begins" in problems[0]


def test_an_end_without_its_beginning_is_told():
    (problem,) = found(handout=(f"    {BEGIN}\n", ""))
    assert problem.startswith("solutions/tiny/lesson.py, line ") and "has no" in problem


@pytest.mark.parametrize("marker", ["# %% [markdwn]", "# %% [Markdown]", "#%%[markdown]", "# % [markdown]"])
def test_a_cell_of_a_kind_that_does_not_exist_is_told(marker):
    problem = found(handout=("# %% [markdown]", marker))[0]
    assert problem.startswith(f"solutions/tiny/lesson.py, line 1: `{marker}`")


def test_prose_in_a_code_cell_is_told():
    (problem,) = found(handout=("# %% [markdown]\n# # D", "# %% About doubling\n# # D"))
    assert "line 2" in problem and "[markdown]" in problem


@pytest.mark.parametrize("begins", ["**Hint.** Look.", "**Difficulty.** 1 of 5, about 1 minute.", "**hint 2:** Look."])
def test_a_hint_that_belongs_to_no_exercise_is_told(begins):
    (problem,) = found(handout=("# Write", f"# {begins}\n# Write"))
    assert problem.startswith("solutions/tiny/lesson.py, line 4: ") and "stands above no exercise" in problem


@pytest.mark.parametrize("path", ["../img/a.png", "../../img/a.svg", "a.png", "../../img/no-such.png", "../../img/a b.png"])
def test_a_figure_that_the_notebook_would_lack_is_told(path):
    (problem,) = found(handout=("# Write", f"# ![A picture.]({path})\n# Write"))
    assert f"line 4: the figure {path}" in problem


def test_a_number_that_only_running_the_lesson_would_tell_is_told():
    (problem,) = found(checks=('Lesson("tiny")', 'Lesson("tiny", number=len("abc"))'))
    assert problem.startswith("solutions/tiny/checks.py, line 5: the number")


@pytest.fixture
def on_disk(tmp_path):
    folder = tmp_path / "solutions" / "tiny"
    folder.mkdir(parents=True)
    for name, text in (("lesson", TINY.handout), ("checks", TINY.checks), ("misconceptions", TINY.misconceptions)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return course.Course(tmp_path / "exercises", tmp_path / "solutions")


def test_line_ends_of_windows_and_a_byte_order_mark_change_nothing(on_disk):
    for path in (on_disk.solutions / "tiny").iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert on_disk.files("tiny") == TINY


def test_a_lesson_with_a_slip_is_not_read(on_disk):
    path = on_disk.solutions / "tiny" / "lesson.py"
    path.write_text(TINY.handout.replace(END, "### END SOLUTON"))
    with pytest.raises(CourseError, match=r"lesson\.py, line 23: `### END SOLUTON`"):
        on_disk.files("tiny")


@pytest.mark.parametrize("name", ["my lesson", "3d", "leçon", "batch-norm"])
def test_a_folder_that_no_file_can_be_called_after_is_refused_by_name(on_disk, name):
    (on_disk.solutions / "tiny").rename(on_disk.solutions / name)
    with pytest.raises(CourseError, match=f"solutions/{name}: "):
        on_disk.files(name)


def test_a_file_that_can_not_be_read_is_named(on_disk):
    (on_disk.solutions / "tiny" / "checks.py").write_bytes(b'"caf\xe9"')
    with pytest.raises(CourseError, match=r"solutions/tiny/checks\.py can't be read: byte 5 is not UTF-8"):
        on_disk.files("tiny")
    (on_disk.solutions / "tiny" / "checks.py").unlink()
    with pytest.raises(CourseError, match=r"solutions/tiny/checks\.py can't be read: No such file"):
        on_disk.files("tiny")


def test_a_lesson_needs_no_file_of_misconceptions(on_disk):
    (on_disk.solutions / "tiny" / "misconceptions.py").unlink()
    assert on_disk.files("tiny") == replace(TINY, misconceptions="")
