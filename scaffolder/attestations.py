"""The owner's word for what no test can show: ``.scaffolder/attested.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from scaffolder.errors import InvalidAttestation
from scaffolder.generated import SCHEMA, read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from scaffolder.documents import Table

ATTESTED_FILE = ".scaffolder/attested.yml"
_HEADER = "# Written by `scaffolder attest`; the words in it are yours.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A link that shows a piece of evidence, or the word that a feature is waived.

    Attributes:
        id: Of a piece of evidence, or, where `waive` holds, of a feature.
        link: An http(s) address; "" where `waive` holds.
        date: The day on which it was given.
    """

    id: str
    reason: str
    date: date
    link: str = ""
    waive: bool = False


def read_attestations(root: Path) -> dict[str, Attestation]:
    """Return what the owner of the repository at `root` attests, by id.

    Raises:
        InvalidRecord: naming file, key and line.
    """
    path = root / ATTESTED_FILE
    if not path.exists():
        return {}
    table = read_record(path, ("schema", "attestations"))
    found: dict[str, Attestation] = {}
    for item in table.tables("attestations"):
        attestation = _attestation(item)
        if attestation.id in found:
            raise item.problem(f"{attestation.id!r} stands twice", "id")
        found[attestation.id] = attestation
    return found


def as_text(attestations: Mapping[str, Attestation]) -> str:
    """Return the content of the file, sorted by id."""
    entries = [_as_mapping(attestations[key]) for key in sorted(attestations)]
    document = {"schema": SCHEMA, "attestations": entries}
    return _HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def check_link(link: str) -> str:
    """Return `link` if somebody could open it.

    Raises:
        InvalidAttestation: when it is no address of a page.
    """
    try:
        parts = urlsplit(link)
        is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_page = False
    if not is_page or any(not character.isprintable() or character == " " for character in link):
        raise InvalidAttestation(
            f"{link!r} is no address of a page", mend="give one that begins with https://"
        )
    return link


def waived(attestations: Iterable[Attestation]) -> dict[str, str]:
    """Return the waived features, each with its reason."""
    return {item.id: item.reason for item in attestations if item.waive}


def _attestation(table: Table) -> Attestation:
    table.only("id", "link", "waive", "reason", "date")
    waive = table.value("waive", False)
    if not isinstance(waive, bool):
        raise table.problem("must be true or false", "waive")
    if waive == ("link" in table):
        raise table.problem("needs a link, or waive: true, and not both")
    day = table.value("date")
    if type(day) is not date:
        raise table.problem("must be a day, as in 2026-01-31", "date")
    try:
        link = "" if waive else check_link(table.text("link"))
    except InvalidAttestation as problem:
        raise table.problem(problem.what, "link") from problem
    return Attestation(
        id=table.text("id"), reason=table.text("reason"), date=day, link=link, waive=waive
    )


def _as_mapping(item: Attestation) -> dict[str, object]:
    word: dict[str, object] = {"waive": True} if item.waive else {"link": item.link}
    return {"id": item.id, **word, "reason": item.reason, "date": item.date}
