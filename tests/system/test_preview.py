"""`grader preview` shows an author what students would see, and what each mistake is told."""

import threading

from support.lessons import TINY, tiny
from typer.testing import CliRunner

from grader.author import preview
from grader.cli import app, author


def test_every_misconception_is_handed_in_and_told(worker, tmp_path):
    preview.build(TINY, worker, tmp_path)
    assert (tmp_path / "tiny" / "tiny.ipynb").is_file()
    told = {result.student: result.exercises[0] for result in preview.told(TINY, worker)}
    assert list(told) == ["stub", "two_added", "three_times"]
    assert told["stub"].state == "stub"
    assert told["two_added"].summary.startswith("You added two")
    assert told["three_times"].earned == 0


def test_a_slip_is_one_sentence_and_the_next_save_is_built(tmp_path, monkeypatch, worker):
    folder = tmp_path / "solutions" / "tiny"
    folder.mkdir(parents=True)
    broken = tiny(checks=("points=1)", "points=-1)"))

    def write(files):
        for name, text in (("lesson", files.handout), ("checks", files.checks), ("misconceptions", files.misconceptions)):
            (folder / f"{name}.py").write_text(text)

    def saves(folders):
        assert folders[0] == folder
        write(broken)
        yield None
        write(TINY)
        yield None

    write(TINY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(author, "_saves", saves)
    done = CliRunner().invoke(app, ["preview", "tiny"])
    assert done.exit_code == 0, done.output
    assert "solutions/tiny/checks.py, line 9: The option points" in done.output
    assert done.output.index("line 9") < done.output.index("You added two") and "feedback" in done.output
    assert not (tmp_path / "exercises").exists()


def test_a_save_is_noticed(tmp_path):
    saves = author._saves([tmp_path, tmp_path / "none"])
    assert next(saves) is None
    writing = threading.Timer(0.2, (tmp_path / "lesson.py").write_text, ["# %%"])
    writing.start()
    assert next(saves)
    saves.close()
