"""Reports: what became of a hand-in, for people to read; what a stranger wrote is shown and never obeyed."""

import io
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from grader import language
from grader.author import catalogues
from grader.exercise import Solution, Way
from grader.files.names import storable
from grader.judge.changes import Change, CheckChange
from grader.judge.result import ExerciseResult, Grid, Result, Shown, Verdict, load, save, without_details
from grader.report import changed, html, live, text
from grader.report.printable import printable

SCRIPT = "<script>alert('x')</script>"
MARKUP = "[bold red]loud[/] [link=https://example.org]here[/link] [/] [@click=app.quit]quit[/]"


def exercise(state="wrong", name="softmax", summary="Not right yet.", **verdict):
    passed = {"right": True, "unjudged": None}.get(state, False)
    verdict = {"passed": passed, "message": "" if passed else "Expected 1, got 2.", **verdict}
    return ExerciseResult(name, state, summary, [Verdict("sums_to_one", "Rows sum to one.", 2.0, False, **verdict)])


def result(*exercises, student="ada", **more):
    return Result(student, "attention", list(exercises), **more)


def shown(one, **console):
    """The result of a student's own check as a terminal gets it."""
    page = io.StringIO()
    text.show(one, Console(file=page, width=120, **console))
    return page.getvalue()


def table(results, **console):
    page = io.StringIO()
    text.table(results, Console(file=page, width=120, **console))
    return page.getvalue()


class Page(HTMLParser):
    """What a browser makes of a page: its elements, and its text."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.text, self.attributes = [], "", []
        self.feed(source)
        self.close()
        self.words = " ".join(self.text.split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.text += " "
        self.attributes += [name for name, _ in attributes]

    def handle_data(self, data):
        self.text += data


def everywhere(words):
    """A result in which a student's words stand in every place where they can."""
    case = Shown("smallest", [("X", "[1.]")], expected="[2.]", got=words)
    return result(
        exercise(
            "wrong", summary=words, message=words + "!", where=words, shown=case, called_from=[words], printed=words,
        ),
        exercise("missing", name="attend", summary=words),
        student=words, file=words, notes=[words], printed=words,
    )  # fmt: skip


class Sanitized(HTMLParser):
    """What GitHub and VS Code make of an output, which keep neither styles nor classes: lines of text, and tables as lists
    of rows."""

    BLOCKS = frozenset("p ul ol li pre table tr figure figcaption br div".split())

    def __init__(self, source):
        super().__init__()
        self.lines, self.rows, self.hidden = [""], None, 0
        self.feed(source)
        self.close()
        self.lines = [line for line in self.lines if isinstance(line, list) or line.strip()]

    def handle_starttag(self, tag, attributes):
        if tag in ("style", "script"):
            self.hidden += 1
        if tag == "table":
            self.rows = []
            self.lines.append(self.rows)
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        elif tag in self.BLOCKS:
            self.lines.append("")

    def handle_endtag(self, tag):
        if tag in ("style", "script"):
            self.hidden -= 1
        if tag == "table":
            self.rows = None
        if tag in self.BLOCKS and self.rows is None:
            self.lines.append("")

    def handle_data(self, data):
        if self.hidden:
            return
        if self.rows is not None:
            if self.rows and self.rows[-1]:
                self.rows[-1][-1] += data.strip()
        else:
            self.lines[-1] += " ".join(data.split()) + " "

    def after(self, words):
        """What comes right after the line that begins with these words."""
        (at,) = [index for index, line in enumerate(self.lines) if isinstance(line, str) and line.startswith(words)]
        return self.lines[at + 1]


# Printable


