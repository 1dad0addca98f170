"""``scaffolder plugins``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from scaffolder.cli.output import write_item, write_json

if TYPE_CHECKING:
    from scaffolder.loading import PluginInfo
    from scaffolder.plugins import Plugins

SCHEMA = "scaffolder/plugins@1"


@click.command("plugins")
@click.option("--json", "as_json", is_flag=True, help="Print the same facts as JSON.")
@click.pass_obj
def command(plugins: Plugins, *, as_json: bool) -> None:
    """List the plugins: version, API version, hooks, status, load time."""
    # What a plugin brings is asked for here, so that a mistake in it shows here too.
    for template in plugins.templates():
        plugins.features(template)
    plugins.layers()
    plugins.roadmaps()
    infos = plugins.infos()
    if as_json:
        write_json({"schema": SCHEMA, "plugins": [asdict(info) for info in infos]})
    else:
        _show(infos)


def _show(infos: tuple[PluginInfo, ...]) -> None:
    from rich.text import Text

    for info in infos:
        source = f"{info.distribution} {info.version}".strip() or "comes with scaffolder"
        style = "bold" if info.status == "active" else "dim"
        hooks = ", ".join(hook.removeprefix("scaffolder_") for hook in info.hooks)
        lines = filter(None, (hooks and f"hooks: {hooks}", info.error))
        write_item(Text.assemble((info.name, style), f"  {source}, {_status(info)}"), lines)


def _status(info: PluginInfo) -> str:
    api = f", API {info.api}" if info.api is not None else ""
    return f"{info.status}{api}, loaded in {info.load_ms:.0f} ms"
