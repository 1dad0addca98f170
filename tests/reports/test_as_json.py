"""The canonical result, for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from scaffolder.reports import as_json
from scaffolder.results import Finding, Leaf, Outcome, Verdict
from tests.reports.examples import (
    COMMIT,
    EXAMPLE,
    HOSTILE,
    ROOT,
    acts_in_a_log,
    feature,
    report,
)

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/check.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_everything_stands_in_it():
    text = as_json.render(EXAMPLE)
    value = json.loads(text)
    VALIDATOR.validate(value)
    assert text.endswith("}\n")
    assert list(value) == SCHEMA["required"]
    assert value["project"] == {"name": "hi", "template": "task-api", "version": "1.2.3"}
    assert value["summary"] == {
        "proven": 1,
        "todo": 1,
        "blocked": 1,
        "failed": 1,
        "error": 1,
        "waived": 1,
        "stale": 0,
        "modified": 0,
        "unverified": 0,
        "regressed": 1,
        "flaky": 0,
        "total": 6,
    }
    assert value["run"]["selected"] == ["crud", "auth", "cache", "orders", "queue", "deploy"]
    assert value["integrity"] == {"suite": "pristine", "modified": []}
    proven, *_ = value["features"]
    assert list(proven) == SCHEMA["$defs"]["feature"]["required"]
    assert proven["weeks"] == [5, 6]
    assert proven["commit"] == COMMIT
    assert proven["evidence"][0] == {
        "id": "crud.0",
        "kind": "test",
        "level": "must",
        "verdict": "passed",
        "ms": 12.5,
        "message": "",
        "link": "",
        "repeat": "",
        "flaky": False,
        "leaves": [],
    }


def test_what_was_not_judged_has_no_verdict():
    broken = json.loads(as_json.render(EXAMPLE))["features"][4]
    assert [piece["verdict"] for piece in broken["evidence"]] == ["error", None]


def test_the_text_of_a_test_comes_through_unchanged():
    message = "a \x1b[31mred\x1b[0m ##[error] \u202e é 💚\nnext\tline"
    leaf = Leaf(name="it's", verdict=Verdict.FAILED, message=message)
    found = Finding(verdict=Verdict.FAILED, leaves=(leaf,))
    text = as_json.render(report(feature(Outcome.FAILED, found)))
    assert "é 💚" in text
    assert not acts_in_a_log(text)
    (evidence,) = json.loads(text)["features"][0]["evidence"]
    assert evidence["leaves"][0]["message"] == message


def test_no_message_tells_where_the_repository_stands():
    found = Finding(verdict=Verdict.FAILED, message=f"at file://{ROOT}/src/a.ts:3 in {ROOT}")
    text = as_json.render(report(feature(Outcome.FAILED, found)))
    assert str(ROOT) not in text
    assert "at src/a.ts:3 in ." in text


@pytest.mark.parametrize("ms", [float("nan"), float("inf"), -1.0])
def test_a_time_that_is_no_number_is_none(ms):
    text = as_json.render(report(feature(Outcome.PROVEN, Finding(verdict="passed", ms=ms))))
    VALIDATOR.validate(json.loads(text))


@given(HOSTILE)
def test_it_validates_whatever_a_project_says(hostile):
    text = as_json.render(hostile)
    VALIDATOR.validate(json.loads(text.encode("utf-8")))
    assert not acts_in_a_log(text)
