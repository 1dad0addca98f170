"""How much is tried where a test could go on for ever: kills, races, examples, variants."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Effort(StrEnum):
    """``make test-quick``, ``make test`` and ``make torture``, in this order."""

    QUICK = "quick"
    USUAL = "usual"
    TORTURE = "torture"

    def of(self, quick: T, usual: T, torture: T) -> T:
        """Return the value for this effort."""
        return {Effort.QUICK: quick, Effort.USUAL: usual, Effort.TORTURE: torture}[self]
