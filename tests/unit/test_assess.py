"""From a run to a result: a state and a first sentence for each exercise, a verdict for each check."""

from dataclasses import replace

import msgspec
import pytest
from support.classroom import FILES, Here

from grader.author.expectations import build_key
from grader.errors import Fault, Stalled
from grader.exercise import Solution
from grader.files.answer_file import Code
from grader.files.submission import Submission, of_cells
from grader.judge import assess
from grader.judge.compare import number
from grader.judge.diagnose import AtHome, diagnose, undecided
from grader.judge.observation import Error, Named, Run
from grader.judge.show import text
from grader.messages import say
from grader.sandbox.run import Phase, phases, run
from grader.worker.errors import describe_error

RAISES = "if isinstance(X, str): raise TypeError('text')\n    "
SECRET = "swordfish"


def verdicts(exercise):
    return {verdict.check: verdict for verdict in exercise.verdicts}


def states(result):
    return [exercise.state for exercise in result.exercises]


def texts(result):
    """Every text of a result that a student reads, but for what the cells printed."""
    for exercise in result.exercises:
        yield exercise.summary
        for verdict in exercise.verdicts:
            yield from (verdict.message, verdict.where, verdict.printed, *verdict.called_from, *verdict.advice)
            if verdict.shown:
                yield from (verdict.shown.expected, verdict.shown.got)
    yield from result.notes


# Right and wrong


def test_a_right_hand_in_earns_everything(classroom):
    result = classroom.hand_in(*classroom.right)
    assert states(result) == ["right", "right"]
    assert (result.earned, result.points) == (6.0, 6.0)
    assert [exercise.summary for exercise in result.exercises] == ["Correct.", "Correct."]
    assert (result.student, result.lesson, result.file, result.notes) == ("ada", "numbers", "numbers.ipynb", [])


def test_the_line_of_an_error_that_is_asked_for_is_not_told_as_that_of_a_forbidden_operation():
    checks = FILES.checks.replace('lesson.exercise("double")', 'lesson.exercise("double", forbids=["exp"])')
    checks = checks.replace("return answer.double(X)", "return answer.double(X) + 0")
    key = build_key(replace(FILES, checks=checks), Here(), "seed", public_only=True)
    cell = "import torch\ndef double(X):\n    torch.ones(1).exp()\n    " + RAISES + "return X * 2"
    answer = of_cells("numbers", [cell])
    ran = run(Here(), answer, [Phase(checks, key.checks)], ["double", "total"], "seed")
    verdict = verdicts(assess.assess(key, answer, ran, "process").exercises[0])["refuses_text"]
    assert "built-in exp" in verdict.message and verdict.where == ""


def test_a_right_answer_is_shown_the_solution_in_a_students_own_check_alone(classroom):
    key = msgspec.structs.replace(classroom.key, solutions={"double": Solution("ours"), "total": Solution("ours too")})

    def shown(*cells, **options):
        result = assess.assess(key, classroom.submission(*cells), classroom.run(*cells), "process", **options)
        return [item.solution and item.solution.code for item in result.exercises]

    imported, double, total = classroom.right
    assert shown(imported, double, total, probes="lesson = None") == ["ours", "ours too"]
    assert shown(imported, double, "def total(X):\n    return X", probes="lesson = None") == ["ours", None]
    assert shown(imported, double, total) == [None, None]


def test_each_check_earns_its_own_points(classroom):
    result = classroom.double("return X * 2")  # text is doubled, too
    assert (result.state, result.earned, result.points) == ("wrong", 3.0, 4.0)
    assert result.summary == "Expected the error TypeError, but no error was raised."
    assert [verdict.passed for verdict in result.verdicts] == [True, False, True]


def test_a_wrong_answer_starts_with_its_first_problem(classroom):
    result = classroom.double(RAISES + "return X * 3")
    assert result.summary == verdicts(result)["doubles"].message
    assert result.summary.startswith("The value differs: expected ")
    assert verdicts(result)["doubles"].shown.inputs[0][0] == "X"


def test_an_error_is_placed_on_the_students_own_line(classroom):
    result = classroom.total("Y = double(X)\n    return Y.summe(1)")
    verdict = verdicts(result)["adds_up_rows"]
    assert verdict.message == "Your code stopped with AttributeError: 'Tensor' object has no attribute 'summe'"
    assert verdict.where == "line 3 of cell 3: return Y.summe(1)"
    assert verdict.called_from == []


