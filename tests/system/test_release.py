"""What students get of a lesson: the notebook, the .py, the public checks and the answer key."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import safetensors.numpy
from support.lessons import LEARNT, TINY, tiny

from grader import kit
from grader.author import expectations, release
from grader.author.expectations import build_key
from grader.digest import file_digest
from grader.errors import CourseError
from grader.files import answer_file, course, source
from grader.files.names import CHECKS_NAME, JSON_NAME, TENSORS_NAME
from grader.judge.key import Key, key_files, load_key, version
from grader.judge.observation import decode


@pytest.fixture(scope="module")
def built(worker):
    return release.build(TINY, worker)


def test_the_notebook_has_one_locked_and_graded_cell_an_exercise(built):
    notebook = nbformat.reads(built["tiny.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    (graded,) = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert graded.source == 'check("double")'
    about = graded.metadata.nbgrader
    assert about.locked and about.points == 2 and about.schema_version == 3 and about.grade_id == "check_double"


def opening(built, cells=2):
    """The first cells of a notebook."""
    return nbformat.reads(built["tiny.ipynb"].decode(), as_version=4).cells[:cells]


def test_a_notebook_opens_with_its_title_and_the_locked_cell_that_gets_its_checks(built):
    title, first = opening(built)
    assert title.source == "# Doubling\n\nWrite `double(X)`."
    assert first.metadata.nbgrader.grade_id == "import_check" and first.metadata.nbgrader.locked
    manifest = json.loads(built[JSON_NAME])
    assert f'use_lesson("tiny", release="{manifest["files"][CHECKS_NAME][:8]}")' in first.source
    compile(first.source, "first", "exec")  # and not a magic, for which the sandbox would import IPython


def test_a_handout_that_does_not_begin_with_prose_gets_that_cell_first(worker):
    built = release.build(replace(TINY, handout="# %%\nx = 1\n\n" + TINY.handout), worker)
    assert [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in opening(built)] == ["import_check", None]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://github.com/ada/deep-learning", "ada/deep-learning/blob/main"),
        ("https://github.com/ada/deep-learning.git", "ada/deep-learning/blob/main"),
        ("https://github.com/ada/deep-learning/tree/spring/2026", "ada/deep-learning/blob/spring/2026"),
        ("https://example.org/ada/deep-learning", ""),
        ("", ""),
    ],
)
def test_badges_open_the_notebook_where_the_course_has_an_address_on_github(address, path, tmp_path, worker):
    folder = tmp_path / "solutions" / "tiny"
    folder.mkdir(parents=True)
    for name, text in ("lesson", TINY.handout), ("checks", TINY.checks), ("misconceptions", TINY.misconceptions):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{address}"\n' if address else "")
    title, _ = opening(release.build(source.read(folder), worker))
    assert title.source.startswith("# Doubling\n")
    colab = f"(https://colab.research.google.com/github/{path}/exercises/tiny/tiny.ipynb)"
    kaggle = f"(https://www.kaggle.com/kernels/welcome?src=https://github.com/{path}/exercises/tiny/tiny.ipynb)"
    for badge, link in ("[![Open in Colab]", colab), ("[![Open in Kaggle]", kaggle):
        assert (badge in title.source) == (link in title.source) == bool(path)


def test_nbgrader_itself_accepts_the_notebooks_cells(built):
    from nbgrader.nbgraderformat import MetadataValidator

    for lesson in course.find().lessons():
        text = (course.find().exercises / lesson / f"{lesson}.ipynb").read_text()
        MetadataValidator().validate_nb(nbformat.reads(text, as_version=4))
    MetadataValidator().validate_nb(nbformat.reads(built["tiny.ipynb"].decode(), as_version=4))


def test_a_key_that_differs_by_rounding_alone_is_up_to_date_and_another_is_not(built, tmp_path):
    release.write(tmp_path, built)
    arrays = safetensors.numpy.load(built[TENSORS_NAME])
    for factor, stale in (1 + 1e-6, []), (1.01, [TENSORS_NAME]):
        other = safetensors.numpy.save({name: (array * factor).astype(array.dtype) for name, array in arrays.items()})
        assert other != built[TENSORS_NAME]
        assert release.changes(tmp_path, built | {TENSORS_NAME: other}).stale == stale


def test_a_stub_names_what_is_missing_and_holds_no_solution(built):
    for name in ("tiny.py", "tiny.ipynb"):
        text = built[name].decode()
        assert "double is not written yet" in text
        assert "torch.tensor(2.0)" not in text and "SOLUTION" not in text


def test_the_script_says_what_the_notebook_says_of_an_exercise_but_its_hints(built):
    text = built["tiny.py"].decode()
    said = "*Difficulty 1 of 5, about 1 minutes. One more check runs when it is graded.*"
    assert f"# {said} Stuck? `grader hint double` gives a hint.\n" in text and "Three." not in text
    (about,) = [cell.source for cell in opening(built, 9) if "Difficulty" in cell.source]
    assert said in about and "Three." in about


def test_the_public_checks_hold_no_hidden_one(built):
    text = built["checks.py"].decode()
    assert "def doubles(" in text
    assert "block_of_numbers" not in text and "hidden" not in text


def test_the_answer_key_holds_the_public_expectations_and_the_mistakes_sentences_alone(built):
    loaded = decode(built[JSON_NAME], built[TENSORS_NAME], Key)
    assert [check.name for check in loaded.checks] == ["doubles"]
    assert list(loaded.expected) == ["doubles"]
    assert [mistake.says for mistake in loaded.mistakes] == ["You added two: multiply by it.", "You tripled it."]
    assert all(list(mistake.observations) == ["doubles"] for mistake in loaded.mistakes)
    assert loaded.exercises[0].points == 2
    assert b"block_of_numbers" not in built[JSON_NAME] and b"X * 3" not in built[JSON_NAME]


def test_a_class_of_methods_keeps_its_signatures_in_the_stub():
    text = (
        "class Net:\n    def __init__(self):\n        ### BEGIN SOLUTION\n        self.a = 1\n        ### END SOLUTION\n\n"
        + ("    def forward(self, x):\n        ### BEGIN SOLUTION\n        return x\n        ### END SOLUTION\n")
    )
    stub = release.stubbed(text)
    assert stub.count('raise NotImplementedError("Net is not written yet")') == 2
    assert "def __init__(self):" in stub and "def forward(self, x):" in stub
    compile(stub, "stub", "exec")


def test_a_solution_that_belongs_to_no_exercise_is_the_authors_mistake(worker):
    with pytest.raises(CourseError, match=r"defines triple, which checks\.py does not declare"):
        release.build(tiny(handout=("def double(X):", "def double(X): return 2 * X\n\n\n# %%\ndef triple(X):")), worker)


def test_a_reference_that_stops_is_the_authors_mistake(worker):
    with pytest.raises(CourseError, match=r"lesson\.py, line 7: .* stops with ModuleNotFoundError"):
        release.build(tiny(handout=("import torch", "import no_such_module")), worker)


@pytest.fixture
def folder(built, tmp_path):
    """A folder that a release has been written into."""
    release.write(tmp_path / "tiny", built)
    return tmp_path / "tiny"


def changed(built, name, text):
    """Another release, of which one file differs and the key says so."""
    data = {name: text.encode()}
    loaded = decode(built[JSON_NAME], built[TENSORS_NAME], Key)
    loaded.files |= {name: file_digest(data[name])}
    return built | data | key_files(loaded)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_that_is_up_to_date_is_not_touched(built, folder):
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert release.write(folder, built) == release.Changes([], [], [], [])
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_what_an_earlier_release_wrote_is_replaced_and_what_there_is_no_more_is_removed(built, folder):
    old = changed(built, "tiny.py", "# %%\nold = 1\n")
    old = changed(old, "old.py", "x = 1\n")
    release.write(folder, old)
    assert release.changes(folder, built).stale == [JSON_NAME, "old.py", "tiny.py"]
    done = release.write(folder, built)
    assert (done.written, done.removed, done.foreign) == ([JSON_NAME, "tiny.py"], ["old.py"], [])
    assert contents(folder) == built


@pytest.mark.parametrize("name", ["tiny.py", "tiny.ipynb", "checks.py"])
def test_a_file_that_somebody_has_edited_is_never_overwritten_and_nothing_else_is_written(built, folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b"\n# my answer\n")
    before = contents(folder)
    with pytest.raises(CourseError, match=f"tiny was not written: {name} there was edited"):
        release.write(folder, changed(built, "checks.py", "# newer\n"))
    assert contents(folder) == before


def test_files_of_others_are_left_alone_and_named(built, folder):
    (folder / "my_notes.md").write_text("mine")
    (folder / "data").mkdir()
    newer = changed(built, "checks.py", "# newer\n")
    assert release.changes(folder, built).stale == []
    assert release.write(folder, newer).foreign == ["data/", "my_notes.md"]
    assert (folder / "my_notes.md").read_text() == "mine"


def test_a_file_of_an_earlier_release_that_somebody_has_edited_stays(built, folder):
    release.write(folder, changed(built, "old.py", "x = 1\n"))
    (folder / "old.py").write_text("x = 2\n")
    assert release.write(folder, built).foreign == ["old.py"]
    assert (folder / "old.py").read_text() == "x = 2\n"


def test_line_ends_of_windows_are_no_change(built, folder):
    for name in ("tiny.py", "tiny.ipynb", "checks.py", JSON_NAME):
        (folder / name).write_bytes(b"\xef\xbb\xbf" * (name == "checks.py") + built[name].replace(b"\n", b"\r\n"))
    assert release.changes(folder, built).stale == []
    assert load_key(folder).lesson == "tiny"


def test_where_nobody_works_what_was_edited_is_replaced(built, folder):
    (folder / "tiny.py").write_text("x = 1\n")
    release.write(folder, built, replace=True)
    assert contents(folder) == built


def test_a_solved_file_in_a_folder_without_an_answer_key_is_not_overwritten(built, tmp_path):
    (tmp_path / "tiny.py").write_text("def double(X):\n    return 2 * X\n")
    with pytest.raises(CourseError, match=r"tiny\.py there was edited"):
        release.write(tmp_path, built)


def older(built):
    """The answer key of a release that was made before keys listed files."""
    about = json.loads(built[JSON_NAME])
    del about["files"]
    return json.dumps(about).encode()


def test_the_release_of_an_older_kit_is_replaced(built, folder):
    (folder / JSON_NAME).write_bytes(older(built))
    newer = changed(changed(built, "tiny.py", "# %%\nnewer = 1\n"), "checks.py", "# newer\n")
    assert release.write(folder, newer).written == [JSON_NAME, "checks.py", "tiny.py"]


def test_answers_in_the_release_of_an_older_kit_are_not_overwritten(built, folder):
    (folder / JSON_NAME).write_bytes(older(built))
    for name, text in ("tiny.py", "def double(X):\n    return 2 * X\n"), ("tiny.ipynb", "no notebook any more"):
        (folder / name).write_text(text)
        with pytest.raises(CourseError, match=rf"{name} there was edited"):
            release.write(folder, changed(built, name, "# newer\n"))
        (folder / name).write_bytes(built[name])


@pytest.mark.parametrize("name", [CHECKS_NAME, TENSORS_NAME])
def test_a_key_is_not_read_beside_a_file_of_another_release(built, folder, name):
    (folder / name).write_bytes(built[name] + b" (")
    with pytest.raises(CourseError, match=r"(does not match the answer key|can't be read).*Copy the lesson's folder"):
        load_key(folder)


def test_a_lesson_that_would_let_a_solution_out_is_not_built(worker):
    for slip in (
        {"handout": ("# Write", "# return X * torch.tensor(2.0)\n# Write")},
        {"handout": ("    ### END SOLUTION\n", "")},
        {"checks": ("hidden=True", "hidden=bool(1)")},
    ):
        with pytest.raises(CourseError, match=r"solutions/tiny"):
            release.build(tiny(**slip), worker)


def test_an_exercise_whose_solution_has_no_markers_is_refused(worker):
    body = "return X * torch.tensor(2.0)"
    with pytest.raises(CourseError, match=r"the exercise double has to be defined by one cell.*No cell does"):
        release.build(tiny(handout=(f"### BEGIN SOLUTION\n    {body}\n    ### END SOLUTION", body)), worker)


def test_the_name_of_a_hidden_check_does_not_get_out(worker):
    named = tiny(misconceptions=("multiply by it.", "see doubles_a_block_of_numbers."))
    with pytest.raises(CourseError, match=r"answer_key\.json names the hidden check doubles_a_block_of_numbers"):
        release.build(named, worker)


def SLIP(was, now, says="You halved it."):
    """A slip above the misconceptions of the tiny lesson."""
    declared = f'double.slip({was!r}, {now!r}, name="halved", says={says!r})'
    return "misconceptions", "\n\n@double.misconception\ndef two", f"\n\n{declared}\n\n\n@double.misconception\ndef two"


PROSE = TINY.handout.partition("import torch\n\n")[2].partition("# %%\ndef")[0]
INPUT, POINTS = 'X=normal("n m")', "points=1)"
SLIPS = [
    (r"checks\.py, line 6: An exercise can't be called 'dôuble'", "checks", 'exercise("double"', 'exercise("dôuble"'),
    (r"checks\.py, line 6: The exercise double has no option toleranz\. Did you mean tolerance\?", "checks", '("double")',
     '("double", toleranz=1)'),
    (r"checks\.py, line 6: The exercise double can't set points: each check", "checks",
     '("double")', '("double", points=1)'),
    (r"checks\.py, line 6: The option seconds of the exercise double has to be a number above 0, not 0", "checks",
     '("double")', '("double", seconds=0)'),
    (r"checks\.py, line 5: The lesson tiny has no option gradient\. Did you mean gradients\?", "checks", '("tiny")',
     '("tiny", gradient=False)'),
    (r"checks\.py, line 5: The lesson tiny is written in format 99, and this kit reads formats up to 1\. Install", "checks",
     '("tiny")', '("tiny", format=99)'),
    (r"checks\.py, line 5: The format of a lesson is a whole number from 1 on, not '1'", "checks", '("tiny")',
     '("tiny", format="1")'),
    (r"checks\.py, line 5: The option follow_through of the lesson tiny has to be True or False, not 1", "checks",
     '("tiny")', '("tiny", follow_through=1)'),
    (r"checks\.py: the lesson asks for follow_through, and no solution may stand in\.", "checks", '("tiny")',
     '("tiny", follow_through=True)'),
    (r"lesson\.py: the exercise more has to be defined by one cell", "checks", 'double = lesson',
     'more = lesson.exercise("more", solution="after")\ndouble = lesson'),
    (r"checks\.py, line 9: The option points .* not nan", "checks", POINTS, "points=float('nan'))"),
    (r"checks\.py, line 9: The option points .* not -1", "checks", POINTS, "points=-1)"),
    (r"checks\.py, line 9: The check doubles has no points", "checks", POINTS, ")"),
    (r"checks\.py, line 9: .*no option vectorised\. Did you mean vectorized", "checks", POINTS,
     "vectorised=True, points=1)"),
    (r"checks\.py, line 9: .*no option color\. There are gradients, ", "checks", POINTS, "color=True, points=1)"),
    (r"checks\.py, line 9: .*no option X\. Write an input as the default", "checks", POINTS, f"{INPUT}, points=1)"),
    (r"checks\.py, line 9: The input seconds .*called like an option", "checks", INPUT, f"{INPUT}, seconds=3"),
    (r"checks\.py, line 9: The input X of the check doubles has no default", "checks", INPUT, "X"),
    (r"checks\.py, line 9: .*takes \*X: name each input", "checks", INPUT, "*X"),
    (r"checks\.py, line 9: .*has to take the answer: def doubles\(answer", "checks", f"(answer, {INPUT})", "()"),
    (r"checks\.py, line 15: Two checks of tiny are called doubles\.", "checks", "doubles_a_block_of_numbers", "doubles"),
    (r"checks\.py, line 7: Two exercises of tiny are called double\.", "checks", 'double = lesson',
     'again = lesson.exercise("double")\ndouble = lesson'),
    (r"checks\.py, line 9: labels\(\) are of 'c'", "checks", INPUT, "X=__import__('grader').labels('n', 'c')"),
    (r"checks\.py, line 10: .*neither a size", "checks", INPUT, 'X=normal("n m-1")'),
    (r"checks\.py, line 9: The symbol n has to be at least 5", "checks", INPUT, 'X=normal("n>=5<=3 m")'),
    (r"checks\.py, line 9: .*too large", "checks", INPUT, 'X=normal("60000 60000")'),
    (r"checks\.py, line 10: There is no dtype 'float23'", "checks", INPUT, 'X=normal("n m", dtype="float23")'),
    (r"checks\.py, line 10: .*NameError", "checks", INPUT, 'X=norml("n m")'),
    (r"checks\.py, line 10: SyntaxError", "checks", f"{INPUT})", INPUT),
    (r"checks\.py, line 9: .*'duoble' is not defined", "checks", f"@double.check({POINTS}", f"@duoble.check({POINTS}"),
    (r"checks\.py: .*called 'tinny' .*folder tiny", "checks", 'Lesson("tiny")', 'Lesson("tinny")'),
    (r"checks\.py has to bind the name `lesson`", "checks", "lesson", "lektion"),
    (r"checks\.py, line 10: doubles: the reference raises MissingName", "checks", "answer.double(X)", "answer.duoble(X)"),
    (r"checks\.py, line 15: `hidden` has to be written as `True`", "checks", "hidden=True", "hidden=1 > 0"),
    (r"checks\.py, line 9: `### BEGIN HIDDEN TESTS` hides nothing.*hidden=True", "checks", f"@double.check({POINTS}",
     f"### BEGIN HIDDEN TESTS\n@double.check({POINTS}"),
    (r"checks\.py, line 16: doubles_a_block_of_numbers is hidden, and the release", "checks", "points=1, hidden=True",
     "**{'points': 1, 'hidden': True}"),
    (r"misconceptions\.py, line 12: .*'duoble' is not defined", "misconceptions", "@double.misconception\ndef three",
     "@duoble.misconception\ndef three"),
    (r"misconceptions\.py, line 12: The misconception three_times needs a docstring", "misconceptions",
     "You tripled it.", " "),
    (r"misconceptions\.py, line 12: Two misconceptions of tiny are called two_added", "misconceptions", "three_times",
     "two_added"),
    (r"misconceptions\.py, line 3: .*ImportError", "misconceptions", "import double", "import duoble"),
    (r"misconceptions\.py, line 15: SyntaxError", "misconceptions", "return X * 3", "return X *"),
    (r"misconceptions\.py, line 6: The slip halved of double edits '4\.0', which is no longer in the reference",
     *SLIP("4.0", "5.0")),
    (r"misconceptions\.py, line 6: The slip halved of double edits 't', which is \d+ times in the", *SLIP("t", "s")),
    (r"misconceptions\.py, line 6: The slip halved has to edit texts", *SLIP("2.0", 3)),
    (r"misconceptions\.py, line 6: The slip halved has to say something", *SLIP("2.0", "0.5", " ")),
    (r"misconceptions\.py, line 6: a slip is read without running", "misconceptions", "\n\n@double.misconception\ndef two",
     "\n\ndouble.slip(str(2.0), '3.0', name='half', says='No.')\n\n\n@double.misconception\ndef two"),
    (r"lesson\.py, line 4: the example `.*` stops with NameError", "handout", "# Write", "# >>> doubble(3)\n# Write"),
    (r"lesson\.py, line 4: the example `.*` is not valid Python", "handout", "# Write", "# >>> double(3\n# Write"),
    (r"lesson\.py, line 20: .*SyntaxError", "handout", '    """Twice X."""', "    return ("),
    (r"lesson\.py, line 8: .*NameError", "handout", "import torch", "import torch\nundefined_name"),
    (r"lesson\.py, line 10: `\*\*Difficulty\.\*\* 6 of 5.*` has to read like", "handout", "1 of 5", "6 of 5"),
    (r"lesson\.py, line 10: .*has to read like", "handout", "about 1 minute", "about 7.5 minutes"),
    (r"lesson\.py, line 14: below the difficulty of double there are hints alone", "handout", "**Hint.** Two", "Two"),
    (r"lesson\.py, line 12: `\*\*Hint\.\*\* One\.` has to read like", "handout", "**Difficulty.**", "**Hard.**"),
    (r"checks\.py, line 10: doubles forbids 'trilll', which is no operation", "checks", POINTS,
     f"forbids=['trilll'], {POINTS}"),
    (r"checks\.py: double has no public check with points", "checks", POINTS, "points=0)"),
    (r"lesson\.py: double has 2 hints; it needs three", "handout", "#\n# **Hint.** Two.\n", ""),
    (r"lesson\.py, line 7: the prose above double has to end with", "handout", PROSE, ""),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "name", "was", "now"), SLIPS)
def test_an_authors_slip_is_one_sentence_with_the_file_and_the_line(sentence, name, was, now, worker):
    with pytest.raises(CourseError, match=f"^solutions/tiny/{sentence}"):
        release.build(tiny(**{name: (was, now)}), worker)


def test_a_slip_of_an_exercise_that_shares_its_cell_says_so(worker):
    _, was, now = SLIP("2.0", "0.5")
    shares = tiny(misconceptions=(was, now), handout=("def double", "def helper(X):\n    return X\n\n\ndef double"))
    said = (
        r"^solutions/tiny/misconceptions\.py, line \d+: The slip halved edits the solution of double, and there is no cell"
    )
    with pytest.raises(CourseError, match=said):
        release.build(shares, worker)


def test_a_loop_without_an_end_is_told_with_its_place_and_its_exercise(worker, monkeypatch):
    monkeypatch.setattr(expectations, "SECONDS", 0.3)
    body, loop = "return X * torch.tensor(2.0)", "while True:\n        pass"
    for slip, sentence in (
        ({"handout": (body, loop)}, r"checks\.py, line 10: the solution of double in the check doubles takes more than"),
        (
            {"handout": ("import torch", "import torch\nwhile True:\n    pass")},
            r"lesson\.py, line 7: what stands here takes",
        ),
        (
            {"misconceptions": ("return X + 2", "while X is X:\n        pass")},
            r"line 7: the misconception two_added of double",
        ),
    ):
        with pytest.raises(CourseError, match=sentence):
            release.build(tiny(**slip), worker)


def test_inputs_that_nobody_makes_are_told(worker):
    for slip, sentence in (
        (("@trained.given(", "#@trained.given("), r"has `at_least`, and nothing makes its inputs"),
        (('{"X": torch', '{"Z": torch'), r"makes Z, and its probe takes X\."),
    ):
        files = replace(LEARNT, misconceptions=LEARNT.misconceptions.replace(*slip))
        with pytest.raises(CourseError, match=sentence):
            build_key(files, worker, "seed", public_only=False)


def test_every_module_that_decides_a_grade_counts_for_the_version(tmp_path, monkeypatch):
    copy = tmp_path / "grader"
    shutil.copytree(Path(kit.__file__).parent, copy)
    monkeypatch.setattr(kit, "__file__", str(copy / "kit.py"))
    before = version(TINY)
    for path in sorted(copy.rglob("*.py")):
        text = path.read_text()
        path.write_text(f"{text}\n# changed\n")
        top = path.relative_to(copy).parts[0].removesuffix(".py")
        assert (version(TINY) == before) == (top in kit.NOT_DECIDING), path
        path.write_text(text)
    for decides in ("files", "lesson", "judge", "worker", "sandbox", "author", "classroom", "messages", "wire"):
        assert decides not in kit.NOT_DECIDING


def test_another_pytorch_and_other_sources_are_another_version(monkeypatch):
    before = version(TINY)
    assert (
        len({version(tiny(**{name: ("double", "treble")})) for name in ("handout", "checks", "misconceptions")} | {before})
        == 4
    )
    monkeypatch.setattr(kit, "version", lambda package: "0.0")
    assert version(TINY) != before


def test_json_in_the_key_has_a_line_for_each_check_and_mistake_so_that_a_change_shows(built):
    assert json.loads(built[JSON_NAME])["lesson"] == "tiny"
    lines = built[JSON_NAME].decode().split("\n")
    for beginning in ('{"name":"doubles",', '{"name":"two_added",', '"doubles": ['):
        assert sum(line.startswith(beginning) for line in lines) == 1


# Solutions

WAY = """

