"""The languages: catalogues are read as gettext means them, a translation differs in words only, and Chinese is well set."""

import ast
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from babel.messages import pofile
from rich.console import Console

from grader import language
from grader.author import catalogues
from grader.checks import Check
from grader.cli import app, main
from grader.exercise import Exercise
from grader.files import course, source, translated
from grader.files.submission import read
from grader.judge.compare import compare
from grader.judge.key import Key, in_language
from grader.judge.observation import Mapping, Observation, Plain
from grader.judge.verdict import judge
from grader.language import Entry, entries
from grader.messages import say, together
from grader.report.text import line, paragraph
from grader.sandbox import faultline
from grader.sandbox.client import Edit

ROOT = Path(__file__).parents[2]
COURSE = course.find(ROOT)
CATALOGUES = sorted([*ROOT.glob("grader/locale/*/LC_MESSAGES/*.po"), *ROOT.glob("solutions/*/locale/*.po")])
RELEASED = sorted(ROOT.glob("exercises_*/*/answer_key.json"))
HAN = "\u4e00-\u9fff"
LESSON = source.LessonFiles(
    "tiny",
    "# %% [markdown]\n# # Title\n#\n# One\n# paragraph with `code`.\n# - an item\n#   of two lines\n#\n"
    "# | a | b |\n# | --- | --- |\n# | c | d |\n#\n# $$x = 1$$\n# ```python\n# >>> kept\n# ```\n#\n"
    "# **Difficulty.** 1 of 5, about 5 minutes.\n#\n# **Hint.** Look.\n\n# %%\nx = 1  # a number\n\n"
    'def f():\n    """Does it.\n\n    Returns: one.\n    """\n'
    "    ### BEGIN SOLUTION\n    return 1  # secret\n    ### END SOLUTION\n",
    'f = lesson.exercise("f")\n\n\n@f.check(points=1)\n'
    'def gives_one(answer, X=normal("n m"), kind=choice("one of two", "plain")):\n    """It gives\n    one."""\n'
    '    return {"the sum": answer.f(), "grad": X.grad}\n',
    'f.slip("1", "2", name="two", says="It gives " "two.")\n\n\n@f.misconception\n'
    'def none():\n    """It gives nothing."""\n',
)
TEXTS = [
    "Title", "One paragraph with `code`.", "an item of two lines", "| a | b |", "| c | d |", "Look.",
    "Does it.", "Returns: one.", "a number", "It gives one.", "one of two", "the sum", "It gives nothing.", "It gives two.",
]  # fmt: skip


def test_all_that_a_student_reads_of_a_lesson_is_extracted_and_no_code():
    assert translated.texts(LESSON) == TEXTS


def test_a_lesson_that_is_not_translated_stays_as_it_is_byte_by_byte():
    for lesson in COURSE.lessons():
        files = COURSE.files(lesson)
        assert translated.handout(files.handout, str) == files.handout
        assert translated.checks(files.checks, str) == files.checks


def po(**texts):
    """A catalogue of the tiny lesson: what it says to each text, but for those that are named otherwise."""
    texts = {text: f"译文 {text}" for text in TEXTS} | texts
    return "\n".join(f"msgid {json.dumps(english)}\nmsgstr {json.dumps(said)}\n" for english, said in texts.items())


def test_a_translation_takes_the_place_of_each_text_and_of_nothing_else():
    files = translated.translated(replace(LESSON, catalogues={"zh_CN": po()}), "zh_CN")
    assert "# # 译文 Title\n#\n# 译文 One paragraph with `code`.\n# - 译文 an item of two lines\n" in files.handout
    assert "# | --- | --- |\n译文" not in files.handout and "# $$x = 1$$\n# ```python\n# >>> kept\n" in files.handout
    assert "**Difficulty.** 1 of 5, about 5 minutes.\n#\n# **Hint.** 译文 Look." in files.handout
    assert "x = 1  # 译文 a number" in files.handout and "return 1  # secret" in files.handout
    assert '"""译文 Does it.\n\n    译文 Returns: one.\n    """' in files.handout
    assert '"""译文 It gives one."""' in files.checks


