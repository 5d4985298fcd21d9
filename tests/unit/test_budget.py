"""What one hand-in may cost whoever grades it: what is kept, looked at and told of it is bounded, and its time is."""

import json
import struct
import time
import tracemalloc

import pytest
from support.classroom import numbered

from grader import wire
from grader.checks import Check
from grader.errors import Fault, Spent
from grader.files import answer_file, submission
from grader.files.answer_file import Unreadable
from grader.files.submission import Submission
from grader.judge.assess import assess
from grader.judge.cells import NOTES_AT_MOST
from grader.judge.observation import Error, Mapping, Named, Observation, Other, Run, Sequence, Tensor
from grader.judge.show import show
from grader.judge.verdict import difference
from grader.sandbox import budget
from grader.sandbox.client import Client
from grader.sandbox.run import Phase, run
from grader.worker.clock import Times

CHECK = Check(name="asks", exercise="f", says="Asks.", points=1, gradients=False)


@pytest.fixture
def cheap():
    """What a test does takes neither 200 MB nor ten seconds of a processor: unbounded, it would be gigabytes or minutes."""
    tracemalloc.start()
    began = time.process_time()
    yield
    used, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 << 20 and used < 10


# Files


@pytest.mark.parametrize(
    ("name", "begins", "part", "ends", "number", "says"),
    [
        ("f.py", "", "0\n# %%\n", "", 4_000_000, "f.py has more than 1000 cells, which is too many to grade."),
        ("f.ipynb", '{"cells":[{}', ",{}", "]}", 6_500_000, "f.ipynb holds too much besides your code. Clear the outputs"),
        ("f.ipynb", '{"x":NaN,"cells":[{}', ",{}", "]}", 6_500_000, "f.ipynb holds too much besides your code."),
        ("f.ipynb", '{"cells":[{}', ",{}", "]}", 900_000, "f.ipynb has more than 1000 cells"),
    ],
)
def test_a_file_of_millions_of_parts_is_refused_with_a_sentence(cheap, name, begins, part, ends, number, says):
    with pytest.raises(Unreadable) as refused:
        answer_file.parse(name, (begins + part * number + ends).encode()[: 20 << 20], [])
    assert str(refused.value).startswith(says)


def test_a_notebook_with_many_numbers_in_its_outputs_is_read():
    outputs = [{"data": {"application/json": list(range(500_000))}, "output_type": "display_data", "metadata": {}}]
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": outputs}
    found = answer_file.parse("f.ipynb", json.dumps({"nbformat": 4, "cells": [cell]}).encode(), [])
    assert [code.source for code in found] == ["x = 1"]


def test_of_thousands_of_files_that_with_the_lessons_name_is_read_or_none(tmp_path):
    for number in range(4000):
        (tmp_path / f"try{number}.py").write_text(f"x = {number}")
    found = submission.read(tmp_path, "ada", "numbers", {}, ["double"])
    assert found.code == [] and len(found.notes) == 1
    assert found.notes[0].startswith("There are 4000 files that might be the answer. Keep the one you want graded")
    (tmp_path / "numbers.py").write_text("x = 1")
    assert [code.source for code in submission.read(tmp_path, "ada", "numbers", {}, ["double"]).code] == ["x = 1"]


# What comes back


class Session:
    """A session in which each step gives the same, and that has stood in line all the time, if it is `in_line`."""

    def __init__(self, text=b"", blob=b"", in_line=False):
        self.reply, self.in_line = (text, blob), in_line
        self.calls = []

    def call(self, message, seconds, patience=0.0):
        self.calls.append(message["do"])
        return self.reply or wire.split({})

    def times(self):
        return Times(0.0, 1e6 if self.in_line else 0.0)

    def close(self):
        pass


def tensors(number):
    entries = ",".join(f'"{index}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}' for index in range(number))
    header = f"{{{entries}}}".encode()
    return b'{"observations":[]}', struct.pack("<Q", len(header)) + header


