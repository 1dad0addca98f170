"""Generate a repository from a template, whole or not at all."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffolder import render
from scaffolder.answers import PROJECT_NAME, require_answers
from scaffolder.checklist import missing_requirements, select
from scaffolder.compose import ENV_FILE, compose
from scaffolder.errors import UnknownFeature, did_you_mean
from scaffolder.models import GitMode, Project
from scaffolder.records import birth_records, checklist_page
from scaffolder.staging import as_problem, check_target, publish, staging_beside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scaffolder.answers import Answer
    from scaffolder.compose import Composition
    from scaffolder.models import Feature, Notice, Template
    from scaffolder.plugins import Plugins
    from scaffolder.roadmap.models import Roadmap, RoadmapProject

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRequest:
    """What is to be generated, and where.

    Attributes:
        answers: An answer for each question of the template.
        built: Ids of the features whose real code is wanted.
    """

    template: Template
    destination: Path
    answers: Mapping[str, Answer]
    built: tuple[str, ...] = ()
    git: GitMode = GitMode.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A checked request: nothing about it can fail but the machine.

    Attributes:
        features: The whole checklist, tied to the roadmap.
        place: The roadmap and the project in it, if the template names one.
        records: Generated files, path to text.
        unmet: Built features to the required ones that are stubs.
    """

    request: CreateRequest
    composition: Composition
    features: tuple[Feature, ...]
    place: tuple[Roadmap, RoadmapProject] | None
    records: Mapping[str, str]
    unmet: Mapping[str, tuple[str, ...]]

    @property
    def files(self) -> tuple[str, ...]:
        """Every file of the first commit, sorted."""
        return tuple(sorted([*self.records, *(file.path for file in self.composition.files)]))

    @property
    def ignored(self) -> tuple[str, ...]:
        """Files that are written and never committed."""
        return (ENV_FILE,) if self.request.template.secrets else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A generated project, and what its hooks had to say."""

    plan: Plan
    project: Project
    notices: tuple[Notice, ...]


def choose(template: Template, *, complete: bool, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return which features to build, in checklist order.

    Raises:
        UnknownFeature: with a suggestion.
    """
    known = [feature.id for feature in template.features]
    for name in wanted:
        if name not in known:
            raise UnknownFeature(
                f"{template.id} has no feature {name!r}",
                why=did_you_mean(name, known),
                mend="scaffolder list",
            )
    return select(template.features, known if complete else wanted)


def plan(request: CreateRequest, plugins: Plugins) -> Plan:
    """Check everything that can be checked before a byte is written.

    Raises:
        ScaffolderError: for a target, an answer or a template that cannot be used.
    """
    template = request.template
    request = replace(request, destination=check_target(request.destination))
    require_answers(template, request.answers)
    features = plugins.features(template)
    place = plugins.place(template)
    composition = compose(template, plugins.layers(), request.built)
    render.check_syntax(composition)
    page = checklist_page(_name(request), features, *(place or (None, None)))
    return Plan(
        request=request,
        composition=composition,
        features=features,
        place=place,
        records=birth_records(template, composition, request.answers, features, page),
        unmet=missing_requirements(features, composition.built),
    )


def create(plan: Plan, plugins: Plugins) -> Created:
    """Carry out `plan`: the project appears whole at its destination, or nothing does.

    Raises:
        EnvironmentProblem: when the machine is in the way.
        LostRace: when the destination was taken in the meantime.
        GitUnusable: when a commit is required and cannot be made.
    """
    destination = plan.request.destination
    with staging_beside(destination) as staging:
        project = _project(plan, staging.project)
        try:
            _write(plan, staging.project, staging.scratch)
        except OSError as error:
            raise as_problem(error, destination) from error
        notices = plugins.rendered(project)
        publish(staging, destination)
    project = replace(project, path=destination)
    return Created(plan=plan, project=project, notices=notices + plugins.created(project))


def _write(plan: Plan, target: Path, scratch: Path) -> None:
    request = plan.request
    render.render(
        request.template, plan.composition, request.answers, target=target, scratch=scratch
    )
    for path, text in plan.records.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    if request.template.secrets:
        _write_secrets(target / ENV_FILE, request.template.secrets)


def _write_secrets(file: Path, names: Sequence[str]) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        stream.writelines(f"{name}={secrets.token_hex(SECRET_BYTES)}\n" for name in names)


def _project(plan: Plan, path: Path) -> Project:
    request = plan.request
    return Project(
        path=path,
        destination=request.destination,
        name=_name(request),
        template=request.template,
        built=plan.composition.built,
        answers=request.answers,
        files=plan.files,
        git=request.git,
    )


def _name(request: CreateRequest) -> str:
    return str(request.answers.get(PROJECT_NAME, request.destination.name))
