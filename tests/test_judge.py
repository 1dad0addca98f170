"""Where a feature stands, given all that was found, recorded and asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.judge import Case, as_recorded, exit_code, is_settled, judge
from scaffolder.ledger import Record
from scaffolder.models import Evidence, Feature, Level
from scaffolder.results import (
    Finding,
    Flag,
    Integrity,
    Outcome,
    Report,
    Run,
    Suite,
    Verdict,
)

PASSED, FAILED, ERROR = (Finding(verdict=verdict) for verdict in Verdict)
NOW, OLD = "sha256:now", "sha256:old"


def feature(identity, *, requires=(), level=Level.MUST, evidence=("one",), stretch=()):
    pieces = [Evidence(id=f"{identity}.{name}", kind="test") for name in evidence]
    pieces += [
        Evidence(id=f"{identity}.{name}", kind="test", level=Level.STRETCH) for name in stretch
    ]
    return Feature(
        id=identity, title=identity, level=level, requires=requires, evidence=tuple(pieces)
    )


def record(outcome, *flags, inputs=NOW, **rest):
    rest = {"evidence": {}, "commit": "then"} | rest
    return Record(outcome=outcome, flags=flags, inputs=inputs, **rest)


def case(features, findings=None, **changes):
    features = tuple(features)
    given = {
        "features": features,
        "findings": findings or {},
        "records": {},
        "waived": {},
        "links": {},
        "selected": frozenset(item.id for item in features),
        "demanded": frozenset(),
        "inputs": NOW,
        "suite": Suite.PRISTINE,
        "commit": "c0ffee",
    }
    return Case(**(given | changes))


def alone(finding, past=None, **changes):
    """Judge one feature with one piece of evidence."""
    findings = {"a.one": finding} if finding else {}
    changes = {"records": {"a": past} if past else {}} | changes
    (result,) = judge(case([feature("a")], findings, **changes))
    return result


PROVEN = record(Outcome.PROVEN)
REGRESSED = record(Outcome.FAILED, Flag.REGRESSED)
TODO = record(Outcome.TODO)
DEMANDED = {"demanded": frozenset("a")}
WAIVED = {"waived": {"a": "not mine"}}

# What was found, the last record, what else holds; then the outcome and the flags.
TABLE = {
    "passed": (PASSED, None, {}, Outcome.PROVEN, ()),
    "passed again": (PASSED, PROVEN, {}, Outcome.PROVEN, ()),
    "passed after a failure": (PASSED, record(Outcome.FAILED), {}, Outcome.PROVEN, ()),
    "repaired": (PASSED, REGRESSED, {}, Outcome.PROVEN, ()),
    "passed and demanded": (PASSED, None, DEMANDED, Outcome.PROVEN, ()),
    "never passed": (FAILED, None, {}, Outcome.TODO, ()),
    "still to do": (FAILED, TODO, {}, Outcome.TODO, ()),
    "failed when it was demanded, and now is not": (
        *(FAILED, record(Outcome.FAILED)),
        *({}, Outcome.TODO, ()),
    ),
    "demanded": (FAILED, None, DEMANDED, Outcome.FAILED, ()),
    "demanded and still to do": (FAILED, TODO, DEMANDED, Outcome.FAILED, ()),
    "regressed": (FAILED, PROVEN, {}, Outcome.FAILED, (Flag.REGRESSED,)),
    "regressed and demanded": (FAILED, PROVEN, DEMANDED, Outcome.FAILED, (Flag.REGRESSED,)),
    "still regressed": (FAILED, REGRESSED, {}, Outcome.FAILED, (Flag.REGRESSED,)),
    "not judged": (ERROR, None, {}, Outcome.ERROR, ()),
    "never ran": (None, None, {}, Outcome.ERROR, ()),
    "not judged, though demanded": (ERROR, None, DEMANDED, Outcome.ERROR, ()),
    "not judged, though proven once": (ERROR, PROVEN, {}, Outcome.ERROR, ()),
    "not judged, and what is recorded is old": (
        *(ERROR, record(Outcome.PROVEN, inputs=OLD)),
        *({}, Outcome.ERROR, (Flag.STALE,)),
    ),
    "waived": (None, None, WAIVED, Outcome.WAIVED, ()),
    "waived though it passed": (PASSED, PROVEN, WAIVED, Outcome.WAIVED, ()),
    "waived though it failed": (FAILED, PROVEN, WAIVED | DEMANDED, Outcome.WAIVED, ()),
    "waived though not judged": (ERROR, None, WAIVED, Outcome.WAIVED, ()),
    "waived and not selected": (
        None,
        PROVEN,
        WAIVED | {"selected": frozenset()},
        Outcome.WAIVED,
        (),
    ),
    "not selected": (None, None, {"selected": frozenset()}, Outcome.TODO, ()),
    "not selected, recorded": (None, PROVEN, {"selected": frozenset()}, Outcome.PROVEN, ()),
    "not selected, regressed": (
        *(None, REGRESSED),
        *({"selected": frozenset()}, Outcome.FAILED, (Flag.REGRESSED,)),
    ),
    "not selected, stale": (
        *(None, record(Outcome.PROVEN, Flag.FLAKY, inputs=OLD)),
        *({"selected": frozenset()}, Outcome.PROVEN, (Flag.FLAKY, Flag.STALE)),
    ),
    "judged anew is not stale": (
        *(PASSED, record(Outcome.PROVEN, Flag.STALE, inputs=OLD)),
        *({}, Outcome.PROVEN, ()),
    ),
    "old flags go": (PASSED, record(Outcome.PROVEN, Flag.MODIFIED), {}, Outcome.PROVEN, ()),
    "another suite": (PASSED, None, {"suite": Suite.MODIFIED}, Outcome.PROVEN, (Flag.MODIFIED,)),
    "an unknown suite": (
        *(PASSED, None),
        *({"suite": Suite.UNVERIFIED}, Outcome.PROVEN, (Flag.UNVERIFIED,)),
    ),
    "a suite that was laid over": (PASSED, None, {"suite": Suite.OVERLAID}, Outcome.PROVEN, ()),
    "another suite, failed": (
        FAILED,
        None,
        {"suite": Suite.MODIFIED},
        Outcome.TODO,
        (Flag.MODIFIED,),
    ),
    "passed when tried again": (
        *(Finding(verdict=Verdict.PASSED, flaky=True), None),
        *({}, Outcome.PROVEN, (Flag.FLAKY,)),
    ),
    "all flags are sorted": (
        *(Finding(verdict=Verdict.FAILED, flaky=True), PROVEN),
        *({"suite": Suite.MODIFIED}, Outcome.FAILED),
        (Flag.FLAKY, Flag.MODIFIED, Flag.REGRESSED),
    ),
}


@pytest.mark.parametrize(
    ("finding", "past", "changes", "outcome", "flags"), TABLE.values(), ids=TABLE
)
def test_the_outcome_of_a_feature(finding, past, changes, outcome, flags):
    result = alone(finding, past, **changes)
    assert (result.outcome, result.flags) == (outcome, flags)


MUST = {
    "all passed": ([PASSED, PASSED], [], Outcome.PROVEN),
    "one failed": ([PASSED, FAILED], [], Outcome.TODO),
    "one failed, one could not be judged": ([ERROR, FAILED], [], Outcome.TODO),
    "one could not be judged": ([PASSED, ERROR], [], Outcome.ERROR),
    "one never ran": ([PASSED, None], [], Outcome.ERROR),
    "stretch failed": ([PASSED], [FAILED], Outcome.PROVEN),
    "stretch never ran": ([PASSED], [None], Outcome.PROVEN),
    "stretch alone": ([], [PASSED], Outcome.ERROR),
    "no evidence": ([], [], Outcome.ERROR),
}


@pytest.mark.parametrize(("must", "stretch", "outcome"), MUST.values(), ids=MUST)
def test_must_evidence_decides(must, stretch, outcome):
    names = [f"m{i}" for i in range(len(must))], [f"s{i}" for i in range(len(stretch))]
    item = feature("a", evidence=names[0], stretch=names[1])
    found = zip([*names[0], *names[1]], [*must, *stretch], strict=True)
    findings = {f"a.{name}": finding for name, finding in found if finding}
    (result,) = judge(case([item], findings))
    assert result.outcome is outcome
    assert [piece.finding for piece in result.evidence] == [*must, *stretch]


def test_who_is_judged_says_on_which_commit_and_who_is_not_says_on_which_it_was():
    assert alone(PASSED).commit == "c0ffee"
    remembered = alone(None, PROVEN, selected=frozenset())
    assert (remembered.commit, remembered.judged) == ("then", False)


def test_a_feature_that_is_not_selected_shows_its_recorded_evidence():
    past = record(Outcome.PROVEN, evidence={"a.one": Verdict.PASSED, "a.gone": Verdict.FAILED})
    (piece,) = alone(PASSED, past, selected=frozenset()).evidence
    assert piece.finding == Finding(verdict=Verdict.PASSED)
    (piece,) = alone(PASSED, PROVEN, selected=frozenset()).evidence
    assert piece.finding is None


def test_what_its_owner_attested_has_its_link_when_it_is_shown_again():
    evidence = {"a.one": Verdict.PASSED}
    past = record(Outcome.PROVEN, evidence=evidence, attested=frozenset(evidence))
    given = {"selected": frozenset(), "links": {"a.one": "https://x.org"}}
    (piece,) = alone(None, past, **given).evidence
    assert piece.finding == Finding(verdict=Verdict.PASSED, link="https://x.org")
    # The word was taken back, or it is no attested evidence at all.
    (piece,) = alone(None, past, **given | {"links": {}}).evidence
    assert piece.finding.link == ""
    (piece,) = alone(None, record(Outcome.PROVEN, evidence=evidence), **given).evidence
    assert piece.finding.link == ""


def test_a_waiver_keeps_its_reason():
    assert alone(PASSED, **WAIVED).reason == "not mine"


# What was found of `a`, which `b` requires and never passed; then the outcome of `b`.
BLOCKED = {
    "a failed": (FAILED, {"demanded": frozenset("a")}, Outcome.BLOCKED),
    "a regressed": (FAILED, {"records": {"a": PROVEN}}, Outcome.BLOCKED),
    "a could not be judged": (ERROR, {}, Outcome.BLOCKED),
    "a is to do": (FAILED, {}, Outcome.TODO),
    "a is proven": (PASSED, {}, Outcome.TODO),
    "a is waived": (FAILED, {"waived": {"a": "x"}, "demanded": frozenset("a")}, Outcome.TODO),
    "a is not selected and failed": (
        None,
        {"selected": frozenset("b"), "records": {"a": REGRESSED}},
        Outcome.BLOCKED,
    ),
    "a is not selected and proven": (
        None,
        {"selected": frozenset("b"), "records": {"a": PROVEN}},
        Outcome.TODO,
    ),
    "b is demanded": (FAILED, {"demanded": frozenset("ab")}, Outcome.FAILED),
    "b regressed": (
        FAILED,
        {"records": {"b": PROVEN}, "demanded": frozenset("a")},
        Outcome.FAILED,
    ),
    "b is waived": (FAILED, {"waived": {"b": "x"}, "demanded": frozenset("a")}, Outcome.WAIVED),
    "b is not selected": (
        FAILED,
        {"selected": frozenset("a"), "demanded": frozenset("a")},
        Outcome.TODO,
    ),
}


@pytest.mark.parametrize(("finding", "changes", "outcome"), BLOCKED.values(), ids=BLOCKED)
def test_a_feature_is_blocked_by_what_it_requires(finding, changes, outcome):
    findings = {"b.one": FAILED} | ({"a.one": finding} if finding else {})
    _, result = judge(case([feature("a"), feature("b", requires=("a",))], findings, **changes))
    assert result.outcome is outcome
    assert result.reason == (
        "needs a" if outcome is Outcome.BLOCKED else "x" * (outcome == "waived")
    )


def test_a_feature_that_passed_or_could_not_be_judged_is_not_blocked():
    features = [feature("a"), feature("b", requires=("a",)), feature("c", requires=("a",))]
    findings = {"a.one": ERROR, "b.one": PASSED, "c.one": ERROR}
    outcomes = [result.outcome for result in judge(case(features, findings))]
    assert outcomes == [Outcome.ERROR, Outcome.PROVEN, Outcome.ERROR]


def test_the_reason_names_all_that_is_in_the_way_and_nothing_else():
    features = [feature(name) for name in "abc"] + [feature("d", requires=("c", "b", "a"))]
    findings = {"a.one": ERROR, "b.one": PASSED, "c.one": ERROR, "d.one": FAILED}
    assert judge(case(features, findings))[-1].reason == "needs c, a"


def report(results):
    return Report(
        project="hi",
        template="t",
        version="1.0.0",
        path=Path("/nowhere"),
        features=tuple(results),
        integrity=Integrity(suite=Suite.PRISTINE),
        run=Run(at="", seconds=0, commit="", dirty=False, inputs=NOW, selected=()),
    )


# Findings of three features, of which the third is a stretch; what else holds; the exit code.
CODES = {
    "all proven": ("ppp", {}, 0),
    "nothing proven": ("fff", {}, 0),
    "one regressed": ("fpp", {"records": {"a": PROVEN}}, 1),
    "one demanded": ("pfp", {"demanded": frozenset("abc")}, 1),
    "one could not be judged": ("epp", {}, 4),
    "one regressed, one could not be judged": ("fep", {"records": {"a": PROVEN}}, 1),
    "a stretch regressed": ("ppf", {"records": {"c": PROVEN}}, 0),
    "a stretch demanded": ("ppf", {"demanded": frozenset("abc")}, 0),
    "a stretch could not be judged": ("ppe", {}, 0),
    "one waived": ("fep", {"waived": {"a": "x", "b": "x"}, "demanded": frozenset("ab")}, 0),
    "one regressed and not selected": (
        "fpp",
        {"records": {"a": REGRESSED}, "selected": frozenset("bc")},
        0,
    ),
}


def three(letters, **changes):
    features = [feature("a"), feature("b"), feature("c", level=Level.STRETCH)]
    found = {"p": PASSED, "f": FAILED, "e": ERROR}
    findings = {f"{name}.one": found[letter] for name, letter in zip("abc", letters, strict=True)}
    return case(features, findings, **changes)


@pytest.mark.parametrize(("letters", "changes", "code"), CODES.values(), ids=CODES)
def test_the_exit_code(letters, changes, code):
    assert exit_code(report(judge(three(letters, **changes)))) == code


@pytest.mark.parametrize(
    ("letters", "changes", "settled"),
    [
        ("eee", {}, False),
        ("eef", {}, True),
        ("epe", {}, True),
        ("ppp", {"selected": frozenset()}, False),
        ("eee", {"selected": frozenset("a")}, False),
        ("eee", {"waived": {"a": "x"}}, False),
        ("eee", {"waived": {"a": "x"}, "selected": frozenset("b")}, False),
    ],
)
def test_where_nothing_could_be_judged_nothing_is_settled(letters, changes, settled):
    assert is_settled(judge(three(letters, **changes))) is settled


def test_what_is_recorded_has_the_last_result_where_there_was_an_error():
    given = three("efp", records={"a": record(Outcome.PROVEN, inputs=OLD)})
    results = judge(given)
    a, b, c = as_recorded(results, given)
    assert (a.outcome, a.flags, a.judged, a.commit) == (
        *(Outcome.PROVEN, (Flag.STALE,)),
        *(False, "then"),
    )
    assert (b, c) == results[1:]
    (first, *_) = as_recorded(judge(three("eff")), three("eff"))
    assert (first.outcome, first.judged, first.commit) == (Outcome.TODO, False, "")


def test_no_features_are_no_failure():
    assert judge(case([])) == ()
    assert exit_code(report([])) == 0
    assert is_settled([]) is False


NAMES = ("a", "b", "c", "d")
KEPT = st.sampled_from(
    [
        record(Outcome.PROVEN),
        record(Outcome.PROVEN, Flag.FLAKY, inputs=OLD),
        record(Outcome.FAILED, Flag.REGRESSED),
        record(Outcome.FAILED),
        record(Outcome.TODO, inputs=OLD),
        record(Outcome.BLOCKED),
    ]
)
FINDINGS = st.builds(Finding, verdict=st.sampled_from(Verdict), flaky=st.booleans())
SUBSETS = st.frozensets(st.sampled_from(NAMES))


@st.composite
def cases(draw) -> Case:
    features = [
        feature(
            name,
            requires=tuple(draw(st.lists(st.sampled_from(NAMES[:i]), unique=True))) if i else (),
            level=draw(st.sampled_from(Level)),
            evidence=draw(st.lists(st.sampled_from(["one", "two"]), unique=True)),
            stretch=draw(st.lists(st.sampled_from(["three"]), max_size=1)),
        )
        for i, name in enumerate(NAMES[: draw(st.integers(0, 4))])
    ]
    pieces = [piece.id for item in features for piece in item.evidence]
    return case(
        features,
        draw(st.dictionaries(st.sampled_from(pieces), FINDINGS)) if pieces else {},
        records=draw(st.dictionaries(st.sampled_from(NAMES), KEPT)),
        waived=dict.fromkeys(draw(SUBSETS), "x"),
        selected=draw(SUBSETS),
        demanded=draw(SUBSETS),
        suite=draw(st.sampled_from(Suite)),
    )


@given(cases())
def test_nothing_is_proven_unless_all_its_must_evidence_passed(case):
    for result in judge(case):
        if result.outcome is not Outcome.PROVEN:
            continue
        if not result.judged:
            assert case.records[result.feature.id].outcome is Outcome.PROVEN
            continue
        must = [piece for piece in result.feature.evidence if piece.level is Level.MUST]
        assert must
        assert all(case.findings[piece.id].verdict is Verdict.PASSED for piece in must)


@given(cases())
def test_what_was_proven_once_is_never_to_do_or_blocked(case):
    for result in judge(case):
        past = case.records.get(result.feature.id)
        if past and past.proven_once:
            assert result.outcome not in (Outcome.TODO, Outcome.BLOCKED)


@given(cases())
def test_the_exit_code_is_one_if_and_only_if_a_judged_must_feature_failed(case):
    results = judge(case)
    failed = [
        result
        for result in results
        if result.judged and result.outcome is Outcome.FAILED and result.feature.level is Level.MUST
    ]
    assert (exit_code(report(results)) == 1) == bool(failed)
    assert exit_code(report(results)) in (0, 1, 4)


@given(cases())
def test_every_feature_has_one_result_in_the_order_of_the_checklist(case):
    results = judge(case)
    assert [result.feature for result in results] == list(case.features)
    for result in results:
        assert list(result.flags) == sorted(set(result.flags))
        if result.outcome is not Outcome.WAIVED:
            assert result.judged == (result.feature.id in case.selected)
        assert (Flag.REGRESSED in result.flags) <= (result.outcome is Outcome.FAILED)


@given(cases())
def test_a_verdict_by_another_suite_is_always_marked(case):
    mark = {Suite.MODIFIED: Flag.MODIFIED, Suite.UNVERIFIED: Flag.UNVERIFIED}.get(case.suite)
    for result in judge(case):
        if result.judged and result.outcome is not Outcome.WAIVED:
            found = {Flag.MODIFIED, Flag.UNVERIFIED} & set(result.flags)
            assert found == ({mark} if mark else set())


@given(cases())
def test_nothing_that_is_recorded_is_an_error(case):
    assert Outcome.ERROR not in [item.outcome for item in as_recorded(judge(case), case)]
