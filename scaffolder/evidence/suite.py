"""Evidence of the kind `test`: leaf tests of the acceptance suite, by the id in their names."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaffolder.evidence.processes import run
from scaffolder.results import EvidenceKind, Finding, Leaf, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scaffolder.evidence.processes import Ended
    from scaffolder.models import Evidence
    from scaffolder.results import Judging

# The suite has a limit of its own; this one is for a suite that does not keep it.
_LIMIT_S = 20 * 60.0
# What a shell adds to the number of the signal that ended a program.
_SIGNALLED = 128
_OUTCOMES = {"passed": Verdict.PASSED, "failed": Verdict.FAILED, "skipped": Verdict.ERROR}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the suite wrote to its report: leaves by evidence id, and what broke, by file stem."""

    leaves: Mapping[str, tuple[Leaf, ...]]
    crashes: Mapping[str, str]


def feature_of(evidence: Evidence) -> str:
    """Return the feature that an evidence id, `feature.what`, belongs to."""
    return evidence.id.partition(".")[0]


def complain(evidence: Evidence) -> str:
    """Say what is wrong: an id that names no feature, or details, of which this kind has none."""
    if evidence.details:
        return f"the kind test has no key {min(evidence.details)!r}"
    return "" if all(evidence.id.partition(".")) else "the id of a test is FEATURE.WHAT"


def judge(items: Sequence[Evidence], judging: Judging) -> dict[str, Finding]:
    """Run the suite once for all `items`, and match them with the leaves that really ran.

    Its exit code is not believed: an empty file, a filter that matches nothing and a stray
    ``process.exit(0)`` all end in success.
    """
    features = list(dict.fromkeys(feature_of(item) for item in items))
    with tempfile.TemporaryDirectory(prefix="scaffolder-report-") as folder:
        report = Path(folder) / "leaves.ndjson"
        command = ["npm", "run", "--silent", "acceptance", "--", "--all", "--report", str(report)]
        for feature in features:
            command += ["--feature", feature]
        ended = run(
            command,
            root=judging.root,
            environment=judging.environment,
            say=judging.say,
            limit_s=_LIMIT_S,
        )
        told = _read(report)
    return {item.id: _finding(item, told, ended) for item in items}


def _finding(item: Evidence, told: _Told, ended: Ended) -> Finding:
    leaves = told.leaves.get(item.id, ())
    verdict, cut = _verdict(leaves), _why_cut_short(item, told, ended)
    if verdict is Verdict.PASSED and cut:
        # Whether a leaf that failed was still to come, nobody knows.
        leaves = (*leaves, Leaf(name=f"{item.id}: the rest", verdict=Verdict.ERROR, message=cut))
        verdict = Verdict.ERROR
    repeat = f"scaffolder check --feature {feature_of(item)}"
    return Finding(
        verdict=verdict,
        ms=sum(leaf.ms for leaf in leaves),
        message=_message(leaves) if leaves else _why_nothing_ran(item, told, ended),
        repeat=repeat,
        leaves=leaves,
    )


def _why_cut_short(item: Evidence, told: _Told, ended: Ended) -> str:
    """Return why the suite may not have come to its end, or ""."""
    if ended.late:
        return f"the suite did not end within {_LIMIT_S / 60:.0f} minutes"
    if ended.code < 0 or ended.code > _SIGNALLED:
        return "the suite was killed"
    return told.crashes.get(feature_of(item), "")


def _verdict(leaves: Iterable[Leaf]) -> Verdict:
    verdicts = {leaf.verdict for leaf in leaves}
    if Verdict.FAILED in verdicts:
        return Verdict.FAILED
    return Verdict.PASSED if verdicts == {Verdict.PASSED} else Verdict.ERROR


def _message(leaves: Sequence[Leaf]) -> str:
    for verdict in (Verdict.FAILED, Verdict.ERROR):
        for leaf in leaves:
            if leaf.verdict is verdict:
                return f"{leaf.name}\n{leaf.message}".rstrip()
    return ""


def _why_nothing_ran(item: Evidence, told: _Told, ended: Ended) -> str:
    what = f"no test ran whose name begins with {item.id!r}"
    crash = told.crashes.get(feature_of(item))
    if crash:
        return f"{what}: {crash}"
    if ended.late:
        return f"{what}: the suite did not end within {_LIMIT_S / 60:.0f} minutes"
    if not told.leaves and ended.code:
        said = "\n".join(line for line in ended.output[-12:] if line.strip())
        return f"{what}: the suite ended with exit code {ended.code}\n{said}".rstrip()
    return what


def _read(report: Path) -> _Told:
    leaves: dict[str, list[Leaf]] = {}
    crashes: dict[str, str] = {}
    for entry in _entries(report):
        if "evidence" in entry:
            leaves.setdefault(str(entry["evidence"]), []).append(_leaf(entry))
        elif "file" in entry:
            stem = Path(str(entry["file"])).name.removesuffix(".test.ts")
            crashes[stem] = str(entry.get("message", "the file crashed"))
    return _Told(leaves={key: tuple(value) for key, value in leaves.items()}, crashes=crashes)


def _entries(report: Path) -> Iterable[dict[str, Any]]:
    try:
        # Not by splitlines(): JSON leaves some marks of a line as they are, and a leaf would break.
        lines = report.read_bytes().decode("utf-8", "replace").split("\n")
    except FileNotFoundError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            # The last line of a suite that was cut short.
            continue
        if isinstance(entry, dict):
            yield entry


def _leaf(entry: Mapping[str, Any]) -> Leaf:
    ms = entry.get("ms", 0)
    return Leaf(
        name=str(entry.get("name", "")),
        verdict=_OUTCOMES.get(str(entry.get("outcome")), Verdict.ERROR),
        ms=_finite(ms),
        message=str(entry.get("message", "")),
    )


def _finite(value: object) -> float:
    try:
        number = float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:
        return 0.0
    return number if isfinite(number) else 0.0


TEST = EvidenceKind(id="test", judge=judge, complain=complain, serves=True)
