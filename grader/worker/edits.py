"""Small edits of a definition. Put to a right answer, each makes it wrong unless it changes nothing (`grader audit`); put
to a wrong one, one of them may make it right, and so finds the line at fault. What only mends stands in `mends`.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

Replaced = tuple[str, str, ast.AST]
"""What kind of thing an edit is about, what it does, in a few words, and the node that takes the place of the old one."""

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,), ast.Pow: (ast.Mult,), ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,),
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
NAMES = {
    "sum": ("mean",), "mean": ("sum",), "amax": ("amin",), "max": ("min",), "min": ("max",), "argmax": ("argmin",),
    "exp": ("expm1",), "log": ("log1p",), "zeros": ("ones",), "new_zeros": ("new_ones",), "zeros_like": ("ones_like",),
    "stack": ("cat",), "cat": ("stack",), "train": ("eval",), "eval": ("train",), "no_grad": ("enable_grad",),
    "AvgPool2d": ("MaxPool2d",), "BatchNorm1d": ("BatchNorm2d",), "BatchNorm2d": ("BatchNorm1d",),
    "reshape": ("flatten",), "Sigmoid": ("ReLU",), "ReLU": ("Sigmoid",), "any": ("all",), "all": ("any",),
}  # fmt: skip
IN_PLACE = "add sub mul div clamp neg sqrt copy zero fill".split()
REDUCTIONS = "sum mean amax var logsumexp".split()
JUMPS = (ast.Return, ast.Raise, ast.Break, ast.Continue)
"""Statements below which nothing is run: what is put there is dropped."""
TAKE_AXES = set(
    "sum mean amax amin max min argmax argmin var std logsumexp softmax log_softmax stack cat unsqueeze squeeze flatten "
    "transpose permute movedim size norm prod cumsum flip unbind split chunk select gather".split()
)


class Edit(NamedTuple):
    """One edit of a definition, which is made and taken back in place.

    `kind` is what kind of thing it is about, `line` the first line of what it changes, `far` how far-fetched it is: 0 for
    a small thing in the place of another, 3 for something new.
    """

    kind: str
    what: str
    line: int
    make: Callable[[], None]
    undo: Callable[[], None]
    far: int = 0


def edits(definition: ast.AST) -> Iterator[Edit]:
    """Every small edit of a definition, which is as it was whenever the next one is asked for."""
    for parent in list(ast.walk(definition)):
        for field, value in list(ast.iter_fields(parent)):
            if field in ("annotation", "returns"):
                continue
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    yield from _statements(value)
                for index, item in enumerate(value):
                    yield from _replacements(value, index, item, parent)
            elif isinstance(value, ast.AST):
                yield from _replacements(parent.__dict__, field, value, parent)


def _replacements(holder: Any, place: Any, old: ast.AST, parent: ast.AST) -> Iterator[Edit]:
    for kind, what, new in _of_node(old):
        if kind == "number" and is_axis(parent, old):
            kind = "axis"
        yield replaced(kind, what, holder, place, old, new)


def replaced(kind: str, what: str, holder: Any, place: Any, old: ast.AST, new: ast.AST, far: int = 0) -> Edit:
    """The edit that puts a node in the place of another: an item of a list, or a field of a node's dictionary."""

    def put(node: ast.AST) -> Callable[[], None]:
        return lambda: holder.__setitem__(place, node)

    return Edit(kind, what, getattr(old, "lineno", 1), put(new), put(old), far)


def rewritten(kind: str, what: str, line: int, body: list[ast.stmt], statements: Sequence[ast.stmt], far: int) -> Edit:
    """The edit that gives a block other statements."""
    whole = list(body)

    def put(these: Sequence[ast.stmt]) -> Callable[[], None]:
        return lambda: body.__setitem__(slice(None), these)

    return Edit(kind, what, line, put(statements), put(whole), far)


def is_axis(parent: ast.AST, node: ast.AST) -> bool:
    """Whether a number says which axis: `dim=1`, the 1 of `X.sum(1)` and of `X.shape[1]`."""
    if isinstance(parent, ast.keyword):
        return parent.arg in ("dim", "axis")
    if isinstance(parent, ast.Subscript):
        return parent.slice is node and isinstance(parent.value, ast.Attribute) and parent.value.attr == "shape"
    return isinstance(parent, ast.Call) and node in parent.args and name_of(parent.func) in TAKE_AXES


