"""On a GPU: the references run there, and an answer that makes tensors elsewhere is advised against."""

import pytest
import torch

from grader.files import course
from grader.worker.observe import Answer, load_checks, run_check

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU that PyTorch can use; there is none here"),
]


@pytest.mark.parametrize("lesson", course.find().lessons())
def test_every_reference_runs_on_the_gpu_and_gives_what_it_gives_on_the_cpu(lesson):
    files = course.find().files(lesson)
    names = {}
    for cell in files.code_cells:
        exec(cell, names)
    declared = load_checks(files.checks)
    for check in declared.checks.values():
        seen = {item["kind"]: item for item in run_check(declared, check, Answer(names), "cuda")}
        assert seen["cuda"]["error"] is None, (check.name, seen["cuda"]["error"])
