"""Makes text that a stranger wrote safe to show: control and direction characters become visible."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """The text with every character that could move a cursor, colour a terminal or turn the direction of writing
    replaced by its code, such as `\\x1b`. Line feeds and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(item if _harmless(item) else item.encode("unicode_escape").decode() for item in text)


def _harmless(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
