"""The command line: the only place that prints, asks and decides exit codes."""

from __future__ import annotations

from scaffolder.cli.boundary import run

__all__ = ["run"]
