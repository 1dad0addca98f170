"""Gather the evidence: packages and services first, then each kind, then once more what failed."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scaffolder.errors import (
    EnvironmentProblem,
    ServiceUnusable,
    did_you_mean,
    is_interruption,
)
from scaffolder.evidence.node import install, needs_install, require_node
from scaffolder.reports.escape import relative
from scaffolder.results import Finding, Judging, Verdict
from scaffolder.services.supply import supply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from scaffolder.generated import Generated
    from scaffolder.models import Evidence
    from scaffolder.results import EvidenceKind
    from scaffolder.services.models import Service

# Where a CI job's own steps talk to the CI; the project's processes have no business there.
_KEPT_BACK = (
    *("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE"),
    # Set inside a test runner, it would make the suite's own runner speak to that one.
    "NODE_TEST_CONTEXT",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who hears what: `say` is for our own words, `echo` for lines that the project printed."""

    say: Callable[[str], None]
    echo: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The findings by evidence id, and what was in the way of some of them."""

    findings: Mapping[str, Finding]
    problem: EnvironmentProblem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be gathered, and with what.

    Attributes:
        root: The repository, or the pristine copy of it.
        items: The evidence to judge.
        retries: How often what failed is tried again.
    """

    root: Path
    generated: Generated
    items: Sequence[Evidence]
    kinds: Mapping[str, EvidenceKind]
    services: Mapping[str, Service]
    environment: Mapping[str, str]
    retries: int


def gather(errand: Errand, voice: Voice) -> Gathered:
    """Judge the items; what cannot be judged becomes an error that says why."""
    runs = [item for item in errand.items if _serves(errand, item)]
    rest = [item for item in errand.items if item not in runs]
    findings = _unknown(errand)
    findings |= _judge(errand, rest, errand.environment, voice)
    problem = None
    try:
        with ExitStack() as stack:
            environment = _prepare(errand, runs, voice, stack)
            findings |= _judge(errand, runs, environment, voice)
    except EnvironmentProblem as error:
        problem = error
        reason = ". ".join(part for part in (error.what, error.why, error.mend) if part)
        findings |= {item.id: Finding(verdict=Verdict.ERROR, message=reason) for item in runs}
    shown = {key: _with_relative_paths(item, errand.root) for key, item in findings.items()}
    return Gathered(findings=shown, problem=problem)


def _prepare(
    errand: Errand, items: Sequence[Evidence], voice: Voice, stack: ExitStack
) -> Mapping[str, str]:
    """Install what is missing, start services, and return the variables for the project."""
    environment = {
        name: value for name, value in errand.environment.items() if name not in _KEPT_BACK
    }
    if not items:
        return environment
    if (errand.root / "package.json").is_file():
        require_node(errand.generated.engines, environment)
        if needs_install(errand.root):
            voice.say("installing the locked packages (npm ci)")
            install(errand.root, environment, voice.echo)
    supplied = stack.enter_context(supply(_needed(errand, items), environment, voice.say))
    for identity, source in supplied.sources.items():
        voice.say(f"{identity}: {source}")
    return environment | dict(supplied.variables)


def _needed(errand: Errand, items: Iterable[Evidence]) -> list[Service]:
    names = {name for item in items for name in item.services or errand.generated.services}
    unknown = sorted(names - errand.services.keys())
    if unknown:
        raise ServiceUnusable(
            f"no plugin brings the service {unknown[0]!r}",
            why=did_you_mean(unknown[0], errand.services),
            mend="scaffolder plugins",
        )
    return [errand.services[name] for name in sorted(names)]


def _judge(
    errand: Errand, items: Sequence[Evidence], environment: Mapping[str, str], voice: Voice
) -> dict[str, Finding]:
    judging = Judging(root=errand.root, environment=environment, say=voice.echo)
    findings = _ask(errand, items, judging)
    for attempt in range(1, errand.retries + 1):
        failed = [item for item in items if _failed(findings.get(item.id))]
        if not failed:
            break
        voice.say(f"trying again what failed ({attempt} of {errand.retries})")
        again = _ask(errand, failed, replace(judging, again=True))
        findings |= {
            key: replace(finding, flaky=True)
            for key, finding in again.items()
            if finding.verdict is Verdict.PASSED
        }
    return findings


def _ask(errand: Errand, items: Sequence[Evidence], judging: Judging) -> dict[str, Finding]:
    findings: dict[str, Finding] = {}
    for kind in errand.kinds.values():
        mine = [item for item in items if item.kind == kind.id]
        if not mine:
            continue
        try:
            found = dict(kind.judge(mine, judging))
        except EnvironmentProblem:
            raise
        except Exception as error:  # a plugin may raise anything
            if is_interruption(error):
                raise
            reason = f"the evidence kind {kind.id!r} failed: {type(error).__name__}: {error}"
            found = {item.id: Finding(verdict=Verdict.ERROR, message=reason) for item in mine}
        findings |= {item.id: found[item.id] for item in mine if item.id in found}
    return findings


def _unknown(errand: Errand) -> dict[str, Finding]:
    return {
        item.id: Finding(
            verdict=Verdict.ERROR,
            message=f"no plugin brings evidence of the kind {item.kind!r}; "
            + did_you_mean(item.kind, errand.kinds),
        )
        for item in errand.items
        if item.kind not in errand.kinds
    }


def _serves(errand: Errand, item: Evidence) -> bool:
    kind = errand.kinds.get(item.kind)
    return kind is not None and kind.serves


def _with_relative_paths(finding: Finding, root: Path) -> Finding:
    # The folder may be a copy that is gone when somebody reads about it.
    leaves = tuple(replace(leaf, message=relative(leaf.message, root)) for leaf in finding.leaves)
    return replace(finding, message=relative(finding.message, root), leaves=leaves)


def _failed(finding: Finding | None) -> bool:
    return finding is not None and finding.verdict is Verdict.FAILED
