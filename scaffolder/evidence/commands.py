"""Evidence of the kind `command`: a command of the project that has to succeed."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from scaffolder.evidence.processes import run
from scaffolder.results import EvidenceKind, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaffolder.models import Evidence
    from scaffolder.results import Judging

_LIMIT_S = 300
_SHOWN_LINES = 12
# The shell's own words for a program that is not there, or is none.
_NO_PROGRAM = (126, 127)


def judge(items: Sequence[Evidence], judging: Judging) -> dict[str, Finding]:
    """Run the commands one after the other."""
    return {item.id: _finding(item, judging) for item in items}


def complain(evidence: Evidence) -> str:
    """Say what is wrong with the details: ``run``, and ``prints`` if a text has to appear."""
    unknown = sorted(set(evidence.details) - {"run", "prints"})
    if unknown:
        return f"the kind command has no key {unknown[0]!r}"
    for name in ("run", "prints"):
        value = evidence.details.get(name, "x" if name == "prints" else None)
        if not isinstance(value, str) or not value.strip() or not _is_encodable(value):
            return f"the kind command needs {name}, a text"
    return ""


def _is_encodable(text: str) -> bool:
    # No argument of a program can hold NUL or half of a character.
    return not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text)


def _finding(item: Evidence, judging: Judging) -> Finding:
    command = str(item.details["run"])
    limit = item.timeout_s or _LIMIT_S
    begun = time.monotonic()
    wanted = str(item.details.get("prints", ""))
    seen = not wanted
    last: deque[str] = deque(maxlen=wanted.count("\n") + 1)

    def hear(line: str) -> None:
        nonlocal seen
        last.append(line)
        seen = seen or wanted in "\n".join(last)
        judging.say(line)

    ended = run(
        ["sh", "-c", command],
        root=judging.root,
        environment=judging.environment,
        say=hear,
        limit_s=limit,
    )
    verdict, message = Verdict.PASSED, ""
    if ended.late:
        verdict, message = Verdict.FAILED, f"did not end within {limit} s"
    elif ended.code in _NO_PROGRAM:
        verdict, message = Verdict.ERROR, "cannot be run"
    elif ended.code:
        verdict, message = Verdict.FAILED, f"ended with exit code {ended.code}"
    elif not seen:
        verdict, message = Verdict.FAILED, f"did not print {wanted!r}"
    if message:
        tail = "\n".join(ended.output[-_SHOWN_LINES:])
        message = f"`{command}` {message}\n{tail}".rstrip()
    ms = (time.monotonic() - begun) * 1000
    return Finding(verdict=verdict, ms=ms, message=message, repeat=command)


COMMAND = EvidenceKind(id="command", judge=judge, complain=complain, serves=True)
