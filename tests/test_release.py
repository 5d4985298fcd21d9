"""What students get of a lesson: the notebook, the .py, the public checks and the answer key."""

import json

import nbformat
import pytest
import safetensors.numpy
from lessons import TINY, tiny

from grader import course, key, release
from grader.key import CourseError
from grader.observation import decode
from grader.sandbox.plain import Plain


@pytest.fixture(scope="module")
def worker():
    worker = Plain()
    yield worker
    worker.close()


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


def test_nbgrader_itself_accepts_the_notebooks_cells(built):
    from nbgrader.nbgraderformat import MetadataValidator

    for lesson in course.find().lessons():
        text = (course.find().exercises / lesson / f"{lesson}.ipynb").read_text()
        MetadataValidator().validate_nb(nbformat.reads(text, as_version=4))
    MetadataValidator().validate_nb(nbformat.reads(built["tiny.ipynb"].decode(), as_version=4))


def test_a_key_that_differs_by_rounding_alone_is_up_to_date_and_another_is_not(built, tmp_path):
    release.write(tmp_path, built)
    arrays = safetensors.numpy.load(built[key.TENSORS_NAME])
    for factor, stale in (1 + 1e-6, []), (1.01, [key.TENSORS_NAME]):
        other = safetensors.numpy.save({name: (array * factor).astype(array.dtype) for name, array in arrays.items()})
        assert other != built[key.TENSORS_NAME]
        assert release.out_of_date(tmp_path, built | {key.TENSORS_NAME: other}) == stale


def test_a_stub_names_what_is_missing_and_holds_no_solution(built):
    for name in ("tiny.py", "tiny.ipynb"):
        text = built[name].decode()
        assert "double is not written yet" in text
        assert "torch.tensor(2.0)" not in text and "SOLUTION" not in text


def test_the_public_checks_hold_no_hidden_one(built):
    text = built["checks.py"].decode()
    assert "def doubles(" in text
    assert "block_of_numbers" not in text and "HIDDEN" not in text


def test_the_answer_key_holds_the_public_expectations_and_the_mistakes_sentences_alone(built):
    loaded = decode(built[key.JSON_NAME], built[key.TENSORS_NAME], key.Key)
    assert [check.name for check in loaded.checks] == ["doubles"]
    assert list(loaded.expected) == ["doubles"]
    assert [mistake.says for mistake in loaded.mistakes] == ["You added two: multiply by it.", "You tripled it."]
    assert all(list(mistake.observations) == ["doubles"] for mistake in loaded.mistakes)
    assert loaded.exercises[0].points == 2
    assert b"block_of_numbers" not in built[key.JSON_NAME] and b"X * 3" not in built[key.JSON_NAME]


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
    with pytest.raises(CourseError, match=r"lesson\.py: code cell 1 stops with ModuleNotFoundError"):
        release.build(tiny(handout=("import torch", "import no_such_module")), worker)


def test_out_of_date_files_and_files_too_many_are_told(built, tmp_path):
    assert release.out_of_date(tmp_path / "tiny", built) == sorted(built)
    release.write(tmp_path / "tiny", built)
    assert release.out_of_date(tmp_path / "tiny", built) == []
    (tmp_path / "tiny" / "old.py").write_text("")
    (tmp_path / "tiny" / "tiny.py").write_text("")
    assert release.out_of_date(tmp_path / "tiny", built) == ["old.py", "tiny.py"]
    assert release.write(tmp_path / "tiny", built) == ["old.py", "tiny.py"]
    assert not (tmp_path / "tiny" / "old.py").exists()


def test_json_in_the_key_has_a_line_for_each_check_and_mistake_so_that_a_change_shows(built):
    assert json.loads(built[key.JSON_NAME])["lesson"] == "tiny"
    lines = built[key.JSON_NAME].decode().split("\n")
    for beginning in ('{"name": "doubles", ', '{"name": "two_added", ', '"doubles": ['):
        assert sum(line.startswith(beginning) for line in lines) == 1
