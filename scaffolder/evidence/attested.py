"""Evidence of the kind `attested`: its owner's word, with a link that anybody can open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scaffolder.attestations import read_attestations
from scaffolder.results import EvidenceKind, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaffolder.models import Evidence
    from scaffolder.results import Judging

KIND = "attested"


def complain(evidence: Evidence) -> str:
    """Say what is wrong: this kind has no details."""
    return f"the kind attested has no key {min(evidence.details)!r}" if evidence.details else ""


def judge(items: Sequence[Evidence], judging: Judging) -> dict[str, Finding]:
    """Look each piece up in ``.scaffolder/attested.yml``."""
    attestations = read_attestations(judging.root)
    findings = {}
    for item in items:
        word = attestations.get(item.id)
        repeat = f"scaffolder attest {item.id} --link URL --reason TEXT"
        findings[item.id] = (
            Finding(verdict=Verdict.PASSED, message=word.reason, link=word.link, repeat=repeat)
            if word and not word.waive
            else Finding(verdict=Verdict.FAILED, message="nobody attests it yet", repeat=repeat)
        )
    return findings


ATTESTED = EvidenceKind(id=KIND, judge=judge, complain=complain)
