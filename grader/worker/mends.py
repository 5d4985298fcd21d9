"""More small edits of a definition: those that put something there, so that they mend an answer and hardly ever break one.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from grader.worker.edits import Edit, edits, is_axis, is_module, is_text, name_of, replaced, rewritten

Role = Literal["function", "axis", "argument", "value", "operand", "index", "test", ""]
"""What a node is to the one that holds it."""
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.FloorDiv)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
_ALIKE = (
    "sum mean", "max min amax amin", "argmax argmin", "exp log", "log log2 log10 log1p", "exp expm1", "var std",
    "sqrt square", "zeros ones empty", "zeros_like ones_like", "new_zeros new_ones", "stack cat", "mm matmul mul",
    "add sub", "mul div", "sigmoid relu tanh", "Sigmoid ReLU Tanh", "AvgPool2d MaxPool2d", "BatchNorm1d BatchNorm2d",
    "softmax log_softmax", "train eval", "zero_grad step backward", "shape T mT", "view reshape", "any all",
    "item tolist", "append extend", "parameters named_parameters", "running_mean running_var", "weight bias",
    "dim size", "keys values items", "floor ceil", "no_grad enable_grad", "clamp_min clamp_max", "lt le gt ge eq ne",
    "abs neg", "h w", "kh kw", "i j", "float double",
)  # fmt: skip
ALIKE: dict[str, list[str]] = {}
for group in _ALIKE:
    for word in group.split():
        ALIKE.setdefault(word, []).extend(other for other in group.split() if other != word)
_REDUCTIONS = set("sum mean amax amin max min var std argmax argmin logsumexp prod norm any all".split())
_MADE = set("zeros ones empty full tensor arange rand randn eye linspace as_tensor".split())
_UNDERSCORED = set(
    "add sub mul div clamp neg sqrt copy zero fill exp log relu requires_grad detach normal uniform square abs".split()
)
_METHODS = (
    "detach clone item sum mean T mT float double long exp log sqrt abs flatten contiguous grad data shape".split()
)
_WRAPS = "torch.stack torch.tensor torch.cat nn.Parameter list sum tuple len".split()
_STRINGS = {"mean": ("sum", "none"), "sum": ("mean",), "none": ("mean",)}
_OPTIMIZER, _MODEL, _LOSS = (
    re.compile(r"opt|train|sgd|updat"),
    re.compile(r"model|net|layer"),
    re.compile(r"l$|loss|err"),
)


EXPRESSIONS_AT_MOST = 30


@dataclass(frozen=True)
class Scope:
    """What can be named at a place: parameters and local names, the attributes of `self`, other functions of the file."""

    functions: Sequence[str]
    names: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    expressions: tuple[ast.expr, ...] = ()

    def inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Scope:
        """The scope of a function's body."""
        taken = node.args
        found = [item.arg for item in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
        found += [item.id for item in ast.walk(node) if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store)]
        return replace(self, names=tuple(dict.fromkeys([*self.names, *(name for name in found if name != "self")])))


@dataclass
class _Place:
    """A node, where it hangs, and what it is there."""

    holder: Any
    key: Any
    node: ast.AST
    parent: ast.AST
    scope: Scope
    role: Role = ""

    def put(self, kind: str, what: str, new: ast.AST, far: int) -> Edit:
        return replaced(kind, what, self.holder, self.key, self.node, new, far)


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
    for item in _walk(definition, scope):
        if isinstance(item, _Place):
            found += _of_place(item)
        else:
            found += _of_block(*item)
    for node in ast.walk(definition):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found += _parameters(node)
    return found


def _expressions_of(definition: ast.stmt) -> Sequence[ast.expr]:
    """The longer expressions of a definition, each once."""
    kinds = ast.BinOp, ast.Call, ast.Subscript, ast.Compare, ast.Tuple
    found = {ast.unparse(item): item for item in ast.walk(definition) if isinstance(item, kinds)}
    return [item for item in found.values() if not isinstance(getattr(item, "ctx", None), ast.Store)][
        :EXPRESSIONS_AT_MOST
    ]


