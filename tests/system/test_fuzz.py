"""Proves that nothing that is handed in or sent by a sandbox makes the judging process raise, hang or take much memory.

`GRADER_FUZZ=50` tries fifty times as many examples as usual, other ones each time.
"""

import copy
import encodings.aliases
import io
import json
import os
import resource
import signal
import struct
import tempfile
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from grader import wire
from grader.author.expectations import build_key
from grader.errors import Fault
from grader.files import answer_file, submission
from grader.files.source import LessonFiles
from grader.judge import assess
from grader.judge.observation import Malformed, Named, Run, decode
from grader.judge.result import Result, load, save
from grader.report import formats, html, text
from grader.sandbox.client import CellReply, Described, Observed
from grader.sandbox.plain import Plain
from grader.sandbox.run import phases, run

pytestmark = pytest.mark.filterwarnings("error")
TIMES = int(os.environ.get("GRADER_FUZZ", "1"))
BYTES, SECONDS = 1 << 30, 20
"""What reading or judging one hand-in may map of memory, and take of a processor: far more than it ever needs."""


def tries(examples):
    return settings(
        max_examples=examples * TIMES, derandomize=TIMES == 1, database=None, deadline=None,
        phases=(Phase.explicit, Phase.generate),  # to shrink a frame takes minutes
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@contextmanager
def bounded():
    """Within these bounds, or a MemoryError or TimeoutError."""

    def hangs(*_):
        raise TimeoutError("it hangs")

    with open("/proc/self/statm") as statm:
        mapped = int(statm.read().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    handler = signal.signal(signal.SIGPROF, hangs)
    resource.setrlimit(resource.RLIMIT_AS, (mapped + BYTES, before[1]))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, before)
        signal.signal(signal.SIGPROF, handler)


# A lesson whose checks ask for values of every kind, and what an honest sandbox says of two hand-ins to it

FILES = LessonFiles(
    "fuzz",
    """# %%
import torch
from torch import nn

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
def scale(X):
    ### BEGIN SOLUTION
    return X * 2
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
def pack(X, n):
    ### BEGIN SOLUTION
    rows = [X, (X > 0, X.sum(1)), X.to(torch.complex64)]
    return {"rows": rows, "n": (n, X.sum().item(), True, None, "text", 1 + 2j), "shape": X.shape}
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
def refuse(X):
    ### BEGIN SOLUTION
    raise ValueError("X is refused")
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
class Layer(nn.Module):
    ### BEGIN SOLUTION
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor([1.0, 2.0]))

    def forward(self, X):
        return X.sum() * self.w
    ### END SOLUTION

# %% [markdown]
# **Difficulty.** 1 of 5, about 5 minutes.
#
# **Hint.** ?
#
# **Hint.** !
#
# **Hint.** .

# %%
def sign(X):
    ### BEGIN SOLUTION
    return (X > 0).long()
    ### END SOLUTION
""",
    '''
from grader import Lesson, Tolerance, choice, normal
lesson = Lesson("fuzz")
scale, pack, refuse, Layer, sign = map(lesson.exercise, ("scale", "pack", "refuse", "Layer", "sign"))

@scale.check(points=1, vectorized=True, forbids=["add"])
def scales(answer, X=normal("n d")):
    """It scales."""
    return answer.scale(X)

@pack.check(points=1, tolerance=Tolerance(0.1, 0.1, "it is rough"))
def packs(answer, X=normal("n d"), n=choice(1, 2)):
    """It packs."""
    return answer.pack(X, n)

@refuse.check(points=1, raises=ValueError, mentions=["refused"])
def refuses(answer, X=normal("n")):
    """It refuses."""
    return answer.refuse(X)

@Layer.check(points=1)
def learns(answer, X=normal("n")):
    """It learns."""
    layer = answer.Layer()
    layer(X).sum().backward()
    return layer

@scale.check(points=1, hidden=True)
def scales_more(answer, X=normal("a b c")):
    """It scales more."""
    return answer.scale(X)

@sign.check(points=1, at_least=0.75, hidden=True)
def tells_signs(answer, X):
    """It tells signs."""
    return answer.sign(X)
''',
    """
import torch
from checks import pack, refuse, scale, sign

@sign.given("tells_signs")
def numbers(seed):
    return {"X": torch.tensor([-4.0, -3.0, 2.0, 3.0])}, torch.tensor([0, 0, 1, 1])

@scale.misconception
def two_added(X):
    "You added two."
    return X + 2

@pack.misconception
def nothing_packed(X, n):
    "You packed nothing."
    return {}

@refuse.misconception
def refused_quietly(X):
    "You do not say why."
    raise ValueError
""",
)


class Tape:
    """A worker that keeps what its sessions answer, step by step."""

    def __init__(self, worker):
        self.worker, self.isolation, self.replies = worker, worker.isolation, {}

    def session(self):
        self.inner = self.worker.session()
        return self

    def call(self, message, seconds, patience=0.0):
        reply = self.replies[step_of(message)] = self.inner.call(message, seconds)
        return reply

    def close(self):
        self.inner.close()


def step_of(message):
    return message["do"], message.get("name", message.get("index", len(message.get("checks", ""))))


RIGHT = [cell.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "") for cell in FILES.code_cells]
WRONG = [
    RIGHT[0],
    "def scale(X):\n    X += 2\n    return X",
    "def pack(X, n):\n    return [X.tolist(), {n}, object()]",
    "def refuse(X):\n    return refuse_not(X)",
    "class Layer(torch.nn.Linear):\n    def __init__(self):\n        super().__init__(1, 1)\n    def forward(self, X):\n"
    "        return X.sum()",
    "print('hello'); sign = 3",
]  # fmt: skip
WRONG_HAND_IN = submission.of_cells("fuzz", WRONG)


@cache
def known():
    """The key of the lesson, and tapes of a hand-in that is right and of one that is wrong."""
    with closing(Plain()) as worker:
        told = build_key(FILES, worker, "seed", public_only=False)
        tapes = []
        for cells in (RIGHT, WRONG):
            tapes.append(Tape(worker))
            run(
                tapes[-1],
                submission.of_cells("fuzz", cells),
                phases(FILES, told.checks),
                [item.name for item in told.exercises],
                "seed",
            )
    return told, tapes


def judged(told, worker, handed_in):
    """A hand-in through all that the judging process does, reports and files included."""
    ran = run(worker, handed_in, phases(FILES, told.checks), [item.name for item in told.exercises], "seed")
    return reported(assess.assess(told, handed_in, ran, "sandbox"))


def reported(graded):
    assert 0 <= graded.earned <= graded.points == 6
    assert all(item.state in ("right", "wrong", "missing", "stub", "unjudged") for item in graded.exercises)
    assert msgspec.json.decode(msgspec.json.encode(graded), type=Result) == graded
    html.page(graded)
    for render in formats.FORMATS.values():
        render([graded])
    text.plain(graded)
    text.table([graded], Console(file=io.StringIO(), width=100))
    return graded


# A sandbox that lies

NUMBERS = [
    "0",
    "1",
    "-1",
    "nan",
    "inf",
    "-inf",
    "1e999",
    "-0.0",
    "1_0",
    "0x1",
    "1e-400",
    "9" * 400,
    "1+2j",
    "nanj",
    "",
    " 1 ",
    "٣",
]
TYPES = ["int", "float", "bool", "complex", "str", "NoneType", "Size", "dtype", "device", "list"]
DTYPES = [
    "float32",
    "float64",
    "int64",
    "bool",
    "complex64",
    "bfloat16",
    "float16",
    "uint8",
    "float8_e4m3fn",
    "",
    "x" * 200,
]
words = st.one_of(
    st.sampled_from(["", "scale", "X", "w", "scale is not written yet"]),
    st.sampled_from(["\x1b[31m", "<b>", "{0}", "%s", "[red]", "\u202e", "=1"]),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.builds(lambda text, times: text * times, st.characters(codec="utf-8"), st.sampled_from([199, 201, 9_999, 10_001])),
)  # fmt: skip
whole = st.one_of(st.integers(-3, 9), st.sampled_from([2**31, 2**63 - 1, 2**63, -(2**63), 10**30]))
places = st.integers(0, 40)
tensors = st.fixed_dictionaries(
    {
        "kind": st.just("tensor"), "dtype": st.sampled_from(DTYPES), "shape": st.lists(whole, max_size=4),
        "device": st.sampled_from(["cpu", "meta", "cuda:0", "x"]), "data": st.one_of(st.none(), places),
    }
)  # fmt: skip
plains = st.fixed_dictionaries(
    {"kind": st.just("plain"), "type": st.sampled_from(TYPES), "value": st.one_of(st.sampled_from(NUMBERS), words)}
)
others = st.fixed_dictionaries({"kind": st.sampled_from(["other", "code"]), "type": words})


def nested(nodes):
    named = st.dictionaries(words, nodes, max_size=3)
    return st.one_of(
        st.fixed_dictionaries(
            {
                "kind": st.just("sequence"), "type": st.sampled_from(["list", "tuple", "set"]),
                "items": st.lists(nodes, max_size=4),
            }
        ),
        st.fixed_dictionaries({"kind": st.just("mapping"), "items": named}),
        st.fixed_dictionaries(
            {"kind": st.just("module"), "training": st.booleans(), "state": named, "gradients": named}
        ),
    )  # fmt: skip


errors = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["ValueError", "NotImplementedError", "SyntaxError", "MissingName", "x"]), "message": words,
        "bases": st.sampled_from([[], ["ValueError", "Exception"]]), "cell": st.one_of(st.none(), st.integers(0, 9)),
        "line": st.one_of(st.none(), st.integers(0, 9), st.just(2**63 - 1)),
    }
)  # fmt: skip
nodes = st.recursive(st.one_of(tensors, plains, others), nested, max_leaves=6)
deep = st.builds(
    lambda times, node: json.loads('{"kind":"sequence","type":"list","items":[' * times + json.dumps(node) + "]}" * times),
    st.sampled_from([30, 200]), plains,
)  # fmt: skip
junk = st.one_of(st.none(), st.booleans(), whole, st.floats(), words, nodes, deep, st.lists(whole, max_size=3), st.just({}))
ARRAYS = [
    np.array(filling, dtype)
    for dtype in ("float32", "float64", "float16", "int64", "int8", "uint64", "bool")
    for filling in (0, 1, [1.0, 2.0], [[0, 1]], [[[1]]], np.zeros((0, 3)), np.zeros((1,) * 20), np.arange(3))
] + [
    np.array([np.nan, np.inf, -np.inf, 1e38], "float32"), np.array([2**63 - 1, -(2**63)]), np.array([2**64 - 1], "uint64"),
    np.array([1e308, -1e308]), np.zeros(100_000, "float32"), np.zeros((3, 0, 2**40), "int8"),
]  # fmt: skip


def spots(tree, depth=0):
    """Every place in a tree, as a container and a key."""
    if depth > 40 or not isinstance(tree, (dict, list)):
        return []
    found = list(tree.items() if isinstance(tree, dict) else enumerate(tree))
    return [spot for name, below in found for spot in ((tree, name), *spots(below, depth + 1))]


def one_of(draw, items):
    """One of some items, which need not be printed."""
    return items[draw(st.integers(0, len(items) - 1))]


