"""All small edits of a definition: those that break an answer, and those that put something there, so that they mend one and
hardly ever break it.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.worker.edits import Edit, edits, name_of
from grader.worker.mend_calls import of_call, of_nested_calls, of_operation
from grader.worker.mend_places import Place, Scope, a_name, walk, whole_number
from grader.worker.mend_statements import of_assignment, of_block, of_expression, of_parameters
from grader.worker.mend_values import (
    axes,
    of_attribute,
    of_comprehension,
    of_constant,
    of_integer,
    of_loop,
    of_name,
    of_slice,
    of_subscript,
    of_tuple,
    of_value,
)

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.FloorDiv)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
EXPRESSIONS_AT_MOST = 30


def mends(definition: ast.stmt, functions: Sequence[str]) -> list[Edit]:
    """Every small edit of a definition, the shared ones first.

    Args:
        functions: names of functions and classes of the same file.
    """
    attributes = tuple(
        dict.fromkeys(
            item.attr
            for item in ast.walk(definition)
            if isinstance(item, ast.Attribute) and isinstance(item.value, ast.Name) and item.value.id == "self"
        )
    )
    others = [name for name in functions if name != getattr(definition, "name", "")]
    scope = Scope(others, (), attributes, tuple(_expressions_of(definition)))
    found = list(edits(definition))
    for item in walk(definition, scope):
        if isinstance(item, Place):
            found += _of_place(item)
        else:
            found += of_block(*item)
    for node in ast.walk(definition):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found += of_parameters(node)
    return found


def _expressions_of(definition: ast.stmt) -> Sequence[ast.expr]:
    """The longer expressions of a definition, each once."""
    kinds = ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.Tuple
    found = {ast.unparse(item): item for item in ast.walk(definition) if isinstance(item, kinds)}
    return [item for item in found.values() if not isinstance(getattr(item, "ctx", None), ast.Store)][:EXPRESSIONS_AT_MOST]


def _of_place(place: Place) -> Iterator[Edit]:
    node = place.node
    if isinstance(node, ast.expr) and (number := whole_number(node)) is not None:
        yield from of_integer(place, number)
    elif isinstance(node, ast.Constant):
        yield from of_constant(place, node)
    if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        if isinstance(node, ast.Name):
            yield from of_name(place, node)
        elif isinstance(node, ast.Attribute):
            yield from of_attribute(place, node)
        elif isinstance(node, ast.Subscript):
            yield from of_subscript(place, node)
        elif isinstance(node, ast.Tuple) and place.role == "axis":
            yield from (place.put("axis", "another axis", new, 0) for new in axes(None))
        elif isinstance(node, ast.Tuple):
            yield from of_tuple(place, node)
    if isinstance(node, ast.Call):
        yield from of_call(place, node)
        yield from of_nested_calls(place, node)
    elif isinstance(node, ast.BinOp):
        yield from of_operation(place, node)
        for kind in _ARITHMETIC:
            if not isinstance(node.op, kind):
                yield place.put("operator", "another operator", ast.BinOp(node.left, kind(), node.right), 0)
        if isinstance(node.right, ast.Constant):  # of a name, it might take all the memory there is
            yield place.put("operator", "another operator", ast.BinOp(node.left, ast.Pow(), node.right), 0)
    elif isinstance(node, ast.Compare):
        for kind_of in _COMPARISONS:
            if not isinstance(node.ops[0], kind_of):
                new: ast.AST = ast.Compare(node.left, [kind_of(), *node.ops[1:]], node.comparators)
                yield place.put("condition", "another comparison", new, 0)
    elif isinstance(node, ast.Slice):
        yield from of_slice(place, node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Name, ast.BinOp)):
        yield from of_expression(place, node.value)
    elif isinstance(node, ast.Assign):
        yield from of_assignment(place, node)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield place.put("result", "a return dropped", ast.Expr(node.value), 1)
        if isinstance(node.value, ast.Call) and name_of(node.value.func).endswith("Error"):
            yield place.put("result", "raised, not returned", ast.Raise(node.value), 0)
    elif isinstance(node, ast.Raise) and node.exc is not None and not isinstance(node.exc, (ast.Call, ast.Name)):
        for name in ("ValueError", "TypeError"):
            yield place.put("missing_call", "an error made", ast.Raise(ast.Call(a_name(name), [node.exc], [])), 0)
    elif isinstance(node, ast.For):
        yield from of_loop(node)
    elif isinstance(node, ast.comprehension):
        yield from of_comprehension(place, node)
    elif isinstance(node, ast.AugAssign):
        for kind in _ARITHMETIC:
            if not isinstance(node.op, kind):
                yield place.put("operator", "another operator", ast.AugAssign(node.target, kind(), node.value), 0)
    if isinstance(node, ast.expr):
        yield from of_value(place, node)
