"""``scaffolder new``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffolder.cli.output import write_result, write_words
from scaffolder.models import GitMode

if TYPE_CHECKING:
    from scaffolder.plugins import Plugins


def _complete_project(
    ctx: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[str]:
    from scaffolder.plugins import load_plugins

    plugins = ctx.find_root().obj or load_plugins()
    return [item.id for item in plugins.templates() if item.id.startswith(incomplete)]


@click.command("new")
@click.argument("project", shell_complete=_complete_project)
@click.argument("dest", required=False)
@click.option(
    "--start",
    type=click.Choice(["starter", "complete"]),
    default="starter",
    show_default=True,
    help="No feature built, or every feature built.",
)
@click.option("--with", "wanted", multiple=True, metavar="FEATURE,...", help="Build exactly these.")
@click.option("--data", multiple=True, metavar="KEY=VALUE", help="Answer a question; repeatable.")
@click.option("--defaults", is_flag=True, help="Ask nothing; take the default where no --data is.")
@click.option("--dry-run", is_flag=True, help="List every file, and write nothing.")
@click.option(
    "--git",
    type=click.Choice([str(mode) for mode in GitMode]),
    default=str(GitMode.AUTO),
    show_default=True,
    help="Make a first commit when possible, always, or never.",
)
@click.pass_obj
def command(  # noqa: PLR0913 - a parameter for each option
    plugins: Plugins,
    *,
    project: str,
    dest: str | None,
    start: str,
    wanted: tuple[str, ...],
    data: tuple[str, ...],
    defaults: bool,
    dry_run: bool,
    git: str,
) -> None:
    """Generate the repository of PROJECT in the new folder DEST (default: ./PROJECT).

    `scaffolder list` shows the projects. The result is a starter, in which every feature is a
    stub for you to build, unless --start or --with say otherwise.
    """
    from scaffolder.cli.created import announce
    from scaffolder.cli.questions import answers_to
    from scaffolder.staging import check_target
    from scaffolder.workflows.create import CreateRequest, choose, create, plan

    if wanted and start == "complete":
        raise click.UsageError("--with names the features to build; --start complete builds all")
    template = plugins.template(project)
    names = [name.strip() for text in wanted for name in text.split(",") if name.strip()]
    built = choose(template, complete=start == "complete", wanted=names)
    # Taken now, since the project may replace the empty folder that the command stands in.
    here = Path(os.path.abspath(os.curdir))  # noqa: PTH100 - resolve() would follow links
    destination = check_target(_target(project, dest))
    answers = answers_to(template, destination.name, data, ask=not (defaults or dry_run))
    request = CreateRequest(
        template=template, destination=destination, answers=answers, built=built, git=GitMode(git)
    )
    planned = plan(request, plugins)
    if dry_run:
        write_result("\n".join(sorted([*planned.files, *planned.ignored])))
        write_words(f"would create {len(planned.files)} files in {destination}")
    else:
        announce(create(planned, plugins), here=here)


def _target(project: str, dest: str | None) -> Path:
    if dest == "":
        raise click.BadParameter("is empty", param_hint="DEST")
    return Path(dest or project)
