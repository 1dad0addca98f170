"""The roadmaps that come with the scaffolder, each a folder beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scaffolder.roadmap.loader import read_roadmap

if TYPE_CHECKING:
    from scaffolder.roadmap.models import Roadmap


@cache
def backend_first() -> Roadmap:
    """Return the backend-first roadmap of 48 weeks."""
    return read_roadmap(Path(__file__).parent / "backend-first")
