"""A class on disk: everyone in it has a row, and a folder that is not a class's is refused before anything is written."""

import pytest

from grader.checks import Check
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.errors import CourseError
from grader.files.course import Course
from grader.judge.key import seed_of

LESSONS = "tensors", "convolution"


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A course's folder with a class in it, and the place where commands are typed."""
    for number, lesson in enumerate(LESSONS):
        for part in ("solutions", "exercises"):
            (tmp_path / part / lesson).mkdir(parents=True)
            (tmp_path / part / lesson / "checks.py").write_text(f'lesson = Lesson("{lesson}", number={number})')
        (tmp_path / "solutions" / lesson / "misconceptions.py").touch()
    (tmp_path / "submitted").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(root, *paths):
    """Make files; a path that ends in a slash is a folder."""
    for path in paths:
        made = root / "submitted" / path
        if path.endswith("/"):
            made.mkdir(parents=True)
        else:
            made.parent.mkdir(parents=True, exist_ok=True)
            made.touch()


def found(root, lessons=None, students=None, submitted="submitted"):
    course = Course(root / "exercises", root / "solutions")
    return hand_ins(Classroom(root / submitted), course, lessons, students)


def rows(root, *options):
    """Student and lesson → the folder to read, from the student's, and what is said of names."""
    return {
        (item.student, item.lesson): (
            str(item.folder.relative_to(root / "submitted" / item.student)),
            " ".join(item.notes),
        )
        for item in found(root, *options)
    }


def test_a_folder_with_nearly_the_name_of_a_lesson_is_graded_as_it_and_told_its_name(root):
    lay(root, "bob/Convolution/convolution.ipynb", "eve/01_tensors/tensors.ipynb", "ada/tensors/tensors.py")
    got = rows(root)
    assert got["bob", "convolution"][0] == "Convolution"
    assert "Please call it convolution." in got["bob", "convolution"][1]
    assert got["eve", "tensors"][0] == "01_tensors"
    assert got["ada", "tensors"] == ("tensors", "")
    assert len(got) == 3


def test_of_two_folders_that_mean_one_lesson_the_exact_name_wins_and_the_other_is_named(root):
    lay(root, "ada/tensors/tensors.py", "ada/tensors (1)/tensors.py", "ada/Tensors-old/")
    folder, said = rows(root)["ada", "tensors"]
    assert folder == "tensors" and "tensors was graded; not graded: tensors (1)." in said


def test_an_empty_folder_does_not_win_over_one_that_holds_an_answer(root):
    lay(root, "ada/tensors/", "ada/tensors (1)/tensors.py", "bob/tensors/", "bob/tensors.ipynb")
    assert rows(root)["ada", "tensors"][0] == "tensors (1)"
    assert rows(root)["bob", "tensors"][0] == "."


def test_files_without_a_folder_are_the_hand_in_of_the_lesson_that_they_mean(root):
    lay(root, "ada/tensors.ipynb", "ada/Convolution (1).py", "ada/notes.txt")
    got = rows(root)
    assert set(got) == {("ada", "tensors"), ("ada", "convolution")}
    assert got["ada", "tensors"][0] == "." and "Please put them in a folder called tensors." in got["ada", "tensors"][1]


def test_files_beside_the_folder_of_their_lesson_are_named_and_not_graded(root):
    lay(root, "ada/tensors/tensors.py", "ada/tensors.ipynb", "ada/tensors.png")
    assert rows(root)["ada", "tensors"] == (
        "tensors", "There is more than one hand-in for tensors: tensors was graded; not graded: tensors.ipynb."
    )  # fmt: skip


def test_whoever_has_nothing_for_the_lesson_that_is_asked_for_has_a_row_that_says_what_there_is(root):
    lay(root, "bob/Convolution/convolution.ipynb", "cid/__MACOSX/", "cid/homework.zip", "dee/", "eve/tensors/tensors.py")
    lay(root, "fay/convolutoin/convolution.py")
    got = rows(root, ["convolution"])
    assert set(got) == {(who, "convolution") for who in ("bob", "cid", "dee", "eve", "fay")}
    assert "homework.zip" in got["cid", "convolution"][1] and "__MACOSX" not in got["cid", "convolution"][1]
    assert "convolutoin" in got["fay", "convolution"][1]
    assert got["dee", "convolution"] == got["eve", "convolution"] == ("convolution", "")


