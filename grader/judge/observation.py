"""What a run gave, as the judging process sees it: typed, checked, and free of torch."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import numpy as np
import safetensors
import safetensors.numpy
from msgspec import Meta

from grader import wire
from grader.errors import Fault

T = TypeVar("T")

CELL_SECONDS = 5.0
"""Processor time that a cell of a submission may take."""
# What is observed keeps within these limits; what somebody made up may not, and is refused.
Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Name = Annotated[str, Meta(max_length=wire.NAME_AT_MOST)]
Text = Annotated[str, Meta(max_length=wire.TEXT_AT_MOST)]


class Tensor(msgspec.Struct, tag="tensor", tag_field="kind", omit_defaults=True):
    """A tensor; `data` is None on the meta device and for one that is too large to send. That of a complex tensor has an
    axis more, for the real and the imaginary part."""

    dtype: Name
    shape: Annotated[tuple[Number, ...], Meta(max_length=64)]
    device: Name = "cpu"
    data: np.ndarray | None = None


class Plain(msgspec.Struct, tag="plain", tag_field="kind"):
    """None, a bool, a number, a string, a size, a dtype or a device: the type's name and the value as text."""

    type: Name
    value: Text


class Sequence(msgspec.Struct, tag="sequence", tag_field="kind"):
    """A list or a tuple."""

    type: Literal["list", "tuple"]
    items: list[Node]


class Mapping(msgspec.Struct, tag="mapping", tag_field="kind"):
    """A dictionary, its keys as text."""

    items: dict[Name, Node]


class Module(msgspec.Struct, tag="module", tag_field="kind"):
    """An `nn.Module`: its mode, its state, and the gradients of its parameters."""

    training: bool
    state: dict[Name, Node]
    gradients: dict[Name, Node | None]


class Other(msgspec.Struct, tag="other", tag_field="kind"):
    """A value of a kind that is not compared; only its type is known."""

    type: Name


Node = Tensor | Plain | Sequence | Mapping | Module | Other


class Line(msgspec.Struct):
    """A student's own line: the index of its cell, its number there, and where no cell has a number of ours its text."""

    cell: Number | None = None
    line: Number | None = None
    code: Name = ""


class Error(msgspec.Struct):
    """An exception: its type and base classes, its message, and the student's own line that led to it."""

    type: Name
    bases: Annotated[list[Name], Meta(max_length=20)]
    message: Text
    cell: Number | None = None
    line: Number | None = None
    code: Name = ""
    """The line itself, where it stands in a kernel: there no cell has a number of ours."""
    call: Name = ""
    """What a check called, where that stopped and no line of a student's led to it."""
    called_from: Annotated[list[Line], Meta(max_length=5)] = []
    """The lines of the student's own that it was called from, the nearest last."""
    own_words: bool = False
    """Whether an answer's own `raise` or `assert` made it, and the message is in the words of whoever wrote that."""


class Call(msgspec.Struct, omit_defaults=True):
    """The one call of an answer that a probe makes: the arguments in their order, by their parameters, and those of them
    that require a gradient. `cotangent` is what one goes backward with from a single tensor."""

    name: Name
    arguments: dict[Name, Node]
    tracked: list[Name] = []
    cotangent: Node | None = None


class Observation(msgspec.Struct, omit_defaults=True):
    """What happened when a probe was run on one case."""

    case: Number
    kind: Name
    value: Node | None = None
    error: Error | None = None
    gradients: dict[Name, Node | None] | None = None
    changed: list[Name] = []
    operations: dict[Name, Number] | None = None
    left: Annotated[list[Name], Meta(max_length=20)] = []
    """By what the answer left PyTorch while its operations were counted."""
    printed: Text = ""
    nothing: bool = False
    """Whether functions of the answer were called, and none returned anything."""
    inputs: dict[Name, Node] | None = None
    call: Call | None = None


