"""Answers in words: from the lesson that asks to the gradebook that holds what a person gave."""

import csv
import io
from contextlib import closing
from dataclasses import replace

import nbformat
import pytest
from support.classroom import Here
from support.lessons import TINY

from grader.author import release
from grader.author.verify import SEEDS, verify
from grader.classroom import explain, grade, gradebook
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files import answer_file, translated
from grader.files.course import Course
from grader.integrations.nbgrader.notebook import autograded, points
from grader.integrations.nbgrader.steps import WriteStubs
from grader.report import junit, spreadsheet, text
from grader.student import overview, own_check, progress

api = pytest.importorskip("nbgrader.api", reason="nbgrader, which instructors install, is not here")

GOOD = "Doubling is adding a number to itself, so its gradient is two everywhere."
QUESTION = f"""
# %% [markdown]
# ## Why two
# Say why the gradient is two.

# %% why_two [markdown]
# {GOOD}
"""
FILES = replace(
    TINY,
    handout=TINY.handout + QUESTION,
    checks=TINY.checks.replace(
        'lesson.exercise("double")\n', 'lesson.exercise("double")\nlesson.written("why_two", points=3)\n'
    ),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A course of the lesson with its release."""
    root = tmp_path_factory.mktemp("course")
    sources = root / "solutions" / "tiny"
    sources.mkdir(parents=True)
    for name, content in (("lesson", FILES.handout), ("checks", FILES.checks), ("misconceptions", FILES.misconceptions)):
        (sources / f"{name}.py").write_text(content)
    release.write(root / "exercises" / "tiny", release.build(FILES, Here()))
    return root


@pytest.fixture(scope="module")
def course(root):
    return Course(root / "exercises", root / "solutions")


def answered(course, words, suffix=".ipynb"):
    """The release with the exercise written, and what somebody says."""
    given = (course.folder("tiny") / f"tiny{suffix}").read_text()
    stub, right = 'raise NotImplementedError("double is not written yet")', "return X * 2.0"
    if suffix == ".py":
        return given.replace(stub, right).replace("# Write your answer here.", f"# {words}")
    made = nbformat.reads(given, 4)
    for cell in made.cells:
        cell.source = cell.source.replace(stub, right).replace("Write your answer here.", words)
    return nbformat.writes(made)


def test_a_release_has_an_empty_cell_that_a_person_grades_and_no_good_answer(course):
    folder = course.folder("tiny")
    made = nbformat.read(folder / "tiny.ipynb", 4)
    (cell,) = [cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why_two"]
    about = cell.metadata.nbgrader
    assert (cell.cell_type, about.grade, about.solution, about.locked, about.points) == ("markdown", True, True, False, 3)
    assert "up to 3 points" in made.cells[made.cells.index(cell) - 1].source
    assert points(made) == {"double": 2, "why_two": 3}
    assert "# %% why_two [markdown]\n# Write your answer here.\n" in (folder / "tiny.py").read_text()
    assert not any(GOOD in file.read_text(errors="replace") for file in folder.iterdir())
    assert GOOD in release.source(FILES, (folder / "tiny.ipynb").read_bytes()).decode()
    assert GOOD not in translated.texts(FILES)
    assert WriteStubs().preprocess_cell(nbformat.from_dict(cell | {"source": GOOD}), {}, 0)[0].source == cell.source
    assert verify(FILES, Here(), SEEDS[:1]) == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("# %% why_two [", "# %% why_to [", "line 34: the cell of prose above this line is called why_to, and checks.py"),
        ("# %% why_two [", "# %% [", "the written answer why_two needs one cell"),
        (QUESTION, QUESTION.replace("# ## Why two\n# Say", f"# {GOOD}\n# Say"), ""),
        (
            "# %% [markdown]\n# ## Why two\n# Say why the gradient is two.\n",
            "",
            "above the cell why_two there is no cell of",
        ),
    ],
)
def test_a_cell_and_its_question_have_to_be_where_they_are_declared(was, now, told):
    broken = replace(FILES, handout=FILES.handout.replace(was, now))
    if not told:
        release.build(broken, Here())  # what the question says itself is no secret
        return
    with pytest.raises(CourseError, match="why_t") as refused:
        release.build(broken, Here())
    assert told.partition(": ")[2] in str(refused.value)


@pytest.mark.parametrize("suffix", [".ipynb", ".py"])
def test_a_student_is_told_that_a_person_grades_it(course, suffix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where a worker of this process writes the files beside an answer
    mine = Course(tmp_path)
    release.write(tmp_path / "tiny", release.build(FILES, Here()))
    other = ".py" if suffix == ".ipynb" else ".ipynb"
    found = progress.lesson(mine, "tiny")
    assert [row.state for row in overview.with_words([found], [])] == ["stub"]
    assert found.untouched
    (tmp_path / "tiny" / f"tiny{suffix}").write_text(answered(course, "It is the slope.", suffix))
    (tmp_path / "tiny" / f"tiny{other}").unlink()
    told = own_check.check(mine, "tiny", None, Here())
    assert [(item.exercise, item.state, item.points) for item in told.exercises] == [
        ("double", "right", 1),
        ("why_two", "by_hand", 3),
    ]
    said = text.plain(told)
    assert "A person grades this answer." in said and "1 of 1 exercise" in said
    assert own_check.check(mine, "tiny", "why_two", Here()).exercises[0].state == "by_hand"


def test_words_alone_are_an_answer_too(tmp_path):
    release.write(tmp_path / "tiny", release.build(FILES, Here()))
    script = tmp_path / "tiny" / "tiny.py"
    script.write_text(script.read_text().replace("# Write your answer here.", "# It is the slope."))
    found = progress.lesson(Course(tmp_path), "tiny")
    assert (found.answers.file, found.untouched) == ("tiny.py", False)


class Room:
    """A class of two in a course, graded in this process."""

    def __init__(self, root, course):
        self.course, self.room = course, Classroom(root / "submitted")

    def grade(self):
        with closing(grade.Grader(self.room, self.course, Here, "process", assigns_penalties=False)) as grader:
            results = [item for item, _ in grader.grade(hand_ins(self.room, self.course, None, None), 1, force=False)]
            grader.record(results)
        return {item.student: item for item in results}

    def explained(self, student):
        with closing(grade.Grader(self.room, self.course, Here, "process")) as grader:
            return explain.explain(grader, hand_ins(self.room, self.course, None, [student])[0], "").exercises

    def book(self):
        return api.Gradebook(f"sqlite:///{self.room.gradebook}")

    def rows(self):
        with self.book() as book:
            found = [book.find_submission_notebook("tiny", "tiny", name) for name in ("ada", "bob")]
            return [
                (
                    notebook.needs_manual_grade,
                    notebook.score,
                    notebook.max_score,
                    book.find_grade("why_two", "tiny", "tiny", name).manual_score,
                )
                for notebook, name in zip(found, ("ada", "bob"), strict=True)
            ]


@pytest.fixture
def room(root, course, tmp_path):
    for name, words in (("ada", "It is the <b>slope</b>."), ("bob", "Write your answer here.")):
        folder = tmp_path / "submitted" / name / "tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(answered(course, words))
    return Room(tmp_path, course)


@pytest.mark.slow
def test_a_class_waits_for_a_person_and_keeps_what_they_gave(room, course):
    released = nbformat.read(course.folder("tiny") / "tiny.ipynb", 4)
    gradebook.register(room.room.gradebook, "tiny", points(released), released)  # as `nbgrader autograde` begins
    with room.book() as book:
        cell = book.find_grade_cell("why_two", "tiny", "tiny")
        assert (cell.max_score, cell.cell_type) == (3, "markdown")
        assert not book.find_source_cell("why_two", "tiny", "tiny").locked
    graded = room.grade()
    assert room.rows() == [(True, 2, 5, None), (False, 2, 5, None)]
    ada = graded["ada"]
    assert (ada.score, ada.points, ada.exercises[1].waits) == (2, 5, True)
    assert [(item.exercise, item.state) for item in room.explained("ada")] == [("double", "right"), ("why_two", "by_hand")]
    page = room.room.feedback("ada", "tiny")
    assert "not graded yet, up to 3 points" in page.read_text()
    rows = list(csv.DictReader(io.StringIO(spreadsheet.render([ada]).lstrip("\ufeff"))))
    assert [(row["exercise"], row["points"], row["state"]) for row in rows] == [
        ("double", "2.0", "right"),
        ("why_two", "", "by_hand"),
    ]
    assert 'failures="0" errors="0"' in junit.render([ada])

    made = autograded(
        ada,
        nbformat.read(course.folder("tiny") / "tiny.ipynb", 4),
        answer_file.as_written(room.room.submitted / "ada" / "tiny" / "tiny.ipynb"),
    )
    (cell,) = [cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why_two"]
    assert cell.source.startswith("```") and "<b>slope</b>" in cell.source and cell.metadata.nbgrader.points == 3

    with room.book() as book:  # as formgrader does it
        given = book.find_grade("why_two", "tiny", "tiny", "ada")
        given.manual_score, given.needs_manual_grade = 2.5, False
        book.find_comment("why_two", "tiny", "tiny", "ada").manual_comment = "And why everywhere?"
        book.db.commit()
    again = room.grade()["ada"]
    assert room.rows()[0] == (False, 4.5, 5, 2.5)
    assert (again.score, again.exercises[1].waits) == (4.5, False)
    assert "And why everywhere?" in page.read_text() and "not graded yet" not in page.read_text()

    script = room.room.submitted / "ada" / "tiny" / "tiny.ipynb"
    script.write_text(answered(course, "It is the slope, and it is so everywhere."))
    assert room.grade()["ada"].score == 4.5
    assert room.rows()[0] == (True, 4.5, 5, 2.5)  # another text: somebody should read it
    with room.book() as book:
        book.find_grade("why_two", "tiny", "tiny", "ada").needs_manual_grade = False
        book.db.commit()
    room.grade()
    assert room.rows()[0] == (False, 4.5, 5, 2.5)
