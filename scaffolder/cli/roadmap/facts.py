"""A roadmap as JSON: the names are those of the values, an absent fact is null.

The schema stands in ``docs/schemas/roadmap.json``.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from scaffolder.models import Weeks
from scaffolder.roadmap.models import Hours

if TYPE_CHECKING:
    from scaffolder.roadmap.models import Roadmap
    from scaffolder.roadmap.plans import PhasePlan, WeekPlan

SCHEMA = "scaffolder/roadmap@1"
_HEAD = ("id", "title", "weeks", "hours_per_week", "readiness_week")


def whole(roadmap: Roadmap) -> dict[str, Any]:
    """Return everything that the roadmap says."""
    return {"schema": SCHEMA, "roadmap": plain(roadmap)}


def part(roadmap: Roadmap, phase: PhasePlan | None, week: WeekPlan | None) -> dict[str, Any]:
    """Return what was asked for, with the head of the roadmap."""
    asked = {"phase": phase, "week": week}
    head = {name: plain(getattr(roadmap, name)) for name in _HEAD}
    parts = {name: plain(plan) for name, plan in asked.items() if plan}
    return {"schema": SCHEMA, "roadmap": head, **parts}


def plain(value: Any) -> Any:
    """Return a value of mappings, lists, texts and numbers; a span is a pair."""
    match value:
        case Weeks(first=low, last=high) | Hours(low=low, high=high):
            return [low, high]
        case tuple():
            return [plain(item) for item in value]
        case str():
            return str(value) or None
        case _ if is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value
