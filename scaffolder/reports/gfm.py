"""Parts of GitHub's Markdown that no text in them can break out of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scaffolder.reports.escape import harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKUP = re.compile(r"[\\`*_\[\]<>~$]|&(?=[#\w])|(?<=:)/(?=/)|(?<=www)\.", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s\x00-\x20<>\"'`\\^{}|()\[\]]+")


def text(words: str) -> str:
    """Return `words` as plain text on one line; in a table, `row` takes care of pipes."""
    return _MARKUP.sub(r"\\\g<0>", one_line(words))


def code(words: str) -> str:
    """Return `words` as code on one line."""
    line = one_line(words) or " "
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fence(words: str) -> str:
    """Return `words` as a block of code."""
    safe = harmless(words)
    ticks = "`" * max(_longest_run(safe) + 1, 3)
    return f"{ticks}text\n{safe}\n{ticks}"


def link(words: str, address: str) -> str:
    """Return a link, or the address as code where it is none of the web."""
    return f"[{text(words)}]({address})" if _WEB.fullmatch(address) else code(address)


def row(cells: Sequence[str]) -> str:
    """Return a row of a table; each cell is Markdown already."""
    # On one line, whatever a plugin wrote: a line break would end the table.
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def table(*names: str) -> list[str]:
    """Return the head of a table."""
    return [row(names), "|" + "---|" * len(names)]


def _longest_run(words: str) -> int:
    return max(map(len, re.findall("`+", words)), default=0)
