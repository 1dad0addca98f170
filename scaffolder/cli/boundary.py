"""The one place where errors become words and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffolder.cli.group import scaffolder
from scaffolder.cli.output import write_error, write_words
from scaffolder.errors import (
    EXIT_BUG,
    EXIT_INTERRUPTED,
    EnvironmentProblem,
    ScaffolderError,
    is_interruption,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

TRACEBACK = "--traceback"

_BUG = """\
error: {kind}: {error} [bug]
  why: this is a mistake in portfolio-scaffolder or in a plugin, not yours
  try: scaffolder --traceback ... and report what it shows, or scaffolder --no-plugins ..."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; a traceback is shown only on request."""
    _interrupt_on_termination()
    _open_missing_streams()
    stdout = sys.stdout
    try:
        code = scaffolder.main(list(arguments), prog_name="scaffolder", standalone_mode=False)
        sys.stdout.flush()
    except SystemExit as error:
        if sys.stdout is not stdout:
            # Click has put a wrapper around it, since whoever read the output has gone.
            return 0
        # Click's completion, and commands of plugins, leave this way.
        return error.code if isinstance(error.code, int) else int(bool(error.code))
    except BaseException as error:  # noqa: BLE001 - the last one to see it
        if TRACEBACK in arguments and not isinstance(error, click.ClickException):
            import traceback

            traceback.print_exception(error)
        code = _explain(error)
        _drop_what_cannot_be_written()
    return code if isinstance(code, int) else 0


def _explain(error: BaseException) -> int:
    if isinstance(error, click.Abort) or is_interruption(error):
        write_words("interrupted")
        return EXIT_INTERRUPTED
    match error:
        case ScaffolderError():
            write_error(error)
            return error.exit_code
        case click.ClickException():
            error.show()
            return error.exit_code
        case BrokenPipeError():
            # Whoever read the output has seen enough.
            return 0
        case OSError():
            write_error(_from_system(error))
            return EnvironmentProblem.exit_code
        case _:
            write_words(_BUG.format(kind=type(error).__name__, error=error))
            return EXIT_BUG


def _from_system(error: OSError) -> EnvironmentProblem:
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return EnvironmentProblem(what)


def _open_missing_streams() -> None:
    # The shell's >&- closes them; then Python has none, and nobody wants to hear anything.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def _drop_what_cannot_be_written() -> None:
    """Keep the interpreter from flushing at its end what could not be written now."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt_on_termination() -> None:
    # The default of both ends the process at once, without cleaning up.
    for name in (signal.SIGTERM, signal.SIGHUP):
        # Ignored already, as under nohup: then it stays ignored.
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, _interrupt)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
