"""Small edits of a reference answer, each of which makes it wrong unless it changes nothing. Works on text alone."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

Edit = tuple[str, ast.AST]
"""What an edit does, in a few words, and the node that takes the place of the old one."""

_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div, ast.Add), ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,), ast.Pow: (ast.Mult,), ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,),
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
_NAMES = {
    "sum": ("mean",), "mean": ("sum",), "amax": ("amin",), "max": ("min",), "min": ("max",), "argmax": ("argmin",),
    "exp": ("expm1",), "log": ("log1p",), "zeros": ("ones",), "new_zeros": ("new_ones",), "zeros_like": ("ones_like",),
    "stack": ("cat",), "cat": ("stack",), "train": ("eval",), "eval": ("train",), "no_grad": ("enable_grad",),
    "AvgPool2d": ("MaxPool2d",), "BatchNorm1d": ("BatchNorm2d",), "BatchNorm2d": ("BatchNorm1d",),
    "reshape": ("flatten",), "Sigmoid": ("ReLU",), "ReLU": ("Sigmoid",), "any": ("all",), "all": ("any",),
}  # fmt: skip
_IN_PLACE = "add sub mul div clamp neg sqrt copy zero fill".split()
_REDUCTIONS = "sum mean amax var logsumexp".split()


@dataclass(frozen=True)
class Mutant:
    """A changed answer: the exercise, what was done to it, its text, and the lines that went and came."""

    exercise: str
    what: str
    source: str
    was: str
    now: str


def mutants(exercise: str, source: str) -> Iterator[Mutant]:
    """Every small edit of the function or class that a cell defines under the name of the exercise, each once.

    Both sides are written as `ast.unparse` writes them, so that only the edit shows in the difference.
    """
    module = ast.parse(source)
    (definition,) = [node for node in module.body if getattr(node, "name", "") == exercise]
    before = ast.unparse(module)
    seen = {before}
    for what, apply, undo in _edits(definition):
        apply()
        try:
            after = ast.unparse(ast.fix_missing_locations(module))
        finally:
            undo()
        if after not in seen:
            seen.add(after)
            yield Mutant(exercise, what, after, *_changed(before, after))


def _changed(before: str, after: str) -> tuple[str, str]:
    """The lines from the first to the last that differ, on either side."""
    was, now = before.split("\n"), after.split("\n")
    while was and now and was[-1] == now[-1]:
        was.pop()
        now.pop()
    same = [one == other for one, other in zip(was, now, strict=False)]
    start = [*same, False].index(False)
    return textwrap.dedent("\n".join(was[start:])), textwrap.dedent("\n".join(now[start:]))


Step = tuple[str, Callable[[], None], Callable[[], None]]


def _edits(definition: ast.AST) -> Iterator[Step]:
    for parent in list(ast.walk(definition)):
        for field, value in list(ast.iter_fields(parent)):
            if field in ("annotation", "returns"):
                continue
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    yield from _statements(value)
                for index, item in enumerate(value):
                    yield from _replacements(value, index, item)
            elif isinstance(value, ast.AST):
                yield from _replacements(parent.__dict__, field, value)


def _replacements(holder: Any, place: Any, old: ast.AST) -> Iterator[Step]:
    def put(node: ast.AST) -> Callable[[], None]:
        return lambda: holder.__setitem__(place, node)

    for what, new in _of_node(old):
        yield what, put(new), put(old)


def _statements(body: list[ast.stmt]) -> Iterator[Step]:
    """Drop each statement, and swap it with the next one."""
    whole = list(body)
    first = 1 if _is_text(body[0]) else 0

    def put(statements: Sequence[ast.stmt]) -> Callable[[], None]:
        return lambda: body.__setitem__(slice(None), statements)

    for index in range(first, len(whole)):
        rest = [*whole[:index], *whole[index + 1 :]]
        yield "a statement dropped", put(rest if len(rest) > first else [*rest, ast.Pass()]), put(whole)
    for index in range(first, len(whole) - 1):
        if _independent(whole[index], whole[index + 1]):
            continue
        swapped = [*whole[:index], whole[index + 1], whole[index], *whole[index + 2 :]]
        yield "two statements swapped", put(swapped), put(whole)


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


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _of_node(node: ast.AST) -> Iterator[Edit]:
    """The edits of one node."""
    for kind, edits in _EDITS.items():
        if isinstance(node, kind):
            yield from edits(node)


def _constant(node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, bool):
        yield "a truth value turned round", ast.Constant(not value)
    elif isinstance(value, int):
        yield "a number changed", ast.Constant(value + 1)
        yield "a number changed", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "a number changed", ast.Constant(value * 2 if value else 1.0)


def _binary(node: ast.BinOp) -> Iterator[Edit]:
    for other in _OPERATORS.get(type(node.op), ()):
        yield "another operator", ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div, ast.Pow)):
        yield "operands swapped", ast.BinOp(node.right, node.op, node.left)
    yield "an operand dropped", node.left
    yield "an operand dropped", node.right


def _unary(node: ast.UnaryOp) -> Iterator[Edit]:
    yield "a sign or a not dropped", node.operand


def _comparison(node: ast.Compare) -> Iterator[Edit]:
    for other in _OPERATORS.get(type(node.ops[0]), ()):
        yield "another comparison", ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[Edit]:
    yield "and for or", ast.BoolOp(_OPERATORS[type(node.op)][0](), node.values)
    for value in node.values:
        yield "a condition dropped", value


def _choice(node: ast.IfExp) -> Iterator[Edit]:
    yield "the other branch", ast.IfExp(node.test, node.orelse, node.body)


def _augmented(node: ast.AugAssign) -> Iterator[Edit]:
    for other in _OPERATORS.get(type(node.op), ()):
        yield "another operator", ast.AugAssign(node.target, other(), node.value)
    source = ast.parse(ast.unparse(node.target), mode="eval").body
    yield "out of place", ast.Assign([node.target], ast.BinOp(source, node.op, node.value))
    yield "assigned, not added", ast.Assign([node.target], node.value)


def _assignment(node: ast.Assign) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, ast.BinOp) and ast.unparse(value.left) == ast.unparse(node.targets[0]):
        yield "in place", ast.AugAssign(node.targets[0], value.op, value.right)  # type: ignore[arg-type]
    if isinstance(value, (ast.Call, ast.BinOp)):
        yield "detached", ast.Assign(node.targets, _method(value, "detach"))


def _return(node: ast.Return) -> Iterator[Edit]:
    if isinstance(node.value, (ast.Call, ast.BinOp, ast.Name)):
        yield "detached", ast.Return(_method(node.value, "detach"))
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        yield "results swapped", ast.Return(ast.Tuple(node.value.elts[::-1], ast.Load()))


def _method(value: ast.expr, name: str) -> ast.expr:
    return ast.Call(ast.Attribute(value, name, ast.Load()), [], [])


def _call(node: ast.Call) -> Iterator[Edit]:
    function = node.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    for index in range(len(node.args) - 1):
        swapped = [*node.args[:index], node.args[index + 1], node.args[index], *node.args[index + 2 :]]
        yield "arguments swapped", ast.Call(function, swapped, node.keywords)
    for index in range(len(node.keywords)):
        yield (
            "an argument dropped",
            ast.Call(function, node.args, [*node.keywords[:index], *node.keywords[index + 1 :]]),
        )
    if node.args and isinstance(function, ast.Attribute):
        yield "an argument dropped", ast.Call(function, node.args[:-1], node.keywords)
    if isinstance(function, ast.Attribute) and not _is_module(function.value):
        yield "a call dropped", function.value
    elif len(node.args) == 1 and not node.keywords:
        yield "a call dropped", node.args[0]
    if name == "range":
        yield (
            "a range cut short",
            ast.Call(function, [*node.args[:-1], ast.BinOp(node.args[-1], ast.Sub(), ast.Constant(1))], []),
        )
    if name in _REDUCTIONS and not any(keyword.arg == "keepdim" for keyword in node.keywords):
        keepdim = ast.keyword("keepdim", ast.Constant(True))
        yield "keepdim added", ast.Call(function, node.args, [*node.keywords, keepdim])


def _is_module(node: ast.expr) -> bool:
    return ast.unparse(node) in ("torch", "nn", "F", "nn.functional", "torch.nn", "nn.utils", "nn.init", "torch.optim")


def _name(node: ast.Attribute | ast.Name) -> Iterator[Edit]:
    if not isinstance(node.ctx, ast.Load):
        return
    name = node.attr if isinstance(node, ast.Attribute) else node.id
    others = list(_NAMES.get(name, ()))
    if name.removesuffix("_") in _IN_PLACE:
        others.append(name.removesuffix("_") if name.endswith("_") else f"{name}_")
    for other in others:
        yield (
            f"{other} for {name}",
            ast.Attribute(node.value, other, ast.Load())
            if isinstance(node, ast.Attribute)
            else ast.Name(other, ast.Load()),
        )
    if isinstance(node, ast.Attribute) and name in ("T", "mT", "grad", "data"):
        yield f"{name} dropped", node.value


def _slice(node: ast.Slice) -> Iterator[Edit]:
    if node.lower:
        yield "a bound dropped", ast.Slice(None, node.upper, node.step)
    if node.upper:
        yield "a bound dropped", ast.Slice(node.lower, None, node.step)


def _with(node: ast.With) -> Iterator[Edit]:
    yield "a with dropped", ast.If(ast.Constant(True), node.body, [])


_EDITS: dict[type, Callable[[Any], Iterator[Edit]]] = {
    ast.Constant: _constant, ast.BinOp: _binary, ast.UnaryOp: _unary, ast.Compare: _comparison, ast.BoolOp: _boolean,
    ast.IfExp: _choice, ast.AugAssign: _augmented, ast.Assign: _assignment, ast.Return: _return, ast.Call: _call,
    ast.Attribute: _name, ast.Name: _name, ast.Slice: _slice, ast.With: _with,
}  # fmt: skip
