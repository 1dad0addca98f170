"""The contract between the scaffolder and its plugins.

Every hook collects: results are flattened, checked, made unique by id and sorted by id. A plugin
that raises is left out of that call and named; the others go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from scaffolder.models import Feature, Layer, Notice, Project, Template
    from scaffolder.results import EvidenceKind, Report
    from scaffolder.roadmap.models import Roadmap
    from scaffolder.services.models import Service

GROUP = "scaffolder"
API_VERSION = 1

hookspec = pluggy.HookspecMarker(GROUP)
hookimpl = pluggy.HookimplMarker(GROUP)


@hookspec
def scaffolder_templates() -> Iterable[Template]:  # type: ignore[empty-body]
    """Templates that ``scaffolder new`` offers."""


@hookspec
def scaffolder_layers() -> Iterable[Layer]:  # type: ignore[empty-body]
    """File trees that templates can name under ``layers``."""


@hookspec
def scaffolder_roadmaps() -> Iterable[Roadmap]:  # type: ignore[empty-body]
    """Roadmaps that templates can belong to."""


@hookspec
def scaffolder_features(template: Template) -> Iterable[Feature]:  # type: ignore[empty-body]
    """Further checklist lines for projects made from `template`, with their own titles and ties."""


@hookspec
def scaffolder_evidence_kinds() -> Iterable[EvidenceKind]:  # type: ignore[empty-body]
    """Kinds of evidence that a checklist can name."""


@hookspec
def scaffolder_services() -> Iterable[Service]:  # type: ignore[empty-body]
    """Services that templates and evidence can ask for, and how ``check`` gets them."""


@hookspec
def scaffolder_commands() -> Iterable[click.Command]:  # type: ignore[empty-body]
    """Further commands of the command line."""


@hookspec
def scaffolder_project_rendered(project: Project) -> Iterable[Notice]:  # type: ignore[empty-body]
    """Called when all files stand in the staging folder ``project.path``, before they appear.

    A ``ScaffolderError`` raised here vetoes the project, and nothing is left of it.
    """


@hookspec
def scaffolder_project_created(project: Project) -> Iterable[Notice]:  # type: ignore[empty-body]
    """Called when the project stands at its final path."""


@hookspec
def scaffolder_check_finished(report: Report) -> None:
    """Called when a check has ended and its results are written."""
