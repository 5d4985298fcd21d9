"""Proves that the bytes of a file that was handed in become cells, or a sentence that says why not."""

import codecs
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from support.notebooks import cell, notebook

from grader.files.answer_file import Unreadable, parse
from grader.files.percent import language, split, with_language

ROOT = Path(__file__).parents[2]
RIGHT = "def corr2d(X, K):\n    return X"


def cells_of(data, name="convolution.ipynb", notes=None):
    return [code.source for code in parse(name, data, [] if notes is None else notes)]


def refusal(data, name="convolution.ipynb"):
    """The sentence with which a file is turned away."""
    with pytest.raises(Unreadable) as refused:
        parse(name, data, [])
    return str(refused.value)


# Notebooks


@pytest.mark.parametrize("minor", range(6))
def test_every_notebook_of_format_4_is_read(minor):
    assert cells_of(notebook("import torch", RIGHT, minor=minor)) == ["import torch", RIGHT]


def test_a_cells_source_may_be_a_list_of_lines():
    assert cells_of(notebook(cell(["x = 1\n", "y = 2"]), cell([]))) == ["x = 1\ny = 2", ""]


def test_only_code_cells_are_run():
    assert cells_of(notebook(cell("# Title", "markdown"), "x = 1", cell("y", "raw"))) == ["x = 1"]


def test_a_check_cell_is_run_like_any_other_since_an_answer_may_stand_there():
    check = cell(f'check("corr2d")\n{RIGHT}', nbgrader={"grade": True, "solution": False, "grade_id": "check_corr2d"})
    assert cells_of(notebook(check, "x = 1")) == [f'check("corr2d")\n{RIGHT}', "x = 1"]


@pytest.mark.parametrize("metadata", [{"nbgrader": None}, {"nbgrader": []}, {"nbgrader": {"grade": "yes"}}, {"tags": 1}])
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


@pytest.mark.parametrize("data", [b"", b"this is no notebook", b"{", notebook("x")[:-9], b"\xff\xfe{", b"{" * 100_000])
def test_what_is_not_json_is_said_to_be_no_notebook(data):
    assert "it is not valid JSON" in refusal(data)


@pytest.mark.parametrize(
    "data",
    [
        b"[1, 2]", b"[" * 100_000, b"7", b"null", b'"text"', b"{}", b'{"cells": null}', b'{"cells": 3, "nbformat": 4}',
        b'{"cells": ["x = 1"], "nbformat": 4}', b'{"cells": [{"cell_type": "code", "source": 3}], "nbformat": 4}',
    ],
)  # fmt: skip
def test_json_that_is_no_notebook_is_said_to_be_none(data):
    assert "is valid JSON, but not a notebook" in refusal(data)


def test_an_old_notebook_comes_with_advice():
    old = json.dumps({"worksheets": [{"cells": []}], "nbformat": 3, "nbformat_minor": 0, "metadata": {}}).encode()
    assert "a notebook of format 3. Open it in Jupyter and save it again" in refusal(old)


@pytest.mark.parametrize("strange", [{"nbformat": "four"}, {"metadata": []}, {"metadata": {"kernelspec": 3}}])
def test_strange_metadata_of_a_notebook_changes_nothing(strange):
    assert cells_of(json.dumps({"cells": [cell("x = 1")], "nbformat": 4} | strange).encode()) == ["x = 1"]


@pytest.mark.parametrize("broken", [{"source": None}, {"source": 3}, {"cell_type": None}, {"metadata": "none"}])
def test_a_broken_cell_costs_that_cell_and_no_other(broken):
    notes = []
    data = json.dumps({"cells": [cell("x = 1"), cell("y = 2") | broken, cell("z = 3")], "nbformat": 4}).encode()
    assert [text for text in cells_of(data, notes=notes) if text] == ["x = 1", "z = 3"]
    assert notes == ["Cell 2 of convolution.ipynb could not be read and was skipped."]


def test_a_cell_without_metadata_is_read():
    assert cells_of(json.dumps({"cells": [cell("x = 1") | {"metadata": None}], "nbformat": 4}).encode()) == ["x = 1"]


@pytest.mark.parametrize(
    "output",
    [
        b'{"data": NaN}',
        b'{"data": [Infinity, -Infinity]}',
        b'"\\ud83d"',
        b'[{"text": "\\udc00 half"}]',
        b"3",
        b"null",
        b'{"a": 1e999}',
    ],
)
def test_outputs_never_decide_whether_a_notebook_can_be_read(output):
    plain = json.dumps({"cells": [cell("x = 1") | {"outputs": "OUT"}, cell(RIGHT)], "nbformat": 4}).encode()
    notes = []
    assert cells_of(plain.replace(b'"OUT"', output), notes=notes) == ["x = 1", RIGHT]
    assert notes == []


