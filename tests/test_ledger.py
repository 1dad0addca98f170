"""The last results: what is written reads back, what is kept, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.errors import InvalidRecord
from scaffolder.ledger import RESULTS_FILE, Ledger, Record, as_text, read_ledger, updated
from scaffolder.models import Evidence, Feature
from scaffolder.results import (
    EvidenceResult,
    FeatureResult,
    Finding,
    Flag,
    Integrity,
    Outcome,
    Report,
    Run,
    Suite,
    Verdict,
)
from tests.support.templates import write

KEPT = (Outcome.PROVEN, Outcome.FAILED, Outcome.TODO, Outcome.BLOCKED)
NONE = Ledger(records={}, run={})


def put(root, text):
    write(root / RESULTS_FILE, text)
    return root / RESULTS_FILE


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
RECORDS = st.builds(
    lambda attested, **rest: Record(**rest, attested=frozenset(attested) & rest["evidence"].keys()),
    attested=st.lists(st.sampled_from(["a.one", "a.two", "b"])),
    outcome=st.sampled_from(KEPT),
    inputs=TEXTS,
    commit=TEXTS,
    dirty=st.booleans(),
    flags=st.lists(st.sampled_from(Flag), unique=True).map(tuple),
    evidence=st.dictionaries(st.sampled_from(["a.one", "a.two", "b"]), st.sampled_from(Verdict)),
)
LEDGERS = st.builds(
    Ledger,
    records=st.dictionaries(TEXTS, RECORDS, max_size=3),
    run=st.dictionaries(
        st.sampled_from(["at", "scaffolder", "seconds"]),
        TEXTS | st.floats(allow_nan=False, allow_infinity=False),
    ),
)


@given(LEDGERS)
def test_what_is_written_reads_back_the_same(tmp_path, ledger):
    put(tmp_path, as_text(ledger))
    assert read_ledger(tmp_path) == ledger


@given(LEDGERS)
def test_the_text_is_sorted_and_depends_on_nothing_but_the_results(ledger):
    text = as_text(ledger)
    turned = Ledger(
        records={
            key: replace(record, evidence=dict(reversed(record.evidence.items())))
            for key, record in reversed(ledger.records.items())
        },
        run=dict(reversed(ledger.run.items())),
    )
    assert as_text(turned) == text
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_the_time_stands_under_run_alone():
    ledger = updated(NONE, report([result("a")]), "1.2.3")
    document = json.loads(as_text(ledger))
    assert document.pop("run") == {
        "at": "2026-01-31T10:00:00Z",
        "scaffolder": "1.2.3",
        "seconds": 1.2,
    }
    assert document == {
        "schema": 1,
        "features": {
            "a": {
                "outcome": "proven",
                "inputs": "sha256:now",
                "commit": "c0ffee",
                "dirty": True,
                "flags": [],
                "evidence": {"a.one": {"verdict": "passed"}},
            }
        },
    }


def test_none_is_an_empty_ledger(tmp_path):
    assert read_ledger(tmp_path) == NONE


def test_the_results_at_birth_are_an_empty_ledger(tmp_path):
    put(tmp_path, '{"features": {}, "schema": 1}')
    assert read_ledger(tmp_path) == NONE


@pytest.mark.parametrize(
    ("outcome", "flags", "once"),
    [
        (Outcome.PROVEN, (), True),
        (Outcome.FAILED, (Flag.REGRESSED,), True),
        (Outcome.FAILED, (), False),
        (Outcome.TODO, (), False),
        (Outcome.BLOCKED, (), False),
    ],
)
def test_what_was_proven_once_is_known(outcome, flags, once):
    assert Record(outcome=outcome, flags=flags, inputs="", evidence={}).proven_once is once


def result(identity, outcome=Outcome.PROVEN, *, judged=True, flags=(), link=""):
    piece = Evidence(id=f"{identity}.one", kind="test")
    finding = Finding(verdict=Verdict.PASSED, link=link)
    return FeatureResult(
        feature=Feature(id=identity, title=identity, evidence=(piece,)),
        outcome=outcome,
        judged=judged,
        flags=flags,
        evidence=(EvidenceResult(evidence=piece, finding=finding),),
    )


def report(results):
    return Report(
        project="hi",
        template="task-api",
        version="1.0.0",
        path=Path("/nowhere"),
        features=tuple(results),
        integrity=Integrity(suite=Suite.PRISTINE),
        run=Run(
            at="2026-01-31T10:00:00Z",
            seconds=1.2345,
            commit="c0ffee",
            dirty=True,
            inputs="sha256:now",
            selected=("a",),
        ),
    )


OLD = Record(
    outcome=Outcome.PROVEN, inputs="sha256:old", commit="old", evidence={"a.one": Verdict.PASSED}
)


@pytest.mark.parametrize("outcome", KEPT)
def test_what_was_judged_is_recorded(outcome):
    past = Ledger(records={"a": OLD}, run={"at": "old"})
    now = updated(past, report([result("a", outcome)]), "1.2.3")
    record = now.records["a"]
    assert (record.outcome, record.inputs, record.commit, record.dirty) == (
        *(outcome, "sha256:now"),
        *("c0ffee", True),
    )
    assert now.run["at"] == "2026-01-31T10:00:00Z"


@pytest.mark.parametrize(
    "kept",
    [
        result("a", Outcome.ERROR),
        result("a", Outcome.WAIVED),
        result("a", Outcome.PROVEN, judged=False),
        result("a", Outcome.TODO, judged=False),
    ],
    ids=["error", "waived", "not selected", "not judged"],
)
def test_what_could_not_be_judged_keeps_its_last_record(kept):
    past = Ledger(records={"a": OLD}, run={})
    assert updated(past, report([kept]), "1").records == {"a": OLD}
    assert updated(NONE, report([kept]), "1").records == {}


def test_a_feature_that_left_the_checklist_leaves_the_ledger():
    past = Ledger(records={"a": OLD, "gone": OLD}, run={})
    assert updated(past, report([result("a")]), "1").records.keys() == {"a"}


def test_a_fresh_record_is_never_stale_and_keeps_its_other_flags():
    flags = (Flag.FLAKY, Flag.REGRESSED, Flag.STALE)
    now = updated(NONE, report([result("a", Outcome.FAILED, flags=flags)]), "1")
    assert now.records["a"].flags == (Flag.FLAKY, Flag.REGRESSED)


def test_what_its_owner_attests_is_marked(tmp_path):
    now = updated(NONE, report([result("a", link="https://x.org"), result("b")]), "1")
    assert now.records["a"].attested == {"a.one"}
    assert now.records["b"].attested == frozenset()
    put(tmp_path, as_text(now))
    assert read_ledger(tmp_path) == now


def test_evidence_that_was_not_judged_is_not_recorded():
    one = result("a")
    other = EvidenceResult(evidence=Evidence(id="a.two", kind="test"), finding=None)
    now = updated(NONE, report([replace(one, evidence=(*one.evidence, other))]), "1")
    assert now.records["a"].evidence == {"a.one": Verdict.PASSED}


def test_updating_changes_nothing_that_was_given():
    past = Ledger(records={"a": OLD}, run={"at": "old"})
    updated(past, report([result("a", Outcome.FAILED)]), "1")
    assert past == Ledger(records={"a": OLD}, run={"at": "old"})


GOOD = json.loads(as_text(updated(NONE, report([result("a")]), "1")))


def changed(**changes):
    document = json.loads(json.dumps(GOOD))
    document["features"]["a"] |= changes
    return json.dumps(document)


DEEP = "[" * 200_000 + "]" * 200_000

# Text, then line and words of the error.
BROKEN = {
    "conflict": (
        '{\n<<<<<<< HEAD\n"schema": 1\n=======\n"schema": 2\n>>>>>>> other\n}\n',
        2,
        "conflict",
    ),
    "end of a conflict": ('{\n"schema": 1\n>>>>>>> other\n}', 3, "conflict"),
    "conflict in three": ("{\n\n<<<<<<< HEAD\n||||||| base\n", 3, "conflict"),
    "empty": ("", 1, "JSON"),
    "cut off": ('{\n  "schema": 1,\n', 3, "JSON"),
    "no JSON": ("schema: 1\n", 1, "JSON"),
    "byte order mark": ("\ufeff{}", 1, "JSON"),
    "nested too deep": (DEEP, None, "too deep"),
    "deep in a feature": ('{"schema": 1, "features": {"a": ' + DEEP + "}}", None, "too deep"),
    "number too long": ('{"schema": ' + "1" * 10_000 + "}", None, ""),
    "a list": ("[]", None, "is no results file"),
    "a text": ('"schema"', None, "is no results file"),
    "null": ("null", None, "is no results file"),
    "a number": ("1", None, "is no results file"),
    "without schema": ('{"features": {}}', None, "schema"),
    "without features": ('{"schema": 1}', None, "features"),
    "features is a list": ('{"schema": 1, "features": []}', None, "is no results file"),
    "features is null": ('{"schema": 1, "features": null}', None, "is no results file"),
    "feature is a text": ('{"schema": 1, "features": {"a": "proven"}}', None, "is no results file"),
    "feature without outcome": ('{"schema": 1, "features": {"a": {}}}', None, "outcome"),
    "run is null": ('{"schema": 1, "features": {}, "run": null}', None, "is no results file"),
    "run is a list": ('{"schema": 1, "features": {}, "run": [[1, 2]]}', None, "is no results file"),
    "run is a text": ('{"schema": 1, "features": {}, "run": ""}', None, "is no results file"),
    "unknown outcome": (changed(outcome="perfect"), None, "perfect"),
    "error is no record": (changed(outcome="error"), None, "error is never recorded"),
    "waived is no record": (changed(outcome="waived"), None, "waived is never recorded"),
    "outcome is a list": (changed(outcome=["proven"]), None, "is no results file"),
    "inputs is null": (changed(inputs=None), None, "None is no text"),
    "commit is a number": (changed(commit=7), None, "7 is no text"),
    "unknown flag": (changed(flags=["great"]), None, "great"),
    "flags is a number": (changed(flags=7), None, "is no results file"),
    "evidence is a list": (changed(evidence=["a.one"]), None, "is no results file"),
    "evidence is a text": (changed(evidence={"a.one": "passed"}), None, "is no results file"),
    "unknown verdict": (changed(evidence={"a.one": {"verdict": "ok"}}), None, "ok"),
}


@pytest.mark.parametrize(("text", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_and_how_to_mend_it(tmp_path, text, line, words):
    file = put(tmp_path, text)
    with pytest.raises(InvalidRecord) as caught:
        read_ledger(tmp_path)
    assert (caught.value.file, caught.value.line) == (file, line)
    assert words in caught.value.bare
    assert caught.value.mend == (
        "git checkout HEAD -- .scaffolder/results.json, then scaffolder check"
    )


@pytest.mark.parametrize("schema", [2, 0, "1", None, [1]])
def test_a_file_of_another_version_asks_for_another_scaffolder(tmp_path, schema):
    file = put(tmp_path, json.dumps({"schema": schema, "features": {}}))
    with pytest.raises(InvalidRecord, match="must be 1") as caught:
        read_ledger(tmp_path)
    assert (caught.value.file, caught.value.key) == (file, "schema")
    assert caught.value.mend == "upgrade portfolio-scaffolder"


def test_a_file_that_is_no_text_file(tmp_path):
    file = put(tmp_path, "")
    file.write_bytes(b'{"schema": 1, "features": {"\xff": 1}}')
    with pytest.raises(InvalidRecord, match="cannot be read"):
        read_ledger(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(InvalidRecord, match="cannot be read"):
        read_ledger(tmp_path)
    file.rmdir()
    file.parent.rmdir()
    file.parent.write_text("")
    with pytest.raises(InvalidRecord, match="cannot be read"):
        read_ledger(tmp_path)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from([*Outcome, *Verdict, *Flag]).map(str),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*GOOD, *GOOD["features"]["a"], "verdict", "attested"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def refused_or_read(root):
    try:
        ledger = read_ledger(root)
    except InvalidRecord as error:
        assert error.file == root / RESULTS_FILE
        return
    # What was read can be written again, as a feature that is not judged is.
    write(root / RESULTS_FILE, as_text(ledger))
    assert as_text(read_ledger(root)) == as_text(ledger)


@pytest.mark.parametrize("key", ["commit", "inputs"])
def test_half_a_character_is_refused_or_can_be_written_again(tmp_path, key):
    put(tmp_path, changed(**{key: "\ud800"}))
    refused_or_read(tmp_path)


@given(ANYTHING, st.sampled_from([*GOOD["features"]["a"], "x"]))
def test_records_of_any_values_are_read_or_refused(tmp_path, value, key):
    put(tmp_path, changed(**{key: value}))
    refused_or_read(tmp_path)


@given(st.dictionaries(st.sampled_from(["features", "run", "schema", "x"]), ANYTHING))
def test_files_of_any_values_are_read_or_refused(tmp_path, values):
    put(tmp_path, json.dumps(GOOD | values))
    refused_or_read(tmp_path)


@given(ANYTHING)
def test_any_json_is_read_or_refused(tmp_path, value):
    put(tmp_path, json.dumps(value))
    refused_or_read(tmp_path)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    put(tmp_path, "").write_bytes(content)
    refused_or_read(tmp_path)
