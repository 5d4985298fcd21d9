"""Proves that of all that a student hands in the right file is graded, and that what was passed over is told."""

import json
import os
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.notebooks import cell, notebook

from grader.files.submission import read
from grader.judge.key import load_key

ROOT = Path(__file__).parents[2]
NOBODY = 65534
RIGHT = "def corr2d(X, K):\n    return X"


@pytest.fixture
def folder(tmp_path) -> Path:
    """An empty hand-in of Ada's."""
    made = tmp_path / "submitted" / "ada" / "convolution"
    made.mkdir(parents=True)
    return made


def hand_in(folder, **files):
    for suffix, data in files.items():
        (folder / f"convolution.{suffix}").write_bytes(data if isinstance(data, bytes) else data.encode())


def reading(folder, released=None):
    return read(folder, "ada", "convolution", released or {}, ["corr2d", "FlattenLayer"])


@contextmanager
def as_nobody():
    """Without root's right to open everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


# Where a line is found


def test_a_cell_of_a_notebook_is_found_by_the_number_that_jupyter_gives_it(folder):
    check = cell('check("corr2d")', nbgrader={"grade": True, "solution": False, "grade_id": "check_corr2d"})
    hand_in(folder, ipynb=notebook("import torch", cell("# Title", "markdown"), " ", check, RIGHT))
    got = reading(folder)
    assert (got.code[0].at, got.code[-1].at) == (1, 3)  # Jupyter passes over the blank one
    assert got.place(3, 2) == "line 2 of cell 3"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_cell_of_a_script_is_found_by_its_line(folder, ends):
    lines = "# A title\n\nx = 1\n# %% [markdown]\n# text\n#\n# %%\n# %%\n\n\n%%time\ny = 2\n# %% z\nz = 3".split("\n")
    hand_in(folder, py=ends.join(lines))
    got = reading(folder)
    assert got.code[0].at == 1 and got.place(0, 3) == "line 3 of convolution.py"
    of_y, of_z = (next(index for index, text in enumerate(got.cells) if name in text) for name in ("y = 2", "z = 3"))
    assert lines[got.code[of_y].at] == "y = 2" and got.place(of_y, 2) == "line 12 of convolution.py"
    assert lines[got.code[of_z].at - 1] == "z = 3" and got.place(of_z, 1) == "line 14 of convolution.py"


# Which file is graded


@pytest.fixture(scope="module")
def released():
    """Convolution as it was given out: its digests, and the bytes of both files."""
    lesson = ROOT / "exercises" / "convolution"
    files = {suffix: (lesson / f"convolution.{suffix}").read_bytes() for suffix in ("ipynb", "py")}
    return load_key(lesson).released, files


def answered(data):
    """The file with something written in it."""
    return data.replace(b"# Your code here.", b"# My code is here.", 1)


def solved(data):
    """The file with an exercise that is no stub any more."""
    was = b'raise NotImplementedError(\\"corr2d is' if b'(\\"corr2d is' in data else b'raise NotImplementedError("corr2d is'
    assert was in data
    return data.replace(was, b"return X  # was: ")


@pytest.mark.parametrize("changed", ["ipynb", "py"])
def test_of_two_files_the_one_that_was_changed_is_graded(folder, released, changed):
    digests, files = released
    hand_in(folder, **(files | {changed: answered(files[changed])}))
    got = reading(folder, digests)
    assert got.file == f"convolution.{changed}"
    assert "# My code is here." in "\n".join(got.cells)
    assert got.notes == []


def test_of_two_changed_files_the_notebook_is_graded_and_the_student_told(folder, released):
    digests, files = released
    hand_in(folder, **{suffix: answered(data) for suffix, data in files.items()})
    got = reading(folder, digests)
    assert got.file == "convolution.ipynb"
    assert got.notes == ["Both convolution.ipynb and convolution.py were changed. The notebook is the one that counts."]


def test_the_file_that_a_student_asks_about_is_read_and_the_one_that_counts_is_told(folder, released):
    digests, files = released
    hand_in(folder, **{suffix: answered(data) for suffix, data in files.items()})
    got = read(folder, "ada", "convolution", digests, file="convolution.py")
    assert got.file == "convolution.py"
    assert got.notes == ["Both convolution.ipynb and convolution.py were changed. The notebook is the one that counts."]


def test_two_files_as_they_were_given_out_need_no_word(folder, released):
    digests, files = released
    hand_in(folder, **files)
    got = reading(folder, digests)
    assert (got.file, got.notes) == ("convolution.ipynb", [])


def test_saving_a_file_without_a_change_changes_nothing(folder, released):
    """Another program's white space, line ends, outputs and metadata are no answer."""
    digests, files = released
    again = json.loads(files["ipynb"])
    for item in again["cells"]:
        item["source"] = "".join(item["source"]) + "\n"
        item["metadata"] |= {"collapsed": False}
        if item["cell_type"] == "code":
            item |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}], "execution_count": 7}
    hand_in(folder, ipynb=json.dumps(again), py=answered(files["py"]).replace(b"\n", b"  \r\n"))
    assert reading(folder, digests).file == "convolution.py"


