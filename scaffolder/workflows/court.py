"""Who judges a repository: its own suite as it stands, or the template's, laid over a copy."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffolder import integrity
from scaffolder.errors import InvalidRecord, InvalidTemplate, OtherVersion
from scaffolder.repository import pristine_files
from scaffolder.results import Integrity, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scaffolder.generated import Generated
    from scaffolder.integrity import Judges
    from scaffolder.models import Feature, Template
    from scaffolder.plugins import Plugins


@dataclass(frozen=True, slots=True, kw_only=True)
class Court:
    """Where a repository is judged, by whose checklist, and whether that is the template's."""

    root: Path
    features: tuple[Feature, ...]
    integrity: Integrity


@contextmanager
def court_of(generated: Generated, plugins: Plugins, *, pristine: bool) -> Iterator[Court]:
    """Give the repository itself, or a copy that the template's own suite is laid over.

    Raises:
        OtherVersion: when a copy is asked for, and the template's version is not installed.
    """
    template = {item.id: item for item in plugins.templates()}.get(generated.template)
    if not pristine:
        mine = integrity.judges_in(generated.root, generated.features)
        yield Court(
            root=generated.root,
            features=generated.features,
            integrity=_compared(mine, generated, template, plugins),
        )
        return
    if template is None or template.version != generated.version:
        raise _other_version(generated, template)
    features = plugins.features(template)
    judges = integrity.judges_of(generated, template, features, plugins.layers())
    with tempfile.TemporaryDirectory(prefix="scaffolder-pristine-") as folder:
        copy = Path(folder) / generated.root.name
        integrity.copy_with(judges, generated.root, copy)
        yield Court(root=copy, features=features, integrity=Integrity(suite=Suite.OVERLAID))


def _compared(
    mine: Judges, generated: Generated, template: Template | None, plugins: Plugins
) -> Integrity:
    """Compare with the installed template, or else with the last pristine commit."""
    try:
        if template and template.version == generated.version:
            features = plugins.features(template)
            theirs = integrity.judges_of(generated, template, features, plugins.layers())
        else:
            files = pristine_files(generated.root)
            if files is None:
                return Integrity(suite=Suite.UNVERIFIED)
            theirs = integrity.judges_from(files)
    except (InvalidTemplate, InvalidRecord):
        return Integrity(suite=Suite.UNVERIFIED)
    modified = integrity.differences(mine, theirs)
    return Integrity(suite=Suite.MODIFIED if modified else Suite.PRISTINE, modified=modified)


def _other_version(generated: Generated, template: Template | None) -> OtherVersion:
    mine = f"{generated.template} {generated.version}"
    if template is None:
        return OtherVersion(
            f"the template {generated.template} is not installed",
            why=f"the project was generated from {mine}, whose suite is to be laid over it",
            mend="install the plugin that brings it, or check without --pristine",
        )
    return OtherVersion(
        f"the project was generated from {mine}, and {template.version} is installed",
        why="a suite of another version may ask for what the project was never told",
        mend="check without --pristine, or with the version of the scaffolder that fits",
    )