@pytest.mark.parametrize("harmless", ["plain", "größer 学生 🎉 ±½", "two\nlines\tand a tab", "", "\xa0", "שלום"])
def test_ordinary_text_of_any_script_stays_as_it_is(harmless):
    assert printable(harmless) == harmless


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"), ("\x07\b\r\x00\x7f", r"\x07\x08\r\x00\x7f"),
        ("\x9b31m \x85", r"\x9b31m \x85"), ("\u202eltr\u2066", r"\u202eltr\u2066"), ("a\u200bb", r"a\u200bb"),
        ("\u2028\u2029", r"\u2028\u2029"), ("\ud800", r"\ud800"), ("\ufeff", r"\ufeff"), ("\U000e0041", r"\U000e0041"),
    ],
)  # fmt: skip
def test_what_moves_colours_turns_or_hides_text_becomes_visible(written, seen):
    assert printable(written) == seen


def test_nothing_that_is_left_controls_a_terminal_or_the_direction_of_text():
    everything = printable("".join(map(chr, range(0x110000))))
    left = {unicodedata.category(character) for character in set(everything) - {"\n", "\t"}}
    assert left.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    everything.encode("utf-8")


# A terminal


def test_a_students_check_says_for_each_exercise_what_became_of_it():
    said = shown(
        result(
            exercise("right", "relu"), exercise("wrong", "softmax", "You summed the wrong axis."),
            exercise("stub", "attend", "You have not written `attend` yet."), exercise("missing", "mask", "It is missing."),
            exercise("unjudged", "loss", "Please tell your instructor."), notes=["Cell 3 stopped."],
        )
    )  # fmt: skip
    for words in (
        "✓ relu", "✗ softmax", "You summed the wrong axis.", "○ attend", "You have not written `attend` yet.", "○ mask",
        "? loss", "Please tell your instructor.", "! Cell 3 stopped.", "What was checked: Rows sum to one.",
        "1 of 5 exercises right.",
    ):  # fmt: skip
        assert words in said
    assert "Correct." not in said


def test_a_case_is_shown_in_rows():
    case = Shown("different", [("X", "[[1, 2],\n [3, 4]]")], expected="[3, 7]", got="[4, 6]")
    said = shown(result(exercise(where="line 2 of cell 1: return X.sum(0)", shown=case)))
    assert "at line 2 of cell 1: return X.sum(0)" in said
    rows = [line.split("  ")[-1].strip() for line in said.splitlines()]
    for row in ("[[1, 2],", "[3, 4]]", "[3, 7]", "[4, 6]"):
        assert row in rows


def test_advice_is_given_for_a_right_answer_too():
    assert "Advice: Use reshape." in shown(result(exercise("right", advice=["Use reshape."])))


def test_a_message_that_the_summary_holds_already_is_not_said_twice():
    said = shown(result(exercise(summary="Expected 1, got 2. It calls `relu`.", message="Expected 1, got 2.")))
    assert said.count("Expected 1, got 2.") == 1
    assert "Expected 1, got 2." in shown(result(exercise(summary="You summed twice.", message="Expected 1, got 2.")))


@pytest.mark.parametrize("console", [{}, {"force_terminal": True, "color_system": "truecolor"}])
def test_markup_that_a_student_wrote_is_shown_as_it_was_written(console):
    said = shown(everywhere(MARKUP), **console)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert plain.count(MARKUP) >= 5
    assert "\x1b]8" not in said  # no link


@pytest.mark.parametrize(
    "words",
    [
        "[/]", "[/bold]", "[", "]", "[[", "\\", "\\\\", "x[\\", "\\[bold]", "\\\\[bold]x", "[bold", "[bold\n]", "X[:a:]",
        ":smile:", "[not a tag]", "[1, 2]", "[#ff0000]x", "a\\\n[/]b", "[red]\\[/red]", "{0}", "%s",
    ],
)  # fmt: skip
def test_words_that_look_like_markup_break_nothing_and_are_not_changed(words):
    said = shown(everywhere(f"<{words}>"))
    assert "".join(f"<{words}>".split()) in "".join(said.split())
    said = shown(everywhere(words))
    assert "".join(words.split()) in "".join(said.split())