def in_words(seen: Observation, called: dict[str, str]) -> Observation:
    """The same observation with other names for what a check calls by a name."""

    def told(node: Any) -> Any:
        if isinstance(node, Plain) and node.type == "str":
            return Plain("str", called.get(node.value, node.value))
        if isinstance(node, Sequence):
            return Sequence(node.type, [told(item) for item in node.items])
        if isinstance(node, Mapping):
            return Mapping({called.get(name, name): told(item) for name, item in node.items.items()})
        return node

    given = {name: told(node) for name, node in seen.inputs.items()} if seen.inputs else seen.inputs
    return msgspec.structs.replace(seen, value=told(seen.value), inputs=given)


class Place(msgspec.Struct):
    """Where a name is defined: the index of the cell, and the line in it."""

    cell: Number
    line: Number


class Named(msgspec.Struct):
    """How a name is bound: "missing", "callable" or the name of a type; where it is defined, the last place last; which
    names that definition reads; and whether it holds more than a stub."""

    kind: Name
    places: Annotated[list[Place], Meta(max_length=20)] = []
    uses: Annotated[list[Name], Meta(max_length=500)] = []
    begun: bool = True


@dataclass
class Run:
    """What running a submission gave. A step that did not come back is a Fault in the place of its answer."""

    errors: dict[int, Error | Fault] = field(default_factory=dict)
    more: dict[int, list[Error]] = field(default_factory=dict)
    """Errors of statements below the first one that failed in a cell."""
    kept: set[int] = field(default_factory=set)
    """Cells with a fault that were run again, so that what they define is there."""
    names: dict[str, Named] | Fault = field(default_factory=dict)
    observations: dict[str, list[Observation] | Fault] = field(default_factory=dict)
    printed: str = ""
    code: str | None = None
    """The digest of what the code defines without its names and layout; empty where it can't be told."""
    noted: set[str] = field(default_factory=set)
    """What the answer asked for that a sandbox has not."""
    gpu: bool = False
    """Whether there is a GPU where it ran."""
    in_kernel: bool = False
    """Whether it ran in a student's own kernel, where a name may be missing only because its cell was not run."""
    defined: list[str] = field(default_factory=list)
    """What else a student's own kernel defines: one of them may be the answer under a name that is nearly right."""
    given_up: int | None = None
    """The first of the cells that were not run, because too many before them did not come to an end."""


class Malformed(Exception):
    """Bytes that are no message of the kind expected."""


def decode(text: bytes, blob: bytes, kind: type[T]) -> T:
    """Read a message that `wire.split` made, or that somebody made up.

    Raises:
        Malformed: for anything that is not exactly such a message.
    """

    def array(wanted: type, item: Any) -> Any:
        if wanted is not np.ndarray or not isinstance(item, int):
            raise ValueError("not the number of a tensor")
        return arrays[str(item)]

    try:
        arrays = safetensors.numpy.load(blob) if blob else {}
        return msgspec.json.decode(text, type=kind, dec_hook=array)
    except (
        msgspec.MsgspecError,
        safetensors.SafetensorError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ) as error:
        raise Malformed(str(error)[:500]) from None


def encode(message: Any) -> tuple[bytes, bytes]:
    """The same as JSON and safetensors; equal messages give equal bytes."""
    return wire.split(msgspec.to_builtins(message, enc_hook=lambda item: item, builtin_types=(np.ndarray,)))


def compact(text: bytes) -> str:
    """JSON as it is kept in a file: a check, a mistake or a field a line, so that a change shows where it is."""
    return _lines(json.loads(text), depth=2) + "\n"


def _lines(item: Any, depth: int) -> str:
    if not depth or not item or not isinstance(item, (dict, list)):
        return json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    if isinstance(item, list):
        return "[\n" + ",\n".join(_lines(part, depth - 1) for part in item) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(name)}: {_lines(part, depth - 1)}" for name, part in item.items()) + "\n}"
