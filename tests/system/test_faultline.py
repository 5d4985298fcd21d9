"""The line at fault: found where one small edit makes everything right, and never told otherwise."""

from contextlib import closing

import msgspec
import pytest
from support.classroom import course_on_disk

from grader.author.expectations import build_key
from grader.classroom.grade import Grader
from grader.classroom.hand_ins import hand_ins
from grader.classroom.room import Classroom
from grader.files.source import LessonFiles
from grader.files.submission import of_cells
from grader.judge import assess
from grader.report import html, outcome, text
from grader.sandbox import faultline
from grader.sandbox.run import phases, run
from grader.sandbox.workers import trusted

HANDOUT = '''
# %%
import torch

# %% [markdown]
# **Difficulty.** 1 of 5, about 1 minutes.
#
# **Hint.** 1
#
# **Hint.** 2
#
# **Hint.** 3

# %%
def centred(X):
    """X without the mean of each row."""
    ### BEGIN SOLUTION
    return X - X.mean(dim=1, keepdim=True)
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 1 minutes.
#
# **Hint.** 1
#
# **Hint.** 2
#
# **Hint.** 3

# %%
def windows(X, k):
    """The sums of k neighbours."""
    ### BEGIN SOLUTION
    return torch.stack([X[i : i + k].sum() for i in range(len(X) - k + 1)])
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 1 minutes.
#
# **Hint.** 1
#
# **Hint.** 2
#
# **Hint.** 3

# %%
def spread(X):
    """The largest distance from the mean of a row."""
    ### BEGIN SOLUTION
    return centred(X).abs().amax()
    ### END SOLUTION
'''
CHECKS = '''
from grader import Lesson, choice, normal
lesson = Lesson("lines")
centred, windows, spread = map(lesson.exercise, ("centred", "windows", "spread"))

@centred.check(points=1)
def centres(answer, X=normal("n m")):
    """It centres each row."""
    return answer.centred(X)

@windows.check(points=1)
def adds(answer, X=normal("n>=4"), k=choice(1, 2, 3)):
    """It adds neighbours."""
    return answer.windows(X, k)

@spread.check(points=1)
def spreads(answer, X=normal("n m")):
    """It is the largest distance."""
    return answer.spread(X)

@centred.check(points=1, hidden=True)
def centres_what_is_large(answer, X=normal("n m>=3"), shift=choice(100.0, 200.0)):
    """It centres what is large."""
    return answer.centred(X + shift)
'''
FILES = LessonFiles("lines", HANDOUT, CHECKS, "from checks import lesson\n")
LOOP = """def windows(X, k):
    sums = []
    for i in range(len(X) - k + 1):
        sums.append(X[i : i + k].sum())
    return torch.stack(sums)
"""


HEAD = "    sums = []\n    for i in range(len(X) - k + 1):\n"
ROUGH = """def centred(X):
    return torch.sin(X - X.mean(1, keepdim=True)).asin()
"""
RIGHT_ON_SMALL_NUMBERS = """def centred(X):
    Y = X - X.mean(1, keepdim=True)
    if X.mean() > 50:
        return Y * 3 + X
    return -Y
"""
NO_ERROR = """def centred(X):
    if X.dim() > 1:
        raise 'no error at all'
    return X - X.mean(-1, keepdim=True)
"""


class Graded:
    """Grades answers to the lesson, and looks for their lines."""

    def __init__(self, worker):
        self.worker = worker
        self.key = build_key(FILES, worker, "lines", public_only=False)

    def hand_in(self, *cells, hidden=True):
        handed_in = of_cells("lines", [*FILES.code_cells, *cells])
        staged = phases(FILES, self.key.checks)[: 1 + hidden]
        key = msgspec.structs.replace(self.key, checks=[check for phase in staged for check in phase.checks])
        ran = run(self.worker, handed_in, staged, [item.name for item in key.exercises], key.seed)
        result = assess.assess(key, handed_in, ran, self.worker.isolation)
        before = msgspec.to_builtins(result)
        faultline.locate(self.worker, handed_in, staged, key, result, ran)
        after = msgspec.to_builtins(result)
        for exercise in (*before["exercises"], *after["exercises"]):
            exercise.pop("line", None)
        assert after == before  # nothing else is touched
        return result

    def line(self, *cells, **options):
        """The kind and the sentence of the one line that is told, or None."""
        lines = [item.line for item in self.hand_in(*cells, **options).exercises if item.line]
        assert len(lines) < 2
        return (lines[0].kind, lines[0].says) if lines else None


@pytest.fixture(scope="module")
def graded():
    with closing(trusted()) as worker:
        yield Graded(worker)


@pytest.mark.parametrize(
    ("old", "new", "line", "kind"),
    [
        ("- k + 1)", "- k)", 3, "number"),
        ("- k + 1)", "- k - 1)", 3, "operator"),
        ("range(len(X) - k + 1)", "range(len(X) - i + 1)", 3, "name"),
        ("X[i : i + k]", "X[k : i + k]", 4, "name"),
        ("X[i : i + k].sum()", "X[i : i + k].sum", 4, "missing_call"),
        ("    return torch", "        return torch", 5, "indentation"),
        (HEAD, "    for i in range(len(X) - k + 1):\n        sums = []\n", 3, "indentation"),
        ("torch.stack(sums)", "sums", 5, "missing_call"),
        ("X[i : i + k].sum()", "X[i : i + k].sum().detach()", 4, "extra_call"),
        ("torch.stack(sums)", "torch.stack(sums)[1:]", 5, "number"),
    ],
)  # fmt: skip
def test_the_line_and_the_kind_of_thing_are_told(graded, old, new, line, kind):
    assert old in LOOP
    wrong = LOOP.replace(old, new)
    found = graded.line(wrong)
    assert found
    assert (found[0], found[1].split(",")[0]) == (kind, f"Line {line} of cell 5")
    assert f"`{wrong.splitlines()[line - 1].strip().rstrip(':')}`" in found[1]


