"""How the pages for people say where a feature stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.models import Level
from scaffolder.reports.gfm import code, link, text
from scaffolder.results import Flag, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scaffolder.results import FeatureResult, Finding

FLAGS = {
    Flag.REGRESSED: "regressed",
    Flag.STALE: "stale",
    Flag.MODIFIED: "suite modified",
    Flag.UNVERIFIED: "suite unverified",
    Flag.FLAKY: "flaky",
}
_OUTCOMES = {
    Outcome.PROVEN: "✔ proven",
    Outcome.TODO: "to do",
    Outcome.BLOCKED: "blocked",
    Outcome.FAILED: "✘ failed",
    Outcome.ERROR: "could not be judged",
    Outcome.WAIVED: "waived",
}


def outcome(result: FeatureResult, results: Iterable[FeatureResult]) -> str:
    """Return the outcome and flags of one of `results`, as Markdown."""
    told = {Flag.REGRESSED} if result.outcome is Outcome.FAILED else set()
    flags = [FLAGS[flag] for flag in result.flags if flag not in told]
    return ", ".join([_outcome(result, results), *flags])


def passed(result: FeatureResult) -> str:
    """Return how much of the evidence passed."""
    count = sum(_passes(item.finding) for item in result.evidence)
    return f"{count} of {len(result.evidence)}" if result.evidence else "none declared"


def title(result: FeatureResult) -> str:
    """Return the title, with a word where it is a stretch."""
    feature = result.feature
    return text(feature.title) + (" (stretch)" if feature.level is Level.STRETCH else "")


def milestones(result: FeatureResult) -> str:
    """Return the ids of the milestones that it helps to prove."""
    return ", ".join(map(code, result.feature.milestones))


def musts(results: Iterable[FeatureResult]) -> tuple[FeatureResult, ...]:
    """Return the results that count."""
    return tuple(result for result in results if result.feature.level is Level.MUST)


def proven(results: Iterable[FeatureResult]) -> int:
    """Return how many are proven."""
    return sum(result.outcome is Outcome.PROVEN for result in results)


def mark(finding: Finding | None, result: FeatureResult) -> str:
    """Return the mark of a piece of evidence, or "" where there is nothing to tell."""
    if finding and _passes(finding):
        return "◐" if finding.link else "✔"
    failed = finding and finding.verdict is Verdict.FAILED
    return "✘" if failed and result.outcome is Outcome.FAILED else ""


def _outcome(result: FeatureResult, results: Iterable[FeatureResult]) -> str:
    if result.outcome is Outcome.PROVEN:
        return _proven(result)
    if result.outcome is Outcome.BLOCKED and (others := _blocking(result, results)):
        return f"blocked by {', '.join(map(code, others))}"
    if result.outcome is Outcome.FAILED and Flag.REGRESSED in result.flags:
        return "✘ regressed"
    reason = f": {text(result.reason)}" if result.reason else ""
    return _OUTCOMES[result.outcome] + reason


def _proven(result: FeatureResult) -> str:
    findings = [item.finding for item in result.evidence if _passes(item.finding)]
    links = dict.fromkeys(finding.link for finding in findings if finding and finding.link)
    if not links:
        return _OUTCOMES[Outcome.PROVEN]
    part = "" if all(finding and finding.link for finding in findings) else ", in part"
    return f"◐ proven{part} by its owner's word ({', '.join(link('link', at) for at in links)})"


def _blocking(result: FeatureResult, results: Iterable[FeatureResult]) -> Sequence[str]:
    wrong = {
        other.feature.id for other in results if other.outcome in (Outcome.FAILED, Outcome.ERROR)
    }
    return [identity for identity in result.feature.requires if identity in wrong]


def _passes(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict is Verdict.PASSED
