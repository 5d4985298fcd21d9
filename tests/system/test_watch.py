"""`grader watch` in a terminal of its own: what is saved is answered, whatever is saved."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from support.student import GRADER, RIGHT, answered, course_in, write

pytest.importorskip("pty", reason="there are no pseudo-terminals here")
from support.terminal import Terminal

ELSEWHERE = Path(__file__).parents[1] / "support" / "elsewhere"
KEYS = "q quit"
LOOP = "while True:\n    pass"


@pytest.fixture
def course(tmp_path):
    return course_in(tmp_path)


@pytest.fixture
def script(course):
    return course / "1_tensors" / "tensors.py"


@pytest.fixture
def watch(course):
    """Starts watching; the screen is there, and the first answer on it."""
    started = []

    def start(*words, expect="○ .*matrix_product", **options):
        started.append(Terminal(GRADER, "watch", *words, cwd=course, **options))
        started[-1].wait_for(f"{expect}.*{KEYS}")
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()
        assert terminal.process.returncode == 0


def test_what_is_saved_is_answered_at_once_with_a_place_to_click(script, watch):
    terminal = watch()
    write(script, "matrix_product", "return X.nope(Y)")
    shown = terminal.wait_for(r"✗.*matrix_product.*What was checked.*" + KEYS)
    line = 1 + script.read_text().split("\n").index("    return X.nope(Y)")
    assert f"1_tensors/tensors.py:{line}" in shown and "AttributeError" in shown
    text = script.read_text()
    script.write_text(text.replace("X.nope(Y)", "X @ Y"))
    assert "1 of 39" in terminal.wait_for("✓.*Right.*" + KEYS)


def test_the_solution_is_shown_by_a_key_where_the_release_carries_it_and_the_answer_is_right(course, script, watch):
    key = course / "1_tensors" / "answer_key.json"
    known = json.loads(key.read_text(encoding="utf-8"))
    known["solutions"] = {"matrix_product": {"code": "def matrix_product(X, Y): ...", "ways": []}}
    key.write_text(json.dumps(known), encoding="utf-8")
    terminal = watch(columns=80)
    terminal.press("s")
    terminal.wait_for("shown once your answer is right.*s solution.*" + KEYS)
    write(script, "matrix_product", RIGHT["matrix_product"])
    assert "The reference" not in terminal.wait_for("✓.*Press n.*" + KEYS)
    terminal.press("s")
    terminal.wait_for(r"The reference.*def matrix_product\(X, Y\): \.\.\..*s solution.*" + KEYS)


def test_a_narrow_terminal_holds_every_line(script, watch):
    terminal = watch(columns=60)
    write(script, "matrix_product", "return X * Y")
    shown = terminal.wait_for(r"✗.*What was checked.*" + KEYS)
    lines = shown.partition("⌫")[2].split("\n")
    assert max(map(len, lines)) <= 60, max(lines, key=len)


def test_a_notebook_is_answered_too(course, watch):
    notebook = course / "1_tensors" / "tensors.ipynb"
    terminal = watch("tensors/cat_along", expect="○ .*cat_along")
    found = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in found["cells"]:
        if "def cat_along" in "".join(cell["source"]):
            cell["source"] = answered("".join(cell["source"]), "cat_along", RIGHT["cat_along"])
    notebook.write_text(json.dumps(found))
    terminal.wait_for("✓ .*cat_along")


def test_the_exercise_that_was_written_is_the_one_that_is_checked(script, watch):
    terminal = watch("tensors")
    write(script, "batch_matmul", RIGHT["batch_matmul"])
    terminal.wait_for("✓ .*batch_matmul")


def test_a_syntax_error_is_a_sentence_and_the_next_save_is_answered(script, watch):
    terminal, text = watch(), script.read_text()
    write(script, "matrix_product", "return X @@ Y")
    assert "valid Python" in terminal.wait_for("○ .*matrix_product.*" + KEYS)
    script.write_text(answered(text, "matrix_product", RIGHT["matrix_product"]))
    terminal.wait_for("✓ .*matrix_product")


def test_a_loop_without_end_has_a_clock_and_is_given_up_for_the_next_save(script, watch):
    terminal, text = watch(), script.read_text()
    write(script, "matrix_product", LOOP)
    terminal.wait_for("checking")
    terminal.wait_for("1")
    script.write_text(answered(text, "matrix_product", RIGHT["matrix_product"]))
    assert "took longer" not in terminal.wait_for("✓ .*matrix_product")


def test_a_loop_without_end_is_told_in_the_end(script, watch):
    terminal = watch()
    write(script, "matrix_product", LOOP)
    assert "took longer" in terminal.wait_for("✗ .*matrix_product.*" + KEYS)
    terminal.press("r")
    terminal.wait_for("checking")


def test_a_file_that_is_deleted_is_missed_and_one_that_comes_back_is_checked(script, watch):
    terminal, text = watch(), script.read_text()
    script.with_suffix(".ipynb").unlink()
    script.unlink()
    terminal.wait_for("no notebook or Python file")
    script.write_text(answered(text, "matrix_product", RIGHT["matrix_product"]))
    terminal.wait_for("✓ .*matrix_product")


def test_what_is_saved_in_two_steps_is_answered_when_it_is_whole(script, watch):
    terminal = watch()
    text = answered(script.read_text(), "matrix_product", RIGHT["matrix_product"])
    with script.open("w") as half:
        half.write(text[: len(text) // 2])
        half.flush()
        terminal.wait_for("matrix_product")
        half.write(text[len(text) // 2 :])
    terminal.wait_for("✓ .*matrix_product")


def test_hints_come_one_after_the_other_and_are_remembered(watch):
    terminal = watch()
    terminal.press("h")
    terminal.wait_for("Hint 1 of 3.*" + KEYS)
    terminal.press("h")
    terminal.wait_for("Hint 2 of 3.*" + KEYS)
    terminal.press("q")
    terminal.process.wait()
    again = watch()
    again.press("h")
    again.wait_for("Hint 3 of 3")


def test_the_next_exercise_and_any_other_are_a_key_away(script, watch):
    write(script, "matrix_product", RIGHT["matrix_product"])
    terminal = watch("tensors/matrix_product", expect="✓ .*matrix_product")
    terminal.press("n")
    terminal.wait_for("○ .*cat_along.*" + KEYS)
    terminal.press("l")
    terminal.wait_for(r"✓.*tensors/matrix_product.*f filter \(all\)")
    terminal.press("f")
    terminal.wait_for("to do")
    terminal.press("jj\r")
    terminal.wait_for("○ .*joined_shape.*" + KEYS)


def test_a_reset_asks_first_and_says_where_the_copy_is(course, script, watch):
    write(script, "matrix_product", RIGHT["matrix_product"])
    mine = script.read_text()
    terminal = watch("tensors/matrix_product", expect="✓ .*matrix_product")
    terminal.press("x")
    terminal.wait_for("y / n")
    terminal.press("n")
    terminal.wait_for(KEYS)
    assert script.read_text() == mine
    terminal.press("x")
    terminal.wait_for("y / n")
    terminal.press("y")
    shown = terminal.wait_for("○ .*matrix_product.*" + KEYS)
    kept = re.search(r"\.grader/backup/\S+", shown)[0]
    assert (course / kept).read_text() == mine and "matrix_product is not written yet" in script.read_text()
    terminal.press("r")  # as the answer to the grader's own save does
    assert kept in terminal.wait_for(f"⌫.*{KEYS}")


def test_what_is_asked_is_broken_between_words(script, watch):
    terminal = watch(columns=60)
    terminal.press("x")
    asked = terminal.wait_for("y / n")
    assert "place of\nyour answer" in asked
    terminal.press("n")


def test_the_lines_to_paste_are_a_key_away_so_that_the_first_sentence_stays_on_the_screen(script, watch):
    terminal = watch(columns=80, rows=24)
    write(script, "matrix_product", "return X * Y")
    shown = terminal.wait_for(r"✗.*What was checked.*" + KEYS).rpartition("⌫")[2]
    assert "import torch" not in shown and len(shown.split("\n")) <= 24
    assert "press p" in " ".join(shown.split())
    terminal.press("p")
    assert "print(matrix_product(X, Y))\n# expected: " in terminal.wait_for(f"import torch.*{KEYS}")


def test_where_no_events_come_the_files_are_looked_at_and_that_is_said(script, watch, tmp_path):
    (tmp_path / "watchfiles.py").write_text(
        "def watch(*folders, stop_event, **options):\n"
        "    while not stop_event.wait(0.05):\n"
        "        yield set()\n"
    )  # fmt: skip
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    terminal, text = watch(PYTHONPATH=path), script.read_text()
    write(script, "matrix_product", "return X * Y")
    terminal.wait_for("✗ .*matrix_product")
    script.write_text(answered(text, "matrix_product", RIGHT["matrix_product"]))
    terminal.wait_for("✓ .*matrix_product")
    terminal.press("l")
    terminal.wait_for("l back")
    terminal.press("l")
    terminal.wait_for("Saves are found by looking")


@pytest.mark.slow
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_where_nothing_can_be_forked_a_process_is_ready_for_each_save(system, script, watch):
    terminal, text = watch(PYTHONPATH=str(ELSEWHERE), PRETEND=system), script.read_text()
    write(script, "matrix_product", "return X * Y")
    terminal.wait_for("✗ .*matrix_product")
    script.write_text(answered(text, "matrix_product", RIGHT["matrix_product"]))
    terminal.wait_for("✓ .*matrix_product")


def test_without_a_terminal_it_says_what_to_do(course):
    from support.command import run

    assert "needs a terminal" in run(sys.executable, "-m", "grader", "watch", cwd=course, expect=2)
