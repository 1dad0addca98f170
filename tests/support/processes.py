"""Which processes are still there that belong to a run: they carry its folder about them."""

from __future__ import annotations

import os
import time
from pathlib import Path

PATIENCE_S = 40


def left_behind(folder: Path) -> list[str]:
    """Return the commands that still run with `folder` in their words or variables.

    Waits a while for the last of them to end.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = [
            words for entry in Path("/proc").glob("[0-9]*") if (words := _words(entry, folder))
        ]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def interrupted_before_us(said: str) -> bool:
    """Tell whether Python was, which has words of its own before our first line."""
    return "Traceback" in said and "scaffolder/cli" not in said


def _words(entry: Path, folder: Path) -> str:
    if entry.name == str(os.getpid()):
        return ""
    try:
        command, environment = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
    except OSError:
        return ""
    if not command or str(folder).encode() not in command + environment:
        return ""
    return command.replace(b"\0", b" ").decode(errors="replace")