@pytest.mark.parametrize("words", ["\x1b[2J\x1b]0;title\x07", "\x9b31m", "\u202egnp.exe", "a\rb", "\b\b\b"])
def test_a_students_words_do_not_reach_the_terminal_as_commands(words):
    for said in (shown(everywhere(words)), table([everywhere(words)])):
        assert printable(said) == said


def test_inputs_that_the_code_was_not_given_itself_are_told_as_what_the_check_starts_from():
    def told(starts_from):
        case = Shown("small", [("X", "[[1.]]")], "[1]", "[0]", starts_from=starts_from)
        one = result(exercise(shown=case, case=0))
        return shown(one), Page(html.page(one)).words

    assert all("What the check starts from:" in page for page in told(True))
    assert not any("starts from" in page for page in told(False))


def test_a_class_is_a_table_with_points_and_the_commonest_mistakes():
    def of(student, state, **mistakes):
        one = exercise(state, summary="You summed the wrong axis." if mistakes else "Correct.")
        one.mistakes = mistakes
        return result(one, student=student)

    wrong_axis, no_shift = {"wrong_axis": "You summed the wrong axis."}, {"no_shift": "You did not shift."}
    said = table([of("ada", "right"), of("grace", "wrong", **wrong_axis), of("alan", "wrong", **wrong_axis, **no_shift)])
    assert "attention, 3 hand-ins" in said
    assert re.search(r"ada +2 +2 +full marks", said)
    assert re.search(r"grace +0 +0 +wrong axis", said)
    assert re.search(r"alan +0 +0 +wrong axis, no shift", said)
    assert "2 × wrong_axis: You summed the wrong axis." in said
    assert "1 × no_shift: You did not shift." in said


def test_the_table_of_a_class_says_the_same_of_results_without_their_details():
    states = "right", "wrong", "stub", "unjudged"
    whole = [result(exercise(state, printed="long" * 999), student=state, notes=["One cell raised: x."]) for state in states]
    whole[1].exercises[0].mistakes = {"wrong_axis": "You summed the wrong axis."}
    whole[2].exercises[0].final, whole[3].penalty, whole[0].person.first = 1.5, 0.25, "Ada"
    short = list(map(without_details, whole))
    assert table(short) == table(whole)
    assert len(msgspec.json.encode(short)) < len(msgspec.json.encode(whole)) / 2


def test_every_word_of_a_class_can_be_translated(monkeypatch):
    """A made-up language puts brackets around each text; what has none is a name or a number."""
    brackets = {key: f"⟦{key[1]}⟧" for key in catalogues.own_texts()}
    monkeypatch.setattr(language, "catalogue", lambda name: brackets)
    class_ = [result(exercise(state), student=f"s{number}") for number, state in enumerate(("right", "stub", "unjudged"))]
    class_ += [result(exercise("right"), student=f"s{number}", file="a.py") for number in range(3, 80)]
    one = Change("s1", "attention", "version", 1.0, 2.0, 0.5, 2.0, [CheckChange("f/g", (1.0, 1.0), None)], 0.5)
    page = io.StringIO()
    console = Console(file=page, width=300)
    changed.show([one, one], console)
    changed.show([], console, dry=True)
    changed.pages([Path("p")] * 12, console)
    said = re.sub("attention|softmax", " ", table(class_) + page.getvalue() + live.pace(1, 9, 60.0, ""))
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", said)) != said:
        said = shorter
    assert re.findall(r"[^\W\d_]{3,}", said) == []


def test_a_long_class_is_cut_and_says_how_many_are_left():
    said = table([result(exercise("right"), student=f"student-{number}") for number in range(text.ROWS_AT_MOST + 7)])
    assert "… and 7 more, 7 of whom need a look." in said
    assert f"student-{text.ROWS_AT_MOST - 1} " in said
    assert f"student-{text.ROWS_AT_MOST} " not in said