def test_half_a_character_in_code_is_a_question_mark():
    data = json.dumps({"cells": [cell("x = 'HALF'"), cell(RIGHT)], "nbformat": 4}).encode()
    assert cells_of(data.replace(b"HALF", b"\\ud83d"))[1] == RIGHT


@pytest.mark.parametrize("coding", ["cp1252", "latin-1"])
def test_a_notebook_in_an_old_windows_encoding_is_read_and_noted(coding):
    notes = []
    data = json.dumps({"cells": [cell("x = 'é'")], "nbformat": 4}, ensure_ascii=False).encode(coding)
    assert cells_of(data, notes=notes) == ["x = 'é'"]
    assert "is not in UTF-8" in notes[0]


@pytest.mark.parametrize("name", ["a.ipynb", "a.ipynb.txt", "A.IPYNB", "a.ipynb.json"])
def test_a_notebook_is_known_by_its_name_whatever_was_added_to_it(name):
    assert cells_of(notebook("x = 1"), name) == ["x = 1"]


def spares_the_processor(expression):
    """Whether a process comes to the end of it, at the cost of no more than 20 seconds' work: a search without end is
    ended by the system."""

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    program = f"from grader.files.answer_file import parse\n{expression}"
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, preexec_fn=limit).returncode == 0


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


@pytest.mark.parametrize("name", ["a.py", "a.ipynb"])
def test_utf_16_that_says_so_is_read_and_noted(name):
    notes = []
    data = "x = 'é'" if name.endswith(".py") else notebook("x = 'é'").decode()
    assert cells_of(data.encode("utf-16"), name, notes) == ["x = 'é'"]
    assert notes == [f"{name} is in UTF-16. It could be read, but please save it as UTF-8."]


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-32"])
def test_other_wide_encodings_are_turned_away_with_a_word(coding):
    assert "it is not a text file" in refusal("x = 1\n".encode(coding), "a.py")


@pytest.mark.parametrize("marker", ["# In[1]:", "# In[ ]:", "# In [12]:", "# In[*]"])
def test_a_script_that_jupyter_exported_is_cut_at_its_prompts(marker):
    text = f"#!/usr/bin/env python\n# coding: utf-8\n\n{marker}\n\n\nx = 1\n\n\n{marker}\n\n\ny = 2\n"
    assert cells_of(text.encode(), "a.py") == ["x = 1", "y = 2"]


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


@pytest.mark.parametrize("first", ["# %% [markdown]\n# # A title\n", "# %%\nx = 1\n", "#%%\nx = 1\n"])
def test_a_script_tells_its_language_and_stays_what_it_is(first):
    text = f"# A header\n\n{first}\n# %%\ny = 2\n"
    told = with_language(text, "zh-CN")
    assert language(told) == "zh-CN" and language(text) == ""
    assert [(cell.kind, cell.source) for cell in split(told)] == [(cell.kind, cell.source) for cell in split(text)]


def test_jupytext_keeps_the_language_in_a_notebook_and_back():
    jupytext = pytest.importorskip("jupytext", reason="jupytext, which authors install, is not here")
    text = (ROOT / "exercises_zh_CN" / "tensors" / "tensors.py").read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    assert language(text) == language(jupytext.writes(notebook, fmt="py:percent")) == "zh-CN"
    assert notebook.cells[0].source.startswith("# 张量")


@pytest.mark.parametrize("text", ["", "x = 1\n", "# In[1]:\nx = 1\n", '# %% lang="../../x"\n', '# %%\n# %% lang="zh-CN"\n'])
def test_what_tells_no_language_is_none(text):
    assert language(text) == "" and language(with_language("x = 1\n", "en")) == ""


def test_the_files_that_are_given_out_hold_the_same_code():
    """A notebook and a .py differ only in the cells that nbgrader needs."""
    lesson = ROOT / "exercises" / "convolution"
    script = [item for item in cells_of((lesson / "convolution.py").read_bytes(), "convolution.py") if item.strip()]
    inside = [item for item in cells_of((lesson / "convolution.ipynb").read_bytes()) if item.strip()]
    assert [item for item in inside if not item.startswith("check(")][1:] == script