def alike(draw, name, value):
    """Something that may stand in the place of a value, as far as its name and its type go."""
    if name == "operations":
        return {draw(st.sampled_from(["add", "mul_", "sum"])): draw(st.sampled_from([0, 1, 99, 2**63 - 1]))}
    if isinstance(value, dict) and value.get("kind") == "plain":
        return value | {"value": draw(st.sampled_from(NUMBERS))}
    if isinstance(value, dict) and "kind" in value:
        return draw(nodes)
    if value is None:
        return draw(errors)
    if isinstance(value, str):
        return draw(st.one_of(st.sampled_from(NUMBERS), st.sampled_from(TYPES + DTYPES), words))
    if isinstance(value, bool):
        return draw(st.booleans())
    if isinstance(value, (int, float)):
        return draw(st.integers(0, 5))
    if isinstance(value, list):
        return value[: draw(st.integers(0, 2))] + value[draw(st.integers(0, 2)) :]
    return dict(list(value.items())[draw(st.integers(0, 2)) :])


def with_another_array(draw, tensor, arrays):
    """Give a tensor other numbers and, perhaps, say that they are what they are."""
    array = one_of(draw, ARRAYS)
    tensor["data"] = len(arrays)
    arrays[str(len(arrays))] = array
    if draw(st.booleans()):
        tensor["shape"] = list(array.shape)
    elif array.size == 1 and isinstance(tensor.get("shape"), list):
        arrays[str(tensor["data"])] = np.full([int(side) for side in tensor["shape"] if side in range(9)], array)
    if draw(st.booleans()):
        tensor["dtype"] = array.dtype.name


def is_of(kind, container, name):
    return isinstance(container[name], dict) and container[name].get("kind") == kind


def edited(draw, reply):
    """An honest reply with a few things in it changed, taken away or put elsewhere, mostly in one of its observations."""
    tree, arrays = json.loads(reply[0]), safetensors.numpy.load(reply[1]) if reply[1] else {}
    part = tree
    if "observations" in tree and draw(st.integers(0, 4)):
        part = one_of(draw, tree["observations"][:4])
    for _ in range(draw(st.integers(1, 2))):
        found = spots(part) or spots([part])
        leaves = {kind: [spot for spot in found if is_of(kind, *spot)] for kind in ("plain", "tensor")}
        change = draw(st.sampled_from(["alike"] * 4 + ["plain"] * 4 + ["tensor"] * 4 + ["move", "drop", "junk"]))
        container, name = one_of(draw, leaves.get(change) or found)
        if change == "tensor" and leaves[change]:
            with_another_array(draw, container[name], arrays)
        elif change == "junk":
            container[name] = draw(junk)
        elif change == "move":
            other, elsewhere = one_of(draw, found)
            container[name] = copy.deepcopy(other[elsewhere])
        elif change == "drop":
            del container[name]
        else:
            container[name] = alike(draw, name, container[name])
    text = json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace")
    return text, safetensors.numpy.save(arrays) if arrays else b""


def scrambled(draw, data):
    """Bytes of which some are others, or missing, or twice there."""
    for _ in range(draw(st.integers(1, 4))):
        at, kind = draw(st.integers(0, max(0, len(data) - 1))), draw(st.integers(0, 3))
        put = draw(st.binary(max_size=8)) if kind < 3 else data[at : at + 200]
        data = data[:at] + put + data[at + (kind if kind < 2 else len(put)) :]
    return data


class Liar:
    """A worker whose sessions answer as they like."""

    isolation = "sandbox"

    def __init__(self, draw, tapes):
        self.draw, self.tapes = draw, tapes

    def session(self):
        return self

    def call(self, message, seconds, patience=0.0):
        reply = one_of(self.draw, self.tapes).replies[step_of(message)]
        rarely = message["do"] != "check" and self.draw(st.integers(0, 15)) > 0
        kinds = ["edited"] * 12 + ["honest", "honest", "scrambled", "another", "none", "noise"]
        kind = "honest" if rarely else self.draw(st.sampled_from(kinds))
        if kind == "edited":
            return edited(self.draw, reply)
        if kind == "scrambled":
            return scrambled(self.draw, reply[0]), scrambled(self.draw, reply[1])
        if kind == "another":
            return one_of(self.draw, list(self.tapes[0].replies.values()))
        if kind == "none":
            raise Fault(self.draw(st.sampled_from(["time", "ended", "flood"])), self.draw(words))
        if kind == "noise":
            return self.draw(st.binary(max_size=50)), self.draw(st.binary(max_size=50))
        return reply

    def close(self):
        pass