def test_who_handed_in_nothing_has_a_row_for_each_lesson(root):
    lay(root, "cid/__MACOSX/", "cid/.git/", "dee/", "ada/tensors/tensors.py")
    assert set(rows(root)) == {("ada", "tensors"), *((who, lesson) for who in ("cid", "dee") for lesson in LESSONS)}


def test_a_folder_that_means_no_lesson_has_a_row_with_what_is_perhaps_meant(root):
    lay(root, "ada/tensors/tensors.py", "bob/convolutoin/convolution.py", "cid/ps1/ps1.ipynb")
    got = rows(root)
    assert "There is no lesson called convolutoin." in got["bob", "convolutoin"][1]
    assert "Did you mean convolution?" in got["bob", "convolutoin"][1]
    assert "Did you mean" not in got["cid", "ps1"][1]
    assert len(got) == 3


@pytest.mark.parametrize("folder", ["__MACOSX", "__pycache__", "feedback", ".grader", ".ipynb_checkpoints"])
def test_what_nobody_handed_in_is_no_student(root, folder):
    lay(root, "ada/tensors/tensors.py", f"{folder}/tensors/tensors.py")
    assert Classroom(root / "submitted").students() == ["ada"]


def test_several_lessons_and_patterns_of_students_can_be_asked_for(root):
    lay(root, *(f"{who}/tensors/tensors.py" for who in ("ada", "alan", "bob", "[abc] {x} 50%")))
    assert {item.student for item in found(root, None, ["a*"])} == {"ada", "alan"}
    assert {item.student for item in found(root, None, ["ada", "bob"])} == {"ada", "bob"}
    assert {item.student for item in found(root, None, ["[abc] {x} 50%"])} == {"[abc] {x} 50%"}
    assert [item.lesson for item in found(root, ["convolution", "tensors", "tensors"], ["ada"])] == [*LESSONS][::-1]
    with pytest.raises(CourseError, match="is called c\\*"):
        found(root, None, ["ada", "c*"])


def test_the_lessons_of_a_course_are_looked_up_once_for_a_class(root, monkeypatch):
    lay(root, *(f"student-{number}/tensors/tensors.py" for number in range(20)))
    asked = []
    monkeypatch.setattr(Course, "lessons", lambda self: asked.append(1) or list(LESSONS))
    assert len(found(root)) == 20 and len(asked) == 1


def test_files_that_are_in_no_students_folder_are_named(root):
    lay(root, "ada/tensors/tensors.py", "bob_tensors.ipynb", "readme.txt")
    assert Classroom(root / "submitted").strays() == "bob_tensors.ipynb"


def test_of_thousands_of_folders_that_are_no_lessons_the_first_are_named_and_the_others_counted(root):
    lay(root, "ada/tensors/tensors.py", *(f"ada/junk-{number:04}/" for number in range(3000)))
    got = rows(root)
    assert len(got) == 11 and got["ada", "tensors"] == ("tensors", "")
    assert [said for _, said in got.values() if said.endswith("not listed: 2990.")] == [got["ada", "junk-0009"][1]]


def test_an_error_that_names_a_folder_stays_on_one_line(root):
    lay(root, "tensors\n/ada\nmallory/tensors.py", "tensors/ada\nmallory/x.py")
    with pytest.raises(CourseError, match="swapped") as refused:
        found(root)
    assert "\n" not in str(refused.value)


# A folder that is not a class's

ADA = "ada/tensors/tensors.py"


