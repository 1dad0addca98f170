"""Turns a learning roadmap into repositories that prove themselves.

The names below are the public interface for plugins; they are loaded when first used, so that a
command pays only for what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scaffolder.errors import ScaffolderError
    from scaffolder.hookspecs import API_VERSION, hookimpl
    from scaffolder.models import Evidence, Feature, Layer, Notice, Project, Template, Weeks
    from scaffolder.results import EvidenceKind, Finding, Judging, Leaf, Report, Verdict
    from scaffolder.roadmap.loader import read_roadmap
    from scaffolder.roadmap.models import Roadmap
    from scaffolder.services.models import Service
    from scaffolder.template import read_layer, read_template

__version__ = "0.1.0"

__all__ = [
    "API_VERSION",
    "Evidence",
    "EvidenceKind",
    "Feature",
    "Finding",
    "Judging",
    "Layer",
    "Leaf",
    "Notice",
    "Project",
    "Report",
    "Roadmap",
    "ScaffolderError",
    "Service",
    "Template",
    "Verdict",
    "Weeks",
    "__version__",
    "hookimpl",
    "read_layer",
    "read_roadmap",
    "read_template",
]

_HOMES = {
    "errors": ("ScaffolderError",),
    "hookspecs": ("API_VERSION", "hookimpl"),
    "models": ("Evidence", "Feature", "Layer", "Notice", "Project", "Template", "Weeks"),
    "results": ("EvidenceKind", "Finding", "Judging", "Leaf", "Report", "Verdict"),
    "roadmap.loader": ("read_roadmap",),
    "roadmap.models": ("Roadmap",),
    "services.models": ("Service",),
    "template": ("read_layer", "read_template"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"scaffolder.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