def test_of_a_long_class_those_who_need_a_look_have_a_row():
    class_ = [result(exercise("right"), student=f"student-{number}", file="a.py") for number in range(100)]
    class_[98] = result(exercise("missing", summary="No file was found."), student="student-98")
    class_[97] = result(exercise("unjudged"), student="student-97", file="a.py")
    class_[96].notes.append("Cell 3 stopped.")
    said = table(class_)
    assert "attention, 100 hand-ins: mean 1.96 of 2; 98 with full marks, 0 in part, 2 without a point" in said
    for number in (0, 56, 96, 97, 98):
        assert f"student-{number} " in said
    assert "student-57 " not in said and "… and 40 more, none of whom need a look." in said


@pytest.mark.parametrize("width", [40, 80])
def test_a_name_stays_in_one_piece_however_narrow_the_terminal_is(width):
    names = [f"student-{number:03}-of-a-long-name" for number in range(3)]
    exercises = [exercise("wrong", f"exercise_{number}") for number in range(7)]
    page = io.StringIO()
    text.table(
        [result(*exercises, student=name, notes=["Cell 3 stopped."]) for name in names], Console(file=page, width=width)
    )
    assert all(re.search(rf"^ *{name} +0 +0 ", page.getvalue(), re.MULTILINE) for name in names)
    assert f"{names[0]}: Cell 3 stopped" in " ".join(page.getvalue().split())  # without a column it has a line


def test_a_name_of_any_length_leaves_everybodys_points_in_sight():
    said = table([result(exercise("wrong"), student=name) for name in ("ada", "名" * 80)])
    assert max(map(len, said.splitlines())) < 120 and "…" in said


def test_what_was_decided_by_hand_or_for_being_late_is_told_in_the_table_and_on_the_page():
    graded = result(exercise("right", "relu"), exercise("wrong", "softmax"), penalty=0.5)
    graded.exercises[1].final, graded.exercises[1].comment = 1.5, "Nearly <b>there</b>."
    said = table([graded])
    assert re.search(r"ada +2 +1.5\* +3\* ", said)
    assert "* ada: The automatic checks gave 2 of 4. Late penalty: 0.5." in said
    page = Page(html.page(graded))
    for words in ("attention: 3 of 4 points", "The automatic checks gave 2 of 4.", "Late penalty: 0.5.",
                  "1.5 of 2 (0 from the automatic checks)", "From your instructor: Nearly <b>there</b>."):  # fmt: skip
        assert words in page.words
    assert "b" not in page.tags


def test_a_hidden_check_that_could_not_be_judged_is_told_as_that_everywhere():
    hidden = exercise("unjudged", summary="In short.", message="A hidden check failed.")
    hidden.verdicts[0].hidden = True
    for said in (shown(result(hidden)), text.plain(hidden), Page(html.page(result(hidden))).words):
        assert "failed" not in said
    assert "could not be judged" in shown(result(hidden))


def test_plain_text_has_no_colours_even_where_programs_are_told_to_use_them(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in text.plain(result(exercise())) + text.plain(exercise())


@pytest.mark.parametrize("words", [MARKUP[:40], ":smile:", "[/]", "\\", "x[\\"])
def test_markup_in_the_name_of_a_student_breaks_no_table(words):
    said = table([result(exercise("missing"), student=words, notes=[words]), Result(words, "?", [], notes=[words])])
    assert said.count(words) >= 3


# A page


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("right", "✓ right"), ("wrong", "✗ not right yet"), ("stub", "○ not written yet"), ("missing", "○ missing"),
        ("unjudged", "? could not be judged"),
    ],
)  # fmt: skip
def test_a_page_says_what_became_of_an_exercise(state, words):
    page = Page(html.page(result(exercise(state, summary="In short."))))
    assert words in page.words
    assert "Rows sum to one." in page.words
    assert ("In short." in page.words) == (state != "right")
    assert (f"{2 if state == 'right' else 0} of 2 points") in page.words
    assert ("Expected 1, got 2." in page.words) == (state in ("wrong", "unjudged"))


def test_a_check_that_could_not_be_judged_is_not_called_failed():
    page = Page(html.page(result(exercise("unjudged"))))
    assert "✗ failed" not in page.words