@pytest.mark.parametrize(
    ("paths", "submitted", "says"),
    [
        ((ADA,), "submitted/ada", "Did you mean this? grader autograde submitted --student ada"),
        (("ada b/Tensors (1)/x.py",), "submitted/ada b", "grader autograde submitted --student 'ada b'"),
        (("ada/tensors.ipynb",), "submitted/ada", "grader autograde submitted --student ada"),
        ((ADA,), "submitted/ada/tensors", "grader autograde submitted --student ada"),
        ((ADA,), ".", "one folder too high. Did you mean this? grader autograde submitted"),
        (("../class/submitted/" + ADA, ADA), "class", "grader autograde class/submitted"),
        (("../a/class/submitted/" + ADA,), "a", "grader autograde a/class/submitted"),
        (("monday/" + ADA, "monday/bob/tensors/"), "submitted", "grader autograde submitted/monday"),
        (("tensors/ada/tensors.ipynb", "tensors/bob/tensors.ipynb"), "submitted", "swapped"),
        (("tensors/ada/", "convolution/ada/"), "submitted", "such as ada/convolution/."),
        (("tensors/tensors.ipynb",), "submitted", "but no folder of a student"),
        ((ADA, "../feedback/ada/tensors.html"), "feedback", "Did you mean this? grader autograde submitted"),
        ((ADA, "../autograded/" + ADA), "autograded", "Did you mean this? grader autograde submitted"),
        ((ADA, "../.grader/results/ada/tensors.json"), ".grader/results", "autograde submitted"),
        ((ADA,), "exercises", "belongs to the course itself"),
        ((ADA,), "solutions", "belongs to the course itself"),
        ((ADA,), "exercises/tensors", "belongs to the course itself"),
        (("../other/solutions/tensors/misconceptions.py",), "other/solutions", "belongs to the course itself"),
    ],
)  # fmt: skip
def test_a_folder_of_the_wrong_level_is_refused_with_what_was_meant_and_nothing_is_written(root, paths, submitted, says):
    lay(root, *paths)
    before = sorted(root.rglob("*"))
    with pytest.raises(CourseError) as refused:
        found(root, submitted=submitted)
    assert says in str(refused.value).replace(f"{root}/", "")
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    "paths",
    [
        (ADA,), ("ada/",), ("ada/ps1/",), ("ada/Tensors.ipynb",), ("ada/homework-main/" + ADA[4:],), (ADA, "x.ipynb"),
        (ADA, "tensors/bob/tensors.py"), ("submitted/tensors/tensors.py",), ("ada/ps1/a.py", "bob/ps1/b.py"),
    ],
)  # fmt: skip
def test_a_class_is_not_refused_for_what_single_students_do(root, paths):
    lay(root, *paths)
    assert found(root)


def test_inside_of_a_students_folder_the_class_is_found_as_well(root, monkeypatch):
    lay(root, ADA)
    monkeypatch.chdir(root / "submitted" / "ada")
    with pytest.raises(CourseError, match=f"autograde {root}/submitted --student ada"):
        found(root, submitted="submitted/ada")
    monkeypatch.chdir(root / "submitted")
    with pytest.raises(CourseError, match=r"autograde \. --student ada"):
        found(root, submitted="submitted/ada")


def test_what_a_sandbox_gets_of_a_seed_does_not_tell_what_hidden_checks_draw_from(root):
    seed = Classroom(root / "submitted").seed("ada")
    assert seed == Classroom(root / "submitted").seed("ada")  # a regrade draws the same
    visible, hidden, other = (
        Check(name=name, exercise="f", says="", points=1, hidden=is_hidden)
        for name, is_hidden in (("f_is_right", False), ("f_is_right_too", True), ("f_is_right_again", True))
    )
    given = seed_of(visible, seed)
    secret = seed.removeprefix(f"{given}:")
    assert len(given) == 16 and len(secret) == 64
    # Who knows the first part and both names makes other inputs: the second part decides.
    assert len({given, *(seed_of(check, item) for check in (hidden, other) for item in (seed, given, f"{given}:0"))}) == 7
    assert secret[:16] not in (seed_of(hidden, seed), seed_of(other, seed))