_Block = tuple[list[ast.stmt], ast.AST, Scope]


def _walk(node: ast.AST, scope: Scope) -> Iterator[_Place | _Block]:
    """All places below a node, and all blocks of statements."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        scope = scope.inside(node)
    for name, value in list(ast.iter_fields(node)):
        if name in ("annotation", "returns", "type_params", "args") and not isinstance(node, ast.Call):
            continue
        if isinstance(value, list):
            if value and isinstance(value[0], ast.stmt):
                yield value, node, scope
            for index, item in enumerate(list(value)):
                if isinstance(item, ast.AST):
                    yield _Place(value, index, item, node, scope, _role(node, name, item))
                    yield from _walk(item, scope)
        elif isinstance(value, ast.AST):
            yield _Place(node.__dict__, name, value, node, scope, _role(node, name, value))
            yield from _walk(value, scope)


def _role(parent: ast.AST, name: str, node: ast.AST) -> Role:
    if isinstance(parent, ast.Call) and name == "func":
        return "function"
    if is_axis(parent, node) and (_integer(node) is not None or isinstance(node, (ast.Tuple, ast.Name))):
        return "axis"
    if name in ("value",) and isinstance(parent, (ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign)):
        return "value"
    if name == "elt":
        return "value"
    if (isinstance(parent, ast.Call) and name == "args") or isinstance(parent, ast.keyword):
        return "argument"
    if isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Compare)):
        return "operand"
    if name in ("slice", "lower", "upper") or (isinstance(parent, ast.Tuple) and name == "elts"):
        return "index"
    return "test" if name == "test" else ""


def _of_place(place: _Place) -> Iterator[Edit]:
    node = place.node
    if isinstance(node, ast.expr) and (number := _integer(node)) is not None:
        yield from _integers(place, number)
    elif isinstance(node, ast.Constant):
        yield from _constants(place, node)
    if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        if isinstance(node, ast.Name):
            yield from _names(place, node)
        elif isinstance(node, ast.Attribute):
            yield from _attributes(place, node)
        elif isinstance(node, ast.Subscript):
            yield from _subscripts(place, node)
        elif isinstance(node, ast.Tuple) and place.role == "axis":
            yield from (place.put("axis", "another axis", new, 0) for new in _axes(None))
        elif isinstance(node, ast.Tuple):
            yield from _swapped_items(place, node)
    if isinstance(node, ast.Call):
        yield from _calls(place, node)
        yield from _nested(place, node)
    elif isinstance(node, ast.BinOp):
        yield from _brackets(place, node)
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
        yield from _bounds(place, node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Name, ast.BinOp)):
        yield from _expressions(place, node.value)
    elif isinstance(node, ast.Assign):
        yield from _assignments(place, node)
    elif isinstance(node, ast.Return) and node.value is not None:
        yield place.put("result", "a return dropped", ast.Expr(node.value), 1)
        if isinstance(node.value, ast.Call) and name_of(node.value.func).endswith("Error"):
            yield place.put("result", "raised, not returned", ast.Raise(node.value), 0)
    elif isinstance(node, ast.Raise) and node.exc is not None and not isinstance(node.exc, (ast.Call, ast.Name)):
        for name in ("ValueError", "TypeError"):
            yield place.put("missing_call", "an error made", ast.Raise(ast.Call(_name(name), [node.exc], [])), 0)
    elif isinstance(node, ast.comprehension):
        yield from _conditions(place, node)
    elif isinstance(node, ast.AugAssign):
        for kind in _ARITHMETIC:
            if not isinstance(node.op, kind):
                yield place.put("operator", "another operator", ast.AugAssign(node.target, kind(), node.value), 0)
    if isinstance(node, ast.expr):
        yield from _values(place, node)


def _brackets(place: _Place, node: ast.BinOp) -> Iterator[Edit]:
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


def _nested(place: _Place, node: ast.Call) -> Iterator[Edit]:
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


def _integer(node: ast.AST) -> int | None:
    """The whole number that is written there, with a sign or without."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _integer(node.operand)
        return None if inner is None else -inner
    plain = isinstance(node, ast.Constant) and type(node.value) is int
    return node.value if plain else None  # type: ignore[attr-defined]


