"""Tables of a roadmap's files turned into values, one by one; what ties them is in `roadmap`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffolder.models import Level, Weeks
from scaffolder.roadmap.models import (
    Book,
    Cost,
    Hours,
    Investment,
    Practice,
    Rating,
    Resource,
    RoadmapFeature,
    RoadmapProject,
    Schedule,
    Section,
    Shelf,
    Slot,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffolder.documents import Table

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KINDS = ("book", "course", "documentation", "reference", "video")
HOURS_IN_A_WEEK = 168
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PAIR = 2


def read_id(table: Table) -> str:
    """Return the table's id: lower case letters, digits, single hyphens between them."""
    value = table.text("id")
    if not _ID.fullmatch(value):
        raise table.problem(f"{value!r} is no id: use lower case letters, digits and hyphens", "id")
    return value


def read_week(table: Table, name: str, last: int) -> int:
    """Return a week from 1 to `last`."""
    week = table.integer(name)
    if not 1 <= week <= last:
        raise table.problem(f"week {week} is outside the roadmap (weeks 1-{last})", name)
    return week


def read_weeks(table: Table, last: int) -> Weeks:
    """Return the span under ``weeks``, which must lie within 1 to `last`."""
    span = table.integers("weeks")
    if len(span) != _PAIR or span[0] > span[1]:
        raise table.problem("must be the first and the last week, as in [5, 6]", "weeks")
    weeks = Weeks(first=span[0], last=span[1])
    if weeks.first < 1 or weeks.last > last:
        raise table.problem(f"weeks {weeks} are outside the roadmap (weeks 1-{last})", "weeks")
    return weeks


def read_hours(table: Table) -> Hours | None:
    """Return ``hours_per_week``, a number or a pair, where it is given."""
    name = "hours_per_week"
    if name not in table:
        return None
    if isinstance(table.value(name), list):
        span = table.integers(name)
        if len(span) != _PAIR or span[0] > span[1]:
            raise table.problem("must be a number of hours, or the least and the most", name)
    else:
        span = (table.integer(name),) * 2
    if span[0] < 1 or span[1] > HOURS_IN_A_WEEK:
        raise table.problem(f"must lie between 1 and {HOURS_IN_A_WEEK} hours", name)
    return Hours(low=span[0], high=span[1])


def add_hours(sections: Iterable[Section]) -> Hours | None:
    """Return the hours a week of all sections together, where any gives them."""
    given = [section.hours_per_week for section in sections if section.hours_per_week]
    if not given:
        return None
    return Hours(low=sum(hours.low for hours in given), high=sum(hours.high for hours in given))


def read_section(table: Table, phase: int) -> Section:
    """Read a subject of a phase."""
    table.only("id", "title", "hours_per_week", "resources")
    return Section(
        id=read_id(table),
        title=table.text("title"),
        hours_per_week=read_hours(table),
        resources=tuple(_resource(item, phase) for item in table.tables("resources")),
    )


def _resource(table: Table, phase: int) -> Resource:
    table.only(*Resource.__dataclass_fields__)
    identifier = read_id(table)
    return Resource(
        id=identifier,
        title=table.text("title"),
        kind=table.choice("kind", KINDS),
        provider=table.text("provider", ""),
        authors=table.texts("authors", ()),
        instructor=table.text("instructor", ""),
        url=_url(table),
        rating=_rating(table),
        duration=table.text("duration", ""),
        hours_per_week=read_hours(table),
        resource=table.text("resource", ""),
        usage=table.text("usage", ""),
        focus=table.text("focus", ""),
        chapters=table.text("chapters", ""),
        services=table.texts("services", ()),
        advanced=table.text("advanced", ""),
        why=table.text("why", ""),
        practice=_practice(table, phase, identifier),
    )


def _url(table: Table) -> str:
    url = table.text("url", "")
    if url and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", url):
        raise table.problem("must be a whole URL that starts with https:// or http://", "url")
    return url


def _rating(table: Table) -> Rating | None:
    if "rating" not in table:
        return None
    rating = table.table("rating")
    rating.only("score", "out_of", "students")
    score, out_of = rating.value("score"), rating.integer("out_of")
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= out_of:
        raise rating.problem(f"must be a number from 0 to {out_of}", "score")
    return Rating(score=score, out_of=out_of, students=_at_least(rating, "students", 0))


