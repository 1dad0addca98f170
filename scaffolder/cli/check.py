"""``scaffolder check``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffolder.cli.formats import TEXT, Output, parse_format, write_outputs
from scaffolder.errors import ScaffolderError

if TYPE_CHECKING:
    from scaffolder.plugins import Plugins
    from scaffolder.workflows.check import CheckRequest

# The worst of several projects decides: a failure tells more than what could not be judged.
_SEVERITY = (1, 2, 3, 4, 5, 0)
_MOST_RETRIES = 10


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--feature", "features", multiple=True, metavar="ID", help="Judge this one alone.")
@click.option(
    "--milestone", "milestones", multiple=True, metavar="ID", help="Judge what counts towards it."
)
@click.option(
    "--format",
    "outputs",
    multiple=True,
    callback=lambda _ctx, _parameter, values: tuple(parse_format(value) for value in values),
    metavar="FORMAT[:FILE]",
    help="text, json, junit, markdown or badge; several in one run, at most one without FILE.",
)
@click.option("--strict", is_flag=True, help="Every feature has to be proven.")
@click.option("--pristine", is_flag=True, help="Judge a copy, by the template's own suite.")
@click.option(
    "--retries",
    type=click.IntRange(0, _MOST_RETRIES),
    default=0,
    show_default=True,
    help="Try again what failed; what passes only then is marked flaky.",
)
@click.option("--allow-remote", is_flag=True, help="Services may stand on other machines.")
@click.pass_obj
def command(  # noqa: PLR0913 - a parameter for each option
    plugins: Plugins,
    *,
    paths: tuple[str, ...],
    features: tuple[str, ...],
    milestones: tuple[str, ...],
    outputs: tuple[Output, ...],
    strict: bool,
    pristine: bool,
    retries: int,
    allow_remote: bool,
) -> None:
    """Prove the features of a generated project, and write the result down.

    A feature that was never proven is to do, and fails nothing; one that was may never fail
    again. Without PATH it is the project around the current folder.
    """
    from scaffolder.workflows.check import CheckRequest

    outputs = outputs or (Output(format=TEXT),)
    _require_one_stdout(outputs, paths)
    environment = dict(os.environ) | ({"ACCEPTANCE_ALLOW_REMOTE": "1"} if allow_remote else {})
    codes = []
    for path in paths or (".",):
        request = CheckRequest(
            path=Path(path),
            environment=environment,
            features=_split(features),
            milestones=_split(milestones),
            strict=strict,
            pristine=pristine,
            retries=retries,
        )
        codes.append(_check(request, plugins, outputs, alone=len(paths) < 2))  # noqa: PLR2004
    click.get_current_context().exit(min(codes, key=_SEVERITY.index))


def _check(
    request: CheckRequest, plugins: Plugins, outputs: tuple[Output, ...], *, alone: bool
) -> int:
    from scaffolder.cli.output import write_error
    from scaffolder.cli.prefixes import voice_for
    from scaffolder.workflows.check import check

    try:
        checked = check(request, plugins, voice_for(request.path))
    except ScaffolderError as error:
        if alone:
            raise
        # The others still have their turn.
        write_error(error)
        return error.exit_code
    write_outputs(checked, outputs)
    if checked.problem:
        write_error(checked.problem)
    return checked.code


def _require_one_stdout(outputs: tuple[Output, ...], paths: tuple[str, ...]) -> None:
    if sum(output.file is None for output in outputs) > 1:
        raise click.UsageError("two formats cannot share standard output; give one a file")
    if len(paths) > 1 and any(output.format != TEXT or output.file for output in outputs):
        raise click.UsageError("a format or a file takes one PATH")


def _split(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for value in values for part in value.split(",") if part)
