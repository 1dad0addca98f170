"""The same project as a template of ours, offered by a plugin, and as one for Copier."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDED = 6
FILE_LINES = 40
SEED = 20
TEMPLATE = "bench"

_MANIFEST = f"""\
schema: 1
id: {TEMPLATE}
version: 1.0.0
title: Benchmark
"""
_QUESTIONS = """\
project_name: {type: str, help: Name}
author_name: {type: str, help: Author, default: the author}
"""
_CHECKLIST = """\
schema: 1
features:
  - {id: first, title: First, owns: [src/first/**], hint: Begin.}
"""
_PLUGIN = """\
from pathlib import Path
from scaffolder import hookimpl, read_template

SCAFFOLDER_API = 1


@hookimpl
def scaffolder_templates():
    return [read_template(Path(__file__).parent / "bench")]
"""
_METADATA = "Metadata-Version: 2.1\nName: bench-plugin\nVersion: 1.0\n"
_ENTRY_POINT = "[scaffolder]\nbench = bench_plugin\n"
_COPIER = """\
_templates_suffix: .jinja
_exclude: [copier.yml]
project_name: {type: str}
author_name: {type: str, default: the author}
"""


def write_plugin(folder: Path, count: int) -> Path:
    """Make `folder` an installed distribution with a template of `count` files."""
    template = folder / TEMPLATE
    files = {f"files/{path}": text for path, text in project_files(count)}
    _write(
        template,
        {
            "template.yml": _MANIFEST,
            "copier.yml": _QUESTIONS,
            "checklist.yml": _CHECKLIST,
            **files,
        },
    )
    info = {"METADATA": _METADATA, "entry_points.txt": _ENTRY_POINT}
    _write(folder / "bench_plugin-1.0.dist-info", info)
    _write(folder, {"bench_plugin.py": _PLUGIN})
    return folder


def write_copier_template(folder: Path, count: int, generated: Path) -> Path:
    """Make `folder` a template for Copier that generates what ours has generated.

    The records of a generated repository (CHECKLIST.md, .scaffolder/) are plain files in it.
    """
    files = dict(project_files(count))
    ours = (path.relative_to(generated).as_posix() for path in generated.rglob("*"))
    records = {
        path: (generated / path).read_text("utf-8")
        for path in ours
        if not path.startswith(".git/")
        and (generated / path).is_file()
        and not {path, f"{path}.jinja"} & files.keys()
    }
    _write(folder, {"copier.yml": _COPIER, **files, **records})
    return folder


def project_files(count: int) -> Iterator[tuple[str, str]]:
    """Yield `count` files as path and text; the first few carry the user's words."""
    words = random.Random(SEED)  # noqa: S311 - only the same text in every run
    for number in range(count):
        lines = (f"export const n{line} = {words.random()};\n" for line in range(FILE_LINES))
        text = "".join(lines)
        folder = "src/first" if number % 10 == 1 else f"src/part{number % 25}"
        if number < WORDED:
            yield f"docs/page{number}.md.jinja", "# {{ project_name }}\n\nBy {{ author_name }}.\n"
        else:
            yield f"{folder}/file{number}.ts", text


def _write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
