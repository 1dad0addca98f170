"""Reports to render: small ones, and hostile ones."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import strategies as st

from scaffolder.models import Evidence, Feature, Level, Weeks
from scaffolder.results import (
    EvidenceResult,
    FeatureResult,
    Finding,
    Flag,
    Integrity,
    Leaf,
    Outcome,
    Report,
    Run,
    Suite,
    Verdict,
)

ROOT = Path("/work/projects/hi")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
PASSED = Finding(verdict=Verdict.PASSED, ms=12.5)
FAILED = Finding(verdict=Verdict.FAILED, ms=3, message="expected 201, got 501")
ERROR = Finding(verdict=Verdict.ERROR, message="no PostgreSQL")


def feature(
    outcome,
    *findings,
    id="crud",  # noqa: A002 - as in the dataclass
    level=Level.MUST,
    flags=(),
    requires=(),
    title="CRUD operations",
    **more,
):
    pieces = [Evidence(id=f"{id}.{number}", kind="test") for number in range(len(findings))]
    return FeatureResult(
        feature=Feature(
            id=id,
            title=title,
            level=level,
            phase=2,
            weeks=Weeks(first=5, last=6),
            milestones=("week-6", "week-12"),
            requires=requires,
            evidence=tuple(pieces),
        ),
        outcome=outcome,
        flags=flags,
        evidence=tuple(
            EvidenceResult(evidence=piece, finding=finding)
            for piece, finding in zip(pieces, findings, strict=True)
        ),
        **more,
    )


def report(*features, project="hi", integrity=None, root=ROOT):
    return Report(
        project=project,
        template="task-api",
        version="1.2.3",
        path=root,
        features=features,
        integrity=integrity or Integrity(suite=Suite.PRISTINE),
        run=Run(
            at="2025-01-02T03:04:05Z",
            seconds=1.25,
            commit=COMMIT,
            dirty=False,
            inputs="sha256:" + "0" * 64,
            selected=tuple(result.feature.id for result in features),
        ),
    )


PROVEN = feature(Outcome.PROVEN, PASSED, PASSED, commit=COMMIT)
TODO = feature(Outcome.TODO, PASSED, FAILED, id="auth")
REGRESSED = feature(Outcome.FAILED, FAILED, id="cache", flags=(Flag.REGRESSED,), commit=COMMIT)
BLOCKED = feature(
    *(Outcome.BLOCKED, FAILED), id="orders", requires=("cache",), reason="needs cache"
)
BROKEN = feature(Outcome.ERROR, ERROR, None, id="queue")
WAIVED = feature(Outcome.WAIVED, None, id="deploy", reason="no card for the cloud")
EXAMPLE = report(PROVEN, TODO, REGRESSED, BLOCKED, BROKEN, WAIVED)

_NASTY = [
    *("]]>", "<script>alert(1)</script>", "<!--", "&lt;", "&#x41;", "<img src=x>", "`", "```"),
    *("````\n# out\n", "~~~", "|", "\\|", "\\", "\n|", "\n\n", "\r", "\r\n", "[a](http://x.y)"),
    *("![a](http://x.y)", "https://x.y", "www.x.y", "##[error]", "##vso[task.x]", "::error::x"),
    *("\n::set-output name=a::b", "\n  ::stop-commands::x", "\x1b[31m", "\x9b31m", "\x00", "\x0b"),
    *("\ud800", "\udfff", "\ufffe", "\uffff", "\u202e", "\u2028", "\x85", "💚", "é", " ", "\t"),
    *("$x$", "_", "**", "# ", "- ", "\n---\n", "/work/projects/hi/a.ts", "a" * 300, "", "\ufeff"),
]
NASTY = st.lists(st.sampled_from(_NASTY) | st.text(max_size=5), max_size=6).map("".join)
_MS = st.floats(min_value=0, max_value=1e9) | st.sampled_from([float("nan"), float("inf"), -1.0])
_VERDICT = st.sampled_from(Verdict)
_COMMIT = st.sampled_from(["", COMMIT])
_FLAGS = st.sets(st.sampled_from(Flag)).map(lambda flags: tuple(sorted(flags)))
_LEAF = st.builds(Leaf, name=NASTY, verdict=_VERDICT, ms=_MS, message=NASTY)
_FINDING = st.builds(
    Finding,
    verdict=_VERDICT,
    ms=_MS,
    message=NASTY,
    link=NASTY | st.just("https://example.com/it"),
    repeat=NASTY,
    flaky=st.booleans(),
    leaves=st.lists(_LEAF, max_size=3).map(tuple),
)
_EVIDENCE = st.builds(
    EvidenceResult,
    evidence=st.builds(Evidence, id=NASTY, kind=NASTY, level=st.sampled_from(Level)),
    finding=st.none() | _FINDING,
)
_FEATURE = st.builds(
    FeatureResult,
    feature=st.builds(
        Feature,
        id=NASTY,
        title=NASTY,
        level=st.sampled_from(Level),
        phase=st.none() | st.integers(1, 9),
        weeks=st.none() | st.just(Weeks(first=1, last=2)),
        milestones=st.lists(NASTY, max_size=2).map(tuple),
    ),
    outcome=st.sampled_from(Outcome),
    flags=_FLAGS,
    evidence=st.lists(_EVIDENCE, max_size=3).map(tuple),
    judged=st.booleans(),
    reason=NASTY,
    commit=_COMMIT,
)
HOSTILE = st.builds(
    Report,
    project=NASTY,
    template=NASTY,
    version=NASTY,
    path=st.just(ROOT),
    features=st.lists(_FEATURE, max_size=3).map(tuple),
    integrity=st.builds(
        Integrity, suite=st.sampled_from(Suite), modified=st.lists(NASTY, max_size=2).map(tuple)
    ),
    run=st.builds(
        Run,
        at=st.just("2025-01-02T03:04:05Z"),
        seconds=_MS,
        commit=_COMMIT,
        dirty=st.booleans(),
        inputs=NASTY,
        selected=st.lists(NASTY, max_size=2).map(tuple),
        strict=st.booleans(),
    ),
)


_ACTS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]|##(vso)?\[|^\s*::", re.MULTILINE)


def acts_in_a_log(text: str) -> bool:
    """Tell whether a terminal or a CI service would take some of `text` for a command."""
    return _ACTS.search(text) is not None
