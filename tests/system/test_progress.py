"""What is remembered of a student's answers: by what was checked, and for no longer than that is so."""

import json
import sys
from queue import Queue

import pytest
from support.command import run
from support.student import GRADER, RIGHT, answered, course_in, write

from grader.files import course as courses
from grader.sandbox.plain import Plain
from grader.student import progress, warm
from grader.student.checker import Checker, Request


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture
def script(course):
    return course / "1_tensors" / "tensors.py"


def states(course):
    page, _ = json.JSONDecoder().raw_decode(run(GRADER, "list", "--json", cwd=course))
    return {row["exercise"]: row["state"] for row in page}


def digests(course, lesson="tensors"):
    return progress.lesson(courses.find(course), lesson).digests


def changed(course, change):
    """The exercises of which a change makes the digest another."""
    before = digests(course)
    change()
    after = digests(course)
    return {name for name in before if before[name] != after[name]}


def test_the_list_shows_states_points_minutes_a_total_and_what_is_next(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    write(script, "cat_along", "return tensors[0]")
    page = run(GRADER, "list", cwd=course)
    lines = {line.split()[1]: line.split() for line in page.splitlines() if len(line.split()) > 2}
    assert lines["matrix_product"][0] == "✓" and lines["cat_along"][0] == "✗" and lines["stack_along"][0] == "○"
    assert lines["matrix_product"][2:6] == ["1.5", "p", "5", "min"]
    assert "1 of 39 exercises right, worth 1.5 of 70 points." in page
    assert "Next: tensors/cat_along" in page


SPY = """
import sys
def told(event, arguments):
    if event == "import" and arguments[0] == "torch":
        open({path!r}, "a").write("torch")
sys.addaudithook(told)
"""


def test_what_has_not_changed_is_not_checked_again(course, script, tmp_path):
    write(script, "matrix_product", RIGHT["matrix_product"])
    (tmp_path / "sitecustomize.py").write_text(SPY.format(path=str(tmp_path / "imported")))
    first = run(GRADER, "list", "--json", cwd=course, PYTHONPATH=str(tmp_path))
    assert (tmp_path / "imported").exists()
    (tmp_path / "imported").unlink()
    again = run(GRADER, "list", "--json", cwd=course, PYTHONPATH=str(tmp_path))
    assert again in first and not (tmp_path / "imported").exists()
    run(GRADER, cwd=course, PYTHONPATH=str(tmp_path))
    assert not (tmp_path / "imported").exists(), "nor is it to say where one is"


def test_grader_alone_says_where_you_are_and_what_to_do(course, script, tmp_path):
    assert "0 of 39, next: tensors/matrix_product" in run(GRADER, cwd=course)
    write(script, "matrix_product", RIGHT["matrix_product"])
    page = run(GRADER, cwd=course / "1_tensors")
    assert "One of your answers has changed" in page
    run(GRADER, "check", "tensors", cwd=course, expect=1)
    page = run(GRADER, cwd=course)
    assert "1 of 39, next: tensors/cat_along" in page and "grader watch tensors/cat_along" in page
    assert "changed" not in page
    (tmp_path / "elsewhere").mkdir()
    assert "grader start" in run(GRADER, cwd=tmp_path / "elsewhere")


def test_the_file_to_open_is_of_the_kind_that_the_student_writes(course, script):
    assert "Open 1_tensors/tensors.ipynb" in run(GRADER, cwd=course)
    write(script, "matrix_product", RIGHT["matrix_product"])
    assert "Open 1_tensors/tensors.py" in run(GRADER, cwd=course)
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("raise NotImplementedError", "return 1 #"), encoding="utf-8")
    (course / ".grader" / "progress.json").write_text(known_right(course), encoding="utf-8")
    assert "Open 2_gradients/gradients.py" in run(GRADER, cwd=course)


def known_right(course, lesson="tensors"):
    """What is remembered where all of a lesson is right."""
    known = {f"{lesson}/{name}": {"state": "right", "earned": 1, "of": of} for name, of in digests(course).items()}
    return json.dumps({"exercises": known})


