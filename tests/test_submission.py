"""Proves that whatever a student hands in becomes cells, or a sentence that says why not, and that reading never runs it."""

import codecs
import json
import os
import resource
import stat
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader import key
from grader.source import split
from grader.submission import Unreadable, parse, plain_python, read

ROOT = Path(__file__).parents[1]
NOBODY = 65534
RIGHT = "def corr2d(X, K):\n    return X"


def cell(source, kind="code", **metadata):
    return {"cell_type": kind, "metadata": metadata, "source": source}


def notebook(*cells, minor=5, version=4, **metadata):
    """A notebook's bytes; a cell given as text is a code cell."""
    made = [cell(item) if isinstance(item, str) else item for item in cells]
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": version, "nbformat_minor": minor}).encode()


def cells_of(data, name="convolution.ipynb", notes=None):
    return [code.source for code in parse(name, data, [] if notes is None else notes)]


def refusal(data, name="convolution.ipynb"):
    """The sentence with which a file is turned away."""
    with pytest.raises(Unreadable) as refused:
        parse(name, data, [])
    return str(refused.value)


@pytest.fixture
def folder(tmp_path) -> Path:
    """An empty hand-in of Ada's."""
    made = tmp_path / "submitted" / "ada" / "convolution"
    made.mkdir(parents=True)
    return made


def hand_in(folder, **files):
    for suffix, data in files.items():
        (folder / f"convolution.{suffix}").write_bytes(data if isinstance(data, bytes) else data.encode())


def reading(folder, released=None):
    return read(folder, "ada", "convolution", released or {})