def name_of(function: ast.AST) -> str:
    """The last name of what is called."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _statements(body: list[ast.stmt]) -> Iterator[Edit]:
    """Drop each statement, and swap it with the next one."""
    whole = list(body)
    first = 1 if is_text(body[0]) else 0
    for index in range(first, len(whole)):
        rest = [*whole[:index], *whole[index + 1 :]]
        left = rest if len(rest) > first else [*rest, ast.Pass()]
        yield rewritten("line", "a statement dropped", whole[index].lineno, body, left, 1)
    for index in range(first, len(whole) - 1):
        if _independent(whole[index], whole[index + 1]) or isinstance(whole[index + 1], JUMPS):
            continue
        swapped = [*whole[:index], whole[index + 1], whole[index], *whole[index + 2 :]]
        yield rewritten("order", "two statements swapped", whole[index].lineno, body, swapped, 0)


def _independent(one: ast.stmt, other: ast.stmt) -> bool:
    """Whether the order of two statements can't matter: both define methods, or names and attributes that the other does
    not use."""
    if isinstance(one, ast.FunctionDef) and isinstance(other, ast.FunctionDef):
        return True
    return all(
        (written := _written(this)) and not any(_overlap(*pair) for pair in product(written, _used(that)))
        for this, that in ((one, other), (other, one))
    )


def _written(statement: ast.stmt) -> set[str]:
    """The places that an assignment changes, `x` or `self.x`; none where it is something else, or changes more."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign)):
        return set()
    (target,) = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    places = {place for part in parts if (place := _place(part))}
    return places if len(places) == len(parts) else set()


