"""``.scaffolder/badge.json``: what shields.io shows for a repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scaffolder.reports import words
from scaffolder.results import Flag, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaffolder.results import FeatureResult, Report

LABEL = "features"


def render(report: Report) -> str:
    """Return the badge of a checked repository; a stretch never counts."""
    return draw(report.features)


def draw(results: Sequence[FeatureResult]) -> str:
    """Return the badge for these results."""
    must = words.musts(results)
    badge = {"schemaVersion": 1, "label": LABEL, "message": _message(must), "color": _color(must)}
    return json.dumps(badge, indent=2) + "\n"


def _message(must: Sequence[FeatureResult]) -> str:
    parts = [f"{words.proven(must)}/{len(must)} proven"]
    counts = {
        "waived": sum(result.outcome is Outcome.WAIVED for result in must),
        "regressed": _flagged(must, Flag.REGRESSED),
        "stale": _flagged(must, Flag.STALE),
    }
    parts += [f"{count} {word}" for word, count in counts.items() if count]
    parts += ["suite modified"] if _flagged(must, Flag.MODIFIED) else []
    return ", ".join(parts)


def _color(must: Sequence[FeatureResult]) -> str:
    if _flagged(must, Flag.REGRESSED):
        return "red"
    if not words.proven(must):
        return "lightgrey"
    if _flagged(must, Flag.STALE) or _flagged(must, Flag.MODIFIED):
        return "yellow"
    return "brightgreen" if words.proven(must) == len(must) else "blue"


def _flagged(must: Sequence[FeatureResult], flag: Flag) -> int:
    return sum(flag in result.flags for result in must)