def test_an_error_in_a_function_that_was_called_is_told_with_the_lines_that_led_there(classroom):
    result = classroom.total(
        "return outer(X)\n\n\ndef outer(X):\n    return inner(X)\n\n\ndef inner(X):\n    return X.summe(1)"
    )
    verdict = verdicts(result)["adds_up_rows"]
    assert verdict.where == "line 10 of cell 3: return X.summe(1)"
    assert verdict.called_from == ["line 2 of cell 3: return outer(X)", "line 6 of cell 3: return inner(X)"]


def test_what_is_printed_in_a_check_that_can_be_seen_comes_with_it(classroom):
    result = classroom.double(RAISES + "print('so far', X.dim())\n    return X * 3")
    assert verdicts(result)["doubles"].printed == "so far 2" == result.printed
    assert verdicts(result)["doubles_images"].printed == ""


# Nothing there


def test_a_stub_is_not_written_yet(classroom):
    stub = "def double(X):\n    raise NotImplementedError('double is not written yet')"
    result = classroom.hand_in(stub, "def total(X):\n    return (X * 2).sum(1)")
    assert states(result) == ["stub", "right"]
    assert result.exercises[0].summary == "You have not written `double` yet."
    assert result.exercises[0].earned == 0
    assert result.notes == []


def test_an_answer_that_uses_a_stub_is_wrong_and_points_there(classroom):
    stub = "def double(X):\n    raise NotImplementedError('double is not written yet')"
    result = classroom.hand_in(stub, "def total(X):\n    return double(X).sum(1)")
    assert states(result) == ["stub", "wrong"]
    assert result.exercises[1].summary.startswith("It calls `double`, which is not right yet. Fix that first. ")


def test_a_name_that_no_cell_defines_is_missing(classroom):
    result = classroom.hand_in("def total(X):\n    return (X * 2).sum(1)")
    assert states(result) == ["missing", "right"]
    assert result.exercises[0].summary == "`double` is missing: no cell of your file defines it."
    assert [verdict.passed for verdict in result.exercises[0].verdicts] == [False] * 3


def test_a_name_that_is_no_function_is_told_with_its_type(classroom):
    result = classroom.hand_in("double = 2", classroom.right[2])
    assert result.exercises[0].state == "wrong"
    assert result.exercises[0].summary == ("`double` should be a function or a class, but here it is a value of type int.")


def test_a_class_or_anything_that_can_be_called_is_as_good_as_a_function(classroom):
    assert states(classroom.hand_in(*classroom.right[:2], "total = lambda X: double(X).sum(1)")) == ["right", "right"]


def test_a_hand_in_without_cells_has_every_exercise_and_says_why(classroom):
    submission = Submission("ada", "numbers", notes=["numbers.py is not a regular file."])
    result = assess.nothing(classroom.key, submission, "sandbox")
    assert states(result) == ["missing", "missing"]
    assert [exercise.summary for exercise in result.exercises] == ["numbers.py is not a regular file."] * 2
    assert (result.earned, result.points) == (0, 6.0)
    assert verdicts(result.exercises[0])["doubles_images"].message == "A hidden check failed."


def test_a_hand_in_without_cells_and_notes_still_says_why(classroom):
    result = assess.nothing(classroom.key, Submission("ada", "numbers"), "sandbox")
    assert result.exercises[0].summary == say("empty_folder", lesson="numbers")


# Cells


def test_a_cell_that_raised_is_a_note_with_its_line_and_code(classroom):
    result = classroom.hand_in(*classroom.right, "model = None\nmodel.train()  # oops")
    words = "AttributeError: 'NoneType' object has no attribute 'train'"
    assert result.notes == [f"Your code stopped at line 2 of cell 4, `model.train()  # oops`, with {words}"]
    assert states(result) == ["right", "right"]


def test_in_a_script_a_line_is_told_as_that_of_the_file(classroom):
    cells = "import torch\nY = torch.twice(1)", "def double(X):\n    return X.twice()", classroom.right[2]
    submission = Submission("ada", "numbers", list(map(Code, cells, [3, 12, 20])), "numbers.py")
    result = assess.assess(classroom.key, submission, classroom.run(*cells), "sandbox")
    assert result.notes[0].startswith("Your code stopped at line 4 of numbers.py, `Y = torch.twice(1)`, with AttributeError")
    assert verdicts(result.exercises[0])["doubles"].where == "line 13 of numbers.py: return X.twice()"