def test_of_a_broken_notebook_and_an_answered_script_the_script_is_graded(folder, released):
    digests, files = released
    hand_in(folder, ipynb="broken", py=answered(files["py"]))
    got = reading(folder, digests)
    assert got.file == "convolution.py"
    assert "it is not valid JSON" in got.notes[0]


def test_a_browsers_copy_is_graded_under_its_own_name(folder):
    (folder / "convolution (1).ipynb").write_bytes(notebook(RIGHT))
    got = reading(folder)
    assert (got.file, got.cells) == ("convolution (1).ipynb", [RIGHT])
    assert "convolution (1).ipynb was read, because there is no convolution.ipynb" in got.notes[0]


def test_two_copies_leave_it_open_which_is_meant(folder):
    for number in (1, 2):
        (folder / f"convolution ({number}).ipynb").write_bytes(notebook(f"{RIGHT} * {number}"))
    got = reading(folder)
    assert not got.cells
    assert "It is not clear which file to grade: convolution (1).ipynb, convolution (2).ipynb." in got.notes[0]


def test_other_files_beside_the_answer_do_not_matter(folder):
    hand_in(folder, ipynb=notebook(RIGHT))
    for name in ("notes.txt", "old.ipynb", "helper.py", "checks.py", "answer_key.json"):
        (folder / name).write_text("broken")
    got = reading(folder)
    assert (got.cells, got.beside) == ([RIGHT], {"helper.py": "broken"})


COPIES = [
    "convolution-Copy1.ipynb",
    "convolution (1).ipynb",
    "Copy of convolution.ipynb",
    "Convolution.ipynb",
    "mine.ipynb",
]


@pytest.mark.parametrize("copy", COPIES)
def test_beside_the_release_as_it_was_given_out_a_changed_copy_is_graded_and_that_is_told(folder, released, copy):
    digests, files = released
    hand_in(folder, **files)
    (folder / copy).write_bytes(solved(files["ipynb"]))
    got = reading(folder, digests)
    assert got.file == copy
    assert got.notes == [f"{copy} was read, because nothing has been written in convolution.ipynb, convolution.py yet."]


def test_a_copy_with_answers_that_was_passed_over_is_named(folder, released):
    digests, files = released
    hand_in(folder, ipynb=solved(files["ipynb"]))
    (folder / "convolution-Copy1.ipynb").write_bytes(solved(files["ipynb"]).replace(b"return X", b"return K"))
    got = reading(folder, digests)
    assert got.file == "convolution.ipynb"
    assert got.notes == [
        "convolution.ipynb was read. There are answers in other files that do not count: convolution-Copy1.ipynb."
    ]


def test_a_scratch_cell_in_the_notebook_does_not_outweigh_a_solved_script(folder, released):
    digests, files = released
    scratch = json.loads(files["ipynb"])
    scratch["cells"].append({"cell_type": "code", "source": "1 + 1", "metadata": {}, "outputs": [], "id": "scratch"})
    hand_in(folder, ipynb=json.dumps(scratch), py=solved(files["py"]))
    assert reading(folder, digests).file == "convolution.py"