@pytest.mark.parametrize(
    ("text", "blob", "refused_at"),
    [
        (b'{"observations":[' + b"{}," * 210_000 + b"{}]}", b"", 1),
        (*tensors(210_000), 1),
        (b'{"observations":[],"more":"' + b"x" * (10 << 20) + b'"}', b"", 2),
        (b'{"observations":[]}', b"\0" * 8 + bytes(60 << 20), 5),
    ],
)
def test_a_hand_in_has_room_for_so_much_in_all_its_replies_and_no_more_is_taken_apart(text, blob, refused_at):
    client = Client(Session(text, blob), 1.0, budget=budget.Budget([CHECK]))
    for _ in range(refused_at - 1):
        try:
            client.check("asks", "seed")
        except Spent:
            pytest.fail("there is room for that yet")
        except Fault:
            pass  # what is no observation is refused for itself
    with pytest.raises(Spent) as spent:
        client.check("asks", "seed")
    assert spent.value.kind == "much"


def test_an_error_of_three_million_base_classes_is_none(cheap):
    error = b'{"error":{"type":"E","message":"","bases":[' + b'"a",' * 3_000_000 + b'"a"]},"printed":""}'
    with pytest.raises(Fault) as refused:
        Client(Session(error), 1.0, budget=budget.Budget([CHECK])).cell(0, "")
    assert refused.value.kind == "flood"


def test_a_dictionary_of_very_many_keys_is_not_put_in_order_for_each_comparison(cheap):
    want = Observation(0, "small", Mapping({"a": Other("x")}))
    got = Observation(0, "small", Mapping({f"{number:06}": Other("x") for number in range(300_000)}))
    for _ in range(1000):
        assert difference(CHECK, got, want) and difference(CHECK, want, got).startswith("It lacks `a`. It should not have")


def test_many_empty_tensors_are_too_much_to_be_shown(cheap):
    many = Sequence("list", [Tensor("float32", (0,))] * 20_000)
    one = Tensor("float32", (1,))
    assert show(CHECK, Observation(0, "small", many, inputs={"X": one}), Observation(0, "small", many)).got == ""
    assert show(CHECK, Observation(0, "small", one, inputs={"X": many}), Observation(0, "small", one)) is None


def test_of_very_many_cells_that_fail_the_first_ones_are_told_and_the_others_counted(classroom):
    cells = numbered(["0"] * 900)
    error = Error("OSError", ["OSError"], "x" * 10_000, 0, 1)
    ran = Run(errors=dict.fromkeys(range(900), error), names={"double": Named("missing"), "total": Named("missing")})
    notes = assess(classroom.key, Submission("ada", "numbers", cells), ran, "sandbox").notes
    assert len(notes) == NOTES_AT_MOST + 1 and sum(map(len, notes)) < 30_000
    assert notes[-1] == f"More cells that stopped, not listed here: {900 - NOTES_AT_MOST}."


# Time


class Worker:
    isolation = "process"

    def __init__(self, session):
        self.session = lambda: session


def ran(session, monkeypatch, **limits):
    for name, seconds in limits.items():
        monkeypatch.setattr(budget, name, seconds)
    return run(Worker(session), Submission("", "numbers", numbered(["0", "0"])), [Phase("", [CHECK])], ["f"], "seed")


@pytest.mark.parametrize("in_line", [False, True])
def test_where_all_time_is_used_up_nothing_more_is_run_and_standing_in_line_is_not_counted(in_line, monkeypatch):
    session = Session(b'{"error":null,"printed":"","names":{},"observations":[]}', in_line=in_line)
    found = ran(session, monkeypatch, CELLS_SECONDS=-1.0, SECONDS=-1.0)
    if in_line:
        assert isinstance(found.observations["asks"], Fault) and found.observations["asks"].kind == "flood"
        assert session.calls == ["begin"]
    else:
        assert session.calls == [] and found.names.kind == found.observations["asks"].kind == "overtime"
