"""Edits of calls and operations: what is handed over, along which axis, and where the brackets stand.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.worker.edits import Edit, is_module, name_of
from grader.worker.mend_places import Place, a_method, a_name, a_number
from grader.worker.mend_values import axes, one_off

_REDUCTIONS = set("sum mean amax amin max min var std argmax argmin logsumexp prod norm any all".split())
_MADE = set("zeros ones empty full tensor arange rand randn eye linspace as_tensor".split())


def of_call(place: Place, node: ast.Call) -> Iterator[Edit]:
    function, name = node.func, name_of(node.func)

    def with_arguments(arguments: Sequence[ast.expr], **keywords: ast.expr) -> ast.Call:
        kept = [item for item in node.keywords if item.arg not in keywords]
        return ast.Call(function, list(arguments), [*kept, *(ast.keyword(*item) for item in keywords.items())])

    if name == "range":
        for index, item in enumerate(node.args):
            for bound in one_off(item):
                changed = [*node.args[:index], bound, *node.args[index + 1 :]]
                yield place.put("number", "a bound one off", with_arguments(changed), 0)
    if name in _REDUCTIONS:
        yield from _reductions(place, node)
    if name in ("var", "std"):
        yield place.put("argument", "an argument added", with_arguments(node.args, correction=a_number(0)), 0)
        yield place.put("argument", "an argument added", with_arguments(node.args, correction=a_number(1)), 0)
    if name in _MADE:
        yield place.put("argument", "an argument added", with_arguments(node.args, requires_grad=ast.Constant(True)), 1)
        for other in place.scope.names:
            like = {option: ast.Attribute(a_name(other), option, ast.Load()) for option in ("dtype", "device")}
            yield place.put("argument", "an argument added", with_arguments(node.args, **like), 1)
            yield place.put("argument", "an argument added", with_arguments(node.args, dtype=like["dtype"]), 1)
    if not node.args and not node.keywords:
        yield place.put("extra_call", "brackets dropped", function, 0)
    if isinstance(function, ast.Attribute) and len(node.args) == 1 and not is_module(function.value):
        yield place.put("argument", "both sides swapped", a_method(node.args[0], name, function.value), 0)
    for index in range(len(node.args)):
        yield place.put("argument", "an argument dropped", with_arguments([*node.args[:index], *node.args[index + 1 :]]), 1)
    for other in (*place.scope.names, *(f"self.{item}" for item in place.scope.attributes)):
        yield place.put("argument", "an argument added", with_arguments([*node.args, a_name(other)]), 2)
        yield place.put("argument", "an argument added", with_arguments([a_name(other), *node.args]), 3)
    for number in (0, 1, -1, 2):
        yield place.put("argument", "an argument added", with_arguments([*node.args, a_number(number)]), 1)


def _reductions(place: Place, node: ast.Call) -> Iterator[Edit]:
    """An axis for a reduction that has none, and `keepdim`."""
    keywords = {item.arg: item.value for item in node.keywords if item.arg}
    of_module = isinstance(node.func, ast.Attribute) and is_module(node.func.value)
    kept: dict[str, ast.expr] = {"keepdim": ast.Constant(True)}
    if "dim" in keywords or len(node.args) > of_module:
        if "keepdim" not in keywords:
            yield place.put("argument", "keepdim added", _with(node, kept), 0)
        yield place.put("axis", "the axis dropped", ast.Call(node.func, node.args[:of_module], []), 1)
        return
    for axis in axes(None):
        yield place.put("axis", "an axis added", _with(node, {"dim": axis}), 0)
        yield place.put("axis", "an axis added", _with(node, {"dim": axis} | kept), 1)
    for name in place.scope.names:
        yield place.put("axis", "an axis added", _with(node, {"dim": a_name(name)} | kept), 1)
        yield place.put("axis", "an axis added", _with(node, {"dim": a_name(name)}), 1)


def _with(node: ast.Call, keywords: dict[str, ast.expr]) -> ast.Call:
    return ast.Call(node.func, node.args, [*node.keywords, *(ast.keyword(*item) for item in keywords.items())])


def of_nested_calls(place: Place, node: ast.Call) -> Iterator[Edit]:
    """Two calls in the other order, and an operand taken out of a call."""
    function, found = node.func, list[ast.expr]()
    if isinstance(function, ast.Attribute):
        inner = function.value
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and not is_module(inner.func.value):
            first = ast.Call(ast.Attribute(inner.func.value, function.attr, ast.Load()), node.args, node.keywords)
            found.append(ast.Call(ast.Attribute(first, inner.func.attr, ast.Load()), inner.args, inner.keywords))
        if isinstance(inner, ast.BinOp):
            of = ast.Call(ast.Attribute(inner.left, function.attr, ast.Load()), node.args, node.keywords)
            found.append(ast.BinOp(of, inner.op, inner.right))
    if node.args and isinstance(inner := node.args[0], ast.Call) and inner.args:
        first = ast.Call(function, [inner.args[0], *node.args[1:]], node.keywords)
        found.append(ast.Call(inner.func, [first, *inner.args[1:]], inner.keywords))
    if node.args and isinstance(inner := node.args[0], ast.BinOp):
        of = ast.Call(function, [inner.left, *node.args[1:]], node.keywords)
        found.append(ast.BinOp(of, inner.op, inner.right))
    yield from (place.put("operator", "brackets moved", new, 0) for new in found)


def of_operation(place: Place, node: ast.BinOp) -> Iterator[Edit]:
    """Brackets set in another place: `(a + b) * c` for `a + b * c`, `f(a + b)` for `f(a) + b`."""
    left, right = node.left, node.right
    found: list[ast.expr] = []
    if isinstance(left, ast.BinOp):
        found.append(ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right)))
        found += [ast.BinOp(left.left, left.op, moved) for moved in _into_call(left.right, node.op, right)]
    if isinstance(right, ast.BinOp):
        found.append(ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right))
    found += _into_call(left, node.op, right)
    yield from (place.put("operator", "brackets moved", new, 0) for new in found)


def _into_call(value: ast.expr, op: ast.operator, other: ast.expr) -> Iterator[ast.expr]:
    """An operand taken into the call before it: `f(a)`, `+`, `b` make `f(a + b)`, and `a.f()` makes `(a + b).f()`."""
    if not isinstance(value, ast.Call):
        return
    if value.args:
        yield ast.Call(value.func, [ast.BinOp(value.args[0], op, other), *value.args[1:]], value.keywords)
    if isinstance(value.func, ast.Attribute) and not is_module(value.func.value):
        function = ast.Attribute(ast.BinOp(value.func.value, op, other), value.func.attr, ast.Load())
        yield ast.Call(function, value.args, value.keywords)