def test_two_copies_with_the_same_code_are_one_answer(folder):
    for name in ("convolution (1).ipynb", "convolution (2).ipynb"):
        (folder / name).write_bytes(notebook(RIGHT))
    assert reading(folder).cells == [RIGHT]


@pytest.mark.parametrize(
    "name", ["CONVOLUTION.IPYNB", "convolution.ipynb.txt", "convolution.ipynb.json", "convolution.Ipynb"]
)
def test_an_ending_that_a_system_changed_is_no_obstacle(folder, name):
    (folder / name).write_bytes(notebook(RIGHT))
    assert reading(folder).cells == [RIGHT]


def test_a_folder_in_the_folder_is_looked_into(folder):
    (folder / "convolution").mkdir()
    (folder / "convolution" / "convolution.py").write_text(RIGHT)
    got = reading(folder)
    assert (got.cells, got.file) == ([RIGHT], "convolution/convolution.py")


def test_in_a_students_own_folder_only_the_files_of_the_lesson_are_taken(folder):
    for name in ("tensors.ipynb", "convolution.ipynb", "gradients.py"):
        (folder.parent / name).write_bytes(notebook(f"lesson = {name!r}") if name.endswith("b") else b"lesson = 1")
    folder.rmdir()
    assert reading(folder.parent).cells == ["lesson = 'convolution.ipynb'"]


def test_an_answer_in_a_text_cell_is_named(folder):
    hand_in(folder, ipynb=notebook(cell(RIGHT, "markdown"), "x = 1"))
    assert reading(folder).notes == [
        "`corr2d` is in a text cell, and text cells are not run. Change that cell's type to code."
    ]


def test_a_check_cell_that_was_changed_is_named_and_one_that_was_not_or_is_gone_is_not(folder):
    def checked(exercise, text):
        return cell(text, nbgrader={"grade": True, "solution": False, "grade_id": f"check_{exercise}"})

    hand_in(folder, ipynb=notebook(RIGHT, checked("corr2d", '\ncheck("corr2d")\n')))
    assert reading(folder).notes == []
    hand_in(folder, ipynb=notebook(RIGHT, checked("corr2d", "print('all right')"), checked("other", "pass")))
    assert reading(folder).notes == [
        "Changed check cells: `corr2d`. This does not affect the grade: the checks run as they were given out."
    ]


def test_a_class_may_lie_behind_a_link(folder, tmp_path):
    (folder.parent / "convolution.py").write_text(RIGHT)
    folder.rmdir()
    (tmp_path / "class").symlink_to(tmp_path / "submitted")
    assert reading(tmp_path / "class" / "ada").cells == [RIGHT]


def test_what_lies_there_in_the_place_of_an_answer_is_named(folder):
    (folder / "convolution.zip").write_bytes(b"PK")
    (folder / "answer.docx").write_bytes(b"PK")
    (note,) = reading(folder).notes
    assert "only answer.docx, convolution.zip. Hand in convolution.ipynb or convolution.py." in note


def test_what_lies_beside_a_hand_in_is_a_part_of_it(folder):
    hand_in(folder, ipynb=notebook("import utils"))
    (folder / "utils.py").write_text("x = 1")
    before = reading(folder).digest
    (folder / "utils.py").write_text("x = 2")
    assert reading(folder).digest != before


def test_an_empty_folder_is_said_to_be_empty(folder):
    assert reading(folder).notes == ["The folder is empty: hand in convolution.ipynb or convolution.py."]


def test_the_checks_alone_are_no_answer(folder):
    (folder / "checks.py").write_text("from grader import Lesson")
    got = reading(folder)
    assert (got.cells, got.notes) == (
        [],
        ["There is no notebook or Python file in your folder, only checks.py. Hand in convolution.ipynb or convolution.py."],
    )


@pytest.mark.parametrize("name", ["学生-007", "student 004", "O'Brien", "a&b <i>", "[red]", "{0}", "%s"])
def test_any_name_of_a_student_will_do(tmp_path, name):
    folder = tmp_path / name / "convolution"
    folder.mkdir(parents=True)
    hand_in(folder, py="x = 1")
    got = read(folder, name, "convolution", {})
    assert (got.student, got.cells, got.notes) == (name, ["x = 1"], [])


