"""JUnit XML, in the shape that Jenkins, GitLab and most services read.

A suite is a feature and a case a leaf test. What the checklist does not hold against the
project is skipped: such a service turns a build red for a single failure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from scaffolder.models import Level
from scaffolder.reports.escape import number, one_line, relative, visible
from scaffolder.results import Flag, Leaf, Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scaffolder.results import EvidenceResult, FeatureResult, Report

FAILURE, ERROR, SKIPPED = "failure", "error", "skipped"

_EXCUSES = {Outcome.TODO: "to do", Outcome.BLOCKED: "blocked"}
# Commands of CI services, see `scaffolder.reports.escape`; as references they only mean the same.
_AT_START = re.compile(r"^([^\S\n]*)::", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A test case; `tag` names the element that says why it did not pass, "" if it did."""

    evidence: str
    leaf: Leaf
    tag: str = ""
    brief: str = ""
    type: str = ""


def render(report: Report) -> str:
    """Return the report as JUnit XML; it is well-formed whatever a test printed."""
    root = ET.Element("testsuites", {"name": one_line(report.project)})
    total: list[_Case] = []
    for result in report.features:
        cases = list(_cases(result, report.path))
        root.append(_suite(report, result, cases))
        total += cases
    root.attrib |= _counts(total)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    text = _AT_START.sub(r"\1&#58;:", text.replace("##", "#&#35;"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(report: Report, result: FeatureResult, cases: list[_Case]) -> ET.Element:
    counts = _counts(cases)
    suite = ET.Element(
        "testsuite", {"name": one_line(result.feature.id), **counts, "timestamp": report.run.at}
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(report, result).items():
        ET.SubElement(properties, "property", {"name": name, "value": one_line(value)})
    suite.extend(map(_case, cases))
    return suite


def _properties(report: Report, result: FeatureResult) -> dict[str, str]:
    return {
        "title": result.feature.title,
        "level": str(result.feature.level),
        "outcome": str(result.outcome),
        "flags": " ".join(result.flags),
        "template": f"{report.template}@{report.version}",
        "commit": result.commit,
        "suite": str(report.integrity.suite),
    }


def _counts(cases: list[_Case]) -> dict[str, str]:
    tags = [case.tag for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(tags.count(FAILURE)),
        "errors": str(tags.count(ERROR)),
        "skipped": str(tags.count(SKIPPED)),
        "time": _seconds(sum(number(case.leaf.ms) for case in cases)),
    }


def _case(case: _Case) -> ET.Element:
    names = {"name": one_line(case.leaf.name), "classname": one_line(case.evidence)}
    element = ET.Element("testcase", {**names, "time": _seconds(number(case.leaf.ms))})
    if case.tag:
        says = {"message": one_line(case.brief), "type": case.type}
        ET.SubElement(element, case.tag, says).text = visible(case.leaf.message)
    return element


def _cases(result: FeatureResult, root: Path) -> Iterator[_Case]:
    for item in result.evidence:
        for leaf in _leaves(item):
            told = replace(leaf, message=relative(leaf.message, root))
            tag, brief, kind = _judge(result, item, told)
            yield _Case(evidence=item.evidence.id, leaf=told, tag=tag, brief=brief, type=kind)


def _leaves(item: EvidenceResult) -> Iterator[Leaf]:
    finding, name = item.finding, item.evidence.id
    if finding is None:
        yield Leaf(name=name, verdict=Verdict.ERROR, message="it was not run")
        return
    yield from finding.leaves
    # As where a suite crashed after all its tests had passed.
    if finding.verdict not in [leaf.verdict for leaf in finding.leaves]:
        ms = 0 if finding.leaves else finding.ms
        yield Leaf(name=name, verdict=finding.verdict, ms=ms, message=finding.message)


def _judge(result: FeatureResult, item: EvidenceResult, leaf: Leaf) -> tuple[str, str, str]:
    """Return tag, brief message and type."""
    brief = leaf.message.split("\n", 1)[0]
    if not result.judged:
        return SKIPPED, f"not judged in this run, {result.outcome} before", "not judged"
    if result.outcome is Outcome.WAIVED:
        return SKIPPED, f"waived: {result.reason}", "waived"
    if leaf.verdict is Verdict.PASSED:
        return "", "", ""
    if excuse := _excuse(result, item, leaf):
        return SKIPPED, f"{excuse}: {result.reason or brief}", excuse
    if leaf.verdict is Verdict.ERROR:
        return ERROR, brief, "error"
    return FAILURE, brief, "regressed" if Flag.REGRESSED in result.flags else "failed"


def _excuse(result: FeatureResult, item: EvidenceResult, leaf: Leaf) -> str:
    """Return why a leaf that did not pass is not held against the project, or ""."""
    if result.outcome in _EXCUSES:
        return _EXCUSES[result.outcome]
    if leaf.verdict is Verdict.ERROR:
        return ""
    if Level.STRETCH in (result.feature.level, item.evidence.level):
        return "stretch"
    return "" if result.outcome is Outcome.FAILED else str(result.outcome)


def _seconds(ms: float) -> str:
    return f"{ms / 1000:.3f}"
