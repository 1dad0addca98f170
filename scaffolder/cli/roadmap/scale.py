"""What a roadmap is drawn with: glyphs, and the columns of its weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAPTIONS = 20  # cells right of the last week that leave room for words
_NUMBERS = 16  # weeks to number at most
_STEPS = (1, 2, 4, 8, 12, 26, 52)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyphs:
    """What the picture is drawn with; shapes differ, so that colour says nothing alone."""

    phase: str
    project: str
    stretch: str
    milestone: str
    opening: str
    open: str
    onwards: str
    line: str
    tick: str
    grid: str
    here: str


FULL = Glyphs(
    phase="█",
    project="▓",
    stretch="░",
    milestone="●",
    opening="┣",
    open="━",
    onwards="→",
    line="─",
    tick="┴",
    grid="·",
    here="▼",
)
ASCII = Glyphs(
    phase="#",
    project="=",
    stretch="~",
    milestone="*",
    opening="|",
    open="-",
    onwards=">",
    line="-",
    tick="+",
    grid=".",
    here="v",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Whole columns to a week, or whole weeks to a column: every week has a place of its own."""

    weeks: int
    columns: int
    per_column: int

    @classmethod
    def fitting(cls, weeks: int, width: int) -> Scale:
        """Return the widest scale that leaves room for captions, where there is any."""
        columns = max((width - _CAPTIONS) // weeks, 1)
        return cls(weeks=weeks, columns=columns, per_column=-(-weeks // width))

    @property
    def width(self) -> int:
        """The columns of the whole axis."""
        return self.end(self.weeks)

    def start(self, week: int) -> int:
        """Return the first column of a week, from 0."""
        return (week - 1) // self.per_column * self.columns

    def end(self, week: int) -> int:
        """Return the column behind a week."""
        return self.start(week) + self.columns

    def ticks(self) -> Iterator[int]:
        """Yield the weeks to number: few, and no two so close that their numbers touch."""
        room = len(str(self.weeks)) + 1
        few = (step for step in _STEPS if self.weeks // step <= _NUMBERS)
        fits = (step for step in few if step * self.columns // self.per_column > room)
        step = next(fits, self.weeks)
        yield from range(step, self.weeks + 1, step)
