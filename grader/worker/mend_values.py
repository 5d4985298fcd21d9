"""Edits of what a definition computes with: numbers, names, indices, and what can be put around a value.

Imports nothing but the standard library: it runs in the sandbox, on text of strangers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from grader.worker.edits import Edit, is_module, replaced
from grader.worker.mend_places import Place, a_method, a_name, a_number, whole_number

_UNDERSCORED = set(
    "add sub mul div clamp neg sqrt copy zero fill exp log relu requires_grad detach normal uniform square abs".split()
)
_STRINGS = {"mean": ("sum", "none"), "sum": ("mean",), "none": ("mean",)}
_METHODS = "detach clone item sum mean T mT float double long exp log sqrt abs flatten contiguous grad data shape".split()
_KINDS = {"detach": "recording", "item": "recording", "data": "recording", "T": "axis", "mT": "axis"}
_WRAPS = "torch.stack torch.tensor torch.cat nn.Parameter list sum tuple len".split()
_EINSUM = re.compile(r"[a-z ]{1,8}(,[a-z ]{1,8}){0,3}->[a-z ]{0,8}", re.IGNORECASE)
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


def axes(value: int | None) -> Iterator[ast.expr]:
    """Axes that may be meant, one or several."""
    for other in (1, 0, -1, 2, -2, 3):
        if other != value:
            yield a_number(other)
    for several in ((0, 2, 3), (0, 1), (1, 2), (2, 3), (-2, -1)):
        yield ast.Tuple([a_number(item) for item in several], ast.Load())


def of_integer(place: Place, value: int) -> Iterator[Edit]:
    if place.role == "axis":
        yield from (place.put("axis", "another axis", new, 0) for new in axes(value))
        yield from (place.put("axis", "another axis", a_name(name), 1) for name in place.scope.names)
        return
    if isinstance(place.parent, ast.UnaryOp):
        return
    for other in dict.fromkeys((value + 1, value - 1, 0, 1, 2, -1, -value)):
        if other != value:
            yield place.put("number", "another number", a_number(other), 0)
    yield from (place.put("number", "a name for a number", a_name(name), 1) for name in place.scope.names)


def of_constant(place: Place, node: ast.Constant) -> Iterator[Edit]:
    value = node.value
    if isinstance(value, float):
        for other in dict.fromkeys((2 * value, value / 2, 10 * value, value / 10, 0.0, 1.0, 1 - value)):
            if other != value:
                yield place.put("number", "another number", a_number(other), 0)
        yield from (place.put("number", "a name for a number", a_name(name), 1) for name in place.scope.names)
    elif isinstance(value, str):
        for word in _STRINGS.get(value, ()):
            yield place.put("argument", "another word", ast.Constant(word), 0)
        if _EINSUM.fullmatch(value):
            yield from (place.put("axis", "another letter", ast.Constant(word), 0) for word in _letters(value))


def _letters(axes: str) -> Iterator[str]:
    """What einsum is told, with one letter changed, or two that stand beside each other swapped."""
    letters = sorted(set(re.findall(r"\w", axes)))
    made = [axes[:at] + letter + axes[at + 1 :] for at, was in enumerate(axes) if was in letters for letter in letters]
    made += [re.sub(rf"^(.{{{at}}})(\w)(\w)", r"\1\3\2", axes) for at in range(len(axes) - 1)]
    yield from dict.fromkeys(word for word in made if word != axes)


def of_name(place: Place, node: ast.Name) -> Iterator[Edit]:
    scope = place.scope
    if place.role == "function":
        for other in (*ALIKE.get(node.id, ()), *scope.functions):
            if other != node.id:
                yield place.put("name", "another function", a_name(other), 0)
        return
    if is_module(node):
        return
    # To change something else instead may only undo the statement: that it is not needed is tried before.
    owner = place.key == "value" and isinstance(getattr(place.parent, "ctx", None), ast.Store)
    far = 2 if owner else 0
    for other in scope.names:
        if other != node.id:
            yield place.put("name", "another name", a_name(other), far)
    if node.id in scope.attributes:
        yield place.put("name", "an attribute", a_name(f"self.{node.id}"), 0)
    if place.role in ("operand", "argument", "index"):
        yield from (place.put("name", "a number for a name", a_number(number), 1) for number in (0, 1, 2, -1))


def of_attribute(place: Place, node: ast.Attribute) -> Iterator[Edit]:
    others: Iterable[str] = ALIKE.get(node.attr, ())
    if isinstance(node.value, ast.Name) and node.value.id == "self":
        others = [other for other in place.scope.attributes if other != node.attr]
        if node.attr in place.scope.names:
            yield place.put("name", "a name for an attribute", a_name(node.attr), 0)
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


def of_subscript(place: Place, node: ast.Subscript) -> Iterator[Edit]:
    yield place.put("number", "an index dropped", node.value, 1)
    if isinstance(node.slice, ast.Tuple):
        items = node.slice.elts
        for index in range(len(items) - 1):
            other = [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
            new = ast.Subscript(node.value, ast.Tuple(other, ast.Load()), ast.Load())
            yield place.put("name", "indices swapped", new, 0)
        yield place.put("number", "an index dropped", ast.Subscript(node.value, items[0], ast.Load()), 1)


def of_tuple(place: Place, node: ast.Tuple) -> Iterator[Edit]:
    for index in range(len(node.elts) - 1):
        other = [*node.elts[:index], node.elts[index + 1], node.elts[index], *node.elts[index + 2 :]]
        yield place.put("result", "items swapped", ast.Tuple(other, ast.Load()), 0)


def of_loop(node: ast.For) -> Iterator[Edit]:
    """All but the first or the last of what a loop goes through."""
    if isinstance(node.iter, ast.Name):
        for part in (ast.Slice(ast.Constant(1), None), ast.Slice(None, ast.Constant(-1))):
            new = ast.Subscript(node.iter, part, ast.Load())
            yield replaced("number", "a bound added", node.__dict__, "iter", node.iter, new)


def of_comprehension(place: Place, node: ast.comprehension) -> Iterator[Edit]:
    """What a comprehension passes over."""
    line = getattr(node.target, "lineno", 1)
    if node.ifs:
        yield place.put("condition", "a condition dropped", ast.comprehension(node.target, node.iter, [], 0), 1)._replace(
            line=line
        )
    elif isinstance(node.target, ast.Name):
        guard = a_name(f"{node.target.id}.grad is not None")
        yield place.put("condition", "a condition added", ast.comprehension(node.target, node.iter, [guard], 0), 1)._replace(
            line=line
        )


def of_slice(place: Place, node: ast.Slice) -> Iterator[Edit]:
    for lower, upper in (*((bound, node.upper) for bound in one_off(node.lower)),
                         *((node.lower, bound) for bound in one_off(node.upper))):  # fmt: skip
        yield place.put("number", "a bound one off", ast.Slice(lower, upper, node.step), 0)
    for name in place.scope.names:
        if not node.lower:
            yield place.put("number", "a bound added", ast.Slice(a_name(name), node.upper, node.step), 2)
        if not node.upper:
            yield place.put("number", "a bound added", ast.Slice(node.lower, a_name(name), node.step), 2)


def one_off(node: ast.expr | None) -> Iterator[ast.expr]:
    if node is not None and whole_number(node) is None:
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))


def of_value(place: Place, node: ast.expr) -> Iterator[Edit]:
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
        new: ast.expr = ast.Attribute(node, name, ast.Load()) if plain else a_method(node, name)
        kind = _KINDS.get(name, "name" if plain else "missing_call")
        yield place.put(kind, f"{name} added", new, 1 if name in ("detach", "clone", "item") else 2)
    yield from _elsewhere(place, node)
    if role == "operand":
        if isinstance(node, (ast.Name, ast.Attribute)):
            for number, by in ((2, ast.Mult), (2, ast.Pow), (1, ast.Add), (1, ast.Sub), (2, ast.Div)):
                changed = ast.BinOp(node, by(), a_number(number))
                yield place.put("operator", "an operand added", changed, 1)
        return
    for axis in (0, 1, -1):
        yield place.put("missing_call", "an axis added", a_method(node, "unsqueeze", a_number(axis)), 2)
    yield place.put("number", "an index added", ast.Subscript(node, a_number(0), ast.Load()), 2)
    whole = role == "value" or isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.List))
    if whole or isinstance(node, ast.Name):
        for name in _WRAPS if whole else ("len", "list"):
            yield place.put("missing_call", f"{name} added", ast.Call(a_name(name), [node], []), 2)
    if isinstance(node, (ast.Name, ast.Attribute)) and role == "argument":
        return
    for operand in (*map(a_name, place.scope.names), *map(a_number, (1, 2))):
        for operator in (ast.Div, ast.Mult, ast.Add, ast.Sub):
            yield place.put("operator", "an operand added", ast.BinOp(node, operator(), operand), 3)


def _elsewhere(place: Place, node: ast.expr) -> Iterator[Edit]:
    """What stands elsewhere in the definition, and is made alike."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Constant)):
        return
    shape = _shape(node)
    for other in place.scope.expressions:
        if type(other) is type(node) and other is not node and all(item is not node for item in ast.walk(other)):
            alike = _shape(other) == shape
            if any(item is other for item in ast.walk(node)):  # what is around it goes
                yield place.put("extra_call" if isinstance(node, ast.Call) else "operator", "only a part kept", other, 2)
            else:
                yield place.put("name", "what stands elsewhere", other, 0 if alike else 2)


def _shape(node: ast.expr) -> str:
    """An expression without its names."""
    return re.sub(r"\b(?:id|attr)='\w+'", "", ast.dump(node))
