"""The suite proves: declared ids are matched with the leaves that really ran."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaffolder.errors import ToolUnusable
from scaffolder.evidence import suite
from scaffolder.evidence.suite import TEST
from scaffolder.models import Evidence
from scaffolder.results import Judging, Leaf, Verdict
from tests.support.templates import write

ONE, TWO, OTHER = (Evidence(id=name, kind="test") for name in ("a.one", "a.two", "b.one"))


def leaf(evidence, outcome="passed", name="it works", **rest):
    return json.dumps(
        {"evidence": evidence, "name": f"{evidence}: {name}", "outcome": outcome} | rest
    )


# Finds the report among its arguments, as the runner of a project does.
NPM = """#!/bin/sh
for argument in "$@"; do
  test "$before" = --report && report="$argument"
  before="$argument"
done
echo "$report" > {folder}/report
"""


@pytest.fixture
def suite_of(tmp_path):
    """Judge by an `npm` that runs a script; `$report` is the file to write to."""
    tools, root = tmp_path / "tools", tmp_path / "project"
    root.mkdir()

    def judge(script="", *items, lines=None, again=False):
        if lines is not None:
            content = (
                lines if isinstance(lines, bytes) else "".join(f"{x}\n" for x in lines).encode()
            )
            (tmp_path / "lines").write_bytes(content)
            script = f"cat {tmp_path}/lines >> $report\n{script}"
        write(tools / "npm", NPM.format(folder=tmp_path) + script + "\n")
        (tools / "npm").chmod(0o755)
        heard = []
        judging = Judging(
            root=root,
            environment={"PATH": f"{tools}:{os.defpath}"},
            say=heard.append,
            again=again,
        )
        findings = TEST.judge(items or (ONE,), judging)
        judge.heard = heard
        # Nothing is left of the report, whatever happened.
        assert not Path((tmp_path / "report").read_text().strip()).parent.exists()
        return findings

    return judge


def verdicts(findings):
    return {identity: str(finding.verdict) for identity, finding in findings.items()}


def test_the_suite_is_run_once_for_all_features_in_the_project(suite_of, tmp_path):
    suite_of('pwd; for argument in "$@"; do echo "$argument"; done', ONE, OTHER, TWO)
    place, *arguments = suite_of.heard
    assert place == str(tmp_path / "project")
    report = arguments[arguments.index("--report") + 1]
    assert arguments == [
        *("run", "--silent", "acceptance", "--", "--all", "--report", report),
        *("--feature", "a", "--feature", "b"),
    ]


def test_leaves_that_passed_prove_their_evidence(suite_of):
    lines = [leaf("a.one", ms=1.5), leaf("a.one", ms=2, name="twice"), leaf("a.two", ms=4)]
    findings = suite_of("", ONE, TWO, lines=lines)
    assert verdicts(findings) == {"a.one": "passed", "a.two": "passed"}
    assert (findings["a.one"].ms, findings["a.one"].message) == (3.5, "")
    assert findings["a.one"].leaves == (
        Leaf(name="a.one: it works", verdict=Verdict.PASSED, ms=1.5),
        Leaf(name="a.one: twice", verdict=Verdict.PASSED, ms=2.0),
    )
    assert findings["a.one"].repeat == "scaffolder check --feature a"


# Outcomes of the leaves of one id, and the verdict.
LEAVES = [
    (["passed"], "passed"),
    (["passed", "passed"], "passed"),
    (["failed"], "failed"),
    (["passed", "failed"], "failed"),
    (["failed", "skipped"], "failed"),
    (["skipped"], "error"),
    (["passed", "skipped"], "error"),
    (["passed", "PASSED"], "error"),
    ([None], "error"),
    ([True], "error"),
    ([["passed"]], "error"),
    ([], "error"),
]


@pytest.mark.parametrize(("outcomes", "verdict"), LEAVES)
@pytest.mark.parametrize("code", [0, 1])
def test_all_leaves_of_an_id_must_pass_whatever_the_exit_code(suite_of, outcomes, verdict, code):
    lines = [leaf("a.one", outcome) for outcome in outcomes]
    assert verdicts(suite_of(f"exit {code}", lines=lines)) == {"a.one": verdict}


def test_a_failure_is_told_with_the_name_of_its_leaf(suite_of):
    lines = [
        leaf("a.one"),
        leaf("a.one", "skipped", name="skipped", message="no docker"),
        leaf("a.one", "failed", name="says 201", message="200 !== 201\n\nat x"),
    ]
    finding = suite_of(lines=lines)["a.one"]
    assert finding.message == "a.one: says 201\n200 !== 201\n\nat x"
    assert [item.message for item in finding.leaves] == ["", "no docker", "200 !== 201\n\nat x"]


def test_a_leaf_that_did_not_run_says_why(suite_of):
    finding = suite_of(lines=[leaf("a.one", "skipped", message="no ACCEPTANCE_CONTROL")])["a.one"]
    assert finding.message == "a.one: it works\nno ACCEPTANCE_CONTROL"


def test_leaves_prove_only_the_id_that_they_name(suite_of):
    lines = [leaf("a.two"), leaf("a.one2"), leaf("a.ONE"), leaf("a"), leaf("b.one")]
    findings = suite_of("", ONE, lines=lines)
    assert verdicts(findings) == {"a.one": "error"}
    assert findings["a.one"].message == "no test ran whose name begins with 'a.one'"


def test_a_suite_that_ends_at_once_in_success_proves_nothing(suite_of):
    for script in ("", "exit 0", ": > $report", "echo >> $report", "rm -f $report"):
        finding = suite_of(script)["a.one"]
        assert finding.verdict is Verdict.ERROR
        assert finding.message == "no test ran whose name begins with 'a.one'"


def test_a_suite_that_fails_before_its_tests_says_what_it_printed(suite_of):
    finding = suite_of("echo Cannot find module ./support/run.ts >&2; echo; exit 3")["a.one"]
    assert finding.verdict is Verdict.ERROR
    assert finding.message == (
        "no test ran whose name begins with 'a.one': the suite ended with exit code 3\n"
        "Cannot find module ./support/run.ts"
    )


def test_a_file_that_crashed_is_named_for_its_own_feature(suite_of):
    crash = json.dumps({"file": "/x/acceptance/a.test.ts", "message": "SyntaxError: x"})
    nameless = json.dumps({"file": "acceptance/b.test.ts"})
    other = Evidence(id="c.one", kind="test")
    findings = suite_of("exit 1", ONE, OTHER, other, lines=[crash, nameless])
    assert set(verdicts(findings).values()) == {"error"}
    assert findings["a.one"].message.endswith("'a.one': SyntaxError: x")
    assert findings["b.one"].message.endswith("'b.one': the file crashed")
    assert "SyntaxError" not in findings["c.one"].message


def test_a_file_that_crashed_between_its_tests_proves_nothing(suite_of):
    """Nobody knows how many leaves there would have been."""
    lines = [leaf("a.one"), json.dumps({"file": "acceptance/a.test.ts", "message": "exit(0)"})]
    findings = suite_of("exit 1", ONE, OTHER, lines=[*lines, leaf("b.one")])
    assert verdicts(findings) == {"a.one": "error", "b.one": "passed"}


GARBAGE = {
    "cut off": leaf("a.one", "failed")[:-5],
    "a word": "undefined",
    "a list": "[1, 2]",
    "a text": '"a.one"',
    "null": "null",
    "a number": "7",
    "not a number": "NaN",
    "another line": '{"event": "a.one", "outcome": "passed"}',
    "evidence is null": '{"evidence": null, "outcome": "passed"}',
    "evidence is a list": '{"evidence": ["a.one"], "outcome": "failed"}',
    "file is null": '{"file": null}',
    "file is empty": '{"file": ""}',
    "nothing": "",
    "too deep": "[" * 100_000,
    "a number too long": '{"evidence": "b.one", "ms": ' + "1" * 9_000 + "}",
}


@pytest.mark.parametrize("line", GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("ended", [True, False])
def test_a_line_that_says_nothing_costs_nothing(suite_of, line, ended):
    before, after = leaf("a.one"), leaf("a.two", "failed")
    lines = f"{before}\n{after}\n{line}".encode() + b"\n" * ended
    findings = suite_of("exit 1", ONE, TWO, lines=lines)
    assert verdicts(findings) == {"a.one": "passed", "a.two": "failed"}


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (7, 7.0),
        (0.25, 0.25),
        ("7", 0.0),
        (None, 0.0),
        ([7], 0.0),
        (float("nan"), 0.0),
        (float("inf"), 0.0),
        pytest.param(10**400, 0.0, id="huge"),
    ],
)
def test_a_time_that_is_none_is_nought(suite_of, ms, shown):
    finding = suite_of(lines=[leaf("a.one", ms=ms)])["a.one"]
    assert (finding.verdict, finding.ms) == (Verdict.PASSED, shown)


def test_bytes_that_are_no_text_are_replaced(suite_of):
    line = leaf("a.one", "failed", message="MARK").encode().replace(b"MARK", b"\xff\xfe")
    assert suite_of(lines=line)["a.one"].message.endswith("\n\ufffd\ufffd")


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_of_a_failure_hides_it(suite_of, text):
    """A project writes the messages: nothing in one may cut a line of the report in two."""
    failed = {"evidence": "a.one", "name": "a.one: x", "outcome": "failed", "message": text}
    for ascii_only in (True, False):
        lines = [json.dumps(failed, ensure_ascii=ascii_only), leaf("a.one")]
        finding = suite_of(lines=lines)["a.one"]
        assert finding.verdict is Verdict.FAILED
        assert finding.leaves[0].message == text


@pytest.mark.parametrize("mark", ["\x85", "\u2028", "\u2029"])
def test_no_mark_of_a_line_in_a_failure_hides_it(suite_of, mark):
    message = json.dumps(f"expected{mark}found", ensure_ascii=False)
    failed = f'{{"evidence":"a.one","name":"a.one: x","outcome":"failed","message":{message}}}'
    assert verdicts(suite_of(lines=[failed, leaf("a.one")])) == {"a.one": "failed"}


@given(st.binary(max_size=100))
@settings(max_examples=25)
def test_a_report_of_any_bytes_proves_nothing(suite_of, content):
    findings = suite_of(lines=content + b"\n")
    assert verdicts(findings) == {"a.one": "error"}


def test_a_suite_that_hangs_says_so_and_what_it_told_is_kept(suite_of, monkeypatch):
    monkeypatch.setattr(suite, "_LIMIT_S", 1.0)
    findings = suite_of("exec sleep 60", ONE, TWO, lines=[leaf("a.two", "failed")])
    assert verdicts(findings) == {"a.one": "error", "a.two": "failed"}
    assert "the suite did not end within" in findings["a.one"].message


@pytest.mark.parametrize("script", ["exec sleep 60", "kill -9 $$", "exit 137"])
def test_a_suite_that_did_not_come_to_its_end_proves_nothing(suite_of, monkeypatch, script):
    """There may have been more leaves of that id: one that hangs, or one that crashed it."""
    monkeypatch.setattr(suite, "_LIMIT_S", 1.0)
    assert verdicts(suite_of(script, lines=[leaf("a.one")])) == {"a.one": "error"}


def test_what_the_project_prints_is_no_report(suite_of):
    shown = shlex.quote(leaf("a.one"))
    assert verdicts(suite_of(f"echo {shown}; echo {shown} >&2")) == {"a.one": "error"}
    assert suite_of.heard == [leaf("a.one")] * 2


def test_without_npm_there_is_no_suite(tmp_path):
    judging = Judging(root=tmp_path, environment={"PATH": "/nowhere"}, say=print)
    with pytest.raises(ToolUnusable, match="npm cannot be run"):
        TEST.judge([ONE], judging)


@pytest.mark.parametrize(
    ("identity", "details", "words"),
    [
        ("a.one", {}, ""),
        ("task-crud.create", {}, ""),
        ("a.one.two", {}, ""),
        ("a", {}, "FEATURE.WHAT"),
        ("a.", {}, "FEATURE.WHAT"),
        (".one", {}, "FEATURE.WHAT"),
        ("a.one", {"path": "x", "file": "y"}, "no key 'file'"),
    ],
)
def test_what_is_wrong_with_a_piece_of_this_kind(identity, details, words):
    complaint = TEST.complain(Evidence(id=identity, kind="test", details=details))
    assert (words in complaint) if words else complaint == ""