def _number(value: float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _name(name: str) -> ast.expr:
    """A name, with dots or without."""
    return ast.parse(name, mode="eval").body


def _method(value: ast.expr, name: str, *arguments: ast.expr, **keywords: ast.expr) -> ast.Call:
    function = ast.Attribute(value, name, ast.Load())
    return ast.Call(function, list(arguments), [ast.keyword(*item) for item in keywords.items()])


def _axes(value: int | None) -> Iterator[ast.expr]:
    """Axes that may be meant, one or several."""
    for other in (1, 0, -1, 2, -2, 3):
        if other != value:
            yield _number(other)
    for several in ((0, 2, 3), (0, 1), (1, 2), (2, 3), (-2, -1)):
        yield ast.Tuple([_number(item) for item in several], ast.Load())


def _integers(place: _Place, value: int) -> Iterator[Edit]:
    if place.role == "axis":
        yield from (place.put("axis", "another axis", new, 0) for new in _axes(value))
        yield from (place.put("axis", "another axis", _name(name), 1) for name in place.scope.names)
        return
    if isinstance(place.parent, ast.UnaryOp):
        return
    for other in dict.fromkeys((value + 1, value - 1, 0, 1, 2, -1, -value)):
        if other != value:
            yield place.put("number", "another number", _number(other), 0)
    yield from (place.put("number", "a name for a number", _name(name), 1) for name in place.scope.names)


def _constants(place: _Place, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, float):
        for other in dict.fromkeys((2 * value, value / 2, 10 * value, value / 10, 0.0, 1.0, 1 - value)):
            if other != value:
                yield place.put("number", "another number", _number(other), 0)
        yield from (place.put("number", "a name for a number", _name(name), 1) for name in place.scope.names)
    elif isinstance(value, str):
        for word in _STRINGS.get(value, ()):
            yield place.put("argument", "another word", ast.Constant(word), 0)


def _names(place: _Place, node: ast.Name) -> Iterator[Edit]:
    scope = place.scope
    if place.role == "function":
        for other in (*ALIKE.get(node.id, ()), *scope.functions):
            if other != node.id:
                yield place.put("name", "another function", _name(other), 0)
        return
    if is_module(node):
        return
    for other in scope.names:
        if other != node.id:
            yield place.put("name", "another name", _name(other), 0)
    if node.id in scope.attributes:
        yield place.put("name", "an attribute", _name(f"self.{node.id}"), 0)
    if place.role in ("operand", "argument", "index"):
        yield from (place.put("name", "a number for a name", _number(number), 1) for number in (0, 1, 2, -1))


def _attributes(place: _Place, node: ast.Attribute) -> Iterator[Edit]:
    others: Iterable[str] = ALIKE.get(node.attr, ())
    if isinstance(node.value, ast.Name) and node.value.id == "self":
        others = [other for other in place.scope.attributes if other != node.attr]
        if node.attr in place.scope.names:
            yield place.put("name", "a name for an attribute", _name(node.attr), 0)
    for other in others:
        yield place.put("name", f"{other} for {node.attr}", ast.Attribute(node.value, other, ast.Load()), 0)
    plain = node.attr.removesuffix("_")
    if place.role == "function" and plain in _UNDERSCORED:
        other = plain if node.attr.endswith("_") else f"{plain}_"
        yield place.put("assignment", f"{other} for {node.attr}", ast.Attribute(node.value, other, ast.Load()), 0)
    if place.role == "function" or is_module(node):
        return
    if isinstance(place.parent, ast.withitem) or not is_module(node.value):
        yield place.put("missing_call", "brackets added", ast.Call(node, [], []), 0)
    if not is_module(node.value):
        yield place.put("name", "an attribute dropped", node.value, 1)


def _subscripts(place: _Place, node: ast.Subscript) -> Iterator[Edit]:
    yield place.put("number", "an index dropped", node.value, 1)
    if isinstance(node.slice, ast.Tuple):
        items = node.slice.elts
        for index in range(len(items) - 1):
            other = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            new = ast.Subscript(node.value, ast.Tuple(other, ast.Load()), ast.Load())
            yield place.put("name", "indices swapped", new, 0)
        yield place.put("number", "an index dropped", ast.Subscript(node.value, items[0], ast.Load()), 1)


def _swapped_items(place: _Place, node: ast.Tuple) -> Iterator[Edit]:
    for index in range(len(node.elts) - 1):
        other = [*node.elts[:index], node.elts[index + 1], node.elts[index], *node.elts[index + 2 :]]
        yield place.put("result", "items swapped", ast.Tuple(other, ast.Load()), 0)


def _conditions(place: _Place, node: ast.comprehension) -> Iterator[Edit]:
    """What a comprehension passes over."""
    line = getattr(node.target, "lineno", 1)
    if node.ifs:
        yield place.put(
            "condition", "a condition dropped", ast.comprehension(node.target, node.iter, [], 0), 1
        )._replace(line=line)
    elif isinstance(node.target, ast.Name):
        guard = _name(f"{node.target.id}.grad is not None")
        yield place.put(
            "condition", "a condition added", ast.comprehension(node.target, node.iter, [guard], 0), 1
        )._replace(line=line)


def _bounds(place: _Place, node: ast.Slice) -> Iterator[Edit]:
    for lower, upper in (*((bound, node.upper) for bound in _one_off(node.lower)),
                         *((node.lower, bound) for bound in _one_off(node.upper))):  # fmt: skip
        yield place.put("number", "a bound one off", ast.Slice(lower, upper, node.step), 0)
    for name in place.scope.names:
        if not node.lower:
            yield place.put("number", "a bound added", ast.Slice(_name(name), node.upper, node.step), 2)
        if not node.upper:
            yield place.put("number", "a bound added", ast.Slice(node.lower, _name(name), node.step), 2)


def _one_off(node: ast.expr | None) -> Iterator[ast.expr]:
    if node is not None and _integer(node) is None:
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def _calls(place: _Place, node: ast.Call) -> Iterator[Edit]:
    function, name = node.func, name_of(node.func)

    def with_arguments(arguments: Sequence[ast.expr], **keywords: ast.expr) -> ast.Call:
        kept = [item for item in node.keywords if item.arg not in keywords]
        return ast.Call(function, list(arguments), [*kept, *(ast.keyword(*item) for item in keywords.items())])

    if name == "range":
        for index, item in enumerate(node.args):
            for bound in _one_off(item):
                changed = [*node.args[:index], bound, *node.args[index + 1 :]]
                yield place.put("number", "a bound one off", with_arguments(changed), 0)
    if name in _REDUCTIONS:
        yield from _reductions(place, node)
    if name in ("var", "std"):
        yield place.put("argument", "an argument added", with_arguments(node.args, correction=_number(0)), 0)
        yield place.put("argument", "an argument added", with_arguments(node.args, correction=_number(1)), 0)
    if name in _MADE:
        yield place.put("argument", "an argument added", with_arguments(node.args, requires_grad=ast.Constant(True)), 1)
        for other in place.scope.names:
            like = {option: ast.Attribute(_name(other), option, ast.Load()) for option in ("dtype", "device")}
            yield place.put("argument", "an argument added", with_arguments(node.args, **like), 1)
            yield place.put("argument", "an argument added", with_arguments(node.args, dtype=like["dtype"]), 1)
    if not node.args and not node.keywords:
        yield place.put("extra_call", "brackets dropped", function, 0)
    if isinstance(function, ast.Attribute) and len(node.args) == 1 and not is_module(function.value):
        yield place.put("argument", "both sides swapped", _method(node.args[0], name, function.value), 0)
    for index in range(len(node.args)):
        yield place.put(
            "argument", "an argument dropped", with_arguments([*node.args[:index], *node.args[index + 1 :]]), 1
        )
    for other in (*place.scope.names, *(f"self.{item}" for item in place.scope.attributes)):
        yield place.put("argument", "an argument added", with_arguments([*node.args, _name(other)]), 2)
        yield place.put("argument", "an argument added", with_arguments([_name(other), *node.args]), 3)
    for number in (0, 1, -1, 2):
        yield place.put("argument", "an argument added", with_arguments([*node.args, _number(number)]), 1)


def _reductions(place: _Place, node: ast.Call) -> Iterator[Edit]:
    """An axis for a reduction that has none, and `keepdim`."""
    keywords = {item.arg: item.value for item in node.keywords if item.arg}
    of_module = isinstance(node.func, ast.Attribute) and is_module(node.func.value)
    kept: dict[str, ast.expr] = {"keepdim": ast.Constant(True)}
    if "dim" in keywords or len(node.args) > of_module:
        if "keepdim" not in keywords:
            yield place.put("argument", "keepdim added", _with(node, kept), 0)
        yield place.put("axis", "the axis dropped", ast.Call(node.func, node.args[:of_module], []), 1)
        return
    for axis in _axes(None):
        yield place.put("axis", "an axis added", _with(node, {"dim": axis}), 0)
        yield place.put("axis", "an axis added", _with(node, {"dim": axis} | kept), 1)
    for name in place.scope.names:
        yield place.put("axis", "an axis added", _with(node, {"dim": _name(name)} | kept), 1)
        yield place.put("axis", "an axis added", _with(node, {"dim": _name(name)}), 1)


def _with(node: ast.Call, keywords: dict[str, ast.expr]) -> ast.Call:
    return ast.Call(node.func, node.args, [*node.keywords, *(ast.keyword(*item) for item in keywords.items())])


def _expressions(place: _Place, value: ast.expr) -> Iterator[Edit]:
    """A statement that throws its value away."""
    yield place.put("result", "a return added", ast.Return(value), 0)
    if not isinstance(value, ast.Call):
        return
    if name_of(value.func).endswith(("Error", "Exception")):
        yield place.put("result", "a raise added", ast.Raise(value), 0)
    if (
        isinstance(value.func, ast.Attribute)
        and len(value.args) == 1
        and value.func.attr in ("copy_", "fill_", "append")
    ):
        target = _name(ast.unparse(value.func.value))
        if isinstance(target, (ast.Name, ast.Attribute)):
            target.ctx = ast.Store()
            yield place.put("assignment", "assigned, not copied", ast.Assign([target], value.args[0]), 1)
    if isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name):
        name = ast.Name(value.func.value.id, ast.Store())
        yield place.put("assignment", "assigned", ast.Assign([name], value), 0)


