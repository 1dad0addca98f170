"""The summary of a step of a CI job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.reports import words
from scaffolder.reports.escape import relative
from scaffolder.reports.gfm import code, fence, row, table, text
from scaffolder.results import Flag, Outcome, Suite, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scaffolder.results import EvidenceResult, FeatureResult, Report

LIMIT = 64 * 1024
LONGEST_MESSAGE = 4000
MOST_FILES = 10

_VERDICTS = {Verdict.FAILED: "failed", Verdict.ERROR: "could not be judged"}
_CUT = "\nThe rest is left out: this summary has an end, and `--format json` has it all.\n"


def render(report: Report) -> str:
    """Return the report as Markdown of less than `LIMIT` bytes."""
    return _fit(_pieces(report))


def _fit(pieces: Iterable[str]) -> str:
    # A piece comes whole or not at all, so that neither a block nor a row is left open.
    room = LIMIT - 1 - len(_CUT.encode())
    kept = ""
    for piece in pieces:
        room -= len(piece.encode())
        if room < 0:
            return kept + _CUT
        kept += piece
    return kept


def _pieces(report: Report) -> Iterator[str]:
    yield f"## Checklist of {text(report.project)}\n\n{_sentence(report)}\n"
    if report.integrity.suite is Suite.MODIFIED:
        yield f"\n{_modified(report.integrity.modified)}\n"
    head = table("feature", "phase", "milestone", "outcome", "evidence")
    yield "\n" + "\n".join(head) + "\n"
    for result in report.features:
        yield _row(result, report.features) + "\n"
    for result in report.features:
        if result.judged and result.outcome in (Outcome.FAILED, Outcome.ERROR):
            yield from _failing(result, report)


def _sentence(report: Report) -> str:
    must = words.musts(report.features)
    stretch = len(report.features) - len(must)
    more = words.proven(report.features) - words.proven(must)
    also = f", and {more} of {stretch} beyond them" if stretch else ""
    counts = {
        "regressed": report.flagged(Flag.REGRESSED),
        "failed": report.count(Outcome.FAILED) - report.flagged(Flag.REGRESSED),
        "could not be judged": report.count(Outcome.ERROR),
        "to do": report.count(Outcome.TODO),
        "blocked": report.count(Outcome.BLOCKED),
        "waived": report.count(Outcome.WAIVED),
        "stale": report.flagged(Flag.STALE),
        "flaky": report.flagged(Flag.FLAKY),
    }
    rest = ", ".join(f"{count} {word}" for word, count in counts.items() if count > 0)
    head = f"{words.proven(must)} of {len(must)} features are proven{also}"
    return f"{head}: {rest}." if rest else f"{head}."


def _modified(files: tuple[str, ...]) -> str:
    named = ", ".join(map(code, files[:MOST_FILES]))
    more = f" and {len(files) - MOST_FILES} more" if len(files) > MOST_FILES else ""
    return f"The acceptance suite is not the template's own: {named or 'it differs'}{more}."


def _row(result: FeatureResult, results: Iterable[FeatureResult]) -> str:
    return row(
        [
            f"{code(result.feature.id)} {words.title(result)}",
            str(result.feature.phase or ""),
            words.milestones(result),
            words.outcome(result, results),
            words.passed(result),
        ]
    )


def _failing(result: FeatureResult, report: Report) -> Iterator[str]:
    heading = f"\n### {code(result.feature.id)} {words.outcome(result, report.features)}\n"
    for item in result.evidence:
        for block in _blocks(item, report.path):
            # With the first block, so that no heading is left alone where the rest is cut.
            yield f"{heading}\n{block}\n"
            heading = ""


def _blocks(item: EvidenceResult, root: Path) -> Iterator[str]:
    finding = item.finding
    if finding is None:
        yield f"{code(item.evidence.id)} was not run."
    elif finding.verdict is not Verdict.PASSED:
        again = f" Again: {code(finding.repeat)}" if finding.repeat else ""
        head = f"{code(item.evidence.id)} {_VERDICTS[finding.verdict]}.{again}"
        yield head + _message(finding.message, root)
        for leaf in finding.leaves:
            if leaf.verdict is not Verdict.PASSED:
                yield code(leaf.name) + _message(leaf.message, root)


def _message(message: str, root: Path) -> str:
    told = relative(message, root)
    if len(told) > LONGEST_MESSAGE:
        told = f"{told[:LONGEST_MESSAGE]}\n… {len(told) - LONGEST_MESSAGE} characters more"
    return f"\n\n{fence(told)}" if told else ""
