"""What `check` finds out: values from the leaf test up to the report of a whole repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from scaffolder.models import Evidence, Feature


class Verdict(StrEnum):
    """What became of a piece of evidence; an `error` is not the project's doing."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


class Outcome(StrEnum):
    """Where a feature stands."""

    PROVEN = "proven"
    TODO = "todo"
    BLOCKED = "blocked"
    FAILED = "failed"
    ERROR = "error"
    WAIVED = "waived"


class Flag(StrEnum):
    """What is to be known beside an outcome."""

    STALE = "stale"
    MODIFIED = "modified"
    UNVERIFIED = "unverified"
    REGRESSED = "regressed"
    FLAKY = "flaky"


class Suite(StrEnum):
    """Whether the acceptance suite is the template's own.

    `overlaid`: it was laid over a copy before the run; `unverified`: there was nothing to
    compare it with.
    """

    PRISTINE = "pristine"
    MODIFIED = "modified"
    OVERLAID = "overlaid"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A test that really ran, or an equal of it; `message` says why it did not pass."""

    name: str
    verdict: Verdict
    ms: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a kind of evidence says of one piece.

    Attributes:
        ms: How long it took, in milliseconds.
        message: Why it did not pass, or the owner's reason where `link` is set.
        link: Where the owner attests it; set for attested evidence alone.
        repeat: The command that judges this piece again.
        flaky: Whether it passed only when tried again.
    """

    verdict: Verdict
    ms: float = 0.0
    message: str = ""
    link: str = ""
    repeat: str = ""
    flaky: bool = False
    leaves: tuple[Leaf, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceResult:
    """A piece of evidence of a feature, and what was found; None when it was not judged."""

    evidence: Evidence
    finding: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureResult:
    """A feature, and where it stands.

    Attributes:
        flags: Sorted.
        judged: Whether this run judged it; else `outcome` is the last recorded one.
        reason: Why it is waived or blocked, for people.
        commit: The commit that the outcome was found on, or "".
    """

    feature: Feature
    outcome: Outcome
    flags: tuple[Flag, ...] = ()
    evidence: tuple[EvidenceResult, ...] = ()
    judged: bool = True
    reason: str = ""
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """Whether what judged the project is what its template brought.

    Attributes:
        modified: The files that differ, relative to the repository, sorted.
    """

    suite: Suite
    modified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The circumstances of a check.

    Attributes:
        at: When it began: UTC, ISO 8601, whole seconds, ending in ``Z``.
        seconds: How long it took.
        commit: The commit that was checked out, or "" without one.
        dirty: Whether the work tree differed from it.
        inputs: The hash of everything that the evidence may depend on.
        selected: Ids of the features that were judged.
        strict: Whether a feature that is to do counts as failed.
    """

    at: str
    seconds: float
    commit: str
    dirty: bool
    inputs: str
    selected: tuple[str, ...]
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The one result of a check, from which everything else is rendered.

    Attributes:
        project: The project's name.
        template: The id of the template that it was generated from.
        version: The version of that template.
        path: The repository.
        features: In checklist order.
    """

    project: str
    template: str
    version: str
    path: Path
    features: tuple[FeatureResult, ...]
    integrity: Integrity
    run: Run

    def count(self, outcome: Outcome) -> int:
        """Return how many features have this outcome."""
        return sum(result.outcome is outcome for result in self.features)

    def flagged(self, flag: Flag) -> int:
        """Return how many features carry this flag."""
        return sum(flag in result.flags for result in self.features)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What a kind of evidence is given to work with.

    Attributes:
        root: The repository, or the pristine copy of it.
        environment: The variables for every process, with the addresses of services in it.
        say: Shows a line that the project printed.
        again: Whether this is a further attempt.
    """

    root: Path
    environment: Mapping[str, str]
    say: Callable[[str], None]
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceKind:
    """A way to prove something; a plugin may bring more.

    Attributes:
        judge: Judges some pieces of this kind at once, and returns a finding for each evidence
            id. A piece without a finding counts as an error, and so does one whose kind raises.
        complain: Says what is wrong with the details of a piece, or returns "".
        serves: Whether its pieces use the services of the project unless they name their own.
    """

    id: str
    judge: Callable[[Sequence[Evidence], Judging], Mapping[str, Finding]]
    complain: Callable[[Evidence], str] = field(default=lambda _evidence: "")
    serves: bool = False