@contextmanager
def as_nobody():
    """Without root's right to open everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


# Notebooks


@pytest.mark.parametrize("minor", range(6))
def test_every_notebook_of_format_4_is_read(minor):
    assert cells_of(notebook("import torch", RIGHT, minor=minor)) == ["import torch", RIGHT]


def test_a_cells_source_may_be_a_list_of_lines():
    assert cells_of(notebook(cell(["x = 1\n", "y = 2"]), cell([]))) == ["x = 1\ny = 2", ""]


def test_only_code_cells_are_run():
    assert cells_of(notebook(cell("# Title", "markdown"), "x = 1", cell("y", "raw"))) == ["x = 1"]


def test_a_check_cell_is_not_run_but_one_with_the_students_own_solution_is():
    check = cell('check("corr2d")', nbgrader={"grade": True, "solution": False, "grade_id": "check_corr2d"})
    by_hand = cell("x = 1", nbgrader={"grade": True, "solution": True, "grade_id": "essay"})
    answer = cell(RIGHT, nbgrader={"grade": False, "solution": True, "grade_id": "corr2d"})
    assert cells_of(notebook(check, by_hand, answer)) == ["x = 1", RIGHT]


def test_a_cell_of_a_notebook_is_found_by_the_number_that_jupyter_gives_it(folder):
    check = cell('check("corr2d")', nbgrader={"grade": True, "solution": False, "grade_id": "check_corr2d"})
    hand_in(folder, ipynb=notebook("import torch", cell("# Title", "markdown"), " ", check, RIGHT))
    got = reading(folder)
    assert (got.code[0].at, got.code[-1].at) == (1, 3)  # Jupyter passes over the blank one and counts the check
    assert got.place(2, 2) == "line 2 of cell 3"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_cell_of_a_script_is_found_by_its_line(folder, ends):
    lines = "# A title\n\nx = 1\n# %% [markdown]\n# text\n#\n# %%\n# %%\n\n\n%%time\ny = 2\n# %% z\nz = 3".split("\n")
    hand_in(folder, py=ends.join(lines))
    got = reading(folder)
    assert got.code[0].at == 1 and got.place(0, 3) == "line 3 of convolution.py"
    of_y, of_z = (next(index for index, text in enumerate(got.cells) if name in text) for name in ("y = 2", "z = 3"))
    assert lines[got.code[of_y].at] == "y = 2" and got.place(of_y, 2) == "line 12 of convolution.py"
    assert lines[got.code[of_z].at - 1] == "z = 3" and got.place(of_z, 1) == "line 14 of convolution.py"


@pytest.mark.parametrize(
    "metadata", [{"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade": "yes"}}, {"tags": 1}]
)
def test_strange_metadata_of_a_cell_changes_nothing(metadata):
    assert cells_of(notebook(cell("x = 1", **metadata))) == ["x = 1"]


@pytest.mark.parametrize("language", ["python", "Python", "ipython"])
def test_a_python_notebook_may_say_so(language):
    assert cells_of(notebook("x = 1", language_info={"name": language})) == ["x = 1"]


@pytest.mark.parametrize("language", ["julia", "R"])
@pytest.mark.parametrize("said", ["language_info", "kernelspec"])
def test_a_notebook_of_another_language_is_named_as_such(language, said):
    about = {"language_info": {"name": language}, "kernelspec": {"language": language}}
    assert f"of the language {language}, not Python" in refusal(notebook("x <- 1", **{said: about[said]}))


def test_a_notebook_with_a_byte_order_mark_is_read():
    assert cells_of(codecs.BOM_UTF8 + notebook("x = 1")) == ["x = 1"]


@pytest.mark.parametrize("data", [b"", b"this is no notebook", b"{", notebook("x")[:-9], b"\xff\xfe{", b"[" * 100_000])
def test_what_is_not_json_is_said_to_be_no_notebook(data):
    assert "it is not valid JSON" in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[1, 2]", b"7", b"null", b'"text"', b"{}", b'{"cells": null}', b'{"cells": 3, "nbformat": 4}',
        b'{"cells": ["x = 1"], "nbformat": 4}', b'{"cells": [{"cell_type": "code", "source": 3}], "nbformat": 4}',
        b'{"cells": [], "nbformat": "four"}', b'{"cells": [], "metadata": [], "nbformat": 4}',
    ],
)  # fmt: skip
def test_json_that_is_no_notebook_is_said_to_be_none(data):
    assert "is JSON, but no notebook" in refusal(data)


def test_an_old_notebook_comes_with_advice():
    old = json.dumps({"worksheets": [{"cells": []}], "nbformat": 3, "nbformat_minor": 0, "metadata": {}}).encode()
    assert "a notebook of format 3. Open it in Jupyter and save it again" in refusal(old)


# Magics and shell lines


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline", "!pip install torch", "!!ls", "x = !ls", "files = %sql select 1", "corr2d?", "torch.nn??",
        "?corr2d", "??corr2d", "%time f()", "%config InlineBackend.figure_format = 'retina'", "!echo 'it'", '!echo "',
        "!(cd /tmp",
    ],
)  # fmt: skip
def test_a_magic_is_left_out_and_the_lines_keep_their_numbers(magic):
    assert plain_python(f"import torch\n{magic}\nx = 1") == "import torch\npass\nx = 1"


def test_an_indented_magic_keeps_its_place_in_the_block():
    source = "if True:\n    !pip install torch\nfor i in range(3):\n    %timeit i"
    assert plain_python(source) == "if True:\n    pass\nfor i in range(3):\n    pass"


def test_a_windows_line_end_does_not_hide_a_magic():
    assert compile(plain_python("%matplotlib inline\r\nx = 1\r\n"), "cell", "exec")


@pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 3", "%%capture out", "%%prun"])
def test_a_cell_that_is_timed_is_run_without_its_first_line(magic):
    assert plain_python(f"{magic}\nx = 1\n!ls") == "\nx = 1\npass"


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%javascript", "%%writefile answer.py", "%%latex"])
def test_a_cell_in_another_language_is_dropped(magic):
    assert plain_python(f"{magic}\nrm -rf /") == ""


@pytest.mark.parametrize(
    "source",
    [
        "x = (10\n     % 3)",
        "x = 10 \\\n% 3",
        'print("what?!")\ns = """\n!ls\n%cd\nwhy?\n"""',
        "assert 1 != 2  # really?",
        "x = f'{3 % 2}'",
    ],
)
def test_python_that_only_looks_like_a_magic_is_left_alone(source):
    assert plain_python(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "x = 1  # is one enough?",
        "def f(x):  # what is x?\n    return x",
        'def f(x):\n    """What is the square?\n\n    It is x times x.\n    """\n    return x * x',
        "def f(x):\n    return x\n        # is that all?",
        "x = (10\n     % 3)",
        's = """\n!ls\n"""',
    ],
)
def test_a_magic_does_not_cost_the_other_lines_of_its_cell(source):
    assert plain_python(f"%matplotlib inline\n{source}") == f"pass\n{source}"


@pytest.mark.parametrize(
    "source",
    ["%x\n" + "-" * 200_000 + "1", "%x\na" + ".b" * 200_000, "%x\n" + "f(" * 100_000, "x = 1 % 3\n" * 20_000],
    ids=["minus", "dots", "parentheses", "lines"],
)
def test_a_cell_that_is_hard_to_parse_is_read_all_the_same(source):
    assert plain_python(source).endswith(source[-100:])


def spares_the_processor(expression):
    """Whether a process comes to the end of it, at the cost of no more than 20 seconds' work: a search without end is
    ended by the system."""

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    program = f"from grader.submission import parse, plain_python\n{expression}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, preexec_fn=limit).returncode == 0


def test_a_line_of_blanks_does_not_hold_up_the_class():
    """A search that starts anew at each of many blanks is a search without end."""
    assert spares_the_processor("plain_python(' ' * 250_000 + 'a b !c')")


# Python files


def test_a_python_file_is_cut_at_its_markers():
    text = '"""About me."""\n\n# %% [markdown]\n# # Title\n# x = 1\n\n# %%\nimport torch\n\n# %% Exercise 1\ny = 2\n'
    assert cells_of(text.encode(), "a.py") == ['"""About me."""', "import torch", "y = 2"]


def test_a_python_file_without_markers_is_one_cell():
    assert cells_of(b"import torch\n\n\ndef corr2d(X, K):\n    return X\n", "a.py") == [
        "import torch\n\n\ndef corr2d(X, K):\n    return X"
    ]


def test_a_marker_without_a_blank_counts_as_well():
    """As Spyder and VS Code write it."""
    assert cells_of(b"#%%\nimport torch\n#%% [markdown]\n# text\n#%%\nx = 1\n", "a.py") == ["import torch", "x = 1"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(end):
    text = end.join(["# %%", "x = 1", "y = 2", "# %%", "z = 3", ""])
    assert cells_of(text.encode(), "a.py") == ["x = 1\ny = 2", "z = 3"]


def test_a_python_file_with_a_byte_order_mark_is_read():
    notes = []
    assert cells_of(codecs.BOM_UTF8 + "x = 'é'\n".encode(), "a.py", notes) == ["x = 'é'"]
    assert not notes


@pytest.mark.parametrize("coding", ["latin-1", "cp1252", "iso-8859-15"])
def test_a_declared_encoding_is_believed(coding):
    notes = []
    assert "x = 'é'" in cells_of(f"# -*- coding: {coding} -*-\nx = 'é'\n".encode(coding), "a.py", notes)[0]
    assert not notes


def test_chinese_in_its_own_encoding_is_read():
    assert "x = '卷积'" in cells_of("# coding: gbk\nx = '卷积'\n".encode("gbk"), "a.py")[0]


def test_latin_1_without_a_word_is_read_and_noted():
    notes = []
    assert cells_of("x = 'é'".encode("latin-1"), "a.py", notes) == ["x = 'é'"]
    assert notes == ["a.py is not in UTF-8. It was read as Latin-1; please save it as UTF-8."]


@pytest.mark.parametrize("coding", ["undefined", "idna", "hex", "rot13", "no-such-encoding", "utf-16", "mbcs"])
def test_an_encoding_that_no_python_file_can_have_is_noted(coding):
    notes = []
    assert "x = 1" in cells_of(f"# coding: {coding}\nx = 1\ny = 'é'\n".encode("latin-1"), "a.py", notes)[0]
    assert "Latin-1" in notes[0]


@pytest.mark.parametrize("coding", ["punycode", "unicode_escape", "raw_unicode_escape", "utf-7"])
def test_an_encoding_that_can_hide_text_makes_no_cell_that_cannot_be_written_down(coding):
    """These give lone surrogates, which no result, page or gradebook can hold."""
    data = f"# coding: {coding}\nx = 1  # \\ud800 +2AA-\n".encode()
    "".join(cells_of(data, "a.py")).encode("utf-8")


def test_an_encoding_that_takes_hours_to_read_does_not_hold_up_the_class():
    assert spares_the_processor(r"parse('a.py', b'# coding: punycode\nx = 1  #' + b'b9' * (9 << 20), [])")


@pytest.mark.parametrize("name", ["a.py", "a.ipynb"])
def test_nul_bytes_are_named(name):
    assert "NUL bytes" in refusal(b"x = 1\0\n", name)


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-32"])
def test_utf_16_is_turned_away_with_a_word(coding):
    assert "it is not a text file" in refusal("x = 1\n".encode(coding), "a.py")


# Which file is graded


@pytest.fixture(scope="module")
def released():
    """Convolution as it was given out: its digests, and the bytes of both files."""
    lesson = ROOT / "exercises" / "convolution"
    files = {suffix: (lesson / f"convolution.{suffix}").read_bytes() for suffix in ("ipynb", "py")}
    return key.load(lesson).released, files


def answered(data):
    """The file with something written in it."""
    return data.replace(b"# Your code here.", b"# My code is here.", 1)


@pytest.mark.parametrize("changed", ["ipynb", "py"])
def test_of_two_files_the_one_that_was_changed_is_graded(folder, released, changed):
    digests, files = released
    hand_in(folder, **(files | {changed: answered(files[changed])}))
    got = reading(folder, digests)
    assert got.file == f"convolution.{changed}"
    assert "# My code is here." in "\n".join(got.cells)
    assert got.notes == []


def test_of_two_changed_files_the_notebook_is_graded_and_the_student_told(folder, released):
    digests, files = released
    hand_in(folder, **{suffix: answered(data) for suffix, data in files.items()})
    got = reading(folder, digests)
    assert got.file == "convolution.ipynb"
    assert got.notes == ["Both convolution.ipynb and convolution.py were changed. The notebook was graded."]


def test_two_files_as_they_were_given_out_need_no_word(folder, released):
    digests, files = released
    hand_in(folder, **files)
    got = reading(folder, digests)
    assert (got.file, got.notes) == ("convolution.ipynb", [])


def test_saving_a_file_without_a_change_changes_nothing(folder, released):
    """Another program's white space, line ends, outputs and metadata are no answer."""
    digests, files = released
    again = json.loads(files["ipynb"])
    for item in again["cells"]:
        item["source"] = "".join(item["source"]) + "\n"
        item["metadata"] |= {"collapsed": False}
        if item["cell_type"] == "code":
            item |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}], "execution_count": 7}
    hand_in(folder, ipynb=json.dumps(again), py=answered(files["py"]).replace(b"\n", b"  \r\n"))
    assert reading(folder, digests).file == "convolution.py"


