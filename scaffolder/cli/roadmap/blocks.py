"""What the views of a roadmap are put together from: a few lines on each of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffolder.models import Level
from scaffolder.roadmap.plans import notes_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.text import Text

    from scaffolder.cli.pen import Pen
    from scaffolder.roadmap.models import (
        Hours,
        Milestone,
        Note,
        Resource,
        Roadmap,
        RoadmapFeature,
        RoadmapProject,
        Schedule,
        Window,
    )
    from scaffolder.roadmap.plans import Work

_DETAILS = (
    *("kind", "provider", "authors", "instructor", "url", "rating", "duration"),
    *("hours_per_week", "resource", "usage", "focus", "chapters", "services", "advanced", "why"),
)
_PROJECT_DETAILS = ("heading", "label", "stack", "architecture", "advanced", "deployment", "goal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A pen, and the roadmap whose notes it refers to."""

    pen: Pen
    roadmap: Roadmap

    def refs(self, *places: str) -> str:
        """Return the numbers of the notes on these places, as in `` [1] [3]``."""
        numbers = map(self.number, notes_about(self.roadmap, *places))
        return "".join(f" [{number}]" for number in numbers)

    def number(self, note: Note) -> int:
        """Return the number that a note has in every view."""
        return self.roadmap.notes.index(note) + 1

    def heading(self, title: str) -> Iterator[Text]:
        """Yield an empty line and a heading."""
        yield self.pen.text()
        yield from self.pen.fold(self.pen.text((title, "bold underline")))

    def say(self, *parts: str | tuple[str, str], indent: int = 2) -> Iterator[Text]:
        """Yield a paragraph."""
        return self.pen.fold(self.pen.text(*parts), indent)

    def row(
        self, lead: str, body: str, *, indent: int, hang: int, style: str = ""
    ) -> Iterator[Text]:
        """Yield a word or two, and beside them what belongs to them."""
        return self.pen.entry(self.pen.text((lead, style)), self.pen.text(body), indent, hang)


def hours_a_week(hours: Hours | None) -> str:
    """Return the hours in words; nothing where the roadmap gives none."""
    if hours is None:
        return ""
    return f"{hours} {'hour' if str(hours) == '1' else 'hours'} a week"


def details(sheet: Sheet, part: Resource | RoadmapProject, names: Iterable[str]) -> Iterator[Text]:
    """Yield those of the named fields that the roadmap gives, each under its own name."""
    for name in names:
        value = getattr(part, name)
        text = ", ".join(value) if isinstance(value, tuple) else str(value or "")
        if text:
            # A URL that must be folded can still be followed where the terminal knows links.
            link = f"link {text}" if name == "url" else ""
            yield from _detail(sheet, name.replace("_", " "), text, link)


def _detail(sheet: Sheet, name: str, text: str, style: str = "") -> Iterator[Text]:
    return sheet.pen.entry(sheet.pen.text((name, "dim")), sheet.pen.text((text, style)), 4, 16)


def resource(sheet: Sheet, item: Resource) -> Iterator[Text]:
    """Yield a resource with every field, and its practice."""
    yield from sheet.say((item.title, "bold"), sheet.refs(item.id))
    yield from details(sheet, item, _DETAILS)
    if item.practice:
        yield from _detail(sheet, "practice", item.practice.text)


def project(sheet: Sheet, work: Work) -> Iterator[Text]:
    """Yield a project with every field, and those of its features that are asked for."""
    item = work.project
    yield from sheet.say((item.id, "bold"), f"  {item.title}{sheet.refs(item.id)}")
    yield from _detail(sheet, "when", f"phase {item.phase}, weeks {item.weeks}")
    yield from details(sheet, item, _PROJECT_DETAILS)
    for feature in work.features:
        yield from _feature(sheet, item, feature)


def _feature(sheet: Sheet, item: RoadmapProject, feature: RoadmapFeature) -> Iterator[Text]:
    own = feature.weeks != item.weeks or feature.phase != item.phase
    parts = (
        feature.title,
        "stretch" if feature.level is Level.STRETCH else "",
        f"phase {feature.phase}, weeks {feature.weeks}" if own else "",
        f"for {' and '.join(feature.milestones)}" if feature.milestones else "",
        feature.note,
    )
    yield from sheet.row(f"[ ] {feature.id}", "; ".join(filter(None, parts)), indent=4, hang=28)


def milestones(sheet: Sheet, items: Iterable[Milestone]) -> Iterator[Text]:
    """Yield milestones with what proves them."""
    for item in items:
        yield from sheet.row(
            item.id, f"{item.title}{sheet.refs(item.id)}", indent=2, hang=10, style="bold"
        )
        yield from sheet.say((_proof(item), "dim"), indent=12)


def _proof(item: Milestone) -> str:
    proofs = (f"{proof.project}: {', '.join(proof.features)}" for proof in item.proven_by)
    words = "; ".join(proofs)
    return f"proven by {words}" if words else "attested by its owner: no test can show it"


def windows(sheet: Sheet, items: Iterable[Window]) -> Iterator[Text]:
    """Yield application windows with the week from which they are open."""
    for item in items:
        text = f"{item.title}, from week {item.week} on{sheet.refs(item.id)}"
        yield from sheet.row(item.id, text, indent=2, hang=18, style="bold")


def schedule(sheet: Sheet, item: Schedule) -> Iterator[Text]:
    """Yield the days of a week."""
    facts = f"weeks {item.weeks}, {item.hours_per_week} hours a week{sheet.refs(item.id)}"
    yield from sheet.say((item.title, "bold"), f": {facts}")
    for slot in item.slots:
        days = ", ".join(day[:3] for day in slot.days)
        each = " each" if len(slot.days) > 1 else ""
        text = f"{slot.activity} ({slot.hours} hours{each})"
        yield from sheet.row(days, text, indent=4, hang=15)


def notes(sheet: Sheet, items: Iterable[Note]) -> Iterator[Text]:
    """Yield notes under their numbers."""
    for item in items:
        yield from sheet.row(f"[{sheet.number(item)}]", item.text, indent=2, hang=4)
