"""The badge: it never says more than is proven."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from scaffolder.models import Level
from scaffolder.reports import badge
from scaffolder.results import Flag, Outcome
from tests.reports.examples import (
    FAILED,
    HOSTILE,
    PASSED,
    PROVEN,
    REGRESSED,
    TODO,
    WAIVED,
    feature,
    report,
)

STALE = feature(Outcome.PROVEN, PASSED, flags=(Flag.STALE,))
MODIFIED = feature(Outcome.PROVEN, PASSED, flags=(Flag.MODIFIED,))
STRETCH = feature(Outcome.FAILED, FAILED, level=Level.STRETCH, flags=(Flag.REGRESSED,))


@pytest.mark.parametrize(
    ("results", "message", "color"),
    [
        ([TODO] * 4, "0/4 proven", "lightgrey"),
        ([], "0/0 proven", "lightgrey"),
        ([PROVEN, TODO], "1/2 proven", "blue"),
        ([PROVEN] * 4, "4/4 proven", "brightgreen"),
        ([PROVEN, STRETCH], "1/1 proven", "brightgreen"),
        ([PROVEN] * 3 + [WAIVED], "3/4 proven, 1 waived", "blue"),
        ([PROVEN, REGRESSED], "1/2 proven, 1 regressed", "red"),
        ([TODO, REGRESSED], "0/2 proven, 1 regressed", "red"),
        ([PROVEN, STALE], "2/2 proven, 1 stale", "yellow"),
        ([MODIFIED], "1/1 proven, suite modified", "yellow"),
    ],
)
def test_the_badge(results, message, color):
    assert json.loads(badge.render(report(*results))) == {
        "schemaVersion": 1,
        "label": "features",
        "message": message,
        "color": color,
    }


@given(HOSTILE)
def test_it_is_valid_whatever_a_project_says(hostile):
    text = badge.render(hostile)
    value = json.loads(text)
    assert text.isascii()
    assert list(value) == ["schemaVersion", "label", "message", "color"]
    assert value["color"] in ("red", "lightgrey", "yellow", "blue", "brightgreen")