def test_of_a_broken_notebook_and_an_answered_script_the_script_is_graded(folder, released):
    digests, files = released
    hand_in(folder, ipynb="broken", py=answered(files["py"]))
    got = reading(folder, digests)
    assert got.file == "convolution.py"
    assert "it is not valid JSON" in got.notes[0]


def test_a_browsers_copy_is_graded_under_its_own_name(folder):
    (folder / "convolution (1).ipynb").write_bytes(notebook(RIGHT))
    got = reading(folder)
    assert (got.file, got.cells) == ("convolution (1).ipynb", [RIGHT])
    assert "convolution (1).ipynb was graded, as there is no convolution.ipynb" in got.notes[0]


def test_two_copies_leave_it_open_which_is_meant(folder):
    for name in ("convolution (1).ipynb", "convolution (2).ipynb"):
        (folder / name).write_bytes(notebook(RIGHT))
    got = reading(folder)
    assert not got.cells
    assert "It is not clear which file to grade: convolution (1).ipynb, convolution (2).ipynb." in got.notes[0]


def test_other_files_beside_the_answer_do_not_matter(folder):
    hand_in(folder, ipynb=notebook(RIGHT))
    for name in ("notes.txt", "old.ipynb", "helper.py", "checks.py", "answer_key.json"):
        (folder / name).write_text("broken")
    assert reading(folder).cells == [RIGHT]


