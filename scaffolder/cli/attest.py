"""``scaffolder attest``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from scaffolder.cli.output import write_result


@click.command("attest")
@click.argument("identity", metavar="ID")
@click.option("--link", default="", metavar="URL", help="Where anybody can see it.")
@click.option("--reason", required=True, metavar="TEXT", help="What the link shows, or why not.")
@click.option("--waive", is_flag=True, help="Leave the feature ID out, for a reason.")
@click.option("--path", default=".", metavar="PATH", help="The project; by default the one here.")
def command(*, identity: str, link: str, reason: str, waive: bool, path: str) -> None:
    """Give your word for what no test can show: a link, or a feature that is left out."""
    from scaffolder.workflows.attest import AttestRequest, attest

    if waive == bool(link):
        raise click.UsageError("give either --link URL or --waive")
    given = attest(
        AttestRequest(
            path=Path(path),
            id=identity,
            link=link,
            reason=reason,
            waive=waive,
            day=date.today(),  # noqa: DTZ011 - the owner's own calendar
        )
    )
    word = "waived" if given.waive else f"attested by {given.link}"
    write_result(f"{given.id} is {word}; see it with: scaffolder check")