def test_a_cell_that_is_no_python_says_why_its_exercise_is_missing(classroom):
    result = classroom.hand_in("import torch", "def double(X):\n    return X * * 2", classroom.right[2])
    note = "Something here is not valid Python. Look at line 2 of cell 2, `return X * * 2`: invalid syntax."
    assert result.notes == [note]
    assert (result.exercises[0].state, result.exercises[0].summary) == ("missing", note)


def test_what_stands_below_a_line_that_raised_is_still_worth_having(classroom):
    double = classroom.right[1]
    result = classroom.hand_in(f"import nothing_like_torch\n1 / 0\n{double}", classroom.right[2])
    assert states(result) == ["right", "right"]
    assert result.notes[1] == "Your code stopped at line 2 of cell 1, `1 / 0`, with ZeroDivisionError: division by zero"
    assert result.notes[:1] == [
        "Your code stopped at line 1 of cell 1, `import nothing_like_torch`, with ModuleNotFoundError: No module named "
        "'nothing_like_torch'. `nothing_like_torch` is not installed where your answer runs, "
        "and no file nothing_like_torch.py was handed in with it."
    ]


def test_a_definition_that_raised_says_why_the_exercise_is_missing(classroom):
    result = classroom.hand_in("@nothing_like_it\ndef double(X):\n    return X * 2", classroom.right[2])
    assert result.exercises[0].state == "missing"
    assert result.exercises[0].summary.startswith(
        "Your code stopped at line 1 of cell 1, `@nothing_like_it`, with NameError"
    )


def test_a_definition_in_a_cell_that_was_not_run_is_not_called_missing(classroom):
    cells = ["x = 1", "def double(X):\n    return X * 2"]
    stopped = Run(errors={0: Fault("time")}, names={"double": Named("missing"), "total": Named("missing")}, given_up=1)
    result = assess.assess(classroom.key, classroom.submission(*cells), stopped, "sandbox")
    assert result.exercises[0].summary.startswith("This was not run")
    assert result.exercises[1].summary.startswith("`total` is missing")


def test_a_cell_that_defines_a_longer_name_is_not_blamed(classroom):
    result = classroom.hand_in("class doubleLayer:\n    x = 1 / 0", classroom.right[2])
    assert result.exercises[0].summary == "`double` is missing: no cell of your file defines it."


def test_a_stub_that_a_cell_runs_is_no_note(classroom):
    stub = "def double(X):\n    raise NotImplementedError('double is not written yet')\ndouble(1)"
    result = classroom.hand_in(stub, classroom.right[2])
    assert result.notes == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("time"), "took longer than 5 seconds and was stopped"),
        (
            Fault("ended", "it left Python with exit code 3"),
            "ended the Python process: it left Python with exit code 3",
        ),
        (Fault("flood"), "wrote into the grader's own channel and was skipped"),
    ],
)
def test_a_cell_that_did_not_come_back_is_a_note(classroom, fault, words):
    cells = [*classroom.right, "\nwhile True:\n    pass"]
    run = classroom.run(*classroom.right)
    run.errors[3] = fault
    result = assess.assess(classroom.key, classroom.submission(*cells), run, "sandbox")
    [note] = result.notes
    assert note.startswith("The code that begins at line 2 of cell 4, `while True:`, ")
    assert words in note
    assert states(result) == ["right", "right"]


def test_notes_come_in_the_order_of_the_cells_after_those_about_the_file(classroom):
    submission = classroom.submission("1 / 0", "", "[][0]")
    submission.notes = ["The file is odd."]
    run = classroom.run("1 / 0", "", "[][0]")
    run.errors = dict(reversed(run.errors.items()))
    notes = assess.assess(classroom.key, submission, run, "sandbox").notes
    assert notes[0] == "The file is odd."
    assert ["line 1 of cell 1" in notes[1], "line 1 of cell 3" in notes[2], len(notes)] == [True, True, 3]


def test_a_syntax_error_without_a_line_still_has_a_note(classroom):
    try:
        compile("x = '\0'", "<cell 0>", "exec")
    except (SyntaxError, ValueError) as error:
        seen = describe_error(error)
    result = assess.assess(classroom.key, classroom.submission("x = '\0'"), Run(errors={0: Error(**seen)}), "sandbox")
    assert "Look at line 1 of cell 1" in result.notes[0]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "if X.ndim: raise ValueError('X has to be square')",
            "Your own `raise` stopped your code with ValueError: X has to be square.",
        ),
        ("if X.ndim: raise ValueError", "Your own `raise` stopped your code with ValueError."),
        ("assert X.ndim == 3, 'three axes'", "Your own `assert` stopped your code with AssertionError: three axes."),
        ("raise ValueError(X.summe())", "Your code stopped with AttributeError: 'Tensor' object has no attribute 'summe'"),
        ("return X.view(3, 7) * 2  # raise", "Your code stopped with RuntimeError: shape '[3, 7]' is invalid"),
    ],
)
def test_an_error_that_an_answer_raises_itself_is_told_as_its_own(classroom, body, told):
    exercise = classroom.double(body)
    verdict = verdicts(exercise)["doubles"]
    assert verdict.message.startswith(told) and body.partition(";")[0] in verdict.where
    assert exercise.summary == verdict.message


def test_an_error_that_is_asked_for_is_told_as_before(classroom):
    verdict = verdicts(classroom.double("if isinstance(X, str): raise ValueError('text')\n    return X * 2"))["refuses_text"]
    assert verdict.message.startswith("Expected the error TypeError")


@pytest.mark.parametrize("line", [-5, 0, 99, 10**9])
def test_a_made_up_line_or_cell_does_no_harm(classroom, line):
    run = classroom.run("import torch", "def double(X):\n    raise KeyError('x')", classroom.right[2])
    for seen in run.observations["doubles"]:
        seen.error.line = seen.error.cell = line
    result = assess.assess(classroom.key, classroom.submission("a", "b", "c"), run, "sandbox")
    assert verdicts(result.exercises[0])["doubles"].message == "Your code stopped with KeyError: 'x'"


def test_what_cells_printed_is_in_the_result(classroom):
    assert classroom.hand_in("print('hello')", *classroom.right).printed == "hello\n"


# Steps that did not come back


def test_a_check_that_did_not_come_back_costs_its_own_points_alone(classroom):
    run = classroom.run(*classroom.right)
    run.observations["doubles"] = Fault("time")
    result = assess.assess(classroom.key, classroom.submission(*classroom.right), run, "sandbox")
    assert (result.exercises[0].state, result.exercises[0].earned) == ("wrong", 2.0)
    assert result.exercises[0].summary.startswith("Your code took longer than the limit of 2 seconds")
    assert result.exercises[1].state == "right"


def test_a_check_without_observations_fails(classroom):
    run = classroom.run(*classroom.right)
    del run.observations["doubles"]
    result = assess.assess(classroom.key, classroom.submission(*classroom.right), run, "sandbox")
    assert result.exercises[0].earned == 2.0
    assert result.exercises[0].summary == say("unreadable")


def test_where_not_even_the_names_came_back_every_exercise_says_why(classroom):
    result = assess.assess(classroom.key, classroom.submission("x"), Run(names=Fault("ended", "it ran off")), "sandbox")
    assert [exercise.summary for exercise in result.exercises] == ["Your code ended the Python process: it ran off."] * 2
    assert result.earned == 0


def test_a_check_that_cannot_be_judged_is_told_from_a_wrong_answer(classroom):
    key, run = classroom.key, classroom.run(*classroom.right)
    broken = classroom.run(*classroom.right[:2], "def total(X):\n    raise RuntimeError('the author')")
    key.expected = key.expected | {"adds_up_rows": broken.observations["adds_up_rows"]}
    result = assess.assess(key, classroom.submission(*classroom.right), run, "sandbox").exercises[1]
    assert (result.state, result.earned, result.mistakes) == ("unjudged", 0, {})
    assert "that is not your fault" in result.summary


# Hidden checks


