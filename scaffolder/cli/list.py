"""``scaffolder list``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scaffolder.cli.output import write_item, write_json

if TYPE_CHECKING:
    from scaffolder.models import Feature, Template
    from scaffolder.plugins import Plugins
    from scaffolder.roadmap.models import RoadmapProject

SCHEMA = "scaffolder/list@1"


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the same facts as JSON.")
@click.pass_obj
def command(plugins: Plugins, *, as_json: bool) -> None:
    """List the projects: phase, weeks, milestones, stack, features."""
    entries = [_entry(plugins, template) for template in plugins.templates()]
    entries += _planned(plugins, {entry["project"] for entry in entries})
    entries.sort(key=lambda entry: (entry["weeks"] or [0], entry["id"]))
    if as_json:
        write_json({"schema": SCHEMA, "projects": entries})
    else:
        _show(entries)


def _entry(plugins: Plugins, template: Template) -> dict[str, Any]:
    features = plugins.features(template)
    place = plugins.place(template)
    there = {feature.id for feature in features}
    missing = [item.id for item in place[1].features if item.id not in there] if place else []
    return {
        "id": template.id,
        "title": template.title,
        "version": template.version,
        "status": "available",
        "roadmap": template.roadmap,
        **_ties(place[1] if place else None, template.project),
        "features": [_feature(feature) for feature in features],
        "planned": missing,
    }


def _planned(plugins: Plugins, available: set[str | None]) -> list[dict[str, Any]]:
    return [
        {
            "id": project.id,
            "title": project.title,
            "version": None,
            "status": "planned",
            "roadmap": roadmap.id,
            **_ties(project, project.id),
            "features": [],
            "planned": [feature.id for feature in project.features],
        }
        for roadmap in plugins.roadmaps()
        for project in roadmap.projects
        if project.id not in available
    ]


def _ties(project: RoadmapProject | None, identity: str | None) -> dict[str, Any]:
    return {
        "project": identity,
        "phase": project.phase if project else None,
        "weeks": [project.weeks.first, project.weeks.last] if project else None,
        "milestones": list(project.milestones) if project else [],
        "stack": list(project.stack) if project else [],
    }


def _feature(feature: Feature) -> dict[str, Any]:
    return {
        "id": feature.id,
        "title": feature.title,
        "level": str(feature.level),
        "phase": feature.phase,
        "milestones": list(feature.milestones),
        "requires": list(feature.requires),
        "evidence": [item.id for item in feature.evidence],
    }


def _show(entries: list[dict[str, Any]]) -> None:
    from rich.text import Text

    for entry in entries:
        planned = "  (planned: no template yet)" if entry["status"] == "planned" else ""
        head = Text.assemble((entry["id"], "bold"), f"  {entry['title']}", (planned, "dim"))
        write_item(head, _lines(entry))


def _lines(entry: dict[str, Any]) -> list[str]:
    lines = []
    if entry["weeks"]:
        first, last = entry["weeks"]
        milestones = ", ".join(entry["milestones"])
        lines.append(f"phase {entry['phase']}, weeks {first}-{last}, milestones {milestones}")
    if entry["stack"]:
        lines.append("stack: " + ", ".join(entry["stack"]))
    mark = " (planned)" if entry["status"] == "available" else ""
    features = [feature["id"] for feature in entry["features"]]
    features += [identity + mark for identity in entry["planned"]]
    lines.append("features: " + ", ".join(features))
    return lines
