"""The whole result as JSON; ``docs/schemas/check.json`` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scaffolder.reports.escape import UNSAFE, number, relative
from scaffolder.results import Flag, Outcome

if TYPE_CHECKING:
    import re
    from pathlib import Path

    from scaffolder.results import EvidenceResult, FeatureResult, Finding, Leaf, Report

SCHEMA = 1


def render(report: Report) -> str:
    """Return the report as JSON that may stand in a log: what could act there is escaped."""
    text = json.dumps(_report(report), indent=2, ensure_ascii=False)
    # Only a string holds such characters, and there the escape means the same.
    return UNSAFE.sub(_escaped, text).replace("##", "#\\u0023") + "\n"


def _report(report: Report) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "project": {
            "name": report.project,
            "template": report.template,
            "version": report.version,
        },
        "summary": _summary(report),
        "run": _run(report),
        "integrity": {
            "suite": str(report.integrity.suite),
            "modified": list(report.integrity.modified),
        },
        "features": [_feature(result, report.path) for result in report.features],
    }


def _summary(report: Report) -> dict[str, int]:
    counts = {str(outcome): report.count(outcome) for outcome in Outcome}
    counts |= {str(flag): report.flagged(flag) for flag in Flag}
    return counts | {"total": len(report.features)}


def _run(report: Report) -> dict[str, Any]:
    run = report.run
    return {
        "at": run.at,
        "seconds": number(run.seconds),
        "commit": run.commit,
        "dirty": run.dirty,
        "inputs": run.inputs,
        "selected": list(run.selected),
        "strict": run.strict,
    }


def _feature(result: FeatureResult, root: Path) -> dict[str, Any]:
    feature = result.feature
    return {
        "id": feature.id,
        "title": feature.title,
        "level": str(feature.level),
        "phase": feature.phase,
        "weeks": [feature.weeks.first, feature.weeks.last] if feature.weeks else None,
        "milestones": list(feature.milestones),
        "outcome": str(result.outcome),
        "flags": [str(flag) for flag in result.flags],
        "judged": result.judged,
        "reason": result.reason,
        "commit": result.commit,
        "evidence": [_evidence(item, root) for item in result.evidence],
    }


def _evidence(item: EvidenceResult, root: Path) -> dict[str, Any]:
    evidence, finding = item.evidence, item.finding
    identity = {"id": evidence.id, "kind": evidence.kind, "level": str(evidence.level)}
    return identity | (_finding(finding, root) if finding else _NOT_JUDGED)


def _finding(finding: Finding, root: Path) -> dict[str, Any]:
    return {
        "verdict": str(finding.verdict),
        "ms": number(finding.ms),
        "message": relative(finding.message, root),
        "link": finding.link,
        "repeat": finding.repeat,
        "flaky": finding.flaky,
        "leaves": [_leaf(leaf, root) for leaf in finding.leaves],
    }


_NOT_JUDGED: dict[str, Any] = {
    "verdict": None,
    "ms": 0,
    "message": "",
    "link": "",
    "repeat": "",
    "flaky": False,
    "leaves": [],
}


def _leaf(leaf: Leaf, root: Path) -> dict[str, Any]:
    return {
        "name": leaf.name,
        "verdict": str(leaf.verdict),
        "ms": number(leaf.ms),
        "message": relative(leaf.message, root),
    }


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    # Half of a pair is no text in UTF-8: it is written out, as in every other report.
    return f"\\\\u{code:04x}" if 0xD800 <= code <= 0xDFFF else f"\\u{code:04x}"  # noqa: PLR2004
