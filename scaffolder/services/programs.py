"""Installed programs: where they are, and of which version."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaffolder.services.models import Private


def locate(name: str, places: Iterable[str]) -> Path | None:
    """Return the newest program of that name in `places` (globs of folders), else on PATH."""
    roots = (Path("/").glob(place.lstrip("/")) for place in places)
    folders = sorted((str(folder) for found in roots for folder in found), key=_numbers)
    for folder in reversed(folders):
        if found := shutil.which(name, path=folder):
            return Path(found)
    found = shutil.which(name)
    return Path(found) if found else None


def locate_all(private: Private) -> Mapping[str, Path | None]:
    """Return where each program of a service is; None where it is missing."""
    return {name: locate(name, private.places) for name in private.programs}


def version(program: Path) -> str:
    """Return the version of a program as far as its path tells, else ""."""
    found = re.search(r"[/@-](\d+(?:\.\d+)*)/s?bin/[^/]+$", str(program.resolve()))
    return found[1] if found else ""


def _numbers(folder: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", folder)]
