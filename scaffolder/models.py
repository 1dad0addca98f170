"""The values that the modules pass to each other; frozen, with no behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Level(StrEnum):
    """Whether a feature or a piece of evidence counts against a milestone."""

    MUST = "must"
    STRETCH = "stretch"


class GitMode(StrEnum):
    """What `new` does about git."""

    AUTO = "auto"
    REQUIRE = "require"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """A span of roadmap weeks, both ends included, counted from 1."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __contains__(self, week: int) -> bool:
        return self.first <= week <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves a feature: a kind, and what that kind needs to know."""

    id: str
    kind: str
    level: Level = Level.MUST
    timeout_s: int | None = None
    services: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One line of a checklist, with its ties to the roadmap.

    `title`, `phase`, `weeks` and `milestones` come from the roadmap where the template names
    a roadmap project; `owns` are globs from the root of the generated repository.
    """

    id: str
    title: str
    level: Level = Level.MUST
    phase: int | None = None
    weeks: Weeks | None = None
    milestones: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    hint: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a template; `default` None means that an answer must be given."""

    name: str
    type: str
    help: str
    default: str | int | float | bool | None = None
    choices: tuple[str, ...] = ()
    validator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A plain file tree that templates share."""

    id: str
    root: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What generates a project.

    Attributes:
        roadmap: The id of the roadmap that `project` stands in, or None.
        project: The id of the roadmap project that it generates, or None.
        layers: Ids of the layers below its own files; later ones win.
        engines: Tool to version range, for people and `doctor`.
        services: Names of the services that its suites need.
        secrets: Names that get a random value each in the ignored ``.env``.
        next: Commands to show after generation.
        root: The folder with ``files/`` and ``stubs/``.
    """

    id: str
    version: str
    title: str
    root: Path
    roadmap: str | None = None
    project: str | None = None
    layers: tuple[str, ...] = ()
    engines: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence for the user from a hook; a warning may recommend commands."""

    text: str
    commands: tuple[str, ...] = ()
    warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A generated repository, as the hooks see it.

    Attributes:
        path: Where the files are now: the staging folder, later the final one.
        name: The answer to ``project_name``.
        files: The composed files, relative to `path`, sorted; the birth commit holds just these.
        destination: Where it will stand in the end.
    """

    path: Path
    destination: Path
    name: str
    template: Template
    built: tuple[str, ...]
    answers: Mapping[str, Any]
    files: tuple[str, ...]
    git: GitMode = GitMode.AUTO
