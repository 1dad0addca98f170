"""A clean clone of the work tree as it is, uncommitted changes and all."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_IDENTITY = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.org")


def snapshot(target: Path) -> Path:
    """Copy every file that git tracks or would add into the new repository `target`."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)
    git(target, "init", "--quiet")
    commit(target)
    return target


def commit(repository: Path) -> None:
    """Commit everything in `repository`, ignored files too."""
    git(repository, "add", "--all", "--force")
    git(repository, *_IDENTITY, "commit", "--quiet", "--message", "as it is")


def git(repository: Path, *arguments: str) -> str:
    """Run git there and return what it printed."""
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