def test_a_hidden_check_that_fails_is_told_by_what_it_checks_and_no_more(classroom):
    body = RAISES + f"return X * 2 if X.dim() == 2 else '{SECRET}'"
    result = classroom.double(body)
    hidden = verdicts(result)["doubles_images"]
    assert result.summary == "The checks you can see pass, but a hidden one does not: Images are doubled too."
    assert (hidden.passed, hidden.message) == (False, "A hidden check failed.")
    assert (hidden.case, hidden.where, hidden.shown, hidden.advice) == (None, "", None, [])


@pytest.mark.parametrize(
    "says",
    [
        f"return '{SECRET}'", f"raise ValueError('{SECRET}')", f"raise type('{SECRET}', (Exception,), {{}})",
        f"return {{'{SECRET}': X}}", f"return type('{SECRET}', (), {{}})()", f"return ['{SECRET}']",
        f"print('{SECRET}')", f"return X.new_tensor(0) if print('{SECRET}') else None",
        f"raise NotImplementedError('{SECRET} is not written yet')",
    ],
)  # fmt: skip
def test_nothing_that_an_answer_says_to_a_hidden_check_reaches_the_student(classroom, says):
    cells = (
        "import torch",
        f"def double(X):\n    {RAISES}if X.dim() == 2: return X * 2\n    {says}",
        classroom.right[2],
    )
    result = classroom.hand_in(*cells)
    assert result.exercises[0].state == "wrong"
    assert not any(SECRET in text for text in texts(result))
    assert SECRET not in result.printed


def test_a_hidden_check_that_passes_gives_no_advice(classroom):
    view = RAISES + "return X.view(-1).mul(2).view(X.shape)"
    result = verdicts(classroom.double(view))
    assert result["doubles"].advice == [say("advice_strided")]
    assert result["doubles_images"].advice == []
    assert result["doubles_images"].passed is True


def test_a_hidden_check_is_told_like_any_other_where_the_instructor_says_so(classroom):
    body = RAISES + "return X * 2 if X.dim() == 2 else X.view(-1).mul(3).view(X.shape)"
    closed, result = classroom.double(body), classroom.double(body, show_hidden=True)
    public, hidden = (verdicts(result)[name] for name in ("doubles", "doubles_images"))
    assert (closed.summary, closed.earned) == (result.summary, result.earned)
    assert "values differ, the first at" in hidden.message
    assert hidden.shown.inputs[0][0] == "X" and hidden.shown.expected != hidden.shown.got
    assert (public.closed, hidden.closed, verdicts(closed)["doubles_images"].closed) == (False, False, True)
    raised = verdicts(classroom.double(RAISES + "return X * 2 if X.dim() == 2 else {}[1]", show_hidden=True))
    assert "KeyError" in raised["doubles_images"].message and "line 3 of cell 2" in raised["doubles_images"].where


# Exercises that build on each other


def test_a_wrong_answer_that_uses_a_wrong_one_points_there(classroom):
    result = classroom.hand_in("def double(X):\n    return X + 1", "def total(X):\n    return double(X).sum(1)")
    assert result.exercises[1].summary.startswith("It calls `double`, which is not right yet. Fix that first. ")
    assert "It calls" not in result.exercises[0].summary


def test_a_wrong_answer_that_uses_a_right_one_points_nowhere(classroom):
    assert "It calls" not in classroom.total("return double(X).mean(1)").summary


def test_a_wrong_answer_that_does_not_use_the_wrong_one_points_nowhere(classroom):
    result = classroom.hand_in("def double(X):\n    return X + 1", "def total(X):\n    return X.mean(1)")
    assert "It calls" not in result.exercises[1].summary


# The same for everybody


def test_a_result_depends_on_nothing_but_what_was_observed(classroom):
    cells = ("import torch", "def double(X):\n    return X * X", classroom.right[2])
    submission = classroom.submission(*cells)
    first, again = (assess.assess(classroom.key, submission, classroom.run(*cells), road) for road in ("sandbox", "process"))
    assert first.exercises == again.exercises
    assert (first.isolation, again.isolation) == ("sandbox", "process")


# Stubs, and what is left of them

STUB = "raise NotImplementedError('double is not written yet')"


def test_a_half_written_answer_keeps_what_its_checks_earn(classroom):
    half = f"def double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    {STUB}"
    (double, _) = classroom.hand_in("import torch", half, classroom.right[2]).exercises
    assert (double.state, double.earned) == ("wrong", 1.0)
    assert double.summary == (
        f"`double` still stops at line 4 of cell 2: {STUB}. Delete that line now that your own code is there."
    )


