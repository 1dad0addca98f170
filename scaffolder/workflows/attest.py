"""Write down the owner's word for what no test can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scaffolder.attestations import (
    ATTESTED_FILE,
    Attestation,
    as_text,
    check_link,
    read_attestations,
)
from scaffolder.errors import InvalidAttestation, UnknownEvidence, did_you_mean
from scaffolder.evidence.attested import KIND
from scaffolder.generated import find_generated, read_generated
from scaffolder.writing import locked, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from scaffolder.models import Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestRequest:
    """What is attested.

    Attributes:
        path: A folder in a generated repository.
        id: A piece of evidence, a feature that has one such piece, or the feature to waive.
        link: Where anybody can see it; "" to waive.
        day: The day of the word.
    """

    path: Path
    id: str
    link: str
    reason: str
    waive: bool
    day: date


def attest(request: AttestRequest) -> Attestation:
    """Add the word to ``.scaffolder/attested.yml``, in place of an earlier one for the same id.

    Raises:
        ScaffolderError: when there is nothing of that id, or the word could convince nobody.
    """
    root = find_generated(request.path)
    with locked(root):
        features = read_generated(root).features
        known = read_attestations(root)
        attestation = Attestation(
            id=_waivable(request.id, features) if request.waive else _piece(request.id, features),
            link="" if request.waive else check_link(request.link),
            reason=_reason(request.reason),
            waive=request.waive,
            date=request.day,
        )
        write_all(root, {ATTESTED_FILE: as_text(known | {attestation.id: attestation})})
    return attestation


def _waivable(identity: str, features: Sequence[Feature]) -> str:
    known = [feature.id for feature in features]
    if identity not in known:
        raise UnknownEvidence(
            f"no feature is called {identity!r}", why=did_you_mean(identity, known)
        )
    return identity


def _piece(identity: str, features: Sequence[Feature]) -> str:
    pieces = {item.id: feature for feature in features for item in feature.evidence}
    attested = [item.id for feature in features for item in feature.evidence if item.kind == KIND]
    of_feature = [piece for piece in attested if pieces[piece].id == identity]
    if identity in attested:
        return identity
    if len(of_feature) == 1:
        return of_feature[0]
    if of_feature:
        raise UnknownEvidence(
            f"{identity} has more than one piece to attest",
            why=f"name one: {', '.join(of_feature)}",
        )
    if identity in pieces or any(feature.id == identity for feature in features):
        feature = pieces[identity].id if identity in pieces else identity
        raise UnknownEvidence(
            f"{identity} is not for its owner to attest: tests, files or commands prove it",
            why=f"attested are: {', '.join(attested)}" if attested else "",
            mend=f"scaffolder check, or scaffolder attest {feature} --waive --reason TEXT",
        )
    raise UnknownEvidence(
        f"no evidence is called {identity!r}", why=did_you_mean(identity, attested)
    )


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason or not reason.isprintable():
        raise InvalidAttestation("the reason is empty, or holds what cannot be printed")
    return reason
