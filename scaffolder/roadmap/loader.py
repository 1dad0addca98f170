"""A roadmap's folder read into one value, with everything that must hold checked.

The folder has ``roadmap.yml`` and a file for each phase in ``phases/``. A fact is written once:
the milestones of a feature follow from what proves each milestone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scaffolder.documents import read_document
from scaffolder.errors import InvalidRoadmap
from scaffolder.models import Level
from scaffolder.roadmap.models import Milestone, Note, Phase, Proof, Roadmap, RoadmapProject
from scaffolder.roadmap.reader import (
    add_hours,
    read_hours,
    read_id,
    read_investment,
    read_project,
    read_schedule,
    read_section,
    read_shelf,
    read_week,
    read_weeks,
    read_window,
)
from scaffolder.roadmap.rules import (
    check_contiguous,
    check_head,
    check_projects,
    check_schedules,
    known,
    rows,
    unique_places,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from scaffolder.documents import Table
    from scaffolder.roadmap.models import Investment, Schedule, Window


def read_roadmap(folder: Path) -> Roadmap:
    """Read a roadmap from its folder.

    Raises:
        InvalidRoadmap: A file breaks the format, or the roadmap contradicts itself; the error
            names file, key and line.
    """
    head = read_document(folder / "roadmap.yml", InvalidRoadmap)
    check_head(head)
    last = head.integer("weeks")
    tables = _phase_tables(folder / "phases")
    phases = tuple(_phase(table, last) for table in tables)
    check_contiguous(head, tables, phases)
    notes = _notes(head, tables)
    projects = _projects(tables, last)
    milestones = _milestones(head, projects, last)
    tied = tuple(_tied(project, milestones, notes) for project in projects)
    check_projects(tables, tied, {phase.id: phase for phase in phases})
    return Roadmap(
        id=read_id(head),
        title=head.text("title"),
        weeks=last,
        phases=phases,
        tagline=head.text("tagline", ""),
        structure=head.texts("structure", ()),
        hours_per_week=read_hours(head),
        readiness_week=_readiness(head, last),
        outcome=head.text("outcome", ""),
        projects=tied,
        milestones=milestones,
        windows=_windows(head, last),
        schedules=_schedules(rows(head, "schedules"), last),
        notes=notes,
        reading=tuple(read_shelf(table) for table in rows(head, "reading")),
        investment=_investment(head),
    )


def _phase_tables(folder: Path) -> tuple[Table, ...]:
    tables = [read_document(path, InvalidRoadmap) for path in sorted(folder.glob("*.yml"))]
    if not tables:
        raise InvalidRoadmap("holds no phase: each is a file such as 1-basics.yml", file=folder)
    return tuple(sorted(tables, key=lambda table: table.integer("id")))


def _phase(table: Table, last: int) -> Phase:
    table.only("id", "title", "weeks", "goal", "sections", "projects")
    number = table.integer("id")
    sections = tuple(read_section(item, number) for item in rows(table, "sections"))
    resources = (resource for section in sections for resource in section.resources)
    return Phase(
        id=number,
        title=table.text("title"),
        weeks=read_weeks(table, last),
        goal=table.text("goal"),
        hours_per_week=add_hours(sections),
        sections=sections,
        practices=tuple(resource.practice for resource in resources if resource.practice),
    )


def _notes(head: Table, tables: Iterable[Table]) -> tuple[Note, ...]:
    places = unique_places(head, {table.integer("id"): table for table in tables})
    return tuple(_note(table, places) for table in rows(head, "notes"))


def _note(table: Table, places: frozenset[str]) -> Note:
    table.only("id", "text", "about")
    about = table.texts("about", ())
    for place in about:
        known(table, "about", place, places, "place")
    return Note(id=read_id(table), text=table.text("text"), about=about)


def _projects(tables: Iterable[Table], last: int) -> tuple[RoadmapProject, ...]:
    return tuple(
        read_project(item, table.integer("id"), last)
        for table in tables
        for item in rows(table, "projects")
    )


def _milestones(
    head: Table, projects: Iterable[RoadmapProject], last: int
) -> tuple[Milestone, ...]:
    by_id = {project.id: project for project in projects}
    read = (_milestone(table, by_id, last) for table in rows(head, "milestones"))
    return tuple(sorted(read, key=lambda milestone: milestone.week))


def _milestone(table: Table, projects: Mapping[str, RoadmapProject], last: int) -> Milestone:
    table.only("id", "week", "title", "proven_by")
    return Milestone(
        id=read_id(table),
        week=read_week(table, "week", last),
        title=table.text("title"),
        proven_by=tuple(_proof(row, projects) for row in rows(table, "proven_by")),
    )


def _proof(table: Table, projects: Mapping[str, RoadmapProject]) -> Proof:
    table.only("project", "features")
    name = table.text("project")
    known(table, "project", name, projects, "project")
    levels = {feature.id: feature.level for feature in projects[name].features}
    counting = tuple(name for name, level in levels.items() if level is Level.MUST)
    features = table.texts("features", counting)
    for feature in features:
        known(table, "features", feature, levels, "feature")
        if levels[feature] is Level.STRETCH:
            raise table.problem(f"{feature!r} is stretch, which proves no milestone", "features")
    if not features:
        raise table.problem("names no feature", "features")
    return Proof(project=name, features=features)


def _tied(
    project: RoadmapProject, milestones: Iterable[Milestone], notes: Iterable[Note]
) -> RoadmapProject:
    """Return the project with its notes, and with the milestones that each feature proves."""
    proofs = [
        (milestone.id, proof.features)
        for milestone in milestones
        for proof in milestone.proven_by
        if proof.project == project.id
    ]
    features = tuple(
        replace(feature, milestones=tuple(id_ for id_, names in proofs if feature.id in names))
        for feature in project.features
    )
    return replace(
        project,
        features=features,
        milestones=tuple(dict.fromkeys(id_ for id_, _ in proofs)),
        notes=tuple(note for note in notes if project.id in note.about),
    )


def _readiness(head: Table, last: int) -> int | None:
    name = "readiness_week"
    return read_week(head, name, last) if name in head else None


def _investment(head: Table) -> Investment | None:
    return read_investment(head.table("investment")) if "investment" in head else None


def _windows(head: Table, last: int) -> tuple[Window, ...]:
    windows = (read_window(table, last) for table in rows(head, "windows"))
    return tuple(sorted(windows, key=lambda window: window.week))


def _schedules(tables: Sequence[Table], last: int) -> tuple[Schedule, ...]:
    schedules = tuple(read_schedule(table, last) for table in tables)
    check_schedules(tables, schedules)
    return tuple(sorted(schedules, key=lambda schedule: schedule.weeks.first))
