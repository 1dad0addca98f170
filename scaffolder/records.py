"""What a generated repository knows about itself, as it is at birth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from scaffolder import __version__
from scaffolder.checklist import as_document
from scaffolder.compose import CHECKLIST, RECORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffolder.answers import Answer
    from scaffolder.compose import Composition
    from scaffolder.models import Feature, Template
    from scaffolder.roadmap.models import Roadmap, RoadmapProject

PROJECT_FILE = RECORDS + "project.yml"
CHECKLIST_FILE = RECORDS + "checklist.yml"
RESULTS_FILE = RECORDS + "results.json"
SCHEMA = 1

_HEADER = "# Written by portfolio-scaffolder; it belongs to the template.\n"


def birth_records(
    template: Template,
    composition: Composition,
    answers: Mapping[str, Answer],
    features: Sequence[Feature],
    checklist: str,
) -> dict[str, str]:
    """Return the generated records as path to text."""
    return {
        PROJECT_FILE: _HEADER + _yaml(_project(template, composition, answers)),
        CHECKLIST_FILE: _HEADER + _yaml(as_document(features)),
        RESULTS_FILE: json.dumps({"features": {}, "schema": SCHEMA}, indent=2) + "\n",
        CHECKLIST: checklist,
    }


def checklist_page(
    name: str,
    features: Sequence[Feature],
    roadmap: Roadmap | None,
    project: RoadmapProject | None,
) -> str:
    """Return ``CHECKLIST.md`` as it is at birth: nothing is proven yet."""
    lines = [f"# Checklist of {name}", ""]
    if roadmap and project:
        lines += [_ties(roadmap, project), ""]
    lines += [
        "| feature | what | phase | milestones | outcome | evidence |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_feature_row(feature) for feature in features]
    if roadmap and project:
        lines += _planned_rows(features, project)
        lines += ["", "## Milestones", "", *_milestones(roadmap, project)]
    lines += ["", "## Evidence", "", "A feature is proven when all its evidence passes.", ""]
    lines += [_evidence_line(feature) for feature in features]
    return "\n".join(lines) + "\n"


def _ties(roadmap: Roadmap, project: RoadmapProject) -> str:
    phase = next(phase for phase in roadmap.phases if phase.id == project.phase)
    milestones = ", ".join(f"`{milestone}`" for milestone in project.milestones)
    return (
        f"Phase {phase.id}: {phase.title}, weeks {project.weeks}. "
        f"Milestones: {milestones}. Roadmap: {roadmap.title}."
    )


def _feature_row(feature: Feature) -> str:
    milestones = ", ".join(f"`{milestone}`" for milestone in feature.milestones)
    count = f"0 of {len(feature.evidence)}" if feature.evidence else "none declared"
    phase = str(feature.phase or "")
    return _row(f"`{feature.id}`", _title(feature), phase, milestones, "to do", count)


def _milestones(roadmap: Roadmap, project: RoadmapProject) -> list[str]:
    return [
        f"- `{milestone.id}`, week {milestone.week}: {milestone.title}"
        for milestone in roadmap.milestones
        if milestone.id in project.milestones
    ]


def _evidence_line(feature: Feature) -> str:
    ids = ", ".join(f"`{item.id}`" for item in feature.evidence)
    return f"- `{feature.id}`: {ids or 'none declared'}"


def _planned_rows(features: Sequence[Feature], project: RoadmapProject) -> list[str]:
    there = {feature.id for feature in features}
    return [
        _row(f"`{entry.id}`", f"{entry.title} (stretch)", str(entry.phase), "", "planned", "")
        for entry in project.features
        if entry.id not in there
    ]


def _title(feature: Feature) -> str:
    return feature.title + (" (stretch)" if feature.level == "stretch" else "")


def _row(*cells: str) -> str:
    # On one line, whatever a plugin wrote: a line break would end the table.
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def _project(
    template: Template, composition: Composition, answers: Mapping[str, Answer]
) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "template": {"id": template.id, "version": template.version},
        "layers": dict(composition.layers),
        "suite": composition.suite,
        "scaffolder": __version__,
        "roadmap": template.roadmap,
        "project": template.project,
        "built": list(composition.built),
        "answers": dict(answers),
    }


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