@tries(700)
@given(st.data())
def test_whatever_a_sandbox_says_of_a_check_is_judged_and_reported(data):
    told, (right, wrong) = known()
    check = data.draw(st.sampled_from([*(check.name for check in told.checks), "packs", "packs", "packs", "learns"]))
    tape = right if data.draw(st.integers(0, 3)) else wrong
    honest = {item.name: decode(*right.replies["check", item.name], Observed).observations for item in told.checks}
    reply = edited(data.draw, tape.replies["check", check])
    ran = Run(names={item.name: Named("callable") for item in told.exercises}, observations=honest)
    with bounded():
        try:
            ran.observations[check] = decode(*reply, Observed).observations
        except Malformed as error:
            ran.observations[check] = Fault("flood", str(error))
        reported(assess.assess(told, WRONG_HAND_IN, ran, "sandbox"))


@tries(200)
@given(st.data())
def test_a_sandbox_that_lies_at_every_step_is_heard_to_the_end(data):
    told, tapes = known()
    with bounded():
        judged(told, Liar(data.draw, tapes), WRONG_HAND_IN)


@tries(100)
@given(st.data())
def test_whatever_comes_through_the_channel_is_a_message_or_refused(data):
    replies = known()[1][0].replies
    text, blob = one_of(data.draw, list(replies.values()))
    frame = struct.pack("!II", len(text), len(blob)) + text + blob
    lengths = struct.pack("!II", data.draw(st.integers(0, 2**32 - 1)), data.draw(st.integers(0, 2**32 - 1)))
    stream = io.BytesIO(data.draw(st.sampled_from([lengths + frame[8:], scrambled(data.draw, frame), frame[:-1]])))
    with bounded():
        try:
            while parts := wire.read_frame(stream):
                decode(*parts, data.draw(st.sampled_from([Observed, CellReply, Described])))
        except (wire.FrameError, Malformed):
            pass


# Files

CODE = [
    "import torch", "def scale(X):\n    return X", "%matplotlib inline", "!ls", "%%time", "%%bash\necho", "x = !ls", "help?",
    "print('''", '"""', "(", ")", "\\", "#", "# %%", "#%% [markdown]", "# %% [raw]", "'%d' % 3", "a[0]?", "\t", "\x0c",
    "\r", "def Layer(", "lambda:0", "é", "\ud800", "\u2028", "\0", "f'{'", "1if 1else 2",
]  # fmt: skip
repeated = st.builds(
    lambda piece, times: piece * times,
    st.sampled_from([*CODE, "a", " ", "-", "not ", "[", "{", "%", "?", "= ", "a."]), st.sampled_from([2, 100, 50_000]),
)  # fmt: skip
codes = st.one_of(st.lists(st.sampled_from(CODE), max_size=6).map("\n".join), st.text(max_size=40), repeated)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text(max_size=5), below, max_size=3)),
    max_leaves=5,
)


def mostly(sound):
    """Something sound or, one time in five, anything."""
    return st.one_of(sound, sound, sound, sound, anything)


marks = st.dictionaries(st.sampled_from(["grade", "solution", "grade_id"]), anything)
cells = st.fixed_dictionaries(
    {
        "cell_type": mostly(st.sampled_from(["code", "code", "markdown", "raw"])),
        "source": mostly(st.one_of(codes, st.lists(codes, max_size=3))),
    },
    optional={"metadata": mostly(st.fixed_dictionaries({"nbgrader": mostly(marks)})), "outputs": anything},
)
language = st.fixed_dictionaries({"name": mostly(st.sampled_from(["python", "Python3", "julia", ""]))})
notebooks = st.fixed_dictionaries(
    {"cells": mostly(st.lists(mostly(cells), max_size=5)), "nbformat": mostly(st.just(4))},
    optional={
        "metadata": mostly(st.fixed_dictionaries({"language_info": mostly(language)})),
        "nbformat_minor": anything,
    },
)


