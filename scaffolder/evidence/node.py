"""Node and the packages of a project, without which its suite cannot run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from scaffolder.errors import ToolUnusable
from scaffolder.evidence.processes import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_ASK_LIMIT_S = 20
_INSTALL_LIMIT_S = 900
_VERSION = re.compile(r"v?\d+\.\d+")
_AT_LEAST = re.compile(r">=\s*(\d+(?:\.\d+)*)")


def require_node(engines: Mapping[str, str], environment: Mapping[str, str]) -> None:
    """Make sure that Node and npm are there, and Node as new as the template asks for.

    Raises:
        ToolUnusable: with what to install.
    """
    wanted = engines.get("node", "")
    search = environment.get("PATH")
    missing = [tool for tool in ("node", "npm") if not shutil.which(tool, path=search)]
    if missing:
        raise ToolUnusable(
            f"{' and '.join(missing)} cannot be found on the PATH",
            mend=f"install Node {wanted}".rstrip() + ", which brings npm",
        )
    least = _AT_LEAST.search(wanted)
    found = _version(environment)
    if least and _numbers(found) < _numbers(least[1]):
        raise ToolUnusable(
            f"Node {found} is too old: the project needs {wanted}",
            mend="install a newer Node, for example with a version manager that reads .nvmrc",
        )


def needs_install(root: Path) -> bool:
    """Tell whether the packages that the lock file names are not all there, in its versions."""
    if not (root / "package.json").is_file():
        return False
    there = _packages(root / "node_modules/.package-lock.json")
    # By content: a clone or a checkout makes every file new.
    return there is None or any(
        there.get(path, {}).get("version") != package.get("version")
        for path, package in (_packages(root / "package-lock.json") or {}).items()
        if path and not package.get("optional") and not package.get("link")
    )


def install(root: Path, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
    """Install the locked packages.

    Raises:
        ToolUnusable: with the last that npm said.
    """
    verb = "ci" if (root / "package-lock.json").is_file() else "install"
    command = ["npm", verb, "--no-audit", "--no-fund"]
    ended = run(command, root=root, environment=environment, say=say, limit_s=_INSTALL_LIMIT_S)
    if ended.code or ended.late:
        said = [line for line in ended.output if line.strip()]
        errors = [line for line in said if line.startswith("npm error")]
        reason = next(iter(errors or said[-1:]), "it said nothing")
        mend = f"cd {shlex.quote(root.name)} && npm {verb}"
        raise ToolUnusable(f"npm {verb} failed", why=reason, mend=mend)


def _packages(lock: Path) -> dict[str, Any] | None:
    try:
        packages = json.loads(lock.read_text("utf-8"))["packages"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(packages, dict) or not all(
        isinstance(item, dict) for item in packages.values()
    ):
        return None
    return packages


def _version(environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            ["node", "--version"],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_ASK_LIMIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolUnusable(f"node --version failed: {error}") from error
    said = done.stdout.strip()
    if not _VERSION.match(said):
        raise ToolUnusable(f"node --version said {said!r}", mend="install Node anew")
    return said.removeprefix("v")


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)[:3]]
