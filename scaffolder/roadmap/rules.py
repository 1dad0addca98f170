"""What must hold between the parts of a roadmap; a breach is placed where it is written.

Tidy dates are not demanded: a project may lie outside its phase where a note says why.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from scaffolder.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scaffolder.documents import Table
    from scaffolder.roadmap.models import Phase, RoadmapFeature, RoadmapProject, Schedule

SCHEMA = 1
_HEAD = (
    *("schema", "id", "title", "tagline", "structure", "weeks", "hours_per_week"),
    *("readiness_week", "outcome", "milestones", "windows", "schedules", "notes"),
    *("reading", "investment"),
)


def phase_place(phase: int) -> str:
    """Return the name by which notes speak of a phase."""
    return f"phase-{phase}"


def rows(table: Table, name: str) -> tuple[Table, ...]:
    """Return the list of tables under `name`, empty where there is none."""
    return table.tables(name, optional=True)


def check_head(head: Table) -> None:
    """Refuse unknown keys, another format, and a roadmap without weeks."""
    schema = head.integer("schema")
    if schema != SCHEMA:
        mend = "update portfolio-scaffolder" if schema > SCHEMA else ""
        raise head.problem(f"must be {SCHEMA}, the format that is known here", "schema", mend=mend)
    head.only(*_HEAD)
    if head.integer("weeks") < 1:
        raise head.problem("must be 1 or more", "weeks")


def check_contiguous(head: Table, tables: Sequence[Table], phases: Sequence[Phase]) -> None:
    """Refuse phases that are misnumbered, or leave a gap, overlap or fall short."""
    _check_numbers(tables, phases)
    start = 1
    for number, (table, phase) in enumerate(zip(tables, phases, strict=True), 1):
        if phase.weeks.first != start:
            what = f"phase {number} has weeks {phase.weeks}, but must start with week {start}"
            raise table.problem(what, "weeks")
        start = phase.weeks.last + 1
    if start <= head.integer("weeks"):
        what = f"the last phase ends with week {start - 1}, the roadmap with {head.value('weeks')}"
        raise tables[-1].problem(what, "weeks")


def _check_numbers(tables: Sequence[Table], phases: Sequence[Phase]) -> None:
    taken: set[int] = set()
    for table, phase in zip(tables, phases, strict=True):
        if not 1 <= phase.id <= len(phases):
            last = len(phases)
            what = f"phase {phase.id} leaves a gap: {last} phases are numbered 1 to {last}"
            raise table.problem(what, "id")
        if phase.id in taken:
            raise table.problem(f"there is a phase {phase.id} already", "id")
        taken.add(phase.id)


def unique_places(head: Table, phases: Mapping[int, Table]) -> frozenset[str]:
    """Return the names of all that notes can speak of; refuse one that stands twice."""
    taken = {phase_place(number): table for number, table in phases.items()}
    taken[head.text("id")] = head
    for table in _with_id(head, phases.values()):
        name = table.text("id")
        if name in taken:
            place = f"{taken[name].file.name}:{taken[name].line}"
            raise table.problem(f"the id {name!r} is taken: it stands in {place} too", "id")
        taken[name] = table
    return frozenset(taken)


def _with_id(head: Table, phases: Iterable[Table]) -> Iterator[Table]:
    for phase in phases:
        for section in rows(phase, "sections"):
            yield section
            for resource in section.tables("resources"):
                yield resource
                yield from (resource.table(name) for name in ("practice",) if name in resource)
        yield from rows(phase, "projects")
    for name in ("milestones", "windows", "schedules", "notes"):
        yield from rows(head, name)


def check_projects(
    tables: Iterable[Table], projects: Iterable[RoadmapProject], phases: Mapping[int, Phase]
) -> None:
    """Refuse unknown phases, and dates outside a phase that no note explains."""
    written = (item for table in tables for item in rows(table, "projects"))
    for table, project in zip(written, projects, strict=True):
        _check_dates(table, project, project, phases)
        for row, feature in zip(table.tables("features"), project.features, strict=True):
            if feature.phase not in phases:
                known = f"phases are 1 to {len(phases)}"
                raise row.problem(f"phase {feature.phase} is unknown; {known}", "phase")
            if "weeks" in row or "phase" in row:
                _check_dates(row, feature, project, phases)


def _check_dates(
    table: Table,
    part: RoadmapProject | RoadmapFeature,
    project: RoadmapProject,
    phases: Mapping[int, Phase],
) -> None:
    span = phases[part.phase].weeks
    if part.weeks.first in span and part.weeks.last in span:
        return
    if not project.notes:
        what = f"weeks {part.weeks} lie outside phase {part.phase} (weeks {span})"
        mend = f"correct it, or say why in a note about {project.id} in roadmap.yml"
        raise table.problem(f"{what}, and no note says why", "weeks", mend=mend)


def check_schedules(tables: Sequence[Table], schedules: Sequence[Schedule]) -> None:
    """Refuse two weekly schedules for one week."""
    written = sorted(
        zip(schedules, tables, strict=True), key=lambda pair: (pair[0].weeks.first, pair[1].line)
    )
    for (earlier, _), (later, table) in pairwise(written):
        if later.weeks.first <= earlier.weeks.last:
            what = f"weeks {later.weeks} overlap those of {earlier.id} (weeks {earlier.weeks})"
            raise table.problem(what, "weeks")


def known(table: Table, key: str, name: str, names: Iterable[str], kind: str) -> None:
    """Refuse a `name` at `key` that is not among `names`."""
    names = tuple(names)
    if name not in names:
        raise table.problem(f"the {kind} {name!r} is unknown; {did_you_mean(name, names)}", key)
