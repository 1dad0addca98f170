"""The last results of a repository: ``.scaffolder/results.json``, which is committed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scaffolder.errors import InvalidRecord
from scaffolder.results import Flag, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scaffolder.results import EvidenceResult, FeatureResult, Report, Run

RESULTS_FILE = ".scaffolder/results.json"
SCHEMA = 1
_AGAIN = "git checkout HEAD -- .scaffolder/results.json, then scaffolder check"
_KEPT = (Outcome.PROVEN, Outcome.FAILED, Outcome.TODO, Outcome.BLOCKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The last judgement of a feature, and what it holds for.

    Attributes:
        evidence: Evidence id to its verdict; the attested ones are in `attested`, too.
    """

    outcome: Outcome
    inputs: str
    commit: str = ""
    dirty: bool = False
    flags: tuple[Flag, ...] = ()
    evidence: Mapping[str, Verdict]
    attested: frozenset[str] = frozenset()

    @property
    def proven_once(self) -> bool:
        """Whether it may never fail again."""
        return self.outcome is Outcome.PROVEN or Flag.REGRESSED in self.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The records by feature id, and the circumstances of the last run as they stand there."""

    records: Mapping[str, Record]
    run: Mapping[str, Any]


def read_ledger(root: Path) -> Ledger:
    """Read the last results of the repository at `root`; none is an empty ledger.

    Raises:
        InvalidRecord: when the file is broken, or of another version.
    """
    path = root / RESULTS_FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return Ledger(records={}, run={})
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRecord(f"cannot be read: {error}", file=path, mend=_AGAIN) from error
    document = _parse(text, path)
    try:
        records = {str(key): _record(value) for key, value in document["features"].items()}
        return Ledger(records=records, run=_mapping(document.get("run", {})))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"is no results file: {type(error).__name__}: {error}"
        raise InvalidRecord(what, file=path, mend=_AGAIN) from error


def updated(ledger: Ledger, report: Report, version: str) -> Ledger:
    """Return `ledger` with what `report` judged.

    A feature that could not be judged, or is waived, keeps its last record.
    """
    records = {
        key: record
        for key, record in ledger.records.items()
        if key in {result.feature.id for result in report.features}
    }
    for result in report.features:
        if result.judged and result.outcome in _KEPT:
            new, old = _record_of(result, report.run), records.get(result.feature.id)
            # The commit alone is no news: else checking and committing would never come to rest.
            same = old and replace(new, commit=old.commit, dirty=old.dirty) == old
            records[result.feature.id] = old if old and same else new
    run = {"at": report.run.at, "scaffolder": version, "seconds": round(report.run.seconds, 1)}
    return Ledger(records=records, run=run)


def _record_of(result: FeatureResult, run: Run) -> Record:
    return Record(
        outcome=result.outcome,
        inputs=run.inputs,
        commit=run.commit,
        dirty=run.dirty,
        flags=tuple(flag for flag in result.flags if flag is not Flag.STALE),
        evidence=_verdicts(result.evidence),
        attested=_attested(result.evidence),
    )


def as_text(ledger: Ledger) -> str:
    """Return the content of the file: keys sorted, so that a difference is a change."""
    document = {
        "schema": SCHEMA,
        "features": {key: _as_mapping(record) for key, record in ledger.records.items()},
        "run": dict(ledger.run),
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _parse(text: str, path: Path) -> dict[str, Any]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            what = "holds a conflict that git left"
            raise InvalidRecord(what, file=path, line=number, mend=_AGAIN)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"is not valid JSON: {error.msg}"
        raise InvalidRecord(what, file=path, line=error.lineno, mend=_AGAIN) from error
    except RecursionError as error:
        raise InvalidRecord("is nested too deep", file=path, mend=_AGAIN) from error
    except ValueError as error:
        raise InvalidRecord(f"cannot be read: {error}", file=path, mend=_AGAIN) from error
    if not isinstance(document, dict) or "schema" not in document:
        raise InvalidRecord("is no results file: it has no schema", file=path, mend=_AGAIN)
    if type(document["schema"]) is not int or document["schema"] != SCHEMA:
        mend = "upgrade portfolio-scaffolder"
        raise InvalidRecord(f"must be {SCHEMA}", file=path, key="schema", mend=mend)
    return document


def _mapping(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("run is no mapping")
    return value


def _record(value: Mapping[str, Any]) -> Record:
    outcome = Outcome(value["outcome"])
    if outcome not in _KEPT:
        raise ValueError(f"{outcome} is never recorded")
    return Record(
        outcome=outcome,
        inputs=_text(value["inputs"]),
        commit=_text(value.get("commit", "")),
        dirty=value.get("dirty", False) is True,
        flags=tuple(Flag(flag) for flag in value.get("flags", ())),
        evidence={key: Verdict(item["verdict"]) for key, item in value["evidence"].items()},
        attested=frozenset(key for key, item in value["evidence"].items() if item.get("attested")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    # A lone surrogate could never be written again: UnicodeEncodeError is a ValueError.
    value.encode()
    return value


def _as_mapping(record: Record) -> dict[str, object]:
    return {
        "outcome": str(record.outcome),
        "inputs": record.inputs,
        "commit": record.commit,
        "dirty": record.dirty,
        "flags": [str(flag) for flag in record.flags],
        "evidence": {
            key: {"verdict": str(verdict)} | ({"attested": True} if key in record.attested else {})
            for key, verdict in record.evidence.items()
        },
    }


def _verdicts(results: tuple[EvidenceResult, ...]) -> dict[str, Verdict]:
    return {item.evidence.id: item.finding.verdict for item in results if item.finding}


def _attested(results: tuple[EvidenceResult, ...]) -> frozenset[str]:
    return frozenset(item.evidence.id for item in results if item.finding and item.finding.link)
