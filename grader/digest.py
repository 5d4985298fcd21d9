"""Digests: how it is told that two texts or two files are the same, and texts that follow from a secret."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress


def digest(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def file_digest(data: bytes) -> str:
    """A digest of a file that is the same for text with other line ends or a byte order mark."""
    with suppress(UnicodeDecodeError):
        data = data.decode("utf-8-sig").replace("\r\n", "\n").encode()
    return hashlib.sha256(data).hexdigest()[:16]


def keyed(secret: str, text: str) -> str:
    """A text of 64 characters that follows from a secret: who knows others of them, and what they are of, can't make it."""
    return hmac.new(secret.encode(), text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
