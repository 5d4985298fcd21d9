"""The list of exercises to choose from, inside of `grader watch`."""

from __future__ import annotations

from prompt_toolkit.formatted_text import StyleAndTextTuples

from grader.messages import say
from grader.student.overview import DONE, Row, mark_of

FILTERS = ("all", "to_do", "done")


class Picker:
    """Exercises, of which one is pointed at, and a filter: all of them, those that are to be done, or those that are."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._filter = 0
        self._at: Row | None = None

    def open(self, rows: list[Row], at: Row | None) -> None:
        self._rows, self._at = rows, at

    @property
    def shown(self) -> list[Row]:
        wanted = FILTERS[self._filter]
        return [row for row in self._rows if wanted == "all" or (row.state in DONE) == (wanted == "done")]

    @property
    def chosen(self) -> Row | None:
        shown = self.shown
        return self._at if self._at in shown else shown[0] if shown else None

    @property
    def line(self) -> int:
        """The line of the one that is pointed at."""
        return self.shown.index(self.chosen) if self.chosen else 0

    def move(self, by: int) -> None:
        """Point at the one that is so many lines further down."""
        if shown := self.shown:
            self._at = shown[min(max(self.line + by, 0), len(shown) - 1)]

    def filter(self) -> None:
        """Go on to the next filter."""
        self._filter = (self._filter + 1) % len(FILTERS)

    def text(self) -> StyleAndTextTuples:
        """The list, with styles for prompt_toolkit."""
        if not self.shown:
            return [("", say("list_empty"))]
        found: StyleAndTextTuples = []
        for row in self.shown:
            here = row == self.chosen
            if here:
                found.append(("[SetCursorPosition]", ""))
            mark, color = mark_of(row.state)
            reverse = "reverse" if here else ""
            found += [
                (reverse, "> " if here else "  "),
                (f"fg:ansi{color} {reverse}", mark),
                (reverse, f" {row.name}\n"),
            ]
        found[-1] = (found[-1][0], found[-1][1].rstrip("\n"))
        return found

    def keys(self) -> str:
        return say("list_keys", filter=say(f"list_{FILTERS[self._filter]}"))