def _assignments(place: _Place, node: ast.Assign) -> Iterator[Edit]:
    target = node.targets[0]
    if isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)):
        yield place.put("assignment", "added, not assigned", ast.AugAssign(target, ast.Add(), node.value), 0)
    if not isinstance(node.value, ast.Constant):
        for start in (ast.Constant(0), ast.Constant(0.0), ast.List([], ast.Load())):
            yield place.put("number", "another start", ast.Assign(node.targets, start), 2)
    if isinstance(target, (ast.Name, ast.Attribute)):
        loaded = _name(ast.unparse(target))
        yield place.put("assignment", "copied", ast.Expr(_method(loaded, "copy_", node.value)), 1)
    if isinstance(target, ast.Tuple) and len(target.elts) == 2:
        swapped = ast.Assign([ast.Tuple(target.elts[::-1], ast.Store())], node.value)
        yield place.put("name", "names swapped", swapped, 0)


def _values(place: _Place, node: ast.expr) -> Iterator[Edit]:
    """What can be put around a value."""
    role = place.role
    if role == "test":
        yield place.put("condition", "a not added", ast.UnaryOp(ast.Not(), node), 1)
    if role not in ("value", "argument", "operand") or isinstance(node, (ast.Constant, ast.Starred)) or is_module(node):
        return
    if role == "operand" and isinstance(node, (ast.BinOp, ast.Compare)):
        return
    if not isinstance(node, ast.Tuple):
        yield place.put("operator", "a sign added", ast.UnaryOp(ast.USub(), node), 1)
    for name in _METHODS:
        plain = name in ("T", "mT", "grad", "data", "shape")
        new: ast.expr = ast.Attribute(node, name, ast.Load()) if plain else _method(node, name)
        kind = "recording" if name in ("detach", "item", "data") else "name" if plain else "missing_call"
        yield place.put(kind, f"{name} added", new, 1 if name in ("detach", "clone", "item") else 2)
    yield from _elsewhere(place, node)
    if role == "operand":
        if isinstance(node, (ast.Name, ast.Attribute)):
            for number, by in ((2, ast.Mult), (2, ast.Pow), (1, ast.Add), (1, ast.Sub), (2, ast.Div)):
                changed = ast.BinOp(node, by(), _number(number))
                yield place.put("operator", "an operand added", changed, 1)
        return
    for axis in (0, 1, -1):
        yield place.put("missing_call", "an axis added", _method(node, "unsqueeze", _number(axis)), 2)
    yield place.put("number", "an index added", ast.Subscript(node, _number(0), ast.Load()), 2)
    whole = role == "value" or isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.List))
    if whole or isinstance(node, ast.Name):
        for name in _WRAPS if whole else ("len", "list"):
            yield place.put("missing_call", f"{name} added", ast.Call(_name(name), [node], []), 2)
    if isinstance(node, (ast.Name, ast.Attribute)) and role == "argument":
        return
    for operand in (*map(_name, place.scope.names), *map(_number, (1, 2))):
        for operator in (ast.Div, ast.Mult, ast.Add, ast.Sub):
            yield place.put("operator", "an operand added", ast.BinOp(node, operator(), operand), 3)