def test_a_page_holds_notes_cases_advice_and_what_was_printed():
    case = Shown("different", [("X", "[1., 2.]")], expected="[3.]", got="[4.]")
    page = Page(
        html.page(
            result(
                exercise("wrong", where="line 2 of cell 1: return X", shown=case),
                exercise("right", advice=["Use reshape."]),
                notes=["Cell 3 stopped."], printed="hello", file="attention.ipynb", handed_in="2025-01-31T08:09",
            )
        )
    )  # fmt: skip
    for words in (
        "attention: 2 of 4 points", "ada, attention.ipynb, handed in 2025-01-31 08:09 UTC", "About your file",
        "Cell 3 stopped.", "line 2 of cell 1: return X", "X [1., 2.]", "expected [3.]", "got [4.]",
        "Advice (it does not affect your points): Use reshape.", "What your code printed: hello",
    ):  # fmt: skip
        assert words in page.words


def test_a_page_leaves_out_what_there_is_not():
    page = Page(html.page(result(exercise("right"))))
    for words in ("About your file", "What your code printed", "handed in", "Advice", "sandbox"):
        assert words not in page.words


def test_a_page_says_when_there_was_no_sandbox():
    page = Page(html.page(result(exercise("right"), isolation="process")))
    assert "Graded without the sandbox (--isolation process)." in page.words


def test_a_hidden_check_has_no_message_on_the_page():
    one = exercise("wrong", message="A hidden check failed.")
    one.verdicts[0].hidden = True
    page = Page(html.page(result(one)))
    assert "(0 of 2, hidden)" in page.words
    assert "A hidden check failed." not in page.words


@pytest.mark.parametrize(
    "words",
    [SCRIPT, "<img src=x onerror=alert(1)>", '"><b onclick="x">', "&lt;b&gt;", "{{ 7 * 7 }}", "{% raw %}", "</pre>"],
)
def test_what_a_student_wrote_is_text_on_the_page_and_never_markup(words):
    harmless, page = Page(html.page(everywhere("harmless"))), Page(html.page(everywhere(words)))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert page.text.count(words) == harmless.text.count("harmless") >= 8


def test_a_page_loads_and_runs_nothing():
    source = html.page(everywhere("x"))
    assert """content="default-src 'none'; style-src 'unsafe-inline'\"""" in source
    assert not {"script", "link", "img", "iframe"} & set(Page(source).tags)


@pytest.mark.parametrize("words", ["\x1b[31m", "\u202e", "\x00", "\ud800", "\x9b"])
def test_characters_that_nobody_can_see_are_visible_on_the_page(words):
    source = html.page(everywhere(words))
    assert words not in source
    assert printable(words) in Page(source).text


def test_a_page_is_written_whole_whatever_a_student_wrote(tmp_path):
    path = tmp_path / "feedback" / "ada.html"
    html.write(everywhere("\ud800 学生"), path)
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert [item.name for item in path.parent.iterdir()] == ["ada.html"]


# A file