def test_verify_finds_what_is_missing_fuzzy_stale_or_says_something_else():
    def found(catalogue):
        return catalogues.problems(replace(LESSON, catalogues={"zh_CN": catalogue}), "zh_CN")

    assert found(po()) == []
    where = "solutions/tiny/locale/zh_CN.po"
    assert found(po(**{"Title": ""})) == [f"{where}: missing: Title"]
    assert found(po(**{"Gone": "没有了"})) == [f"{where}: stale, since no English text reads so any more: Gone"]
    assert found("#, fuzzy\n" + po()) == [f"{where}: fuzzy, to be looked at: Title"]
    assert found(po(**{TEXTS[1]: "一段文字"})) == [f"{where}: another code, `code`: {TEXTS[1]}"]


@pytest.mark.parametrize(
    ("english", "other", "kind"),
    [
        ("see [a](b)", "见 [a](c)", "link"),
        ("with $x$", "有 $y$", "formula"),
        ("a (2, n) of it", "一个 (2, m)", "shape"),
        ("{name} is", "{nome} 是", "placeholder"),
    ],
)
def test_what_has_to_stand_in_every_language_is_compared(english, other, kind):
    (problem,) = catalogues.differences(Entry(msgid=english, msgstr=other))
    assert problem.startswith(f"another {kind}, ")


def test_every_sentence_of_the_program_is_translated_with_the_same_values():
    assert language.known() == ["en", "zh_CN"]
    assert catalogues.problems_of_messages() == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_small_reader_reads_what_babel_reads(path):
    with path.open("rb") as file:
        known = [(item.context or "", item.id, item.string, item.fuzzy) for item in pofile.read_po(file) if item.id]
    assert [(item.msgctxt, item.msgid, item.msgstr, item.fuzzy) for item in entries(path.read_text("utf-8"))] == known


def test_what_was_laid_aside_or_is_fuzzy_is_not_used():
    text = 'msgid ""\nmsgstr "Language: x\\n"\n\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n\n'
    text += 'msgid "c"\nmsgstr ""\n"d"\n#~ msgid "e"\n#~ msgstr "f"\n'
    assert language.translations(text) == {("", "c"): "d"}


@pytest.mark.parametrize(
    ("name", "meant"),
    [("zh_CN.UTF-8", "zh_CN"), ("zh-cn", "zh_CN"), ("zh", "zh_CN"), ("zh_TW", None), ("C.UTF-8", None), ("en_GB", "en")],
)
def test_names_of_languages(name, meant):
    assert language.meant(name) == meant


def test_who_chooses_the_language(monkeypatch):
    monkeypatch.setattr(language, "_chosen", {"option": "", "course": ""})
    monkeypatch.setattr(language, "_of_system", lambda: None)
    monkeypatch.delenv(language.VARIABLE, raising=False)
    assert (language.current(), say("right")) == ("en", "Correct.")
    monkeypatch.setattr(language, "_of_system", lambda: "zh_CN")
    assert say("right") == "正确。"
    monkeypatch.setattr(language, "_of_system", lambda: None)
    language.of_course("zh_CN")
    assert language.current() == "zh_CN"
    monkeypatch.setenv(language.VARIABLE, "en")
    assert language.current() == "en"
    language.choose("zh_CN")
    assert language.current() == "zh_CN"
    with language.speaking("en"):
        assert language.current() == "en"


PAGES = sorted([*ROOT.glob("*.zh-CN.md"), *ROOT.glob("docs/*.zh-CN.md")])


