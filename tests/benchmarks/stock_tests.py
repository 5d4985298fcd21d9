"""What a test cell of stock nbgrader does in the benchmark: the reference in the student's own kernel, and assertions."""

from pathlib import Path

import torch

from grader.checks import ADVICE
from grader.files import source
from grader.lesson import inputs
from grader.worker.observe import Answer, _tensors, load_checks

FILES = source.read(Path(__file__).resolve().parents[2] / "solutions" / "convolution")
REFERENCE: dict[str, object] = {}
for text in FILES.code_cells:
    exec(text, REFERENCE)
LESSON = load_checks(FILES.checks)


def compare(exercise: str, names: dict[str, object]) -> None:
    """Assert that an exercise gives what the reference gives, values and gradients, on the cases of its checks."""
    for check in LESSON.checks.values():
        if check.exercise != exercise:
            continue
        name = f"{LESSON.name}/{check.name}"
        for case in inputs.cases(name, LESSON.inputs[check.name], "stock", check.vectorized):
            if case.kind not in ADVICE:
                expected, got = (_gives(check, name, case, given) for given in (REFERENCE, names))
                for one, other in zip(expected, got, strict=True):
                    torch.testing.assert_close(one, other)


def _gives(check, name, case, names):
    """What the probe of a check gives, and the gradients of its inputs where it has any."""
    torch.manual_seed(0)
    made = inputs.make(name, LESSON.inputs[check.name], case, "stock")
    leaves = [item.requires_grad_() for item in made.values() if isinstance(item, torch.Tensor) and item.is_floating_point()]
    result = LESSON.probes[check.name](Answer(names), **made)
    if not isinstance(result, torch.Tensor) or not result.requires_grad:
        return list(_tensors(result)) or [result]
    return [result, *torch.autograd.grad(result.sum(), leaves, allow_unused=True, materialize_grads=True)]