def _place(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else None


def _used(node: ast.AST) -> set[str]:
    """The places that a piece of code names. One that calls a method of a thing uses the whole of it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _used(node.func.value).union(*map(_used, [*node.args, *node.keywords]))
    if place := _place(node):
        return {place}
    return set().union(*map(_used, ast.iter_child_nodes(node)))


def _overlap(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _of_node(node: ast.AST) -> Iterator[Replaced]:
    """The edits of one node."""
    for kind, edits in _EDITS.items():
        if isinstance(node, kind):
            yield from edits(node)


def _constant(node: ast.Constant) -> Iterator[Replaced]:
    value = node.value
    if isinstance(value, bool):
        yield "argument", "a truth value turned round", ast.Constant(not value)
    elif isinstance(value, int):
        yield "number", "a number changed", ast.Constant(value + 1)
        yield "number", "a number changed", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "number", "a number changed", ast.Constant(value * 2 if value else 1.0)


def _binary(node: ast.BinOp) -> Iterator[Replaced]:
    for other in OPERATORS.get(type(node.op), ()):
        yield "operator", "another operator", ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div, ast.Pow)):
        yield "operator", "operands swapped", ast.BinOp(node.right, node.op, node.left)
    yield "operator", "an operand dropped", node.left
    yield "operator", "an operand dropped", node.right


def _unary(node: ast.UnaryOp) -> Iterator[Replaced]:
    yield "operator", "a sign or a not dropped", node.operand


def _comparison(node: ast.Compare) -> Iterator[Replaced]:
    for other in OPERATORS.get(type(node.ops[0]), ()):
        yield "condition", "another comparison", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[Replaced]:
    yield "condition", "and for or", ast.BoolOp(OPERATORS[type(node.op)][0](), node.values)
    for value in node.values:
        yield "condition", "a condition dropped", value


def _choice(node: ast.IfExp) -> Iterator[Replaced]:
    yield "condition", "the other branch", ast.IfExp(node.test, node.orelse, node.body)


def _augmented(node: ast.AugAssign) -> Iterator[Replaced]:
    for other in OPERATORS.get(type(node.op), ()):
        yield "operator", "another operator", ast.AugAssign(node.target, other(), node.value)
    source = ast.parse(ast.unparse(node.target), mode="eval").body
    yield "assignment", "out of place", ast.Assign([node.target], ast.BinOp(source, node.op, node.value))
    yield "assignment", "assigned, not added", ast.Assign([node.target], node.value)


def _assignment(node: ast.Assign) -> Iterator[Replaced]:
    value = node.value
    if isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(node.targets[0]):
        yield "assignment", "in place", ast.AugAssign(node.targets[0], value.op, value.right)  # type: ignore[arg-type]
    if isinstance(value, (ast.Call, ast.BinOp)):
        yield "recording", "detached", ast.Assign(node.targets, _method(value, "detach"))


def _return(node: ast.Return) -> Iterator[Replaced]:
    if isinstance(node.value, (ast.Call, ast.BinOp, ast.Name)):
        yield "recording", "detached", ast.Return(_method(node.value, "detach"))
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        yield "result", "results swapped", ast.Return(ast.Tuple(node.value.elts[::-1], ast.Load()))


def _method(value: ast.expr, name: str) -> ast.expr:
    return ast.Call(ast.Attribute(value, name, ast.Load()), [], [])


def _call(node: ast.Call) -> Iterator[Replaced]:
    function, name = node.func, name_of(node.func)
    for index in range(len(node.args) - 1):
        swapped = [*node.args[:index], node.args[index + 1], node.args[index], *node.args[index + 2 :]]
        yield "argument", "arguments swapped", ast.Call(function, swapped, node.keywords)
    for index in range(len(node.keywords)):
        yield (
            "argument",
            "an argument dropped",
            ast.Call(function, node.args, [*node.keywords[:index], *node.keywords[index + 1 :]]),
        )
    if node.args and isinstance(function, ast.Attribute):
        yield "argument", "an argument dropped", ast.Call(function, node.args[:-1], node.keywords)
    if isinstance(function, ast.Attribute) and not is_module(function.value):
        yield "extra_call", "a call dropped", function.value
    elif len(node.args) == 1 and not node.keywords:
        yield "extra_call", "a call dropped", node.args[0]
    if name == "range":
        yield (
            "number",
            "a range cut short",
            ast.Call(function, [*node.args[:-1], ast.BinOp(node.args[-1], ast.Sub(), ast.Constant(1))], []),
        )
    if name in REDUCTIONS and not any(keyword.arg == "keepdim" for keyword in node.keywords):
        keepdim = ast.keyword("keepdim", ast.Constant(True))
        yield "argument", "keepdim added", ast.Call(function, node.args, [*node.keywords, keepdim])


def is_module(node: ast.expr) -> bool:
    return ast.unparse(node) in ("torch", "nn", "F", "nn.functional", "torch.nn", "nn.utils", "nn.init", "torch.optim")


def _name(node: ast.Attribute | ast.Name) -> Iterator[Replaced]:
    if not isinstance(node.ctx, ast.Load):
        return
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    others = list(NAMES.get(name, ()))
    if name.removesuffix("_") in IN_PLACE:
        others.append(name.removesuffix("_") if name.endswith("_") else f"{name}_")
    for other in others:
        yield (
            "assignment" if other.rstrip("_") == name.rstrip("_") else "name",
            f"{other} for {name}",
            ast.Attribute(node.value, other, ast.Load()) if isinstance(node, ast.Attribute) else ast.Name(other, ast.Load()),
        )
    if isinstance(node, ast.Attribute) and name in ("T", "mT", "grad", "data"):
        yield "axis" if name in ("T", "mT") else "name", f"{name} dropped", node.value


def _slice(node: ast.Slice) -> Iterator[Replaced]:
    if node.lower:
        yield "number", "a bound dropped", ast.Slice(None, node.upper, node.step)
    if node.upper:
        yield "number", "a bound dropped", ast.Slice(node.lower, None, node.step)


def _with(node: ast.With) -> Iterator[Replaced]:
    yield "recording", "a with dropped", ast.If(ast.Constant(True), node.body, [])


_EDITS: dict[type, Callable[[Any], Iterator[Replaced]]] = {
    ast.Constant: _constant, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _comparison, ast.BoolOp: _boolean,
    ast.IfExp: _choice, ast.AugAssign: _augmented, ast.Assign: _assignment, ast.Return: _return, ast.Call: _call,
    ast.Attribute: _name, ast.Name: _name, ast.Slice: _slice, ast.With: _with,
}  # fmt: skip
