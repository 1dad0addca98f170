"""The command tree: built-in commands are imported when they are needed, plugins add theirs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

from scaffolder import __version__
from scaffolder.cli.output import write_words
from scaffolder.errors import did_you_mean
from scaffolder.plugins import load_plugins

if TYPE_CHECKING:
    from scaffolder.plugins import Plugins

BUILT_IN = ("attest", "check", "list", "new", "plugins", "roadmap")


class Commands(click.Group):
    """A group whose built-in commands live in the modules of this package, one each."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*BUILT_IN, *_plugins(ctx).commands(BUILT_IN)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, or None."""
        if cmd_name in BUILT_IN:
            command: click.Command = import_module(f"scaffolder.cli.{cmd_name}").command
            return command
        return _plugins(ctx).commands(BUILT_IN).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; Click itself suggests none of ours."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            hint = did_you_mean(name, self.list_commands(ctx))
            raise click.UsageError(f"No such command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


def _plugins(ctx: click.Context) -> Plugins:
    """Return the plugins of this run, loaded once and reported once."""
    root = ctx.find_root()
    if not root.obj:
        root.obj = load_plugins(third_party=not root.params.get("no_plugins"))
        root.call_on_close(lambda: _report(root.obj))
    plugins: Plugins = root.obj
    return plugins


def _report(plugins: Plugins) -> None:
    for info in plugins.failures():
        write_words(
            f"warning: the plugin {info.name} failed: {info.error}\n"
            "  try: scaffolder plugins, or scaffolder --no-plugins ..."
        )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="portfolio-scaffolder %(version)s")
@click.option("--traceback", is_flag=True, help="Show where an error arose.")
@click.option("--no-plugins", is_flag=True, is_eager=True, help="Leave third-party plugins out.")
@click.pass_context
def scaffolder(ctx: click.Context, *, traceback: bool, no_plugins: bool) -> None:  # noqa: ARG001
    """Turn a learning roadmap into repositories that prove themselves."""
    _plugins(ctx)
