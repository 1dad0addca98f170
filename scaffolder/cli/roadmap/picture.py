"""A roadmap drawn to scale: one axis of weeks, and everything in its place below."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from scaffolder.cli.roadmap.scale import ASCII, FULL, Scale
from scaffolder.models import Level
from scaffolder.roadmap.plans import notes_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.text import Text

    from scaffolder.cli.pen import Pen
    from scaffolder.cli.roadmap.scale import Glyphs
    from scaffolder.models import Weeks
    from scaffolder.roadmap.models import Milestone, Phase, Roadmap, RoadmapProject, Window

STYLES = ("cyan", "green", "yellow", "magenta", "blue", "red")
_APART = 2  # cells between two that share a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A piece of text at a column."""

    at: int
    text: str
    style: str = ""

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.at + _cells(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What gets a place: its bars, and its captions from the longest to the shortest."""

    bars: tuple[Mark, ...]
    captions: tuple[str, ...]


def draw(roadmap: Roadmap, pen: Pen, week: int | None = None) -> Iterator[Text]:
    """Yield the lines of the picture; `week` is pointed at."""
    canvas = Canvas(
        pen=pen,
        scale=Scale.fitting(roadmap.weeks, pen.width),
        glyphs=FULL if pen.carries("".join(astuple(FULL))) else ASCII,
        notes={note.id: f" [{number}]" for number, note in enumerate(roadmap.notes, 1)},
    )
    if week:
        yield from canvas.rows([canvas.point(week, canvas.glyphs.here, f"week {week}")])
    yield from canvas.axis()
    stretch = f" ({canvas.glyphs.stretch} stretch)" if _has_stretch(roadmap) else ""
    yield from canvas.group("Phases", map(canvas.phase, roadmap.phases))
    yield from canvas.group(f"Projects{stretch}", map(canvas.project, roadmap.projects))
    yield from canvas.group("Milestones", map(canvas.milestone, roadmap.milestones), packed=True)
    yield from canvas.group(
        "Applications open", (canvas.window(roadmap, w) for w in roadmap.windows)
    )


def _has_stretch(roadmap: Roadmap) -> bool:
    features = (feature for project in roadmap.projects for feature in project.features)
    return any(feature.level is Level.STRETCH for feature in features)


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """Where rows are laid out; `notes` has what refers to each note."""

    pen: Pen
    scale: Scale
    glyphs: Glyphs
    notes: Mapping[str, str]

    def axis(self) -> Iterator[Text]:
        """Yield the numbers of the weeks, and the line that they stand on."""
        line = [self.glyphs.line] * self.scale.width
        numbers = [Mark(at=0, text="1")]
        for week in self.scale.ticks():
            end = self.scale.end(week)
            line[end - 1] = self.glyphs.tick
            at = end - len(str(week))
            if at > 1:
                numbers.append(Mark(at=at, text=str(week)))
        yield self._line(numbers, grid=False)
        yield self.pen.text(("".join(line), "dim"))

    def group(self, title: str, items: Iterable[Item], *, packed: bool = False) -> Iterator[Text]:
        """Yield a heading and the items below it; nothing where there is none."""
        rows = list(self.rows(items, packed=packed))
        if rows:
            yield self._line([Mark(at=0, text=title, style="bold")])
        yield from rows

    def rows(self, items: Iterable[Item], *, packed: bool = False) -> Iterator[Text]:
        """Yield a row for each item; `packed`: as few rows as do not touch."""
        rows: list[list[Mark]] = []
        for item in items:
            placed = list(self._placed(item))
            # A caption above its bar must stay right above it.
            alone = packed and len(placed) == 1
            free = (row for row in rows if alone and not _touch(row, placed[0]))
            row = next(free, None)
            if row is None:
                rows.extend(placed)
            else:
                row.extend(placed[0])
        yield from map(self._line, rows)

    def phase(self, phase: Phase) -> Item:
        """Return a phase as a bar."""
        name = f"{phase.id} {phase.title}"
        captions = (f"{name}, weeks {phase.weeks}", name, f"phase {phase.id}")
        return self._item([(phase.weeks, self.glyphs.phase)], phase.id, captions)

    def project(self, project: RoadmapProject) -> Item:
        """Return a project as a bar, with another for features that have their own weeks."""
        own = [feature for feature in project.features if feature.weeks != project.weeks]
        shape = {Level.MUST: self.glyphs.project, Level.STRETCH: self.glyphs.stretch}
        spans = [(feature.weeks, shape[feature.level]) for feature in own]
        note = "".join(self.notes[note.id] for note in project.notes)
        name = f"{project.id} {project.weeks}"
        rest = "".join(f", {feature.id} {feature.weeks}" for feature in own)
        captions = (name + rest + note, name + note, project.id + note, project.id)
        return self._item([*spans, (project.weeks, self.glyphs.project)], project.phase, captions)

    def milestone(self, milestone: Milestone) -> Item:
        """Return a milestone as a point at the end of its week."""
        return self.point(milestone.week, self.glyphs.milestone, milestone.id)

    def point(self, week: int, glyph: str, caption: str) -> Item:
        """Return a point at the end of a week."""
        mark = Mark(at=self.scale.end(week) - 1, text=glyph, style="bold")
        return Item(bars=(mark,), captions=(caption,))

    def window(self, roadmap: Roadmap, window: Window) -> Item:
        """Return an application window as an arrow that starts with its week."""
        start, end = self.scale.start(window.week), self.scale.width
        glyphs = self.glyphs
        arrow = (glyphs.opening + glyphs.open * (end - start))[: end - start - 1] + glyphs.onwards
        note = "".join(self.notes[note.id] for note in notes_about(roadmap, window.id))
        name = f"{window.id}{note}"
        captions = (f"{window.id} from week {window.week}{note}", name, window.id)
        return Item(bars=(Mark(at=start, text=arrow, style="bold"),), captions=captions)

    def _item(
        self, spans: Iterable[tuple[Weeks, str]], phase: int, captions: tuple[str, ...]
    ) -> Item:
        cells = {
            column: glyph
            for weeks, glyph in spans
            for column in range(self.scale.start(weeks.first), self.scale.end(weeks.last))
        }
        style = STYLES[(phase - 1) % len(STYLES)]
        return Item(bars=tuple(_bars(cells, style)), captions=captions)

    def _placed(self, item: Item) -> Iterator[list[Mark]]:
        """Yield the item's row: words right of its bars, else left, else on a row above."""
        start, end = item.bars[0].at, item.bars[-1].end
        captions = [self.pen.plain(caption) for caption in item.captions]
        for caption in captions:
            for at in (end + 1, start - 1 - _cells(caption)):
                if 0 <= at <= self.pen.width - _cells(caption):
                    yield [*item.bars, Mark(at=at, text=caption)]
                    return
        for line in self.pen.fold(self.pen.text(captions[-1])):
            yield [Mark(at=0, text=line.plain)]
        yield list(item.bars)

    def _line(self, marks: Iterable[Mark], *, grid: bool = True) -> Text:
        dots = {self.scale.end(week) - 1 for week in self.scale.ticks()} if grid else set()
        marks = sorted(marks, key=lambda mark: mark.at)
        # A dot that touches a word would read as its punctuation.
        dots -= {column for mark in marks for column in (mark.at - 1, mark.end)}
        line, column = self.pen.text(), 0
        for mark in marks:
            line.append(self._gap(column, mark.at, dots), "dim").append(mark.text, mark.style)
            column = mark.end
        line.append(self._gap(column, self.scale.width, dots), "dim")
        line.rstrip()
        return line

    def _gap(self, start: int, end: int, dots: set[int]) -> str:
        return "".join(self.glyphs.grid if at in dots else " " for at in range(start, end))


def _bars(cells: Mapping[int, str], style: str) -> Iterator[Mark]:
    """Yield a mark for each run of equal neighbours."""
    columns = sorted(cells)
    for _, run in groupby(columns, key=lambda at: (cells[at], at - columns.index(at))):
        bar = list(run)
        yield Mark(at=bar[0], text=cells[bar[0]] * len(bar), style=style)


def _touch(row: Iterable[Mark], marks: Iterable[Mark]) -> bool:
    return any(
        mark.at < other.end + _APART and other.at < mark.end + _APART
        for mark in marks
        for other in row
    )


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
