"""Two voices on standard error: our own words, and what the project printed, made harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scaffolder.cli.output import write_words
from scaffolder.reports.escape import harmless
from scaffolder.workflows.gather import Voice

if TYPE_CHECKING:
    from pathlib import Path

OURS = "[check]"


def voice_for(path: Path) -> Voice:
    """Return the voice for the project around `path`."""
    theirs = f"[{harmless(path.absolute().name) or 'project'}]"
    return Voice(
        say=lambda text: write_words(f"{OURS} {text}"),
        echo=lambda line: write_words(f"{theirs} {harmless(click.unstyle(line))}".rstrip()),
    )
