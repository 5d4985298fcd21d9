"""Output that every console takes: what its encoding lacks is replaced by the nearest plain character, and never raised."""

from __future__ import annotations

import codecs
import sys
import unicodedata

_PLAIN = {
    "✓": "+", "✗": "x", "×": "x", "○": "o", "✎": "~", "·": "-", "−": "-", "–": "-", "—": "-", "─": "-", "━": "-", "╸": "-",
    "╺": "-", "░": ".", "▒": ":", "▓": "%", "█": "#",
    "≠": "!=", "≤": "<=", "≥": ">=", "→": "->", "′": "'", "‘": "'", "’": "'", "“": '"', "”": '"',
}  # fmt: skip
"""Characters that are not made of a plain one. Marks stay different from one another: they say what is right."""


def tolerate() -> None:
    """Have standard output and standard error replace what they can't encode: a console of Windows, or a pipe there, may
    take the 200 characters of its code page and no others."""
    codecs.register_error("plain", _replaced)
    for stream in (sys.stdout, sys.stderr):
        # None where there is no console at all, and of another type where somebody has put their own in its place.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """What stands for the characters that can't be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()  # é as e, … as three dots
    return letters or "?"
