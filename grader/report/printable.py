"""Makes text that a stranger wrote safe to show: control and direction characters become visible."""

from __future__ import annotations

import re
import unicodedata

_ALIVE = re.compile(r"[<&$\\]|\]\(|://|^\s*\[", re.MULTILINE)
"""What Markdown or MathJax may take for HTML, a link, the target of links, or a formula."""


def printable(text: str) -> str:
    """The text with every character that could move a cursor, color a terminal or turn the direction of writing
    replaced by its code, such as `\\x1b`. Line feeds and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(item if _harmless(item) else item.encode("unicode_escape").decode() for item in text)


def quoted(text: str) -> str:
    """The text as Markdown that shows it as it stands: outside of a block of code, its HTML, links and formulas would run in
    the browser of whoever reads it."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{printable(text)}\n{fence}"


def as_markdown(text: str) -> str:
    """The text as Markdown that is no more than text: as it stands where it can be, else quoted."""
    return quoted(text) if _ALIVE.search(text) or printable(text) != text else text


def _harmless(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
