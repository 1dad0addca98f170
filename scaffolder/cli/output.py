"""The only place that writes: results to stdout, words to stderr."""

from __future__ import annotations

import errno
import json
import os
import sys
from textwrap import wrap
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.text import Text

    from scaffolder.errors import ScaffolderError
    from scaffolder.models import Notice

_INDENT = "    "


def console() -> Console:
    """Return a console on stdout; NO_COLOR, FORCE_COLOR and the width are honoured by rich."""
    return _console(sys.stdout)


def glyphs() -> bool:
    """Tell whether stdout can carry characters beyond ASCII."""
    return _carries(sys.stdout, "━●→")


def write_json(value: Any) -> None:
    """Write one JSON value to stdout, keys in the order given."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    write_result(text if _carries(sys.stdout, text) else json.dumps(value, indent=2))


def write_item(head: Text, lines: Iterable[str]) -> None:
    """Write a heading to stdout, and the lines below it, indented and wrapped."""
    out = console()
    if _carries(sys.stdout, head.plain):
        out.print(head, soft_wrap=True)
    else:
        write_result(head.plain)
    for line in lines:
        indented = wrap(line, max(out.width - len(_INDENT), 20), break_long_words=False)
        write_result("\n".join(_INDENT + part for part in indented))


def write_error(error: ScaffolderError) -> None:
    """Say what happened, why, and what mends it."""
    lines = [f"error: {error.what} [{error.code}]"]
    lines += [f"  why: {error.why}"] if error.why else []
    lines += [f"  try: {error.mend}"] if error.mend else []
    write_words("\n".join(lines))


def write_warning(notice: Notice) -> None:
    """Write a warning of a hook, with the commands that it recommends."""
    commands = "".join(f"\n    {command}" for command in notice.commands)
    write_words(f"warning: {notice.text}{commands}")


def write_words(text: str) -> None:
    """Write text for people to stderr, with what its encoding cannot carry escaped."""
    _write(sys.stderr, text)


def write_result(text: str) -> None:
    """Write a result to stdout, with what its encoding cannot carry escaped."""
    _write(sys.stdout, text)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def _carries(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            # Rich would exit here, with 1; the boundary decides about exit codes.
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    return Piped(file=stream, highlight=False, soft_wrap=False, emoji=False, markup=False)