def test_an_answer_below_a_stub_that_was_left_in_is_not_called_unwritten(classroom):
    double = classroom.double(f"{STUB}\n    return X * 2")
    assert (double.state, double.earned) == ("stub", 0)
    assert double.summary.startswith(f"`double` still stops at line 2 of cell 2: {STUB}. Delete that line")


def test_a_stub_below_the_answer_is_named_with_both_places(classroom):
    stub = f"def double(X):\n    {STUB}"
    (double, _) = classroom.hand_in(*classroom.right[:2], stub, classroom.right[2]).exercises
    assert double.summary == (
        "`double` is defined more than once: at line 1 of cell 2, line 1 of cell 3. "
        "The last one counts, and it is not written yet. Delete the ones you don't need."
    )


def test_two_definitions_are_told_where_the_last_one_is_wrong(classroom):
    wrong = "def double(X):\n    return X * 3"
    result = classroom.hand_in(*classroom.right[:2], wrong, classroom.right[2])
    assert result.notes == [
        "`double` is defined more than once: at line 1 of cell 2, line 1 of cell 3. The last one counts."
    ]
    assert classroom.hand_in("import torch", wrong, *classroom.right[1:]).notes == []


def test_an_error_in_a_function_of_another_cell_is_told_at_that_cell(classroom):
    result = classroom.hand_in(*classroom.right, "def broken(X):\n    x = 1\n    return X.twice()", "broken(1)")
    assert result.notes[0].startswith("Your code stopped at line 3 of cell 4, `return X.twice()`, with AttributeError")


# What the instructor may read


def test_why_a_hidden_check_failed_is_kept_for_the_instructor(classroom):
    (double, _) = classroom.hand_in("import torch", "def double(X):\n    return X * 2 if X.dim() < 3 else X").exercises
    hidden = verdicts(double)["doubles_images"]
    assert hidden.message == "A hidden check failed."
    assert "values differ" in hidden.reason or "value differs" in hidden.reason


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("time", "2.01 s of processor time"), "(time: 2.01 s of processor time)"),
        (Stalled("waited", "8.0 s"), "(waited: 8.0 s)"),
    ],
)
def test_a_time_out_of_a_hidden_check_can_be_told_from_a_wrong_number(classroom, fault, reason):
    run = classroom.run(*classroom.right)
    run.observations["doubles_images"] = fault
    hidden = verdicts(assess.assess(classroom.key, classroom.submission(*classroom.right), run, "sandbox").exercises[0])
    assert hidden["doubles_images"].message == "A hidden check failed."
    assert hidden["doubles_images"].reason.endswith(reason) and hidden["doubles_images"].stopped == fault.kind


def test_a_cell_that_did_not_come_back_is_told_apart_from_other_notes(classroom):
    run = classroom.run(*classroom.right)
    run.errors = {0: Fault("ended", "exit code 3"), 1: Error("ValueError", ["ValueError"], "no")}
    found = assess.assess(classroom.key, classroom.submission(*classroom.right), run, "sandbox")
    ended, raised = found.notes
    assert found.stopped == {ended: "ended"} and "ValueError" in raised


def test_a_hidden_check_that_could_not_be_judged_is_not_said_to_have_failed(classroom):
    key = classroom.key
    key.expected = dict(key.expected)
    key.expected["doubles_images"] = [
        msgspec.structs.replace(seen, error=Error("E", ["E"], "no")) for seen in key.expected["doubles_images"]
    ]
    submission = classroom.submission(*classroom.right)
    (double, _) = assess.assess(key, submission, classroom.run(*classroom.right), "sandbox").exercises
    assert double.state == "unjudged"
    assert verdicts(double)["doubles_images"].message.startswith("A hidden check could not be judged")


def test_where_the_call_of_a_check_stops_the_sentence_says_so_and_of_what(classroom):
    result = classroom.hand_in("import torch", "def double():\n    return 2", classroom.right[2])
    assert result.exercises[0].summary == (
        "The check runs `double(X)`, and there it stopped with TypeError: double() takes 0 positional arguments but 1 was "
        "given"
    )