def _elsewhere(place: _Place, node: ast.expr) -> Iterator[Edit]:
    """What stands elsewhere in the definition, and is made alike."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Constant)):
        return
    shape = _shape(node)
    for other in place.scope.expressions:
        if type(other) is type(node) and other is not node and all(item is not node for item in ast.walk(other)):
            alike = _shape(other) == shape
            yield place.put("name", "what stands elsewhere", other, 0 if alike else 2)


def _shape(node: ast.expr) -> str:
    """An expression without its names."""
    return re.sub(r"\b(?:id|attr)='\w+'", "", ast.dump(node))


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Edit]:
    """Two parameters of a function swapped; their defaults stay where they are."""
    taken = node.args.args
    for index in range(len(taken) - 1):
        other = [*taken[:index], taken[index + 1], taken[index], *taken[index + 2 :]]
        yield replaced("argument", "parameters swapped", node.args.__dict__, "args", taken, other)._replace(  # type: ignore[arg-type]
            line=node.lineno, far=1
        )


def _of_block(body: list[ast.stmt], parent: ast.AST, scope: Scope) -> Iterator[Edit]:
    """Edits of a block of statements."""
    first = 1 if is_text(body[0]) else 0
    if first == len(body):
        return
    yield from _indented(body)
    yield from _moved(body, first)
    if not isinstance(parent, ast.ClassDef):
        yield from _recorded(body, first)
        yield from _inserted(body, first, parent, scope)
    function = isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef))
    if function and not isinstance(body[-1], (ast.Return, ast.Raise)):
        for name in scope.names:
            new = [*body, ast.Return(_name(name))]
            yield rewritten("result", "a return added", body[-1].lineno, body, new, 1)


def _moved(body: list[ast.stmt], first: int) -> Iterator[Edit]:
    """A statement that goes further than to the next place."""
    for index in range(first, len(body)):
        rest = [*body[:index], *body[index + 1 :]]
        for place in range(first, len(body)):
            if abs(place - index) > 1:
                new = [*rest[:place], body[index], *rest[place:]]
                yield rewritten("order", "a statement moved", body[index].lineno, body, new, 2)


@dataclass
class _Blocks:
    """Two blocks that are given other statements at once."""

    outer: list[ast.stmt]
    inner: list[ast.stmt]
    was: tuple[list[ast.stmt], list[ast.stmt]] = field(init=False)

    def __post_init__(self) -> None:
        self.was = list(self.outer), list(self.inner)

    def put(self, what: str, line: int, outer: list[ast.stmt], inner: list[ast.stmt], far: int = 0) -> Edit:
        def make() -> None:
            self.outer[:], self.inner[:] = outer, inner

        def undo() -> None:
            self.outer[:], self.inner[:] = self.was

        return Edit("indentation", what, line, make, undo, far)


def _indented(body: list[ast.stmt]) -> Iterator[Edit]:
    """Statements at the edges of a loop, an `if` or a `with`, which go in or out."""
    for index, compound in enumerate(body):
        if isinstance(compound, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(compound, name, None)
            if not inner:
                continue
            blocks, before, after = _Blocks(body, inner), body[:index], body[index + 1 :]
            for cut in range(1, len(inner)):
                line, kept, out = inner[cut].lineno, inner[:cut], inner[cut:]
                yield blocks.put("out of a block", line, [*before, compound, *out, *after], kept)
            for cut in range(1, min(len(after), 3) + 1):
                line = after[0].lineno
                yield blocks.put("into a block", line, [*before, compound, *after[cut:]], [*inner, *after[:cut]])
            if len(inner) > 1:
                yield blocks.put("out of a block", inner[0].lineno, [*before, inner[0], *body[index:]], inner[1:], 1)
            if before and not is_text(before[-1]):
                line = before[-1].lineno
                yield blocks.put("into a block", line, [*before[:-1], *body[index:]], [before[-1], *inner], 1)


def _recorded(body: list[ast.stmt], first: int) -> Iterator[Edit]:
    """Statements put below `torch.no_grad()`: one, or all from there on."""
    item = ast.withitem(_name("torch.no_grad()"))
    for index in range(first, len(body)):
        for end in dict.fromkeys((index + 1, len(body))):
            guarded: ast.stmt = ast.With([item], body[index:end])
            new = [*body[:index], guarded, *body[end:]]
            yield rewritten("recording", "no_grad added", body[index].lineno, body, new, 1)


def _inserted(body: list[ast.stmt], first: int, parent: ast.AST, scope: Scope) -> Iterator[Edit]:
    """Calls that have a line of their own."""
    calls = []
    for name in scope.names:
        if _OPTIMIZER.search(name):
            calls += [f"{name}.zero_grad()", f"{name}.step()"]
        if _MODEL.search(name):
            calls += [f"{name}.train()", f"{name}.eval()", f"{name}.zero_grad()"]
        if _LOSS.search(name):
            calls += [f"{name}.backward()"]
    if isinstance(parent, ast.For) and isinstance(parent.target, ast.Name):
        name = parent.target.id
        calls += [f"{name}.grad = None", f"{name}.grad.zero_()", f"if {name}.grad is None:\n    continue"]
    if getattr(parent, "name", "") == "__init__":
        calls += ["super().__init__()"]
    if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for name in scope.names:
            for copied in (f"{name} = list({name})", f"{name} = {name}.clone()"):
                new = [*body[:first], *ast.parse(copied).body, *body[first:]]
                yield rewritten("missing_line", "copied first", body[first].lineno, body, new, 2)
    for call in calls:
        statements = ast.parse(call).body
        for index in range(first, len(body) + 1):
            line = body[max(index - 1, first)].lineno
            yield rewritten("missing_line", "a call added", line, body, [*body[:index], *statements, *body[index:]], 1)
