"""What a check can be written as, and where to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffolder.errors import FolderUnusable, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scaffolder.results import Report
    from scaffolder.workflows.check import Checked

TEXT = "text"
FORMATS = (TEXT, "json", "junit", "markdown", "badge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A format, and the file it goes to; None is standard output."""

    format: str
    file: Path | None = None


def parse_format(value: str) -> Output:
    """Read FORMAT[:FILE].

    Raises:
        click.BadParameter: for an unknown format, or a file that cannot be written.
    """
    name, colon, file = value.partition(":")
    if name not in FORMATS:
        raise click.BadParameter(f"{name!r} is no format; {did_you_mean(name, FORMATS)}")
    if colon and not file:
        raise click.BadParameter(f"{value!r} names no file after the colon")
    return Output(format=name, file=_writable(Path(file)) if file else None)


def write_outputs(checked: Checked, outputs: Sequence[Output]) -> None:
    """Write the report in each format.

    Raises:
        FolderUnusable: when a file cannot be written.
    """
    from scaffolder.cli.checked import show
    from scaffolder.cli.output import write_result

    for output in outputs:
        if output.file is None and output.format == TEXT:
            show(checked)
        elif output.file is None:
            write_result(_render(output.format, checked).rstrip("\n"))
        else:
            _write(output.file, _render(output.format, checked))


def _render(name: str, checked: Checked) -> str:
    from scaffolder.cli.checked import as_plain_text
    from scaffolder.reports import as_json, badge, junit, markdown

    renderers: dict[str, Callable[[Report], str]] = {
        "json": as_json.render,
        "junit": junit.render,
        "markdown": markdown.render,
        "badge": badge.render,
    }
    return as_plain_text(checked) if name == TEXT else renderers[name](checked.report)


def _writable(file: Path) -> Path:
    # Asked before a run that may take minutes.
    if file.is_dir():
        raise click.BadParameter(f"{file} is a folder")
    if not os.access(file if file.exists() else file.absolute().parent, os.W_OK):
        raise click.BadParameter(f"{file} cannot be written, or its folder is missing")
    return file


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise FolderUnusable(f"{file}: {error.strerror}") from error