def test_a_missing_name_with_a_near_one_is_asked_for(classroom):
    result = classroom.hand_in("import torch", "def Double(X):\n    return X * 2", "def totals(X):\n    return X")
    double, total = result.exercises
    assert double.summary == "`double` is missing: no cell of your file defines it. Did you mean it by `Double`?"
    assert total.summary.endswith("Did you mean it by `totals`?")


# What a class's feedback gives away

AT_HOME = build_key(FILES, Here(), "public", public_only=True)


def in_class(classroom, body):
    """What a class is told of `total`, whose inputs are drawn from another seed than those at home."""
    cells = [*classroom.right[:2], f"def total(X):\n    {body}"]
    checks = AT_HOME.compared("total")
    there = run(Here(), classroom.submission(*cells), [Phase(FILES.public_checks, checks)], ["total"], "public")
    return classroom.hand_in(*cells, at_home=AtHome(AT_HOME, there.observations)).exercises[1]


def seen_of(files, key, *cells):
    return run(
        Here(), of_cells("numbers", list(cells)), phases(files, key.checks), ["double", "total"], key.seed
    ).observations


def test_a_mistake_is_called_in_class_what_it_is_called_at_home_without_running_it_on_the_inputs_of_the_class(classroom):
    key = build_key(FILES, Here(), "class:secret", public_only=False, misconceptions=())
    cells = [*classroom.right[:2], "def total(X):\n    return double(X).sum(0)"]
    at_home, seen = AtHome(AT_HOME, seen_of(FILES, AT_HOME, *cells)), seen_of(FILES, key, *cells)
    assert [mistake.name for mistake in diagnose(key, "total", seen, at_home)] == ["over_columns"]
    assert undecided(at_home, "total") == diagnose(key, "total", seen) == []


def test_a_mistake_that_only_a_hidden_check_sees_is_looked_for_on_the_inputs_of_the_class(classroom):
    body = "return reference.double(X) if isinstance(X, str) or X.ndim == 2 else X"
    mistake = f'\n@double.misconception\ndef leaves_images(X):\n    "Images stay as they are."\n    {body}\n'
    files = replace(FILES, misconceptions=FILES.misconceptions + mistake)
    home, key = (build_key(files, Here(), seed, public_only=not part) for seed, part in (("public", 0), ("class:secret", 1)))
    answer = "def double(X):\n    " + body.replace("reference.double(X)", "twice(X)")
    cells = [classroom.right[0], classroom.right[1].replace("def double", "def twice"), answer, classroom.right[2]]
    at_home, seen = AtHome(home, seen_of(files, home, *cells)), seen_of(files, key, *cells)
    assert [mistake.name for mistake in undecided(at_home, "double")] == ["leaves_images"]
    assert [mistake.name for mistake in diagnose(key, "double", seen, at_home)] == ["leaves_images"]
    assert undecided(at_home, "total") == []


def test_feedback_tells_of_a_visible_check_what_it_tells_at_home(classroom):
    body = "print(X.sum()); return X.sum(1)"
    told, alone = in_class(classroom, body), classroom.total(body)
    assert told.verdicts[0].message != alone.verdicts[0].message  # the numbers are others
    expected = AT_HOME.expected["adds_up_rows"]
    case = next(item for item in expected if item.case == told.verdicts[0].case)
    assert told.verdicts[0].shown.inputs == [("X", text(case.inputs["X"]))]
    assert told.verdicts[0].shown.expected_grid.numbers == [number(item, 4) for item in case.value.data]
    assert told.verdicts[0].printed != alone.verdicts[0].printed
    assert told.summary == told.verdicts[0].message
    assert told.verdicts[0].reason == alone.verdicts[0].message  # for the instructor


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("return 0 * X.sum(1)", "Your code is right for the inputs that you have, but wrong for others like them."),
        ("raise KeyError(len(X))", "Your own `raise` stopped your code with KeyError: "),
    ],
)
def test_where_only_a_classs_inputs_show_it_no_expected_value_is_told(classroom, wrong, message):
    known = [
        item.inputs["X"].data.tolist() for item in AT_HOME.expected["adds_up_rows"] if item.inputs["X"].data is not None
    ]
    body = f"""if X.device.type == "meta" or X.tolist() in {known!r}:
        return (2 * X).sum(1)
    {wrong}"""
    verdict = in_class(classroom, body).verdicts[0]
    assert verdict.message.startswith(message) and verdict.shown is None
