"""What a generated repository knows about itself, as it is at birth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from scaffolder import __version__
from scaffolder.checklist import as_document
from scaffolder.compose import CHECKLIST, RECORDS
from scaffolder.reports import badge, page
from scaffolder.results import EvidenceResult, FeatureResult, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffolder.answers import Answer
    from scaffolder.compose import Composition
    from scaffolder.models import Feature, Template
    from scaffolder.roadmap.models import Roadmap, RoadmapProject

PROJECT_FILE = RECORDS + "project.yml"
CHECKLIST_FILE = RECORDS + "checklist.yml"
RESULTS_FILE = RECORDS + "results.json"
BADGE_FILE = RECORDS + "badge.json"
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
        CHECKLIST_FILE: checklist_text(features),
        RESULTS_FILE: json.dumps({"features": {}, "schema": SCHEMA}, indent=2) + "\n",
        BADGE_FILE: badge.draw(_unproven(features)),
        CHECKLIST: checklist,
    }


def checklist_text(features: Sequence[Feature]) -> str:
    """Return the content of ``.scaffolder/checklist.yml``."""
    return _HEADER + _yaml(as_document(features))


def checklist_page(
    name: str,
    features: Sequence[Feature],
    roadmap: Roadmap | None,
    project: RoadmapProject | None,
) -> str:
    """Return ``CHECKLIST.md`` as it is at birth: nothing is proven yet."""
    place = (roadmap, project) if roadmap and project else None
    return page.draw(name, _unproven(features), place)


def _unproven(features: Sequence[Feature]) -> list[FeatureResult]:
    return [
        FeatureResult(
            feature=feature,
            outcome=Outcome.TODO,
            judged=False,
            evidence=tuple(
                EvidenceResult(evidence=item, finding=None) for item in feature.evidence
            ),
        )
        for feature in features
    ]


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
        "engines": dict(template.engines),
        "services": list(template.services),
        "built": list(composition.built),
        "answers": dict(answers),
    }


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
