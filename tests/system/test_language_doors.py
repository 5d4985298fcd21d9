"""Wherever a student looks, there is no sentence that a catalogue could not translate: here a made-up language puts brackets
around each."""

import inspect
import re

import pytest
import typer
from prompt_toolkit.application import create_app_session
from prompt_toolkit.output import DummyOutput
from support.classroom import CHECKS, HANDOUT, MISCONCEPTIONS, course_on_disk
from support.student import course_in, write
from typer import rich_utils
from typer.testing import CliRunner

import grader
from grader import cli, language
from grader.author import catalogues
from grader.cli import help
from grader.cli.common import app
from grader.files.course import Course
from grader.judge.key import load_key
from grader.messages import SENTENCES
from grader.sandbox import doctor, escape
from grader.student import doctor as student
from grader.student.watch import Watch

BRACKETED = {key: f"⟦{key[1]}⟧" for key in catalogues.own_texts()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = course_in(tmp_path_factory.mktemp("doors"))
    write(folder / "1_tensors" / "tensors.py", "matrix_product", "print('hi')\nreturn X * Y")
    write(folder / "1_tensors" / "tensors.py", "cat_along", "return tensors[0]")
    return folder


@pytest.fixture
def bracketed(course, monkeypatch):
    monkeypatch.setattr(language, "catalogue", lambda name: BRACKETED)
    monkeypatch.chdir(course)


def unbracketed(page, course=None):
    """What is left of a page without what stands in brackets, and without the names and the code of a course and the
    sentences of its first lesson."""
    text = re.sub(r"import torch|torch\.tensor|print\(", " ", " ".join(page.replace("│", " ").split()))  # the lines to paste
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", text)) != text:
        text = shorter
    if course is None:
        return text
    own = {"tensors.py", "tensors.zip", "hand_in", "True", "False", "int", "NoneType"}
    for lesson in Course(course).lessons():
        key = load_key(Course(course).folder(lesson))
        own |= {lesson, *(item.name for item in key.exercises), *(name for check in key.checks for name in key.expected)}
        if lesson == "tensors":
            own |= {item.says for item in [*key.checks, *key.mistakes]} | {
                hint for item in key.exercises for hint in item.hints
            }
            own |= {name for seen in key.expected.values() for case in seen for name in case.inputs or {}}
    for name in sorted(own, key=len, reverse=True):
        text = text.replace(name, " ")
    return text


def said(page):
    return re.findall(r"[^\W\d_]{3,}", page)


@pytest.mark.slow
def test_the_command_line(course, bracketed):
    for words in (
        ["check", "tensors"],
        ["list"],
        ["hint", "tensors/cat_along"],
        ["submit", "tensors"],
        ["reset", "cat_along"],
        [],
    ):
        done = CliRunner().invoke(app, words)
        assert "⟦" in done.output, done
        left = unbracketed(done.output, course)
        assert said(re.sub(r"\S*[/\\]\S*", " ", left)) == [], (words, left)


@pytest.fixture
def typers(bracketed, monkeypatch):
    """Typer speaks the made-up language too, until the end of the test."""
    for name in ("Markdown", *(name for name in vars(rich_utils) if f"typer_{name}" in SENTENCES)):
        monkeypatch.setattr(rich_utils, name, getattr(rich_utils, name))
    monkeypatch.setenv(language.VARIABLE, "zh_CN")


@pytest.mark.parametrize(
    "words",
    ["hnt", "zzz", "check --jso", "check --zzz", "hint x a", "hint x 0", "start a b", "autograde --isolation x",
     "autograde --workers", "check --json=x", "explain", "new --kind"],
)  # fmt: skip
def test_a_command_line_that_is_wrong(typers, monkeypatch, capsys, words):
    monkeypatch.setattr("sys.argv", ["grader", *words.split()])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    page = capsys.readouterr().err
    assert ended.value.code == 2 and "Traceback" not in page
    left = unbracketed(page).replace("python -m pytest.", "")  # the program that runs
    assert said(re.sub(r"grader \w*|--?[\w-]+|\b[A-Z]{3,}\b|'[^']*'", " ", left)) == [], page


def test_the_doctor(course, bracketed):
    found = [*student.examine(course), *doctor.examine.__wrapped__()]  # what is kept for this process is English
    page = "\n".join(re.sub("^. ", "", line) for line in doctor.described(found))
    assert page.count("⟦") > 15
    for name in (*doctor.PROTECTIONS, "cgroup limits", "Python", "PyTorch", "GPU"):
        page = re.sub(rf"^{name} +", "", page, flags=re.MULTILINE)
    assert said(unbracketed(page)) == [], page


def test_what_got_out_of_a_sandbox(bracketed):
    attempts = re.findall(r'\("([a-z ]+)", ', inspect.getsource(escape))
    assert len(attempts) > 10
    assert said(unbracketed(" ".join(doctor.got_out(attempt, "/proc") for attempt in attempts)).replace("/proc", "")) == []


def test_the_help_of_every_command(typers, monkeypatch, capsys):
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 600)  # no line is broken
    command = typer.main.get_command(app)
    help.prepare(command)
    names = [[], *([name] for name in command.commands)]
    assert len(names) > 15
    for words in names:
        command.main([*words, "--help"], prog_name="grader", standalone_mode=False)
        page = capsys.readouterr().out
        assert page.count("⟦") > 5, page
        left = re.sub(r"⟦[^⟦⟧]*⟧", " ", page)
        left = re.sub(r"grader [\w ]*|--?[\w-]+|<[a-z]+[a-z \[\]|]*(?:x>=\d+)?>|\b[A-Z]{2,}\b", " ", left)
        for name in command.commands:
            left = re.sub(rf"\b{name}\b", " ", left)
        assert said(left) == [], (words, page)


