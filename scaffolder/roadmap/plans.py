"""Parts of a roadmap, looked up: what a phase holds, what a week asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffolder.errors import UnknownPlace
from scaffolder.roadmap.rules import phase_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffolder.models import Weeks
    from scaffolder.roadmap.models import (
        Milestone,
        Note,
        Phase,
        Roadmap,
        RoadmapFeature,
        RoadmapProject,
        Schedule,
        Section,
        Window,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A project, and those of its features that a phase or a week asks for."""

    project: RoadmapProject
    features: tuple[RoadmapFeature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasePlan:
    """A phase with all that belongs to it or falls into its weeks."""

    phase: Phase
    work: tuple[Work, ...]
    milestones: tuple[Milestone, ...]
    windows: tuple[Window, ...]
    schedules: tuple[Schedule, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPlan:
    """A week: `due` is reached by its end, `ahead` next after it; `windows` are open."""

    week: int
    phase: Phase
    work: tuple[Work, ...]
    due: tuple[Milestone, ...]
    ahead: tuple[Milestone, ...]
    windows: tuple[Window, ...]
    schedule: Schedule | None
    notes: tuple[Note, ...]


def find_phase(roadmap: Roadmap, number: int) -> Phase:
    """Return the phase with that number.

    Raises:
        UnknownPlace: The roadmap has none.
    """
    if not 1 <= number <= len(roadmap.phases):
        raise _unknown(roadmap, "phase", number, len(roadmap.phases))
    return roadmap.phases[number - 1]


def phase_at(roadmap: Roadmap, week: int) -> Phase:
    """Return the phase of a week.

    Raises:
        UnknownPlace: The roadmap has no such week.
    """
    for phase in roadmap.phases:
        if week in phase.weeks:
            return phase
    raise _unknown(roadmap, "week", week, roadmap.weeks)


def _unknown(roadmap: Roadmap, kind: str, number: int, last: int) -> UnknownPlace:
    what = f"the roadmap {roadmap.id} has no {kind} {number}"
    nearest = max(1, min(number, last))
    mend = f"scaffolder roadmap --{kind} {nearest}"
    return UnknownPlace(what, why=f"it has {kind}s 1 to {last}", mend=mend)


def work_at(roadmap: Roadmap, week: int) -> tuple[Work, ...]:
    """Return what the roadmap has built in a week."""
    return _work(roadmap, lambda feature: week in feature.weeks)


def work_in(roadmap: Roadmap, phase: int) -> tuple[Work, ...]:
    """Return what belongs to a phase, whenever its weeks are."""
    return _work(roadmap, lambda feature: feature.phase == phase)


def _work(roadmap: Roadmap, wanted: Callable[[RoadmapFeature], bool]) -> tuple[Work, ...]:
    work = (
        Work(project=project, features=tuple(filter(wanted, project.features)))
        for project in roadmap.projects
    )
    return tuple(item for item in work if item.features)


def schedule_at(roadmap: Roadmap, week: int) -> Schedule | None:
    """Return the weekly schedule that holds in a week, if there is one."""
    return next((item for item in roadmap.schedules if week in item.weeks), None)


def notes_about(roadmap: Roadmap, *places: str) -> tuple[Note, ...]:
    """Return the notes on any of these ids; a phase is named ``phase-1``."""
    return tuple(note for note in roadmap.notes if set(places) & set(note.about))


def plan_phase(roadmap: Roadmap, number: int) -> PhasePlan:
    """Return a phase with its projects, milestones, windows, schedules and notes.

    Raises:
        UnknownPlace: The roadmap has no such phase.
    """
    phase = find_phase(roadmap, number)
    work = work_in(roadmap, number)
    windows = tuple(window for window in roadmap.windows if window.week in phase.weeks)
    schedules = tuple(item for item in roadmap.schedules if _meet(item.weeks, phase.weeks))
    return PhasePlan(
        phase=phase,
        work=work,
        milestones=tuple(item for item in roadmap.milestones if item.week in phase.weeks),
        windows=windows,
        schedules=schedules,
        notes=notes_about(
            roadmap, *_places(phase), *_ids(*(item.project for item in work), *windows, *schedules)
        ),
    )


def plan_week(roadmap: Roadmap, week: int) -> WeekPlan:
    """Return what a week asks for.

    Raises:
        UnknownPlace: The roadmap has no such week.
    """
    phase = phase_at(roadmap, week)
    work = work_at(roadmap, week)
    windows = tuple(window for window in roadmap.windows if window.week <= week)
    schedule = schedule_at(roadmap, week)
    later = [item.week for item in roadmap.milestones if item.week > week]
    about = _ids(*(item.project for item in work), *windows, *([schedule] if schedule else []))
    return WeekPlan(
        week=week,
        phase=phase,
        work=work,
        due=tuple(item for item in roadmap.milestones if item.week == week),
        ahead=tuple(item for item in roadmap.milestones if later and item.week == later[0]),
        windows=windows,
        schedule=schedule,
        notes=notes_about(roadmap, *_places(phase), *about),
    )


def _meet(one: Weeks, other: Weeks) -> bool:
    return one.first <= other.last and other.first <= one.last


def _places(phase: Phase) -> list[str]:
    resources = (resource for section in phase.sections for resource in section.resources)
    return [phase_place(phase.id), *_ids(*phase.sections), *(resource.id for resource in resources)]


def _ids(*parts: RoadmapProject | Section | Window | Schedule) -> list[str]:
    return [part.id for part in parts]
