"""Build hook: a wheel holds exactly the template files that git tracks.

A folder that is force-included would bring along whatever lies in it, and what the folder's own
ignore files name would be dropped, though it is tracked. So each file is named. An sdist, which
has no git, carries the list.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TEMPLATES = "templates"
LISTING = "templates.list"
INSTALLED = "scaffolder/_templates"


class TemplatesHook(BuildHookInterface[Any]):
    """Adds the tracked template files to a wheel or an sdist."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name every template file to the builder."""
        if version == "editable":
            return
        root = Path(self.root)
        files = tracked_templates(root)
        include: dict[str, str] = build_data["force_include"]
        if self.target_name == "wheel":
            for file in files:
                include[str(root / file)] = INSTALLED + file.removeprefix(TEMPLATES)
            return
        for file in files:
            include[str(root / file)] = file
        self._listing.parent.mkdir(parents=True, exist_ok=True)
        self._listing.write_text("".join(f"{file}\n" for file in files), "utf-8")
        include[str(self._listing)] = LISTING

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - the interface
        """Leave nothing but the artifact in the build folder."""
        self._listing.unlink(missing_ok=True)

    @property
    def _listing(self) -> Path:
        return Path(self.directory) / LISTING


def tracked_templates(root: Path) -> list[str]:
    """Return the paths of all tracked template files, from git or from an sdist's list."""
    listing = root / LISTING
    if listing.is_file():
        return listing.read_text("utf-8").splitlines()
    command = ["git", "-C", str(root), "ls-files", "-z", "--", TEMPLATES]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return sorted(path for path in done.stdout.decode().split("\0") if path)