def test_an_empty_folder_is_said_to_be_empty(folder):
    assert reading(folder).notes == ["The folder is empty: hand in convolution.ipynb or convolution.py."]


def test_the_checks_alone_are_no_answer(folder):
    (folder / "checks.py").write_text("from grader import Lesson")
    got = reading(folder)
    assert (got.cells, got.notes) == ([], ["No file was found: hand in convolution.ipynb or convolution.py."])


@pytest.mark.parametrize("name", ["学生-007", "student 004", "O'Brien", "a&b <i>", "[red]", "{0}", "%s"])
def test_any_name_of_a_student_will_do(tmp_path, name):
    folder = tmp_path / name / "convolution"
    folder.mkdir(parents=True)
    hand_in(folder, py="x = 1")
    got = read(folder, name, "convolution", {})
    assert (got.student, got.cells, got.notes) == (name, ["x = 1"], [])


def test_any_name_of_a_file_will_do(folder):
    (folder / "卷积 {lesson} %s.py").write_text("x = 1")
    got = reading(folder)
    assert got.cells == ["x = 1"]
    assert "卷积 {lesson} %s.py was graded" in got.notes[0]


# Files that are no files


def test_a_file_of_200_mb_is_not_read(folder):
    hand_in(folder, ipynb="")
    os.truncate(folder / "convolution.ipynb", 200 << 20)
    got = reading(folder)
    assert not got.cells
    assert "is 200 MB large; at most 20 MB are read" in got.notes[0]