def test_a_result_is_read_back_as_it_was_saved(tmp_path):
    saved = everywhere("größer\n\x1b[31m")
    save(saved, tmp_path / "results" / "ada.json")
    assert load(tmp_path / "results" / "ada.json") == saved
    assert [item.name for item in (tmp_path / "results").iterdir()] == ["ada.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"student": 1}', b"\xff"])
def test_a_result_that_cannot_be_read_counts_as_none(tmp_path, content):
    (tmp_path / "ada.json").write_bytes(content)
    assert load(tmp_path / "ada.json") is None
    assert load(tmp_path / "nobody.json") is None


def test_a_name_that_is_no_utf_8_can_be_saved_and_still_be_told_from_others(tmp_path):
    names = {storable(b"l\xf6sung.py".decode("utf-8", "surrogateescape")), storable("lösung.py"), storable("lsung.py")}
    assert len(names) == 3
    for name in names:
        save(everywhere(name), tmp_path / "ada.json")
        assert load(tmp_path / "ada.json").file == name


def test_the_case_to_paste_begins_at_the_margin_and_no_line_of_it_is_broken():
    code = "X = torch.tensor([" + ", ".join(["0.25"] * 30) + "])\nprint(softmax(X, 1))\n# expected: [1.]"
    one = result(exercise(replay=code))
    page = io.StringIO()
    text.show(one, Console(file=page, width=60))
    assert f"\n\n{code}\n\n" in page.getvalue()
    several = result(exercise(replay=code), exercise("right", name="attend"))
    assert code not in shown(several), "where one exercise is asked for, and not a whole lesson"
    assert " ".join(code.split()) in Page(html.exercise(one.exercises[0], graded=False)).words


def test_a_right_answer_is_told_how_much_it_is_still_to_pass():
    right, other = exercise("right"), exercise("right", name="attend")
    right.more, other.more = 2, 1
    assert "that you can see. 2 more checks run when it is graded." in " ".join(shown(result(right)).split())
    both = shown(result(right, other))
    assert "2 of 2 exercises right. 3 more checks run when it is graded." in both and both.count("more check") == 1
    assert "One more check runs when it is graded." in Page(html.exercise(other, graded=False)).words


def test_the_solution_of_what_is_right_is_shown_with_other_ways():
    right = exercise("right")
    right.solution = Solution("def f(X):\n    return 2 * X", [Way("Nothing is <made>.", "def f(X):\n    return X + X")])
    said = shown(result(right))
    assert "\n\ndef f(X):\n    return 2 * X\n\n" in said and "Another way: Nothing is <made>." in said
    words = Page(html.exercise(right, graded=False)).words
    assert "return 2 * X Another way: Nothing is <made>. def f(X): return X + X" in words


# In a notebook, where it may be shown without its styles


def test_without_styles_and_classes_a_check_is_still_tables_with_words():
    """As GitHub and VS Code show a saved notebook."""
    case = Shown(
        "small", [("X", "[[1, 2], [3, 4]]")], "[[1, 2], [3, 4]]", "[[1, 7], [3, 4]]",
        expected_grid=Grid([2, 2], ["1", "2", "3", "4"], [1]), got_grid=Grid([2, 2], ["1", "7", "3", "4"], [1]),
    )  # fmt: skip
    page = Sanitized(html.exercise(exercise("wrong", shown=case, printed="so far"), graded=False))
    assert page.lines[0].split() == ["softmax", "✗", "not", "right", "yet"]
    assert any("✗ failed Rows sum to one." in line for line in page.lines if isinstance(line, str))
    assert page.after("X ").startswith("[[1, 2], [3, 4]]")
    assert [[cell[-1] for cell in row] for row in page.after("expected (2 × 2)")] == [["1", "2"], ["3", "4"]]
    got = page.after("got (2 × 2)")
    assert [[cell[-1] for cell in row] for row in got] == [["1", "7"], ["3", "4"]]
    assert [cell for row in got for cell in row if len(cell) > 1] == ["≠ 7"]  # marked, and not by a color alone
    assert page.after("What your code printed:").strip() == "so far"
    assert "{" not in str(page.lines) and "border" not in str(page.lines)


def test_progress_without_styles_is_a_table_too():
    page = Sanitized(html.told("1 of 2 are right.", {"softmax": "right", "attend": "unchecked"}))
    assert page.lines[0].strip() == "1 of 2 are right."
    assert page.lines[1] == [["softmax", "✓ right"], ["attend", "· not checked here"]]


@pytest.mark.parametrize("words", [SCRIPT, "{{ 7 * 7 }}", '" onclick="x', "</pre><h1>"])
def test_what_a_student_printed_or_wrote_is_text_in_a_notebook_too(words):
    harmless = Page(html.exercise(everywhere("words").exercises[0], graded=False))
    page = Page(html.exercise(everywhere(words).exercises[0], graded=False))
    assert page.tags == harmless.tags and page.attributes == harmless.attributes
    assert page.words.count(" ".join(words.split())) >= 3
