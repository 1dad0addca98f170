"""The checklist of a template: read, tied to its roadmap, and written for people."""

from __future__ import annotations

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from scaffolder.documents import Table, read_document
from scaffolder.errors import InvalidTemplate
from scaffolder.models import Evidence, Feature, Level, Weeks
from scaffolder.names import is_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scaffolder.errors import DataProblem
    from scaffolder.roadmap.models import Roadmap, RoadmapProject

SCHEMA = 1
_OWN_KEYS = ("id", "level", "requires", "owns", "hint", "evidence")
_TIE_KEYS = ("title", "phase", "weeks", "milestones")
_EVIDENCE_KEYS = ("id", "kind", "level", "timeout_s", "services")


def read_features(
    path: Path, *, tied: bool, error: type[DataProblem] = InvalidTemplate
) -> tuple[Feature, ...]:
    """Read the features of a ``checklist.yml``: a template's, or a generated repository's.

    Args:
        path: The file.
        tied: Whether titles and ties come from a roadmap, so that the file has none.
        error: What is raised.

    Raises:
        DataProblem: as `error`, with file, key and line.
    """
    table = read_document(path, error)
    table.only("schema", "features")
    if table.integer("schema") != SCHEMA:
        raise table.problem(f"must be {SCHEMA}", "schema", mend="upgrade portfolio-scaffolder")
    tables = table.tables("features")
    features = tuple(_feature(item, tied=tied) for item in tables)
    _check_ids(tables, features)
    _check_requires(tables, features)
    return features


def tie(
    features: Iterable[Feature], roadmap: Roadmap, project: RoadmapProject, *, file: Path
) -> tuple[Feature, ...]:
    """Join the features of the checklist `file` with the titles and ties of the roadmap.

    Raises:
        InvalidTemplate: when a feature is unknown to the roadmap, or a `must` one is missing.
    """
    entries = {entry.id: entry for entry in project.features}
    own = {feature.id: feature for feature in features}
    place = f"{project.id} in the roadmap {roadmap.id}"
    for unknown in sorted(own.keys() - entries.keys()):
        raise InvalidTemplate(f"{place} has no feature {unknown!r}", file=file)
    for entry in project.features:
        if entry.level is Level.MUST and entry.id not in own:
            raise InvalidTemplate(f"{place} has a feature {entry.id!r}; it is missing", file=file)
    return tuple(
        replace(
            feature,
            title=entries[feature.id].title,
            level=entries[feature.id].level,
            phase=entries[feature.id].phase,
            weeks=entries[feature.id].weeks,
            milestones=entries[feature.id].milestones,
        )
        for feature in own.values()
    )


def select(features: Sequence[Feature], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of `wanted` in checklist order."""
    chosen = set(wanted)
    return tuple(feature.id for feature in features if feature.id in chosen)


def missing_requirements(
    features: Sequence[Feature], built: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return, for each built feature, the required ones that are not built."""
    return {
        feature.id: missing
        for feature in features
        if feature.id in built
        and (missing := tuple(other for other in feature.requires if other not in built))
    }


def as_document(features: Sequence[Feature]) -> dict[str, object]:
    """Return the content of ``.scaffolder/checklist.yml``."""
    return {"schema": SCHEMA, "features": [_as_mapping(feature) for feature in features]}


def _feature(table: Table, *, tied: bool) -> Feature:
    table.only(*_OWN_KEYS, *(() if tied else _TIE_KEYS))
    identity = table.text("id")
    if not is_id(identity):
        raise table.problem(f"{identity!r} is no id: small letters, digits and hyphens", "id")
    return Feature(
        id=identity,
        title="" if tied else table.text("title"),
        level=Level(table.choice("level", tuple(Level), Level.MUST)),
        phase=table.integer("phase") if "phase" in table else None,
        weeks=_weeks(table) if "weeks" in table else None,
        milestones=table.texts("milestones", ()),
        requires=table.texts("requires", ()),
        owns=table.texts("owns", ()),
        hint=table.text("hint", ""),
        evidence=tuple(_evidence(item) for item in table.tables("evidence", optional=True)),
    )


def _weeks(table: Table) -> Weeks:
    match table.integers("weeks"):
        case (first, last) if 1 <= first <= last:
            return Weeks(first=first, last=last)
    raise table.problem("must be [first, last]", "weeks")


def _evidence(table: Table) -> Evidence:
    details = {name: table.value(name) for name in table.nodes if name not in _EVIDENCE_KEYS}
    if table.integer("timeout_s", 1) < 1:
        raise table.problem("must be a number of seconds", "timeout_s")
    return Evidence(
        id=table.text("id"),
        kind=table.text("kind"),
        level=Level(table.choice("level", tuple(Level), Level.MUST)),
        timeout_s=table.integer("timeout_s") if "timeout_s" in table else None,
        services=table.texts("services", ()),
        details=details,
    )


def _check_ids(tables: Sequence[Table], features: Sequence[Feature]) -> None:
    seen: set[str] = set()
    for table, feature in zip(tables, features, strict=True):
        for identity in (feature.id, *(item.id for item in feature.evidence)):
            if identity in seen:
                raise table.problem(f"the id {identity!r} stands twice", "id")
            seen.add(identity)


def _check_requires(tables: Sequence[Table], features: Sequence[Feature]) -> None:
    known = {feature.id: table for table, feature in zip(tables, features, strict=True)}
    for feature in features:
        for other in feature.requires:
            if other not in known:
                raise known[feature.id].problem(f"no feature is called {other!r}", "requires")
    try:
        TopologicalSorter({feature.id: feature.requires for feature in features}).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        path = " -> ".join(circle)
        raise known[circle[0]].problem(f"runs in a circle: {path}", "requires") from error


def _as_mapping(feature: Feature) -> dict[str, object]:
    weeks = feature.weeks
    mapping: dict[str, object] = {
        "id": feature.id,
        "title": feature.title,
        "level": str(feature.level),
        "phase": feature.phase,
        "weeks": [weeks.first, weeks.last] if weeks else None,
        "milestones": list(feature.milestones),
        "requires": list(feature.requires),
        "owns": list(feature.owns),
        "hint": feature.hint,
        "evidence": [_evidence_mapping(item) for item in feature.evidence],
    }
    return {key: value for key, value in mapping.items() if value not in (None, "")}


def _evidence_mapping(evidence: Evidence) -> dict[str, object]:
    mapping: dict[str, object] = {"id": evidence.id, "kind": evidence.kind}
    if evidence.level is not Level.MUST:
        mapping["level"] = str(evidence.level)
    if evidence.timeout_s is not None:
        mapping["timeout_s"] = evidence.timeout_s
    if evidence.services:
        mapping["services"] = list(evidence.services)
    return mapping | dict(evidence.details)
