"""Digests: how it is told that two texts or two files are the same."""

from __future__ import annotations

import hashlib
from contextlib import suppress


def digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def file_digest(data: bytes) -> str:
    """A digest of a file that is the same for text with other line ends or a byte order mark."""
    with suppress(UnicodeDecodeError):
        data = data.decode("utf-8-sig").replace("\r\n", "\n").encode()
    return hashlib.sha256(data).hexdigest()[:16]
