"""What a project printed, made harmless: nothing in it can act on a terminal, a log or a page."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Controls except tab and line feed, lone surrogates, what XML forbids, and what breaks a line
# or turns the direction of writing, so that a reader sees other text than there is.
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)

# Azure Pipelines, and GitHub for old actions, find these anywhere in a line of a log; `::` acts
# at the beginning of one.
_COMMANDS = re.compile(r"#(?=#(?:\[|vso\[))|^(?P<indent>[^\S\n]*):(?=:)", re.MULTILINE)


def visible(text: str) -> str:
    r"""Return `text` with what is unsafe written out, as in ``\x1b``; lines stay lines."""
    return UNSAFE.sub(_written_out, text.replace("\r\n", "\n"))


def harmless(text: str) -> str:
    """Return `text` such that it is also safe to stand in the log of a CI service."""
    return _COMMANDS.sub(_disarmed, visible(text))


def one_line(text: str, limit: int = 200) -> str:
    """Return `text` on one line, shortened to `limit` characters."""
    line = " ".join(harmless(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def relative(text: str, root: Path) -> str:
    """Return `text` with the paths of files in `root` relative to it."""
    # From a repository that is a whole file system every path would lose its slash.
    if not root.is_absolute() or root == root.parent:
        return text
    here = re.escape(root.as_posix())
    found = re.compile(rf"(?:file://)?{here}(?:(?P<inside>/)(?=[^\s/])|(?![\w-]|\.\w))")
    return found.sub(lambda match: "" if match["inside"] else ".", text)


def number(value: float) -> float:
    """Return a number that every format has a word for, whatever a plugin handed over."""
    return round(max(value, 0), 3) if isfinite(value) else 0


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004


def _disarmed(match: re.Match[str]) -> str:
    return "\\x23" if match[0] == "#" else f"{match['indent']}\\x3a"
