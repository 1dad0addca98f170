"""Which names and paths work everywhere: npm, Windows, case-blind file systems, git."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from scaffolder.errors import InvalidName

MAX_NAME = 214  # npm's limit; also leaves room below the 255 bytes of a file name
MAX_PATH = 180  # Windows stops at 260, and the folder above the project needs some of it

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE
)
_GIT = re.compile(r"\.git|git~1", re.IGNORECASE)
_TAKEN_BY_NPM = ("node_modules", "favicon.ico")


def check_project_name(name: str) -> str:
    """Return `name` if npm, Windows, git and every file system take it as it is.

    Raises:
        InvalidName: naming the rule that is broken.
    """
    rule = _broken_name_rule(name)
    if rule:
        shown = ascii(name if len(name) <= 60 else name[:57] + "...")  # noqa: PLR2004
        raise InvalidName(
            f"{shown} cannot be a project's name: {rule}",
            why="it becomes a folder, an npm package and part of a repository's address",
            mend="choose a name such as task-api: small letters, digits and hyphens",
        )
    return name


def is_id(text: str) -> bool:
    """Tell whether `text` can be the id of a template, feature or layer."""
    return _ID.fullmatch(text) is not None


def broken_path_rule(path: str) -> str:
    """Return which rule a file path inside a template breaks, or an empty string."""
    if len(path) > MAX_PATH:
        return f"is longer than {MAX_PATH} characters"
    return next(filter(None, map(_broken_part_rule, path.split("/"))), "")


def case_clash(paths: Iterable[str]) -> tuple[str, str] | None:
    """Return two paths, or folders of them, that some file systems take for one; None if none.

    They differ in case alone, or in how an accent is composed.
    """
    seen: dict[str, str] = {}
    for path in paths:
        parts = path.split("/")
        for end in range(1, len(parts) + 1):
            here = "/".join(parts[:end])
            other = seen.setdefault(_folded(here), here)
            if other != here:
                return other, here
    return None


def _broken_part_rule(part: str) -> str:
    if not part:
        return "has an empty part"
    if _FORBIDDEN.search(part):
        return "has a character that Windows or git refuses"
    if part.endswith((".", " ")):
        return "has a part that ends in a dot or a space"
    for pattern, owner in ((_RESERVED, "Windows reserves"), (_GIT, "git refuses")):
        if pattern.fullmatch(part):
            return f"has the part {part!r}, which {owner}"
    return ""


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _broken_name_rule(name: str) -> str:
    return next((rule for rule, breaks in _NAME_RULES if breaks(name)), "")


# In this order, so that the most telling rule is the one that is named.
_NAME_RULES: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("it is empty", lambda name: not name),
    (f"it is longer than {MAX_NAME} characters", lambda name: len(name) > MAX_NAME),
    ("it has a control character", lambda name: not name.isprintable()),
    ("it has a path separator", lambda name: "/" in name or "\\" in name),
    ("it is a relative path", lambda name: not name.strip(".")),
    ("Windows reserves it", _RESERVED.fullmatch),
    ("npm allows small letters only", lambda name: name != name.lower()),
    (
        "npm allows a-z, 0-9, '-', '_' and '.', starting with a letter or digit",
        lambda name: not _NAME.fullmatch(name),
    ),
    ("Windows drops a dot at the end", lambda name: name.endswith(".")),
    ("npm reserves it", lambda name: name in _TAKEN_BY_NPM),
)
