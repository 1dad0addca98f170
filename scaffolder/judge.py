"""From findings to outcomes: where each feature stands, and what that means for the exit code."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffolder.models import Level
from scaffolder.results import EvidenceResult, FeatureResult, Finding, Flag, Outcome, Suite, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scaffolder.ledger import Record
    from scaffolder.models import Feature
    from scaffolder.results import Report

_HINDERS = (Outcome.FAILED, Outcome.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that an outcome depends on.

    Attributes:
        findings: By evidence id.
        records: The last judgements, by feature id.
        waived: Feature id to the owner's reason.
        links: Evidence id to the link by which its owner attests it.
        selected: Ids of the features that are judged now.
        demanded: Ids of the features that have to be proven.
        inputs: The hash of the repository as it is now.
    """

    features: Sequence[Feature]
    findings: Mapping[str, Finding]
    records: Mapping[str, Record]
    waived: Mapping[str, str]
    links: Mapping[str, str]
    selected: frozenset[str]
    demanded: frozenset[str]
    inputs: str
    suite: Suite
    commit: str = ""


def judge(case: Case) -> tuple[FeatureResult, ...]:
    """Return where each feature stands, in checklist order."""
    alone = [_alone(feature, case) for feature in case.features]
    hindering = {result.feature.id for result in alone if result.outcome in _HINDERS}
    return tuple(_with_requirements(result, hindering) for result in alone)


def exit_code(report: Report) -> int:
    """Return 1 if something fails that must hold, 4 if something could not be judged, else 0."""
    outcomes = [
        result.outcome
        for result in report.features
        if result.judged and result.feature.level is Level.MUST
    ]
    if Outcome.FAILED in outcomes:
        return 1
    return 4 if Outcome.ERROR in outcomes else 0


def is_settled(results: Sequence[FeatureResult]) -> bool:
    """Tell whether anything was judged, so that there is something to record."""
    outcomes = {result.outcome for result in results if result.judged}
    # A waived feature is no judgement, unless there is nothing else.
    return bool(outcomes - {Outcome.ERROR, Outcome.WAIVED}) or outcomes == {Outcome.WAIVED}


def as_recorded(results: Sequence[FeatureResult], case: Case) -> tuple[FeatureResult, ...]:
    """Return `results` with what could not be judged as it was recorded last."""
    return tuple(
        _remembered(result.feature, case) if result.outcome is Outcome.ERROR else result
        for result in results
    )


def _alone(feature: Feature, case: Case) -> FeatureResult:
    evidence = tuple(
        EvidenceResult(evidence=item, finding=case.findings.get(item.id))
        for item in feature.evidence
    )
    if feature.id in case.waived:
        reason = case.waived[feature.id]
        return FeatureResult(
            feature=feature, outcome=Outcome.WAIVED, evidence=evidence, reason=reason
        )
    if feature.id not in case.selected:
        return _remembered(feature, case)
    return _judged(feature, case, evidence)


def _remembered(feature: Feature, case: Case) -> FeatureResult:
    record = case.records.get(feature.id)
    evidence = tuple(
        EvidenceResult(evidence=item, finding=_recalled(item.id, record, case))
        for item in feature.evidence
    )
    if record is None:
        return FeatureResult(feature=feature, outcome=Outcome.TODO, evidence=evidence, judged=False)
    stale = {Flag.STALE} if record.inputs != case.inputs else set()
    return FeatureResult(
        feature=feature,
        outcome=record.outcome,
        flags=tuple(sorted({*record.flags, *stale})),
        evidence=evidence,
        judged=False,
        commit=record.commit,
    )


def _recalled(identity: str, record: Record | None, case: Case) -> Finding | None:
    if record is None or identity not in record.evidence:
        return None
    link = case.links.get(identity, "") if identity in record.attested else ""
    return Finding(verdict=record.evidence[identity], link=link)


def _judged(feature: Feature, case: Case, evidence: tuple[EvidenceResult, ...]) -> FeatureResult:
    record = case.records.get(feature.id)
    result = FeatureResult(
        feature=feature,
        outcome=_outcome(evidence),
        flags=_flags(evidence, case.suite),
        evidence=evidence,
        commit=case.commit,
    )
    if result.outcome is Outcome.ERROR:
        kept = {Flag.STALE} if record and record.inputs != case.inputs else set()
        return replace(result, flags=tuple(sorted({*result.flags, *kept})))
    if result.outcome is Outcome.PROVEN:
        return result
    if record and record.proven_once:
        flags = tuple(sorted({*result.flags, Flag.REGRESSED}))
        return replace(result, outcome=Outcome.FAILED, flags=flags)
    demanded = feature.id in case.demanded
    return replace(result, outcome=Outcome.FAILED if demanded else Outcome.TODO)


def _outcome(evidence: Sequence[EvidenceResult]) -> Outcome:
    """Return what the `must` evidence says by itself: proven, failed, or error."""
    verdicts = [
        item.finding.verdict if item.finding else Verdict.ERROR
        for item in evidence
        if item.evidence.level is Level.MUST
    ]
    # One that failed is enough to know that the feature is not proven.
    if Verdict.FAILED in verdicts:
        return Outcome.FAILED
    return Outcome.ERROR if Verdict.ERROR in verdicts or not verdicts else Outcome.PROVEN


def _flags(evidence: Sequence[EvidenceResult], suite: Suite) -> tuple[Flag, ...]:
    flags = set()
    if suite is Suite.MODIFIED:
        flags.add(Flag.MODIFIED)
    if suite is Suite.UNVERIFIED:
        flags.add(Flag.UNVERIFIED)
    if any(item.finding and item.finding.flaky for item in evidence):
        flags.add(Flag.FLAKY)
    return tuple(sorted(flags))


def _with_requirements(result: FeatureResult, hindering: set[str]) -> FeatureResult:
    hindered_by = [other for other in result.feature.requires if other in hindering]
    if result.outcome is not Outcome.TODO or not result.judged or not hindered_by:
        return result
    return replace(result, outcome=Outcome.BLOCKED, reason=f"needs {', '.join(hindered_by)}")