@st.composite
def notebook_files(draw):
    """A notebook as bytes: a sound one, one of which some parts or bytes are others, or no notebook at all."""
    data = json.dumps(draw(mostly(notebooks)), indent=draw(st.sampled_from([None, 1]))).encode()
    data = draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf"])) + data
    change = draw(st.integers(0, 9))
    if change == 0:
        return scrambled(draw, data)
    if change == 1:
        opened, closed = draw(st.sampled_from([(b"[", b"]"), (b'{"cells":[', b"]}"), (b'{"a":', b"}")]))
        times = draw(st.sampled_from([100, 1_000, 100_000]))
        return opened * times + data + closed * draw(st.sampled_from([0, times]))
    return data


CODINGS = sorted({*encodings.aliases.aliases.values(), "utf-8", "undefined", "idna", "aliases", "x" * 500, "../os"})


@st.composite
def python_files(draw):
    """A Python file as bytes, which may declare an encoding, its own or another."""
    coding = draw(st.sampled_from(CODINGS))
    declared = st.sampled_from(["", "# coding: {}\n", "#!/bin/python\n# -*- coding={} -*-\n", "#vim:fileencoding={}\r"])
    written = draw(declared).format(coding)
    between = st.sampled_from(["\n# %%\n", "\n#%% [markdown]\n", "\n# %% title\n", "\n", "\r\n# %%\r\n"])
    for code in draw(st.lists(codes, max_size=5)):
        written += draw(between) + code
    try:
        data = written.encode(draw(st.sampled_from(["utf-8", "latin-1", "utf-16", coding])), "replace")
    except (LookupError, UnicodeError, TypeError):
        data = written.encode("utf-8", "replace")
    data = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe"])) + data
    return scrambled(draw, data) if draw(st.booleans()) else data


class Broken:
    """A worker in which every second cell stops with an error and no answer gives anything back: so there is much to say."""

    isolation = "sandbox"

    def session(self):
        return self

    def call(self, message, seconds, patience=0.0):
        wire.split(message)  # what goes into the sandbox can be sent
        if message["do"] == "cell":
            at = message["index"]
            error = {"type": "SyntaxError", "bases": [], "message": "no", "cell": at, "line": at + 1}
            return wire.split({"error": error if at % 2 else None, "printed": ""})
        if message["do"] == "check":
            return wire.split({"observations": []})
        if message["do"] == "normal":
            return wire.split({"digest": ""})
        _, (right, _) = known()
        return right.replies[step_of(message)]

    def close(self):
        pass


def handed_in(name, data):
    """A file through all that is done with it, until there is a report."""
    told, _ = known()
    with tempfile.TemporaryDirectory() as folder, bounded():
        (path := Path(folder, "fuzz", name)).parent.mkdir()
        path.write_bytes(data)
        found = submission.read(path.parent, "ada", "fuzz", {})
        answer_file.as_written(path)
        assert found.cells or found.notes
        graded = judged(told, Broken(), found) if found.cells else reported(assess.nothing(told, found, "sandbox"))
        save(graded, path)
        assert load(path) == graded


@tries(500)
@example(b'{"cells": [], "nbformat": 4}')  # no code, and nothing said why
@given(notebook_files())
def test_any_notebook_is_read_and_reported(data):
    handed_in("fuzz.ipynb", data)


@tries(500)
@example(b"")
@example(b"def scale(X):\n    return 1if X else 2\n")  # Python's opinion of such a line went to the instructor's terminal
@given(python_files())
def test_any_python_file_is_read_and_reported(data):
    handed_in("fuzz.py", data)
