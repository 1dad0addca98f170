"""What the ``.gitignore`` files of a repository ignore, as git reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# A trailing space counts only where a backslash stands before it.
_TRAILING = re.compile(r"(?<!\\) +$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A line of a ``.gitignore`` file; `folders` says that it is for folders alone."""

    pattern: GitIgnoreSpecPattern
    folders: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one file; they hold below `base`, which ends in ``/`` or is empty."""

    base: str
    rules: tuple[Rule, ...]


def read_rules(folder: Path, base: str) -> Rules:
    """Read the ``.gitignore`` in `folder`; like git, follow no link.

    Raises:
        OSError: when it cannot be read.
    """
    file = folder / ".gitignore"
    if file.is_symlink() or not file.is_file():
        return Rules(base=base, rules=())
    text = file.read_bytes().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    # Not by splitlines(), which knows more ends of a line than git does.
    rules = (_rule(line.removesuffix("\r")) for line in text.split("\n"))
    return Rules(base=base, rules=tuple(rule for rule in rules if rule))


def is_ignored(path: str, ladder: Sequence[Rules], *, folder: bool) -> bool:
    """Tell whether `path` is ignored by the last rule of the nearest file that says anything.

    Whoever asks has asked for each folder above it before.
    """
    for rules in reversed(ladder):
        inside = path.removeprefix(rules.base)
        for rule in reversed(rules.rules):
            if (folder or not rule.folders) and _matches(rule.pattern, inside):
                return bool(rule.pattern.include)
    return False


def _rule(line: str) -> Rule | None:
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    line = _TRAILING.sub("", line)
    bare = line.removesuffix("/")
    if bare in ("", "!"):
        return None
    try:
        pattern = GitIgnoreSpecPattern(bare)
    except GitIgnorePatternError:
        return None
    if pattern.include is None:
        return None
    return Rule(pattern=pattern, folders=line.endswith("/"))


def _matches(pattern: GitIgnoreSpecPattern, path: str) -> bool:
    found = pattern.regex.search(path) if pattern.regex else None
    # With this group set, a folder above matches, and for git that is the folder's affair.
    return found is not None and found.groupdict().get("ps_d") is None