def written(path):
    """The Chinese texts of a catalogue, or of a page without its code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".po":
        return [entry.msgstr for entry in entries(text)]
    return re.sub(r"^```.*?^```$|^\|[ |-]+$", "", text, flags=re.MULTILINE | re.DOTALL).splitlines()


@pytest.mark.parametrize("path", [*CATALOGUES, *PAGES], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_chinese_is_well_set(path):
    glossary = (ROOT / "docs" / "translating.md").read_text(encoding="utf-8")
    avoided = [
        word for row in re.findall(r"^\|[^|]+\|[^|]+\|([^|]+)\|$", glossary, re.MULTILINE) for word in row.split("、")
    ]
    avoided = [word.strip() for word in avoided if re.search(f"[{HAN}]", word)]
    assert "批归一化" in avoided
    for text in written(path):
        assert not re.search(rf"[{HAN}][A-Za-z0-9`${{(]|[A-Za-z0-9`$}})%][{HAN}]", text), f"a space is missing: {text}"
        assert not re.search(rf"[{HAN}][,;:!?](?!\w)|[{HAN}]\.(?!\w)|[，。；：！？、] [{HAN}]", text.replace("** ", "")), (
            text
        )
        assert not [word for word in avoided if word in text], text


def test_the_commands_of_the_chinese_pages_are_there_with_their_options():
    command = typer.main.get_command(app)
    lines = [line.split() for path in PAGES for line in path.read_text(encoding="utf-8").splitlines()]
    found = [words for words in lines if words[:1] == ["grader"] and words[1:] and words[1] in command.commands]
    assert len(found) > 8
    assert not [words for words in lines if words[:1] == ["grader"] and words[1:] and words not in found and words[1] != "#"]
    for words in found:
        known = {name for each in command.commands[words[1]].params for name in each.opts} | {"--lang", "--help"}
        assert {word for word in words if word.startswith("--")} <= known, words


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: f"{path.parents[1].name}/{path.parent.name}")
def test_the_keys_of_a_lesson_differ_in_sentences_only(path):
    other = ROOT / "exercises" / path.parent.name
    keys = [json.loads((folder / "answer_key.json").read_bytes()) for folder in (other, path.parent)]
    for key in keys:
        for told in [*key["exercises"], *key["checks"], *key["mistakes"]]:
            said = [told.pop(name) for name in ("says", "hints") if name in told]
            assert said
            for sentence in [item for each in said for item in ([each] if isinstance(each, str) else each)]:
                assert key["language"] == "en" or re.search(f"[{HAN}]", sentence), f"English in Chinese: {sentence}"
        for name, told in key.pop("called", {}).items():
            assert re.search(f"[{HAN}]", told), f"English in Chinese: {name}"
        for name in ("files", "released", "language"):
            key.pop(name, None)
    assert keys[0] == keys[1]
    tensors = [(folder / "answer_key.safetensors").read_bytes() for folder in (other, path.parent)]
    assert tensors[0] == tensors[1]


def test_a_key_in_another_language_leaves_the_first_as_it_was():
    key = Key("tiny", "public", [Exercise("f", 1, 5, ["Look."])], [], {}, [])
    assert in_language(key, replace(LESSON, catalogues={"zh_CN": po()}), "zh_CN").exercises[0].hints == ["译文 Look."]
    assert key.exercises[0].hints == ["Look."] and key.language == "en"


def test_what_a_check_calls_things_by_is_told_in_the_language_and_compared_in_english():
    check = Check(name="gives_one", exercise="f", says="It gives one.", points=1)
    called = {"the sum": "总和", "one of two": "二者之一"}

    def seen(name, value):
        node = Mapping({name: Plain("int", value), "grad": Plain("int", "0")})
        return [Observation(0, "smallest", node, inputs={"kind": Plain("str", "one of two")})]

    with language.speaking("zh_CN"):
        wrong = judge(check, seen("the sum", "1"), seen("the sum", "2"), called=called)
        assert (wrong.passed, wrong.message) == (False, "在总和中：应为 1，得到的是 2。")
        assert (wrong.shown.place, wrong.shown.inputs) == ("总和", [("kind", "二者之一")])
    assert judge(check, seen("the sum", "1"), seen("总和", "1"), called=called).passed is False
    assert judge(check, seen("the sum", "1"), seen("the sum", "1"), called=called).passed is True


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: f"{path.parents[1].name}/{path.parent.name}")
def test_the_code_of_a_translated_lesson_is_that_of_the_english_one(path):
    lesson = path.parent.name
    for name in (f"{lesson}.py", "checks.py"):
        texts = [(folder / name).read_text(encoding="utf-8") for folder in (ROOT / "exercises" / lesson, path.parent)]
        assert without_docstrings(texts[0]) == without_docstrings(texts[1])


def without_docstrings(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node):
            del node.body[0]
    return ast.dump(tree)


def test_lines_are_broken_by_the_columns_that_chinese_takes():
    text = "张量的*形状*列出它的大小，一个 `a b` 矩阵。"
    for width in range(12, 50):
        for anywhere in (False, True):
            lines = translated.wrapped(text, width, anywhere=anywhere)
            assert "".join(lines).replace(" ", "") == text.replace(" ", "")
            assert all("`a b`" in line or "`" not in line for line in lines)
    assert all(
        translated.columns(line) <= 14 for line in translated.wrapped("一二三四五六七八九十，一二三四", 12, anywhere=True)
    )


@pytest.mark.parametrize("width", [40, 60])
def test_chinese_in_a_terminal_keeps_to_its_width_and_begins_no_line_with_a_comma(width):
    key = json.loads((ROOT / "exercises_zh_CN" / "convolution" / "answer_key.json").read_bytes())
    for says in [item["says"] for item in [*key["checks"], *key["mistakes"]]]:
        page = io.StringIO()
        paragraph(line(("检查内容：", "dim"), says), 6, Console(file=page, width=width))
        lines = page.getvalue().splitlines()
        assert all(translated.columns(each) <= width for each in lines)
        assert not [each for each in lines if re.match(r" *[，。：；？！）”、]", each)]
        assert all(translated.columns(each.rstrip()) > width - 24 for each in lines[:-1])
        assert "".join("".join(lines).split()) == "".join(f"检查内容：{says}".split())


def test_a_file_keeps_its_name_where_a_sentence_begins_with_it():
    with language.speaking("zh_CN"):
        found = faultline.sentence(Edit("number", 1, 0), say("in_script", line=3, file="tiny.py"), "x")
    assert found.says.startswith("tiny.py 的第 3 行")


def test_a_file_as_it_was_given_out_in_another_language_is_not_an_answer(tmp_path):
    from grader.files.answer_file import parse, release_digest

    given = "def f():\n    raise NotImplementedError\n"
    (tmp_path / "tiny.ipynb").write_text(
        json.dumps({"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": given}]}), encoding="utf-8"
    )
    (tmp_path / "tiny.py").write_text("def f():\n    return 1\n", encoding="utf-8")
    digest = release_digest(parse("tiny.ipynb", (tmp_path / "tiny.ipynb").read_bytes(), []))
    assert read(tmp_path, "ann", "tiny", {".ipynb": "another", ".ipynbzh_CN": digest}, ["f"]).file == "tiny.py"


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [("None", "一个张量", "应为 None，得到的是一个张量。"), ("一个张量", "int", "应为一个张量，得到的是 int。")],
)
def test_between_chinese_and_a_chinese_value_stands_no_space(expected, got, said):
    with language.speaking("zh_CN"):
        assert say("structure", expected=expected, got=got) == said


def test_between_chinese_sentences_stands_no_space():
    with language.speaking("zh_CN"):
        almost = compare(Plain("float", "1.0"), Plain("float", "1.001"), None)
        assert almost and "。最大" in almost
        assert together("一。", "Two.", "三。") == "一。Two. 三。"


def test_what_is_said_before_a_course_is_read_is_in_its_language(tmp_path, monkeypatch, capsys):
    (tmp_path / "1_tensors").mkdir()
    (tmp_path / "1_tensors" / "answer_key.json").write_text('{\n"language": "zh_CN"\n}')
    monkeypatch.setattr(language, "_chosen", {"option": "", "course": ""})
    monkeypatch.delenv(language.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["grader", "watch"])
    with pytest.raises(SystemExit):
        main()
    assert "需要一个能接收按键的终端" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        (["start", "--lang", "zh_CN", "x"], ["--lang", "zh_CN", "start", "x"]),
        (["check", "--lang=zh", "x"], ["--lang=zh", "check", "x"]),
        (["check", "x"], ["check", "x"]),
        (["check", "--", "--lang"], ["check", "--", "--lang"]),
    ],
)
def test_the_option_may_stand_behind_the_command(words, taken):
    from grader.cli import _language_first

    assert _language_first(words) == taken
