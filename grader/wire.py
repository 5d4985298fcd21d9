"""Messages as bytes: a frame is two lengths, JSON for structure, safetensors for arrays. Never pickle."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

import numpy as np
import safetensors.numpy

JSON_AT_MOST = 16 << 20
BLOB_AT_MOST = 64 << 20
SMALL = 4096
"""Bytes of an array up to which it is worth while to look whether it was sent before."""
NAME_AT_MOST = 200
TEXT_AT_MOST = 10_000
"""Characters of a name and of a text in an observation."""
_LENGTHS = struct.Struct("!II")


class FrameError(Exception):
    """What arrived is not a frame, or is larger than a frame may be."""


def split(message: Any) -> tuple[bytes, bytes]:
    """A message as JSON, in which each NumPy array is the number of a tensor, and those tensors as safetensors. Equal small
    arrays are sent once: what a check's cases give is often the same."""
    arrays: dict[str, np.ndarray] = {}
    known: dict[tuple[str, tuple[int, ...], bytes], int] = {}

    def number(item: Any) -> int:
        if not isinstance(item, np.ndarray):
            raise TypeError(f"{type(item).__name__} does not belong in a message")
        array = np.asarray(item, order="C")
        same = len(arrays)
        if array.nbytes <= SMALL:
            same = known.setdefault((array.dtype.str, array.shape, array.tobytes()), len(arrays))
        if same == len(arrays):
            arrays[str(same)] = array
        return same

    # Half a surrogate pair is no text, and readers refuse it: a question mark stands for it.
    text = json.dumps(message, default=number, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return text, safetensors.numpy.save(arrays) if arrays else b""


def frame(message: Any) -> bytes:
    """A message as the bytes that are sent.

    Raises:
        FrameError: a part of it is larger than the reader takes.
    """
    text, blob = split(message)
    if len(text) > JSON_AT_MOST or len(blob) > BLOB_AT_MOST:
        raise FrameError(f"the message is too large: {len(text)} and {len(blob)} bytes")
    return _LENGTHS.pack(len(text), len(blob)) + text + blob


def write_frame(stream: BinaryIO, message: Any) -> None:
    """Send a message, or raise what `frame` does."""
    stream.write(frame(message))
    stream.flush()


def lengths(header: bytes) -> tuple[int, int]:
    """The lengths of JSON and blob that a frame's first 8 bytes announce.

    Raises:
        FrameError: longer than a frame may be.
    """
    text, blob = _LENGTHS.unpack(header)
    if text > JSON_AT_MOST or blob > BLOB_AT_MOST:
        raise FrameError(f"a frame announces {text} and {blob} bytes")
    return text, blob


HEADER = _LENGTHS.size


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """The next frame's JSON and blob from a blocking stream, or None at its end."""
    header = stream.read(HEADER)
    if len(header) < HEADER:
        return None
    text, blob = lengths(header)
    return stream.read(text), stream.read(blob)
