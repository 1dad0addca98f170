"""One hash over everything that the evidence of a repository may depend on."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from scaffolder.ignoring import is_ignored, read_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from scaffolder.ignoring import Rules

# What `check` and `attest` write: it follows from the evidence, and never the other way round.
WRITTEN = frozenset(
    {".scaffolder/results.json", ".scaffolder/attested.yml", ".scaffolder/badge.json"}
)


def hash_inputs(root: Path, named: Collection[str] = ()) -> str:
    """Return ``sha256:`` and the hash of paths and contents below `root`.

    Left out is what the repository's own ``.gitignore`` files ignore, what we write, and prose
    (``*.md`` and ``docs/``), except files in `named`, which evidence looks at. Plain file reads:
    neither git nor node is needed.

    Raises:
        OSError: when a file cannot be read.
    """
    total = hashlib.sha256()
    for path in sorted(input_files(root)):
        if path in WRITTEN or (_is_prose(path) and path not in named):
            continue
        total.update(f"{path}\0{_digest(root / path)}\n".encode("utf-8", "surrogateescape"))
    return f"sha256:{total.hexdigest()}"


def input_files(root: Path) -> Iterator[str]:
    """Yield the paths of all files and links below `root` that no ``.gitignore`` ignores."""
    yield from _walk(root, "", ())


def _walk(folder: Path, prefix: str, ladder: tuple[Rules, ...]) -> Iterator[str]:
    ladder = (*ladder, read_rules(folder, prefix))
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = prefix + entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name == ".git" or is_ignored(path, ladder, folder=is_folder):
                continue
            if is_folder:
                yield from _walk(folder / entry.name, path + "/", ladder)
            elif entry.is_symlink() or entry.is_file():
                yield path


def _is_prose(path: str) -> bool:
    return path.endswith(".md") or path.startswith("docs/")


def _digest(file: Path) -> str:
    if file.is_symlink():
        return f"-> {file.readlink()}"
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