def _at_least(table: Table, name: str, least: int) -> int:
    value = table.integer(name)
    if value < least:
        raise table.problem(f"must be {least} or more", name)
    return value


def _practice(table: Table, phase: int, resource: str) -> Practice | None:
    if "practice" not in table:
        return None
    practice = table.table("practice")
    practice.only("id", "text")
    return Practice(
        id=read_id(practice), text=practice.text("text"), phase=phase, resource=resource
    )


def read_project(table: Table, phase: int, last: int) -> RoadmapProject:
    """Read a project and its features; milestones and notes are tied later."""
    given = set(RoadmapProject.__dataclass_fields__) - {"phase", "milestones", "notes"}
    table.only(*sorted(given))
    weeks = read_weeks(table, last)
    return RoadmapProject(
        id=read_id(table),
        title=table.text("title"),
        phase=phase,
        weeks=weeks,
        heading=table.text("heading", ""),
        label=table.text("label", ""),
        stack=table.texts("stack", ()),
        architecture=table.text("architecture", ""),
        features=_features(table.tables("features"), phase, weeks, last),
        advanced=table.text("advanced", ""),
        deployment=table.text("deployment", ""),
        goal=table.text("goal", ""),
    )


def _features(
    tables: Iterable[Table], phase: int, weeks: Weeks, last: int
) -> tuple[RoadmapFeature, ...]:
    features: dict[str, RoadmapFeature] = {}
    for table in tables:
        feature = _feature(table, phase, weeks, last)
        if feature.id in features:
            raise table.problem(f"the feature {feature.id!r} stands twice", "id")
        features[feature.id] = feature
    return tuple(features.values())


def _feature(table: Table, phase: int, weeks: Weeks, last: int) -> RoadmapFeature:
    table.only("id", "title", "level", "phase", "weeks", "note")
    levels = tuple(str(level) for level in Level)
    return RoadmapFeature(
        id=read_id(table),
        title=table.text("title"),
        phase=table.integer("phase", phase),
        weeks=read_weeks(table, last) if "weeks" in table else weeks,
        level=Level(table.choice("level", levels, str(Level.MUST))),
        note=table.text("note", ""),
    )


def read_window(table: Table, last: int) -> Window:
    """Read an application window."""
    table.only("id", "title", "week")
    week = read_week(table, "week", last)
    return Window(id=read_id(table), title=table.text("title"), week=week)


def read_schedule(table: Table, last: int) -> Schedule:
    """Read the template of a week."""
    table.only("id", "title", "weeks", "slots")
    slots = tuple(_slot(item) for item in table.tables("slots"))
    return Schedule(
        id=read_id(table),
        title=table.text("title"),
        weeks=read_weeks(table, last),
        hours_per_week=sum(slot.hours * len(slot.days) for slot in slots),
        slots=slots,
    )


def _slot(table: Table) -> Slot:
    table.only("days", "hours", "activity")
    days = table.texts("days")
    for day in days:
        if day not in DAYS:
            raise table.problem(f"{day!r} is no day: use {', '.join(DAYS)}", "days")
    return Slot(days=days, hours=_at_least(table, "hours", 1), activity=table.text("activity"))


def read_shelf(table: Table) -> Shelf:
    """Read the books on one subject."""
    table.only("title", "books")
    return Shelf(
        title=table.text("title"), books=tuple(_book(book) for book in table.tables("books"))
    )


def _book(table: Table) -> Book:
    table.only("title", "authors", "about")
    return Book(
        title=table.text("title"), authors=table.texts("authors"), about=table.text("about", "")
    )


def read_investment(table: Table) -> Investment:
    """Read what the resources cost."""
    table.only("total", "items", "criteria")
    return Investment(
        total=table.text("total"),
        items=tuple(_cost(item) for item in table.tables("items", optional=True)),
        criteria=table.texts("criteria", ()),
    )


def _cost(table: Table) -> Cost:
    table.only("title", "cost", "note")
    return Cost(title=table.text("title"), cost=table.text("cost"), note=table.text("note", ""))
