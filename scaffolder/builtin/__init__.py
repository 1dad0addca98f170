"""The built-in plugin: the same hooks that everyone else has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.builtin.templates import layer_roots, template_roots
from scaffolder.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffolder.models import Layer, Notice, Project, Template
    from scaffolder.results import EvidenceKind
    from scaffolder.roadmap.models import Roadmap
    from scaffolder.services.models import Service


@hookimpl
def scaffolder_templates() -> Iterable[Template]:
    """Offer the templates that come with the package."""
    from scaffolder.template import read_template

    return map(read_template, template_roots())


@hookimpl
def scaffolder_layers() -> Iterable[Layer]:
    """Offer the layers below them."""
    from scaffolder.template import read_layer

    return map(read_layer, layer_roots())


@hookimpl
def scaffolder_roadmaps() -> Iterable[Roadmap]:
    """Offer the backend roadmap of 48 weeks."""
    from scaffolder.builtin.roadmaps import backend_first

    return (backend_first(),)


@hookimpl
def scaffolder_evidence_kinds() -> Iterable[EvidenceKind]:
    """Offer tests, files, commands, and the owner's word."""
    from scaffolder.evidence.attested import ATTESTED
    from scaffolder.evidence.commands import COMMAND
    from scaffolder.evidence.files import FILE
    from scaffolder.evidence.suite import TEST

    return (TEST, FILE, COMMAND, ATTESTED)


@hookimpl
def scaffolder_services() -> Iterable[Service]:
    """Offer what the roadmap's projects run on."""
    from scaffolder.services.postgresql import POSTGRESQL
    from scaffolder.services.rabbitmq import RABBITMQ
    from scaffolder.services.redis import REDIS

    return (POSTGRESQL, REDIS, RABBITMQ)


@hookimpl(trylast=True)
def scaffolder_project_rendered(project: Project) -> Iterable[Notice]:
    """Initialise git, after whatever other plugins did to the files."""
    from scaffolder.builtin.git import first_commit

    return first_commit(project)
