"""A generated repository, as its own records describe it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scaffolder.checklist import read_features
from scaffolder.documents import read_document
from scaffolder.errors import InvalidRecord, NotAProject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scaffolder.documents import Table
    from scaffolder.models import Feature

PROJECT_FILE = ".scaffolder/project.yml"
CHECKLIST_FILE = ".scaffolder/checklist.yml"
SCHEMA = 1
_KEYS = (
    *("schema", "template", "layers", "suite", "scaffolder", "roadmap", "project"),
    *("engines", "services", "built", "answers"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """A generated repository.

    Attributes:
        template: The id of its template.
        version: The version of the template that it was generated from or updated to.
        built: Ids of the features whose reference implementation was generated or revealed.
        answers: What its questions were answered with.
        features: The checklist, with its ties.
    """

    root: Path
    template: str
    version: str
    roadmap: str | None
    project: str | None
    engines: Mapping[str, str]
    services: tuple[str, ...]
    built: tuple[str, ...]
    answers: Mapping[str, Any]
    features: tuple[Feature, ...]

    @property
    def name(self) -> str:
        """The project's name."""
        return str(self.answers.get("project_name", self.root.name))


def find_generated(start: Path) -> Path:
    """Return the nearest folder at or above `start` that is a generated repository.

    Raises:
        NotAProject: when there is none.
    """
    place = start.absolute()
    for folder in (place, *place.parents):
        if (folder / PROJECT_FILE).is_file() or (folder / CHECKLIST_FILE).is_file():
            return folder
    raise NotAProject(
        f"{start} is not inside a generated project",
        why=f"no folder from there upwards has {PROJECT_FILE}",
        mend="scaffolder new PROJECT, or name the project's folder",
    )


def read_generated(root: Path) -> Generated:
    """Read the records of the generated repository at `root`.

    Raises:
        InvalidRecord: when one is missing, broken, or of a newer version.
    """
    table = read_record(root / PROJECT_FILE, _KEYS)
    template = table.table("template")
    template.only("id", "version")
    answers = table.table("answers")
    return Generated(
        root=root,
        template=template.text("id"),
        version=template.text("version"),
        roadmap=_name(table, "roadmap"),
        project=_name(table, "project"),
        engines=_texts(table, "engines"),
        services=table.texts("services", ()),
        built=table.texts("built", ()),
        answers={name: answers.value(name) for name in answers.nodes},
        features=read_features(root / CHECKLIST_FILE, tied=False, error=InvalidRecord),
    )


def read_record(path: Path, keys: tuple[str, ...]) -> Table:
    """Read a record in YAML of the version that we know.

    Raises:
        InvalidRecord: when it is missing, broken, or of another version.
    """
    table = read_document(path, InvalidRecord)
    if table.integer("schema") != SCHEMA:
        raise table.problem(f"must be {SCHEMA}", "schema", mend="upgrade portfolio-scaffolder")
    table.only(*keys)
    return table


def _name(table: Table, name: str) -> str | None:
    return table.text(name) if table.value(name, None) is not None else None


def _texts(table: Table, name: str) -> dict[str, str]:
    if name not in table:
        return {}
    inner = table.table(name)
    return {key: inner.text(key) for key in inner.nodes}
