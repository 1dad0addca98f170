"""The built-in plugin: the same hooks that everyone else has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.builtin.templates import layer_roots, template_roots
from scaffolder.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scaffolder.models import Layer, Notice, Project, Template
    from scaffolder.roadmap.models import Roadmap


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


@hookimpl(trylast=True)
def scaffolder_project_rendered(project: Project) -> Iterable[Notice]:
    """Initialise git, after whatever other plugins did to the files."""
    from scaffolder.builtin.git import first_commit

    return first_commit(project)