def test_the_lines_of_watch(course, bracketed):
    with create_app_session(output=DummyOutput()):
        watch = Watch(Course(course), ("tensors", "matrix_product"))
        shown = []
        watch._show = shown.extend
        watch._hint()
        lines = ["".join(text for _, text in watch._status()), *map(str, shown)]
        watch._asks = True
        lines.append("".join(text for _, text in watch._status()))
        watch._asks, watch._picking = False, True
        lines.append("".join(text for _, text in watch._status()))
    assert said(unbracketed("\n".join(lines), course)) == []


def test_the_check_of_a_notebook(course, bracketed):
    names = {"check": grader.check, "folder": course / "1_tensors"}
    exec("def matrix_product(X, Y):\n    return X * Y\nfound = check('matrix_product', folder)", names)
    page = re.sub(r"<style>.*?</style>|<[^>]*>", " ", names["found"]._repr_html_(), flags=re.DOTALL)
    for text in (repr(names["found"]), page):
        assert "⟦" in text
        assert said(unbracketed(text, course)) == [], text


HAND_INS = {
    "ada": "def double(X):\n    if isinstance(X, str):\n        raise TypeError('text')\n    return X * 2\n",
    "bo": "def double(X):\n    if isinstance(X, str):\n        raise TypeError('no')\n    return X + 1\n",
    "di": "def double(X):\n    return X.nothing\n",
}


@pytest.mark.slow
def test_what_an_instructor_reads_of_a_class(tmp_path, monkeypatch):
    course_on_disk(tmp_path)
    for who, code in HAND_INS.items():
        folder = tmp_path / "submitted" / who / "numbers"
        folder.mkdir(parents=True)
        (folder / "numbers.py").write_text(f"# %%\nimport torch\n\n# %%\n{code}")
    (tmp_path / "submitted" / "ed" / "nombers").mkdir(parents=True)
    monkeypatch.setattr(language, "catalogue", lambda name: BRACKETED)
    monkeypatch.chdir(tmp_path)
    pages = []
    for words in (
        "autograde --isolation process",
        "autograde --isolation process --dry-run",
        "explain bo numbers",
        "report",
    ):
        pages.append(CliRunner().invoke(app, words.split()).output)
        assert "⟦" in pages[-1], (words, pages[-1])
    for file in (tmp_path / "report.html", *tmp_path.glob("feedback/*/*.html")):
        pages.append(re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", file.read_text(), flags=re.DOTALL))
    assert len(pages) == 9
    own = {*said("".join([CHECKS, MISCONCEPTIONS, HANDOUT])), *HAND_INS, "nombers"}
    for page in pages:
        page = re.sub(r"\bimport torch\n.*?\n *print\([^\n]*", " ", page, flags=re.DOTALL)  # lines to paste
        left = re.sub(r"\S*/\S*|⟦[^⟦⟧]*…", " ", unbracketed(page))  # paths, and what a table cuts off
        assert set(said(left)) <= own, page
