"""Prove the features of a generated repository, and keep the result."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scaffolder import __version__, ledger
from scaffolder.attestations import read_attestations, waived
from scaffolder.compose import CHECKLIST
from scaffolder.errors import InvalidRecord, UnknownFeature, UnknownMilestone, did_you_mean
from scaffolder.generated import CHECKLIST_FILE, find_generated, read_generated
from scaffolder.inputs import WRITTEN, hash_inputs
from scaffolder.judge import Case, as_recorded, exit_code, is_settled, judge
from scaffolder.records import BADGE_FILE
from scaffolder.reports import badge, page
from scaffolder.repository import checked_out
from scaffolder.results import Report, Run
from scaffolder.workflows.court import court_of
from scaffolder.workflows.gather import Errand, gather
from scaffolder.writing import locked, write_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from scaffolder.attestations import Attestation
    from scaffolder.errors import EnvironmentProblem
    from scaffolder.generated import Generated
    from scaffolder.models import Feature
    from scaffolder.plugins import Plugins
    from scaffolder.results import FeatureResult
    from scaffolder.roadmap.models import Roadmap, RoadmapProject
    from scaffolder.workflows.court import Court
    from scaffolder.workflows.gather import Gathered, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """What is to be checked, and how strictly.

    Attributes:
        path: A folder in a generated repository.
        features: Ids of the features to judge; with no `milestones` either, all of them.
        milestones: Ids of milestones, which stand for the features that count towards them.
        strict: Whether every `must` feature has to be proven.
        pristine: Whether a copy is judged, with the template's own suite laid over it.
        retries: How often what failed is tried again.
        environment: The variables that the project's processes inherit.
    """

    path: Path
    environment: Mapping[str, str]
    features: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()
    strict: bool = False
    pristine: bool = False
    retries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The result of a check.

    Attributes:
        problem: What was in the way of judging everything, if anything was.
        recorded: Whether anything could be judged, and stands in the repository now.
        code: The exit code of the command.
    """

    report: Report
    problem: EnvironmentProblem | None
    recorded: bool
    code: int


def check(request: CheckRequest, plugins: Plugins, voice: Voice) -> Checked:
    """Judge the repository around ``request.path``, and write down what could be judged.

    Raises:
        ScaffolderError: when the request or a record of the repository cannot be used; then
            nothing was started and nothing has changed.
    """
    root = find_generated(request.path)
    generated = read_generated(root)
    # Read before anything runs: a broken one must not cost the user a whole run.
    past, words = ledger.read_ledger(root), read_attestations(root)
    pristine = request.pristine
    with locked(root), court_of(generated, plugins, pristine=pristine) as court:
        begun = time.monotonic()
        run = _circumstances(root, court.features, request)
        gathered = gather(_errand(request, generated, court, run, words, plugins), voice)
        case = _case(request, court, run, past, words, gathered)
        run = replace(run, seconds=time.monotonic() - begun)
        report = _report(generated, court, judge(case), run)
        recorded = is_settled(report.features)
        if recorded:
            _record(replace(report, features=as_recorded(report.features, case)), past, plugins)
    plugins.check_finished(report)
    return Checked(
        report=report, problem=gathered.problem, recorded=recorded, code=exit_code(report)
    )


def _errand(
    request: CheckRequest,
    generated: Generated,
    court: Court,
    run: Run,
    words: Mapping[str, Attestation],
    plugins: Plugins,
) -> Errand:
    kinds, off = plugins.evidence_kinds(), waived(words.values())
    items = tuple(
        item
        for feature in court.features
        if feature.id in run.selected and feature.id not in off
        for item in feature.evidence
    )
    for item in items:
        complaint = kinds[item.kind].complain(item) if item.kind in kinds else ""
        if complaint:
            raise InvalidRecord(complaint, file=generated.root / CHECKLIST_FILE, key=item.id)
    return Errand(
        root=court.root,
        generated=generated,
        items=items,
        kinds=kinds,
        services=plugins.services(),
        environment=request.environment,
        retries=request.retries,
    )


def _case(
    request: CheckRequest,
    court: Court,
    run: Run,
    past: ledger.Ledger,
    words: Mapping[str, Attestation],
    gathered: Gathered,
) -> Case:
    asked = request.strict or request.features or request.milestones
    return Case(
        features=court.features,
        findings=gathered.findings,
        records=past.records,
        waived=waived(words.values()),
        links={word.id: word.link for word in words.values() if word.link},
        selected=frozenset(run.selected),
        demanded=frozenset(run.selected if asked else ()),
        inputs=run.inputs,
        suite=court.integrity.suite,
        commit=run.commit,
    )


def _report(
    generated: Generated, court: Court, features: tuple[FeatureResult, ...], run: Run
) -> Report:
    return Report(
        project=generated.name,
        template=generated.template,
        version=generated.version,
        path=generated.root,
        features=features,
        integrity=court.integrity,
        run=run,
    )


def _selected(features: Sequence[Feature], request: CheckRequest) -> tuple[str, ...]:
    known = [feature.id for feature in features]
    for name in request.features:
        if name not in known:
            raise UnknownFeature(
                f"the project has no feature {name!r}", why=did_you_mean(name, known)
            )
    milestones = {name for feature in features for name in feature.milestones}
    for name in request.milestones:
        if name not in milestones:
            raise UnknownMilestone(
                f"no feature of the project counts towards {name!r}",
                why=did_you_mean(name, milestones),
            )
    if not request.features and not request.milestones:
        return tuple(known)
    return tuple(
        feature.id
        for feature in features
        if feature.id in request.features or set(feature.milestones) & set(request.milestones)
    )


def _circumstances(root: Path, features: Sequence[Feature], request: CheckRequest) -> Run:
    selected = _selected(features, request)
    named = {
        str(item.details["path"])
        for feature in features
        for item in feature.evidence
        if "path" in item.details
    }
    commit, dirty = checked_out(root, (*WRITTEN, CHECKLIST))
    return Run(
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=0.0,
        commit=commit,
        dirty=dirty,
        inputs=hash_inputs(root, named),
        selected=selected,
        strict=request.strict,
    )


def _record(report: Report, past: ledger.Ledger, plugins: Plugins) -> None:
    now = ledger.updated(past, report, __version__)
    features = tuple(
        replace(item, commit=now.records[item.feature.id].commit)
        if item.feature.id in now.records
        else item
        for item in report.features
    )
    report = replace(report, features=features)
    write_all(
        report.path,
        {
            CHECKLIST: page.render(report, _place(report, plugins)),
            BADGE_FILE: badge.render(report),
            # Last: it alone decides what was proven.
            ledger.RESULTS_FILE: ledger.as_text(now),
        },
    )


def _place(report: Report, plugins: Plugins) -> tuple[Roadmap, RoadmapProject] | None:
    template = {item.id: item for item in plugins.templates()}.get(report.template)
    return plugins.place(template) if template else None
