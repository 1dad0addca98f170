"""JUnit XML: what fails there is what fails the build."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given

from scaffolder.models import Level
from scaffolder.reports import junit
from scaffolder.results import Finding, Flag, Leaf, Outcome, Verdict
from tests.reports.examples import (
    ERROR,
    EXAMPLE,
    FAILED,
    HOSTILE,
    PASSED,
    ROOT,
    acts_in_a_log,
    feature,
    report,
)

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))


def parse(text):
    SCHEMA.validate(text)
    return ET.fromstring(text)  # noqa: S314 - ours


def cases(*results):
    """Return (name, tag, message, type) of each case."""
    found = []
    for case in parse(junit.render(report(*results))).iter("testcase"):
        says = next(iter(case), None)
        kind = (says.tag, says.get("message"), says.get("type")) if says is not None else ("",) * 3
        found.append((case.get("name"), *kind))
    return found


def test_a_suite_is_a_feature_and_counts_its_cases():
    root = parse(junit.render(EXAMPLE))
    assert {**root.attrib, "time": ""} == {
        "name": "hi",
        "tests": "9",
        "failures": "1",
        "errors": "2",
        "skipped": "3",
        "time": "",
    }
    assert [suite.get("name") for suite in root] == [
        *("crud", "auth", "cache", "orders", "queue", "deploy")
    ]
    assert {suite.get("timestamp") for suite in root} == {"2025-01-02T03:04:05Z"}
    properties = {item.get("name"): item.get("value") for item in root[2].iter("property")}
    assert properties["outcome"] == "failed"
    assert properties["flags"] == "regressed"
    assert properties["template"] == "task-api@1.2.3"


@pytest.mark.parametrize(
    ("result", "case"),
    [
        (feature(Outcome.PROVEN, PASSED), ("", "", "")),
        (feature(Outcome.FAILED, PASSED), ("", "", "")),
        (feature(Outcome.FAILED, FAILED), ("failure", "expected 201, got 501", "failed")),
        (
            feature(Outcome.FAILED, FAILED, flags=(Flag.REGRESSED,)),
            ("failure", "expected 201, got 501", "regressed"),
        ),
        (
            feature(Outcome.FAILED, FAILED, level=Level.STRETCH),
            ("skipped", "stretch: expected 201, got 501", "stretch"),
        ),
        (feature(Outcome.TODO, FAILED), ("skipped", "to do: expected 201, got 501", "to do")),
        (feature(Outcome.TODO, PASSED), ("", "", "")),
        (
            feature(Outcome.BLOCKED, FAILED, reason="needs auth"),
            ("skipped", "blocked: needs auth", "blocked"),
        ),
        (feature(Outcome.BLOCKED, None, reason="needs auth"), ("skipped",)),
        (feature(Outcome.ERROR, ERROR), ("error", "no PostgreSQL", "error")),
        (feature(Outcome.ERROR, None), ("error", "it was not run", "error")),
        (feature(Outcome.ERROR, FAILED), ("skipped",)),
        (feature(Outcome.WAIVED, None, reason="no card"), ("skipped", "waived: no card", "waived")),
        (feature(Outcome.WAIVED, PASSED), ("skipped",)),
        (
            feature(Outcome.FAILED, FAILED, judged=False),
            ("skipped", "not judged in this run, failed before", "not judged"),
        ),
        (feature(Outcome.PROVEN, PASSED, judged=False), ("skipped",)),
    ],
)
def test_only_what_counts_against_the_project_fails(result, case):
    ((name, *found),) = cases(result)
    assert name == "crud.0"
    assert tuple(found)[: len(case)] == case


def test_each_leaf_is_a_case_of_its_evidence():
    leaves = (
        Leaf(name="crud.0: adds", verdict=Verdict.PASSED, ms=1500),
        Leaf(name="crud.0: takes away", verdict=Verdict.FAILED, message="one\ntwo"),
    )
    result = feature(Outcome.FAILED, Finding(verdict=Verdict.FAILED, message="all", leaves=leaves))
    assert cases(result) == [
        ("crud.0: adds", "", "", ""),
        ("crud.0: takes away", "failure", "one", "failed"),
    ]
    root = parse(junit.render(report(result)))
    first, second = root.iter("testcase")
    assert (first.get("classname"), first.get("time")) == ("crud.0", "1.500")
    assert second.find("failure").text == "one\ntwo"


def test_a_crash_after_passing_leaves_is_a_case_of_its_own():
    leaf = Leaf(name="crud.0: adds", verdict=Verdict.PASSED)
    crash = Finding(verdict=Verdict.ERROR, message="the suite crashed", leaves=(leaf,))
    assert cases(feature(Outcome.ERROR, crash)) == [
        ("crud.0: adds", "", "", ""),
        ("crud.0", "error", "the suite crashed", "error"),
    ]


def test_what_xml_cannot_hold_is_written_out():
    message = "\x1b[31m]]> \x00 \ud800 \uffff ##[error]\n::error::x"
    text = junit.render(
        report(feature(Outcome.FAILED, Finding(verdict=Verdict.FAILED, message=message)))
    )
    assert not acts_in_a_log(text)
    body = parse(text).find(".//failure").text
    assert body == "\\x1b[31m]]> \\x00 \\ud800 \\uffff ##[error]\n::error::x"


def test_no_path_of_the_machine_stands_in_it():
    found = Finding(verdict=Verdict.FAILED, message=f"at {ROOT}/src/a.ts")
    text = junit.render(report(feature(Outcome.FAILED, found)))
    assert "/work" not in text
    assert "at src/a.ts" in text


@given(HOSTILE)
def test_it_validates_whatever_a_project_says(hostile):
    text = junit.render(hostile)
    root = parse(text.encode("utf-8").decode("utf-8"))
    assert not acts_in_a_log(text)
    assert int(root.get("failures")) == len(list(root.iter("failure")))
    assert int(root.get("tests")) == len(list(root.iter("testcase")))
    assert (int(root.get("failures")) == 0) or any(
        result.outcome is Outcome.FAILED for result in hostile.features
    )