def test_the_edit_itself_is_told_to_nobody(graded):
    result = graded.hand_in(LOOP.replace("range(len(X) - k + 1)", "range(len(X) - i + 1)"))
    told = msgspec.json.encode(result).decode() + html.page(result) + text.plain(result)
    assert "- i + 1" in told
    assert "- k + 1" not in told


def test_every_report_has_the_line(graded):
    result = graded.hand_in(LOOP.replace("- k + 1)", "- k)"))
    (exercise,) = (item for item in result.exercises if item.line)
    plain = " ".join(text.plain(result).split())
    assert exercise.line.says in plain
    assert "with one small change here, every check passes" in html.page(result)
    assert exercise.line.says in "".join(said for _, said in outcome.told(exercise))


def test_two_mistakes_get_no_line(graded):
    assert graded.line(LOOP.replace("- k + 1)", "- k)").replace(".sum()", ".mean()")) is None


def test_a_hidden_check_has_a_say_where_a_class_is_graded(graded):
    assert graded.line(ROUGH) is None
    assert graded.line(RIGHT_ON_SMALL_NUMBERS, hidden=False)[0] == "operator"
    assert graded.line(RIGHT_ON_SMALL_NUMBERS) is None


def test_what_rests_on_something_wrong_is_left_alone(graded):
    result = graded.hand_in("def centred(X):\n    return X - X.mean(dim=0, keepdim=True)\n")
    found = {item.exercise: item.line for item in result.exercises}
    assert found["centred"].kind == "axis"
    assert found["spread"] is None


def test_a_helper_that_nothing_else_uses_is_searched_too(graded):
    helper = "def total(part):\n    return part.mean()\n"
    assert graded.line(helper, LOOP.replace("X[i : i + k].sum()", "total(X[i : i + k])"))[1].startswith(
        "Line 2 of cell 5, `return part.mean()`: "
    )
    shared = "def other(X):\n    return total(X)\n"
    found = graded.line(helper, shared, LOOP.replace("X[i : i + k].sum()", "total(X[i : i + k])"))
    assert "of cell 5" not in str(found)


def test_an_edit_that_only_leads_round_the_mistake_mends_nothing(graded):
    found = graded.line(NO_ERROR, hidden=False)
    assert found is None or found[1].startswith("Line 3 ")


@pytest.mark.parametrize(
    "ends",
    [
        "import os\n    if len(X) > 3 and k == 1:\n        os._exit(3)",
        "n = 0\n    while n < 3:\n        n += 1",
        "raise SystemExit(3)",
        "while k:\n        pass",
    ],
    ids=["ends the process", "a loop that an edit makes endless", "exits", "an endless loop"],
)
def test_whatever_an_edit_does_the_verdict_stays(graded, ends):
    result = graded.hand_in(LOOP.replace("    sums = []", f"    {ends}\n    sums = []").replace("- k + 1)", "- k)"))
    assert [item.state for item in result.exercises] == ["right", "wrong", "right"]


FORGES = """import grader.worker.mending as _mending
def _right(X, k):
    return torch.stack([X[i : i + k].sum() for i in range(len(X) - k + 1)])
_mending.Mending.described = lambda self: FORGED
_mending.Mending.edited = lambda self, number: self._names | ({"windows": _right} if number >= 0 else {})
"""


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        ('[{"kind": "number", "cell": 5, "line": 3}]', "Line 3 of cell 6, `for i in range(len(X) - k)`: with one"),
        ('[{"kind": "number", "cell": 5, "line": 99999}]', None),
        ('[{"kind": "number", "cell": 99999, "line": 1}]', None),
        ('[{"kind": "a secret", "cell": 5, "line": 3}]', None),
        ('[{"kind": "number", "cell": 5, "line": 3}] * 10**6', None),
        ("None", None),
    ],
    ids=["a line of its own", "no line", "no cell", "no kind", "a flood", "nothing"],
)
def test_who_forges_the_search_is_told_a_line_of_the_own_file_at_most(graded, forged, told):
    found = graded.line(FORGES.replace("FORGED", forged), LOOP.replace("- k + 1)", "- k)"))
    assert found is None if told is None else found[1].startswith(told)


def test_what_a_definition_reads_is_not_spoiled_by_edits(graded):
    table = "KEPT = torch.zeros(3)\n"
    wrong = LOOP.replace("    sums = []", "    sums = []\n    KEPT.add(1)").replace("- k + 1)", "- k)")
    assert graded.line(table, wrong)[0] == "number"


@pytest.mark.slow
def test_a_class_is_searched_where_that_is_asked_for(tmp_path):
    course = course_on_disk(tmp_path)
    folder = tmp_path / "submitted" / "ada" / "numbers"
    folder.mkdir(parents=True)
    (folder / "numbers.py").write_text(
        "import torch\n\ndef double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    return X * 3\n"
    )
    found = []
    for lines in (False, True, False):
        room = Classroom(tmp_path / "submitted")
        with closing(Grader(room, course, trusted, "sandbox", lines=lines)) as grader:
            (result,) = (graded for graded, _ in grader.grade(hand_ins(room, course, None, None), 1, force=False))
        found.append(result.exercises[0].line)
        page = (tmp_path / "feedback" / "ada" / "numbers.html").read_text()
        assert ("one small change" in page) == lines
    assert [line and line.kind for line in found] == [None, "number", None]
    assert found[1].says.startswith("Line 6 of numbers.py, `return X * 3`: ")
