"""The README: its links lead somewhere. Those of the docs are looked at by `make docs`."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "SECURITY.md"])
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links or name == "SECURITY.md"
    assert [link for link in links if not (ROOT / link).is_file()] == []
