"""What `grader verify` reads in a lesson's prose."""

from dataclasses import replace

import pytest
from support.lessons import TINY

from grader.author import template, wording
from grader.files import course, source

SOUND = replace(
    TINY, handout=TINY.handout.replace("# **Diff", "# **Shapes.** `X`.\n#\n# **Example.** `double(X)`.\n#\n# **Diff")
)
LONG = "word " * 41 + "end."


def found(written):
    """What is found where this stands below the title."""
    files = replace(SOUND, handout=SOUND.handout.replace("# Write", f"# {written}\n# Write"))
    return wording.find(files)


@pytest.mark.parametrize("lesson", course.find().lessons())
def test_the_courses_own_prose_has_what_a_student_looks_for(lesson):
    assert wording.find(course.find().files(lesson), course.find().lessons()) == []


def test_so_has_a_new_lesson(tmp_path):
    template.new_lesson(tmp_path / "solutions", "demo", ["one"], 1, 1)
    assert wording.find(source.read(tmp_path / "solutions" / "demo")) == []


def test_an_exercise_needs_its_shapes_and_an_example():
    assert [problem.partition(": ")[0::2] for problem in wording.find(TINY)] == [
        (
            "solutions/tiny/lesson.py, line 10",
            "double has no paragraph `**Example.**`, which says a call and what it gives.",
        ),
        (
            "solutions/tiny/lesson.py, line 10",
            "double has no paragraph `**Shapes.**`, which says what shapes go in and come out.",
        ),
    ]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (LONG, "line 4: `word word word word word word word word ` is no"),
        ("See [this](lesson.md).", "line 4: the link `[this](lesson.md)` leads nowhere"),
        ("See [this](../tinier/tinier.ipynb).", "leads nowhere"),
        ("See [this]().", "the link `[this]()` leads nowhere"),
        ("See [this](http://).", "leads nowhere"),
        ("See [this](#Nothing).", "leads nowhere"),
        ("![](../../img/A-1.png)", "line 4: the figure `![](../../img/A-1.png)` has no text"),
    ],
)
def test_what_a_student_would_stumble_over_is_told(written, sentence):
    problems = found(written)
    assert len(problems) == 1
    assert sentence.partition("`word")[0] in problems[0] and (written != LONG or "209 characters" in problems[0])


@pytest.mark.parametrize(
    "written",
    [
        "See [PyTorch](https://docs.pytorch.org/docs/stable/torch.html), and [above](#Doubling).",
        f"{'word ' * 30}end. {'Word ' * 30}end.",
        "- " + "word " * 30 + "\n# - " + "word " * 30,
        f"```python\n# {LONG} [a](b)\n# ```",
        "![A double](../../img/A-1.png)",
    ],
)
def test_what_is_no_stumbling_block_is_not(written):
    assert found(written) == []


def test_a_word_is_explained_where_it_is_used_first():
    early = "Logits are scores.\n#\n# These *logits* are scores."
    late = "These *logits* are scores.\n#\n# Logits are scores."
    for written, wrong in ((early, True), (late, False)):
        files = replace(SOUND, words="logit\nkernel\n", handout=SOUND.handout.replace("# Write", f"# {written}\n# Write"))
        assert [problem for problem in wording.find(files) if "line 4: `logit` is used here" in problem] == (
            wording.find(files) if wrong else []
        )
        assert len(wording.find(files)) == wrong
