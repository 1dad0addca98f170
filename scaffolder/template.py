"""Templates and layers read from their folders."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from scaffolder.checklist import read_features
from scaffolder.documents import Table, read_document
from scaffolder.errors import InvalidTemplate
from scaffolder.models import Layer, Question, Template
from scaffolder.names import is_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = 1
QUESTION_TYPES = ("str", "int", "float", "bool")

_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
_QUESTION_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEYS = (
    *("schema", "id", "version", "title", "roadmap", "project"),
    *("layers", "engines", "services", "secrets", "next"),
)
# What installing, building or opening a template's folder leaves there; never part of it.
_LEAVINGS = frozenset(
    {"node_modules", "__pycache__", ".git", ".DS_Store", ".env", "dist", "coverage"}
)


def read_template(root: Path) -> Template:
    """Read the template in the folder `root`, whose name is the template's id.

    Raises:
        InvalidTemplate: with file, key and line.
    """
    table = read_document(root / "template.yml", InvalidTemplate)
    table.only(*_KEYS)
    if table.integer("schema") != SCHEMA:
        raise table.problem(f"must be {SCHEMA}", "schema", mend="upgrade portfolio-scaffolder")
    project = table.text("project") if "project" in table else None
    return Template(
        id=_template_id(table, root),
        version=_version(table),
        title=table.text("title"),
        root=root,
        roadmap=table.text("roadmap") if project else None,
        project=project,
        layers=table.texts("layers", ()),
        engines=_engines(table),
        services=table.texts("services", ()),
        secrets=table.texts("secrets", ()),
        next=table.texts("next", ()),
        questions=_read_questions(root / "copier.yml"),
        features=read_features(root / "checklist.yml", tied=project is not None),
    )


def read_layer(root: Path) -> Layer:
    """Return the layer in the folder `root`, whose name is the layer's id.

    Raises:
        InvalidTemplate: when there is no such folder.
    """
    if not root.is_dir():
        raise InvalidTemplate("is no folder", file=root)
    return Layer(id=root.name, root=root)


def tree_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below `root`, sorted, as (path with ``/``, file).

    Raises:
        InvalidTemplate: at a symbolic link or anything else that is neither file nor folder.
    """
    for entry in sorted(root.iterdir()):
        if entry.name in _LEAVINGS:
            continue
        if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
            raise InvalidTemplate("is neither a file nor a folder", file=entry)
        if entry.is_file():
            yield entry.name, entry
        else:
            yield from ((f"{entry.name}/{path}", file) for path, file in tree_files(entry))


def is_executable(file: Path) -> bool:
    """Tell whether the owner may execute `file`."""
    return bool(file.stat().st_mode & 0o100)


def digest(files: Iterator[tuple[str, Path]]) -> str:
    """Return the SHA-256 over paths, executable bits and bytes of `files`, in their order."""
    total = hashlib.sha256()
    for path, file in files:
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        total.update(f"{path}\0{is_executable(file):d}\0{content}\n".encode())
    return total.hexdigest()


def _template_id(table: Table, root: Path) -> str:
    identity = table.text("id")
    if not is_id(identity):
        raise table.problem(f"{identity!r} is no id: small letters, digits and hyphens", "id")
    if identity != root.name:
        raise table.problem(f"is {identity!r}, but the template's folder is {root.name!r}", "id")
    return identity


def _version(table: Table) -> str:
    version = table.text("version")
    if not _VERSION.fullmatch(version):
        raise table.problem(f"{version!r} is no semantic version, such as 1.0.0", "version")
    return version


def _engines(table: Table) -> dict[str, str]:
    if "engines" not in table:
        return {}
    engines = table.table("engines")
    return {name: engines.text(name) for name in engines.nodes}


def _read_questions(path: Path) -> tuple[Question, ...]:
    table = read_document(path, InvalidTemplate)
    for name in table.nodes:
        if name.startswith("_"):
            raise table.problem("settings of Copier are made by the scaffolder; leave it out", name)
    return tuple(_question(table, name, entry) for name, entry in table.named_tables())


def _question(parent: Table, name: str, table: Table) -> Question:
    if not _QUESTION_NAME.fullmatch(name):
        raise parent.problem("a question's name has small letters, digits and underscores", name)
    table.only("type", "help", "default", "choices", "validator")
    default = table.value("default", None)
    if not isinstance(default, str | int | float | bool | None):
        raise table.problem("must be a text, a number or a yes/no", "default")
    kind = table.choice("type", QUESTION_TYPES, "str")
    if "choices" in table and kind != "str":
        raise table.problem("only a question of type str has choices", "choices")
    return Question(
        name=name,
        type=kind,
        help=table.text("help", name),
        default=default,
        choices=table.texts("choices", ()),
        validator=table.text("validator", ""),
    )