def test_a_link_is_not_followed(folder):
    (folder / "convolution.py").symlink_to("/etc/passwd")
    assert reading(folder).notes == ["convolution.py is a link, and links are not followed. Hand in the file itself."]


def test_a_link_to_nowhere_is_a_link(folder):
    (folder / "convolution.py").symlink_to("/no/such/file")
    assert "is a link" in reading(folder).notes[0]


@pytest.mark.parametrize("level", ["lesson", "student"])
def test_a_linked_folder_is_not_followed(folder, level):
    hand_in(folder, py="x = 1")
    cheat = folder.parents[1] / "eve"
    if level == "student":
        cheat.symlink_to(folder.parent)
    else:
        cheat.mkdir()
        (cheat / "convolution").symlink_to(folder)
    got = reading(cheat / "convolution")
    assert not got.cells
    assert f"{'eve' if level == 'student' else 'convolution'} is a link" in got.notes[0]


def test_a_folder_in_the_place_of_the_file_is_named(folder):
    (folder / "convolution.ipynb").mkdir()
    assert reading(folder).notes == ["convolution.ipynb is a folder, not a file."]


def test_a_file_in_the_place_of_the_folder_is_named(folder):
    folder.rmdir()
    folder.write_text("x = 1")
    assert "convolution is not a folder" in reading(folder).notes[0]


def test_a_student_who_handed_in_nothing_reads_what_to_hand_in(folder):
    folder.rmdir()
    (note,) = reading(folder).notes
    assert "convolution.ipynb or convolution.py" in note
    assert "is not a folder" not in note  # there is nothing that could be one


def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "convolution.py")
    assert reading(folder).notes == ["convolution.py is not a regular file."]


@pytest.fixture
def open_folder():
    """A hand-in that nobody in particular can reach, as a test's own folder is not."""
    with tempfile.TemporaryDirectory(prefix="bad-input-") as base:
        folder = Path(base, "ada", "convolution")
        folder.mkdir(parents=True)
        os.chmod(base, 0o755)
        yield folder
        os.chmod(folder, 0o755)


def test_a_file_that_may_not_be_read_is_named(open_folder):
    hand_in(open_folder, py="x = 1")
    os.chmod(open_folder / "convolution.py", 0)
    with as_nobody():
        got = reading(open_folder)
    assert got.notes == ["convolution.py could not be read: Permission denied."]


def test_a_folder_that_may_not_be_read_is_named(open_folder):
    hand_in(open_folder, py="x = 1")
    os.chmod(open_folder, stat.S_IWUSR)
    with as_nobody():
        got = reading(open_folder)
    assert not got.cells
    assert "could not be read: Permission denied" in got.notes[0]


# What identifies a hand-in


def test_a_hand_in_that_has_not_changed_has_the_same_digest_and_a_changed_one_another(folder):
    hand_in(folder, py="x = 1\n")
    before = reading(folder).digest
    assert reading(folder).digest == before
    hand_in(folder, py="x = 2\n")
    assert reading(folder).digest != before


# The percent format


def code(cells):
    return [cell.source.strip("\n") for cell in cells if cell.kind == "code" and cell.source.strip()]


SOURCES = sorted([*ROOT.glob("solutions/*/lesson.py"), *ROOT.glob("exercises/*/*.py")])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_cut_as_jupytext_cuts_it(path):
    jupytext = pytest.importorskip("jupytext", reason="jupytext, which authors install, is not here")
    theirs = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    wanted = [cell.source.strip("\n") for cell in theirs if cell.cell_type == "code" and cell.source.strip()]
    assert code(split(path.read_text(encoding="utf-8"))) == wanted


def test_the_files_that_are_given_out_hold_the_same_code(released):
    """A notebook and a .py differ only in the cells that nbgrader needs."""
    _, files = released
    script = [item for item in cells_of(files["py"], "convolution.py") if item.strip()]
    assert [item for item in cells_of(files["ipynb"]) if item.strip()][1:] == script


def test_reading_runs_nothing(folder):
    mark = folder.parent / "ran"
    hand_in(folder, py=f"open({str(mark)!r}, 'w')", ipynb=notebook(f"open({str(mark)!r}, 'w')"))
    assert len(reading(folder).cells) == 1
    assert not mark.exists()