def test_what_there_is_to_say_of_a_file_stands_in_the_list_too(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    notebook = script.with_suffix(".ipynb")
    notebook.write_text(answered(notebook.read_text(encoding="utf-8"), "cat_along", "return 1"), encoding="utf-8")
    for words in ([], ["list"]):
        said = " ".join(run(GRADER, *words, cwd=course).split())
        assert "! tensors: Both tensors.ipynb and tensors.py were changed. The notebook is the one that counts." in said


def test_the_command_for_what_is_next_stands_on_one_line(course):
    assert "\nTo check it, run: grader check tensors/matrix_product\n" in run(GRADER, "list", cwd=course)


def test_a_hint_is_told_without_the_marks_of_markdown(course):
    run(GRADER, "hint", "cat_along", 2, cwd=course)
    assert "is short for concatenate, which" in run(GRADER, "hint", "cat_along", 2, cwd=course)


def test_a_hint_for_what_is_next_says_what_it_is_for(course):
    assert "`tensors/matrix_product`, hint 1 of 3:" in run(GRADER, "hint", cwd=course)


def test_the_file_that_is_named_is_the_one_that_is_checked(course, script):
    write(script, "matrix_product", "return X @ Y")
    notebook = script.with_suffix(".ipynb")
    notebook.write_text(answered(notebook.read_text(encoding="utf-8"), "matrix_product", "return X * Y"), encoding="utf-8")
    assert "✓ matrix_product" in run(GRADER, "check", "1_tensors/tensors.py", cwd=course, expect=1)
    for asked in ("1_tensors/tensors.ipynb", "matrix_product"):
        said = run(GRADER, "check", asked, cwd=course, expect=1)
        assert "✗ matrix_product" in said and "The notebook is the one that counts." in " ".join(said.split())


def test_another_answer_to_one_exercise_leaves_the_others_known(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    assert changed(course, lambda: write(script, "cat_along", "return tensors[0]\n# longer by a line")) == {"cat_along"}


def test_what_an_exercise_uses_counts_for_it_too(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    write(script, "batch_matmul", "return torch.stack([matrix_product(*each) for each in zip(A, B)])")
    text = script.read_text()
    found = changed(course, lambda: script.write_text(text.replace("return X @ Y", "return X * Y")))
    assert found == {"matrix_product", "batch_matmul"}
    found = changed(course, lambda: script.write_text(text.replace("import torch\n", "import torch\ntorch.cat = None\n")))
    assert found == set(digests(course)), "what is not a definition may change anything"


def test_an_answer_that_rests_on_one_that_is_not_right_says_so_though_only_it_is_checked(course, script):
    write(script, "matrix_product", "return X * Y")
    write(script, "batch_matmul", "return each(A, B)")
    helper = "\n\n# %%\ndef each(A, B):\n    return torch.stack([matrix_product(*pair) for pair in zip(A, B)])\n"
    script.write_text(script.read_text() + helper)
    said = " ".join(run(GRADER, "check", "tensors/batch_matmul", cwd=course, expect=1).split())
    assert "It calls `matrix_product`, which is not right yet. Fix that first." in said


def test_another_key_makes_everything_unknown(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    assert states(course)["matrix_product"] == "right"
    checks = course / "1_tensors" / "checks.py"
    found = changed(course, lambda: checks.write_text(checks.read_text() + "\n# newer\n"))
    assert found == set(digests(course))


def test_what_is_remembered_is_small_and_can_be_lost_or_damaged(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    before = states(course)
    remembered = course / ".grader" / "progress.json"
    assert remembered.stat().st_size < 2000 and (course / ".grader" / ".gitignore").read_text() == "*\n"
    remembered.write_text("{")
    assert states(course) == before


def test_a_check_that_was_given_up_for_a_newer_one_is_not_remembered(course, script):
    write(script, "matrix_product", RIGHT["matrix_product"])
    write(script, "batch_matmul", RIGHT["batch_matmul"])
    found, answered = courses.find(course), Queue()
    lesson = progress.lesson(found, "tensors")
    newer = [Request(lesson, ("batch_matmul",))]

    class Interrupted(warm.Forks if sys.platform == "linux" else Plain):
        """The student saves once more while the first check is about to begin."""

        def session(self):
            while newer:
                checker.ask(newer.pop())
            return super().session()

    checker = Checker(found, Interrupted, lambda *told: answered.put(told))
    try:
        checker.ask(Request(lesson, ("matrix_product",), quiet=True))
        request, checked = answered.get(timeout=60)
    finally:
        checker.close()
    assert request.exercises == ("batch_matmul",) and checked.result.exercises[0].state == "right"
    known = progress.Progress(found).states(lesson)
    assert known["batch_matmul"].state == "right" and known["matrix_product"] is None