@double.way
def added(X):
    "No number is made."
    return X + X
"""


@pytest.fixture(scope="module")
def self_study(worker):
    return release.build(replace(TINY, misconceptions=TINY.misconceptions + WAY), worker, self_study=True)


def test_a_release_for_self_study_holds_the_solutions_in_its_key_alone(built, self_study):
    shown = json.loads(self_study[JSON_NAME])
    assert shown["self_study"] is True
    assert shown["solutions"] == {
        "double": {
            "code": "def double(X):\n    return X * torch.tensor(2.0)",
            "ways": [{"says": "No number is made.", "code": "def double(X):\n    return X + X"}],
        }
    }
    assert {name for name in built if built[name] != self_study[name]} == {JSON_NAME, "tiny.ipynb", "tiny.py"}
    assert b"torch.tensor(2.0)" not in self_study["tiny.ipynb"]
    assert b"One more check runs" in built["tiny.ipynb"] and b"more check" not in self_study["tiny.ipynb"]
    ordinary = json.loads(built[JSON_NAME])
    assert (ordinary["solutions"], ordinary["self_study"]) == ({}, False)


def test_what_a_key_may_show_no_other_file_may(self_study):
    from grader.author import publishable
    from grader.judge.key import Solution

    given = {name: Solution(item["code"]) for name, item in json.loads(self_study[JSON_NAME])["solutions"].items()}
    leaky = {"tiny.py": b"x = 1\nreturn X * torch.tensor(2.0)\n", JSON_NAME: self_study[JSON_NAME]}
    (found,) = [line for line in publishable.leaks(TINY, leaky, given) if "reference" in line]
    assert found.startswith("tiny.py holds a line of a reference body")


# Examples


def test_an_example_is_a_cell_to_run_below_the_answers_and_shows_what_the_prose_does(worker):
    example = (
        "# ```\n# >>> X = torch.ones(2)  # two\n# >>> double(X)\n# >>> double(\n# ...     2 * X)\n# ```\n#\n# **Difficulty"
    )
    files = tiny(handout=("# **Difficulty", example))
    notebook = nbformat.reads(release.build(files, worker)["tiny.ipynb"].decode(), as_version=4)
    (at,) = [number for number, cell in enumerate(notebook.cells) if cell.source.startswith("def double")]
    cell = notebook.cells[at + 1]
    told, *code = cell.source.split("\n")
    assert told.startswith("# The example.") and notebook.cells[at + 2].source == 'check("double")'
    assert code == ["X = torch.ones(2)  # two", "print(double(X))", "double(", "    2 * X)"]
    assert cell.metadata.tags == ["raises-exception"]


def test_an_example_is_not_run_where_answers_are_until_somebody_changes_it():
    def code(source, given):
        cell = nbformat.v4.new_code_cell(source, metadata=answer_file.as_example(given))
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1"), cell, nbformat.v4.new_code_cell("y = 2")])
        return answer_file.parse("a.ipynb", nbformat.writes(made).encode(), [])

    assert [tuple(cell) for cell in code("f(X)\n", "f(X)")] == [("x = 1", 1), ("", 2), ("y = 2", 3)]
    assert [cell.source for cell in code("f(X) + 1", "f(X)")] == ["x = 1", "f(X) + 1", "y = 2"]
