"""What a stub holds, and no more: how it is told from an answer that was begun."""

from __future__ import annotations

import ast


def begun(definition: ast.stmt) -> bool:
    """Whether a function or a class holds more than a stub does: a docstring, `super().__init__()`, an error that says what
    is missing."""
    return any(
        isinstance(item, ast.stmt) and not isinstance(item, (ast.FunctionDef, ast.ClassDef)) and not _of_a_stub(item)
        for item in ast.walk(definition)
    )


def _of_a_stub(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node).startswith("super()")
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node))