def test_any_name_of_a_file_will_do(folder):
    (folder / "卷积 {lesson} %s.py").write_text("x = 1")
    got = reading(folder)
    assert got.cells == ["x = 1"]
    assert "卷积 {lesson} %s.py was read" in got.notes[0]


# Files that are no files


def test_a_file_of_200_mb_is_not_read(folder):
    hand_in(folder, ipynb="")
    os.truncate(folder / "convolution.ipynb", 200 << 20)
    got = reading(folder)
    assert not got.cells
    assert "is 200 MB, and the limit is 20 MB." in got.notes[0]


def test_a_link_is_not_followed(folder):
    (folder / "convolution.py").symlink_to("/etc/passwd")
    assert reading(folder).notes == ["convolution.py is a link, and links are not followed. Hand in the file itself."]


def test_a_link_to_nowhere_is_a_link(folder):
    (folder / "convolution.py").symlink_to("/no/such/file")
    assert "is a link" in reading(folder).notes[0]


@pytest.mark.parametrize("level", ["lesson", "student"])
def test_a_linked_folder_is_not_followed(folder, level):
    hand_in(folder, py="x = 1")
    cheat = folder.parents[1] / "eve"
    if level == "student":
        cheat.symlink_to(folder.parent)
    else:
        cheat.mkdir()
        (cheat / "convolution").symlink_to(folder)
    got = reading(cheat / "convolution")
    assert not got.cells
    assert f"{'eve' if level == 'student' else 'convolution'} is a link" in got.notes[0]


def test_a_folder_in_the_place_of_the_file_is_named(folder):
    (folder / "convolution.ipynb").mkdir()
    assert reading(folder).notes == ["convolution.ipynb is a folder, not a file."]


def test_a_file_in_the_place_of_the_folder_is_named(folder):
    folder.rmdir()
    folder.write_text("x = 1")
    assert "convolution is not a folder" in reading(folder).notes[0]


def test_a_student_who_handed_in_nothing_reads_what_to_hand_in(folder):
    folder.rmdir()
    (note,) = reading(folder).notes
    assert "convolution.ipynb or convolution.py" in note
    assert "is not a folder" not in note  # there is nothing that could be one


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "convolution.py")
    assert reading(folder).notes == ["convolution.py is not a regular file."]


@pytest.fixture
def open_folder():
    """A hand-in that nobody in particular can reach, as a test's own folder is not."""
    with tempfile.TemporaryDirectory(prefix="bad-input-") as base:
        folder = Path(base, "ada", "convolution")
        folder.mkdir(parents=True)
        os.chmod(base, 0o755)
        yield folder
        os.chmod(folder, 0o755)


def test_a_file_that_may_not_be_read_is_named(open_folder):
    hand_in(open_folder, py="x = 1")
    os.chmod(open_folder / "convolution.py", 0)
    with as_nobody():
        got = reading(open_folder)
    assert got.notes == ["convolution.py could not be read: Permission denied."]


def test_a_folder_that_may_not_be_read_is_named(open_folder):
    hand_in(open_folder, py="x = 1")
    os.chmod(open_folder, stat.S_IWUSR)
    with as_nobody():
        got = reading(open_folder)
    assert not got.cells
    assert "could not be read: Permission denied" in got.notes[0]


# What identifies a hand-in


def test_a_hand_in_that_has_not_changed_has_the_same_digest_and_a_changed_one_another(folder):
    hand_in(folder, py="x = 1\n")
    before = reading(folder).digest
    assert reading(folder).digest == before
    hand_in(folder, py="x = 2\n")
    assert reading(folder).digest != before


def test_reading_runs_nothing(folder):
    mark = folder.parent / "ran"
    hand_in(folder, py=f"open({str(mark)!r}, 'w')", ipynb=notebook(f"open({str(mark)!r}, 'w')"))
    assert len(reading(folder).cells) == 1
    assert not mark.exists()
