"""CHECKLIST.md after a check; tests/test_records.py shows it at birth."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from scaffolder.builtin.roadmaps import backend_first
from scaffolder.reports import page
from scaffolder.results import Finding, Flag, Outcome, Verdict
from tests.reports.examples import (
    COMMIT,
    ERROR,
    EXAMPLE,
    FAILED,
    HOSTILE,
    NASTY,
    PASSED,
    REGRESSED,
    feature,
    report,
)

ATTESTED = Finding(verdict=Verdict.PASSED, link="https://example.com/demo", message="seen")


def row(result, *others):
    (found,) = [
        line
        for line in page.render(report(result, *others)).split("\n")
        if line.startswith(f"| `{result.feature.id}` |")
    ]
    return [cell.strip() for cell in found.split("|")[1:-1]]


@pytest.mark.parametrize(
    ("result", "outcome", "evidence"),
    [
        (feature(Outcome.PROVEN, PASSED, PASSED), "✔ proven", "2 of 2"),
        (
            feature(Outcome.PROVEN, ATTESTED),
            "◐ proven by its owner's word ([link](https://example.com/demo))",
            "1 of 1",
        ),
        (
            feature(Outcome.PROVEN, PASSED, ATTESTED, ATTESTED),
            "◐ proven, in part by its owner's word ([link](https://example.com/demo))",
            "3 of 3",
        ),
        (feature(Outcome.TODO, PASSED, FAILED), "to do", "1 of 2"),
        (feature(Outcome.TODO), "to do", "none declared"),
        (feature(Outcome.FAILED, FAILED), "✘ failed", "0 of 1"),
        (feature(Outcome.FAILED, FAILED, flags=(Flag.REGRESSED,)), "✘ regressed", "0 of 1"),
        (feature(Outcome.ERROR, ERROR), "could not be judged", "0 of 1"),
        (feature(Outcome.WAIVED, None, reason="no *card*"), "waived: no \\*card\\*", "0 of 1"),
        (
            feature(Outcome.PROVEN, PASSED, flags=(Flag.FLAKY, Flag.MODIFIED, Flag.STALE)),
            "✔ proven, flaky, suite modified, stale",
            "1 of 1",
        ),
    ],
)
def test_the_outcome_stands_in_words(result, outcome, evidence):
    assert row(result)[4:] == [outcome, evidence]


def test_a_blocked_feature_names_what_blocks_it():
    blocked = feature(Outcome.BLOCKED, FAILED, id="orders", requires=("cache", "crud"))
    assert row(blocked, REGRESSED)[4] == "blocked by `cache`"
    assert row(replace(blocked, reason="needs x"))[4] == "blocked: needs x"


def test_each_piece_of_evidence_has_its_mark_and_the_short_commit():
    text = page.render(EXAMPLE)
    assert (
        "\nA feature is proven when all its evidence passes. "
        "✔ stands for what passed, ◐ for its owner's word, ✘ for what failed.\n\n"
        f"- `crud`, found at `{COMMIT[:7]}`: `crud.0` ✔, `crud.1` ✔\n"
        "- `auth`: `auth.0` ✔, `auth.1`\n"
        f"- `cache`, found at `{COMMIT[:7]}`: `cache.0` ✘\n"
        "- `orders`: `orders.0`\n"
    ) in text
    assert COMMIT not in text
    assert "2025" not in text


def test_the_place_in_the_roadmap_is_told_where_it_is_known():
    roadmap = backend_first()
    project = next(item for item in roadmap.projects if item.id == "task-api")
    text = page.render(EXAMPLE, (roadmap, project))
    assert text.startswith("# Checklist of hi\n\nPhase 2: ")
    assert "\n## Milestones\n\n- `week-6`, week 6: " in text
    assert "| planned |  |\n" in text
    without = page.render(EXAMPLE)
    assert without.startswith("# Checklist of hi\n\n| feature |")
    assert [line for line in text.split("\n") if line.startswith("| `crud`")] == [
        line for line in without.split("\n") if line.startswith("| `crud`")
    ]


@given(HOSTILE, NASTY)
def test_nothing_breaks_out(hostile, name):
    text = page.render(replace(hostile, project=name))
    text.encode("utf-8")
    rows = [line for line in text.split("\n") if line.startswith("|")]
    assert len(rows) == 2 + len(hostile.features)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {7}
    assert len(text.split("\n")) == 10 + 2 * len(hostile.features)
