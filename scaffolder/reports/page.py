"""``CHECKLIST.md``: the checklist for people, written anew by each check and never by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.reports import words
from scaffolder.reports.gfm import code, row, table, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaffolder.results import FeatureResult, Report
    from scaffolder.roadmap.models import Roadmap, RoadmapProject

SHORT = 7

_MARKS = "✔ stands for what passed, ◐ for its owner's word, ✘ for what failed."


def render(report: Report, place: tuple[Roadmap, RoadmapProject] | None = None) -> str:
    """Return the page of a checked repository.

    Args:
        report: What is known of it.
        place: The roadmap and the project in it; None where none is named or installed, and
            then the page has the ties of each feature alone.
    """
    return draw(report.project, report.features, place)


def draw(
    name: str,
    results: Sequence[FeatureResult],
    place: tuple[Roadmap, RoadmapProject] | None = None,
) -> str:
    """Return the page of the project `name`; `render` says the rest."""
    lines = [f"# Checklist of {text(name)}", ""]
    if place:
        lines += [_ties(*place), ""]
    lines += table("feature", "what", "phase", "milestones", "outcome", "evidence")
    lines += [_feature_row(result, results) for result in results]
    if place:
        lines += _planned_rows(results, place[1])
        lines += ["", "## Milestones", "", *_milestones(*place)]
    lines += ["", "## Evidence", "", _legend(results), ""]
    lines += [_evidence_line(result) for result in results]
    return "\n".join(lines) + "\n"


def _ties(roadmap: Roadmap, project: RoadmapProject) -> str:
    phase = next(phase for phase in roadmap.phases if phase.id == project.phase)
    milestones = ", ".join(map(code, project.milestones))
    return (
        f"Phase {phase.id}: {text(phase.title)}, weeks {project.weeks}. "
        f"Milestones: {milestones}. Roadmap: {text(roadmap.title)}."
    )


def _feature_row(result: FeatureResult, results: Sequence[FeatureResult]) -> str:
    feature = result.feature
    return row(
        [
            code(feature.id),
            words.title(result),
            str(feature.phase or ""),
            words.milestones(result),
            words.outcome(result, results),
            words.passed(result),
        ]
    )


def _planned_rows(results: Sequence[FeatureResult], project: RoadmapProject) -> list[str]:
    there = {result.feature.id for result in results}
    return [
        row([code(entry.id), f"{text(entry.title)} (stretch)", str(entry.phase), "", "planned", ""])
        for entry in project.features
        if entry.id not in there
    ]


def _milestones(roadmap: Roadmap, project: RoadmapProject) -> list[str]:
    return [
        f"- {code(milestone.id)}, week {milestone.week}: {text(milestone.title)}"
        for milestone in roadmap.milestones
        if milestone.id in project.milestones
    ]


def _legend(results: Sequence[FeatureResult]) -> str:
    rule = "A feature is proven when all its evidence passes."
    marked = any(words.mark(item.finding, result) for result in results for item in result.evidence)
    return f"{rule} {_MARKS}" if marked else rule


def _evidence_line(result: FeatureResult) -> str:
    found = f", found at {code(result.commit[:SHORT])}" if result.commit else ""
    pieces = [
        f"{code(item.evidence.id)} {words.mark(item.finding, result)}".rstrip()
        for item in result.evidence
    ]
    return f"- {code(result.feature.id)}{found}: {', '.join(pieces) or 'none declared'}"
