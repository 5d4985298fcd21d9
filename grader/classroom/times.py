"""When something was handed in, as nbgrader notes it in `timestamp.txt`."""

from __future__ import annotations

import re
import warnings
from contextlib import suppress
from datetime import datetime

from grader.messages import say


def when(written: str) -> datetime | None:
    """A time as nbgrader keeps it, in UTC without saying so; None where it is unknown or unreadable."""
    if not written:
        return None
    from nbgrader.utils import parse_utc

    # `doubt` says it to people.
    warnings.filterwarnings("ignore", message="tzname .* identified but not understood")
    try:
        found: datetime | None = parse_utc(_joined(written))
    except (ValueError, OverflowError):
        found = None
    return found


def doubt(written: str) -> str:
    """A sentence where a time can't be read, or only by leaving out its time zone; nothing where all is well."""
    if not written:
        return ""
    if when(written) is None:
        return say("odd_time", time=_joined(written))
    from dateutil import parser, tz

    seen: list[tuple[str | None, int | None]] = []
    words = _joined(written).split(" ")
    if len(words) == 3 and not re.fullmatch(r"[+-]?\d+", words[2]):  # how nbgrader writes it, and reads it by itself
        seen.append((words[2], None))
    else:
        with suppress(ValueError, OverflowError):
            parser.parse(_joined(written), tzinfos=lambda name, offset: seen.append((name, offset)))
    zone = next((name for name, offset in seen if name and offset is None and not tz.gettz(name)), "")
    return say("odd_zone", zone=zone) if zone else ""


def _joined(written: str) -> str:
    """A time without what an editor of Windows puts in front of it, and with its offset after the time: apart, parse_utc
    takes " +0200" for 200 seconds."""
    return re.sub(r" (?=[+-]\d+$)", "", written.lstrip("\ufeff\ufffd").replace("\0", "").strip())
