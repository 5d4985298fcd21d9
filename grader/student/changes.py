"""Tells which files of a student were saved: by the system's own events, and where these don't come by looking again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

from grader.files.submission import NOT_ANSWERS, SUFFIXES

LOOK_MS, SETTLE_MS, POLL_SECONDS = 500, 10, 0.1
"""How often it is looked whether events come, how long nothing may happen until a save is over, and how often files are
looked at where no events come."""
Seen = dict[Path, tuple[int, int]]


def changes(folders: list[Path], seen: Seen, stop: Event, polling: Callable[[], None]) -> Iterator[set[Path]]:
    """The answer files in some folders that were saved, made or deleted, each time that any was, until `stop` is set.

    Args:
        seen: how they were before.
        polling: is called once where the system tells of no changes, as for folders of another machine, and files are
            looked at instead.
    """
    missed = 0
    for told in _events(folders, stop):
        now = look(folders)
        missed = 0 if told else missed
        if changed := _differing(seen, now):
            seen = now
            yield changed
            missed += not told
            if missed == 2:  # once may be that we looked before we were told
                break
    if not stop.is_set():
        polling()
    while not stop.wait(POLL_SECONDS):
        now = look(folders)
        if changed := _differing(seen, now):
            seen = now
            yield changed


def _events(folders: list[Path], stop: Event) -> Iterator[bool]:
    """Whether the system told of a change, each time that it did, and each time that it is to be looked for one."""
    try:
        import watchfiles

        told = watchfiles.watch(
            *folders, stop_event=stop, step=SETTLE_MS, debounce=20 * SETTLE_MS, recursive=False, rust_timeout=LOOK_MS,
            yield_on_timeout=True, raise_interrupt=False, watch_filter=lambda _, path: _is_answer(Path(path)),
        )  # fmt: skip
        for found in told:
            yield bool(found)
    except (ImportError, OSError, RuntimeError):
        return  # no more of them are to be had on this machine


def look(folders: list[Path]) -> Seen:
    """The answer files in some folders: when each was written, and how large it is."""
    seen: Seen = {}
    for folder in folders:
        try:
            for file in folder.iterdir():
                if _is_answer(file):
                    about = file.stat()
                    seen[file] = about.st_mtime_ns, about.st_size
        except OSError:
            continue
    return seen


def _is_answer(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and file.name not in NOT_ANSWERS and not file.name.startswith(".")


def _differing(before: Seen, now: Seen) -> set[Path]:
    return {file for file in before.keys() | now.keys() if before.get(file) != now.get(file)}
