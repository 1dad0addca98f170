"""What a run of the command line left behind, and how folders looked before it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An exit code and what was written."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The error's code, which stands in brackets at the end of the line that starts with it."""
        found = re.search(r"^error: .*\[([a-z-]+)\]$", self.err, re.MULTILINE | re.DOTALL)
        return found[1] if found else ""


def snapshot(root: Path) -> dict[str, tuple[str, int, bytes]]:
    """Return everything below `root`, hidden files too: kind, mode and bytes."""
    found = {}
    for path in sorted(root.rglob("*")):
        mode = path.lstat().st_mode & 0o7777
        if path.is_symlink():
            found[str(path.relative_to(root))] = ("link", mode, str(path.readlink()).encode())
        elif path.is_dir():
            found[str(path.relative_to(root))] = ("folder", mode, b"")
        elif path.is_file():
            found[str(path.relative_to(root))] = ("file", mode, path.read_bytes())
        else:
            found[str(path.relative_to(root))] = ("other", mode, b"")
    return found


def contents(project: Path) -> dict[str, tuple[str, int, bytes]]:
    """Return the snapshot of a project without ``.git`` and its secrets."""
    return {
        path: entry
        for path, entry in snapshot(project).items()
        if path.split("/")[0] not in (".git", ".env")
    }


def git(folder: Path, *arguments: str, env: Mapping[str, str] | None = None, code: int = 0) -> str:
    """Run git as the user would and return what it prints."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout
