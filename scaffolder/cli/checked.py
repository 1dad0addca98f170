"""What ``scaffolder check`` found, for a terminal: a table, the first failure, what is next."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from scaffolder.cli.output import console
from scaffolder.cli.pen import Pen
from scaffolder.reports.escape import harmless, one_line, relative
from scaffolder.results import Flag, Outcome, Suite, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

    from scaffolder.results import EvidenceResult, FeatureResult, Report
    from scaffolder.workflows.check import Checked

_PLAIN_WIDTH = 100
_SHOWN_LINES = 16
_HASH = 7
_LOOKS = {
    Outcome.PROVEN: ("✔", "green", "proven"),
    Outcome.TODO: ("·", "", "to do"),
    Outcome.BLOCKED: ("·", "yellow", "blocked"),
    Outcome.FAILED: ("✘", "red", "failed"),
    Outcome.ERROR: ("!", "magenta", "not judged"),
    Outcome.WAIVED: ("-", "cyan", "waived"),
}
_ASCII = {"✔": "+", "·": ".", "✘": "x"}
_SUITES = {
    Suite.PRISTINE: "suite as the template has it",
    Suite.OVERLAID: "judged as a copy, with the template's own suite",
    Suite.MODIFIED: "suite modified",
    Suite.UNVERIFIED: "suite could not be compared with a template",
}


def show(checked: Checked) -> None:
    """Write the result to standard output."""
    _print(checked, console())


def as_plain_text(checked: Checked) -> str:
    """Return the same without colour, for a file."""
    from rich.console import Console

    stream = io.StringIO()
    _print(checked, Console(file=stream, width=_PLAIN_WIDTH, color_system=None, highlight=False))
    return stream.getvalue()


def _print(checked: Checked, out: Console) -> None:
    report, pen = checked.report, Pen(console=out)
    pen.show(pen.fold(pen.text((one_line(report.project), "bold"), f": {_circumstances(report)}")))
    pen.show([pen.text()])
    pen.show(_table(report, pen))
    pen.show([pen.text()])
    pen.show(pen.fold(pen.text(_summary(checked))))
    if report.integrity.modified:
        pen.show(pen.fold(pen.text(f"modified: {', '.join(report.integrity.modified)}")))
    worst = _worst(report)
    if worst:
        pen.show([pen.text()])
        pen.show(_failure(worst, report, pen))
    following = None if worst else _next(report)
    if following:
        pen.show([pen.text()])
        pen.show(_suggestion(following, pen))
    elif not worst:
        pen.show(_left(report, pen))


def _circumstances(report: Report) -> str:
    run = report.run
    at = f"commit {run.commit[:_HASH]}{' with changes' if run.dirty else ''}" if run.commit else ""
    parts = (f"{report.template} {report.version}", at, _SUITES[report.integrity.suite])
    return ", ".join(part for part in parts if part)


def _table(report: Report, pen: Pen) -> Iterator[Text]:
    rows: list[tuple[str, ...]] = [
        ("feature", "phase", "milestones", "outcome", "evidence", "time")
    ]
    rows += [_cells(result) for result in report.features]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        result = report.features[number - 1] if number else None
        mark, style, _ = _LOOKS[result.outcome] if result else (" ", "dim", "")
        mark = mark if pen.carries(mark) else _ASCII[mark]
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield from pen.fold(pen.text((f"{mark} ", style), (cells.rstrip(), style)))


def _cells(result: FeatureResult) -> tuple[str, ...]:
    feature = result.feature
    flags = [str(flag) for flag in result.flags]
    outcome = ", ".join([_LOOKS[result.outcome][2], *flags])
    passed = [item for item in result.evidence if _verdict(item) is Verdict.PASSED]
    attested = any(item.finding and item.finding.link for item in passed)
    count = f"{len(passed)} of {len(result.evidence)}{' (attested)' if attested else ''}"
    ms = sum(item.finding.ms for item in result.evidence if item.finding)
    stretch = " (stretch)" if feature.level == "stretch" else ""
    return (
        feature.id + stretch,
        str(feature.phase or ""),
        ", ".join(feature.milestones),
        outcome,
        count if result.evidence else "none declared",
        f"{ms / 1000:.1f} s" if ms else "",
    )


def _summary(checked: Checked) -> str:
    report = checked.report
    counts = [
        f"{report.count(outcome)} {_LOOKS[outcome][2]}"
        for outcome in Outcome
        if report.count(outcome)
    ]
    stale = report.flagged(Flag.STALE)
    counts += [f"{stale} stale"] if stale else []
    written = "" if checked.recorded else "; nothing could be judged, so no file was touched"
    return f"{', '.join(counts) or 'no feature'} in {report.run.seconds:.0f} s{written}"


def _worst(report: Report) -> FeatureResult | None:
    """Return what a reader should look at first."""
    for outcome in (Outcome.FAILED, Outcome.ERROR):
        for result in report.features:
            if result.judged and result.outcome is outcome:
                return result
    return None


def _failure(result: FeatureResult, report: Report, pen: Pen) -> Iterator[Text]:
    wanted = Verdict.FAILED if result.outcome is Outcome.FAILED else Verdict.ERROR
    item = next((item for item in result.evidence if _verdict(item) is wanted), None)
    word = "regressed" if Flag.REGRESSED in result.flags else _LOOKS[result.outcome][2]
    head = item.evidence.id if item else "it declares no evidence"
    yield from pen.fold(pen.text((f"{result.feature.id} {word}: {head}", "bold red")))
    message = item.finding.message if item and item.finding else ""
    lines = harmless(relative(message, report.path)).splitlines()
    for line in lines[:_SHOWN_LINES]:
        yield from pen.fold(pen.text(line), 4)
    if len(lines) > _SHOWN_LINES:
        yield pen.text(f"    ... {len(lines) - _SHOWN_LINES} more lines")
    if result.feature.hint and result.outcome is Outcome.FAILED:
        yield from pen.fold(pen.text(f"hint: {one_line(result.feature.hint, 400)}"), 2)
    if item and item.finding and item.finding.repeat:
        yield from pen.fold(pen.text(f"again: {one_line(item.finding.repeat)}"), 2)


def _next(report: Report) -> FeatureResult | None:
    """Return the first feature to build."""
    return next((item for item in report.features if item.outcome is Outcome.TODO), None)


def _suggestion(result: FeatureResult, pen: Pen) -> Iterator[Text]:
    feature = result.feature
    yield from pen.fold(pen.text("next: ", (feature.id, "bold"), f", {one_line(feature.title)}"))
    if feature.hint:
        yield from pen.fold(pen.text(one_line(feature.hint, 400)), 2)
    yield from pen.fold(pen.text(f"scaffolder check --feature {feature.id}"), 2)


def _left(report: Report, pen: Pen) -> Iterator[Text]:
    """Name the evidence that nothing depends on, and how to give it."""
    for result in report.features:
        for item in result.evidence:
            if result.judged and item.finding and _verdict(item) is Verdict.FAILED:
                repeat = one_line(item.finding.repeat)
                yield from pen.fold(pen.text(f"open: {item.evidence.id}: {repeat}"))


def _verdict(item: EvidenceResult) -> Verdict | None:
    return item.finding.verdict if item.finding else None
