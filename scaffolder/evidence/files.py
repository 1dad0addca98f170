"""Evidence of the kind `file`: a file that stands in the repository and says something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.names import broken_path_rule
from scaffolder.results import EvidenceKind, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scaffolder.models import Evidence
    from scaffolder.results import Judging


def judge(items: Sequence[Evidence], judging: Judging) -> dict[str, Finding]:
    """Look at each file."""
    return {item.id: _finding(item, judging.root) for item in items}


def complain(evidence: Evidence) -> str:
    """Say what is wrong with the details: ``path``, and ``contains`` if there is a text to find."""
    unknown = sorted(set(evidence.details) - {"path", "contains"})
    if unknown:
        return f"the kind file has no key {unknown[0]!r}"
    path = evidence.details.get("path")
    if not isinstance(path, str):
        return "the kind file needs path, a text"
    rule = broken_path_rule(path)
    if rule:
        return f"its path {rule}"
    contains = evidence.details.get("contains", "x")
    return "" if isinstance(contains, str) and contains else "contains must be a text"


def _finding(item: Evidence, root: Path) -> Finding:
    path = str(item.details["path"])
    complaint = _complaint(root, path, str(item.details.get("contains", "")))
    return Finding(
        verdict=Verdict.FAILED if complaint else Verdict.PASSED,
        message=f"{path} {complaint}" if complaint else "",
        repeat=f"scaffolder check --feature {item.id.partition('.')[0]}",
    )


def _complaint(root: Path, path: str, contains: str) -> str:
    file = root / path
    if not file.is_file():
        return "is missing"
    if not file.resolve().is_relative_to(root.resolve()):
        return "leads out of the repository"
    text = file.read_text("utf-8", "replace")
    if not text.strip():
        return "is empty"
    return f"does not contain {contains!r}" if contains not in text else ""


FILE = EvidenceKind(id="file", judge=judge, complain=complain)
