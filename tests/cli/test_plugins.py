"""``scaffolder plugins``, and every other command beside a plugin that is broken."""

from __future__ import annotations

import json

import pytest

from tests.support.templates import MODULE, write_plugin

BROKEN = {
    "raises at import": "raise ValueError('no luck')",
    "exits at import": "raise SystemExit(7)",
    "declares the future": "SCAFFOLDER_API = 99",
    "has an unknown hook": (
        "from scaffolder import hookimpl\nSCAFFOLDER_API = 1\n@hookimpl\ndef scaffolder_x(): ...\n"
    ),
    "fails when asked": (
        "from scaffolder import hookimpl\nSCAFFOLDER_API = 1\n"
        "@hookimpl\ndef scaffolder_templates(): raise ValueError\n"
        "@hookimpl\ndef scaffolder_layers(): raise SystemExit\n"
        "@hookimpl\ndef scaffolder_roadmaps(): return [1]\n"
        "@hookimpl\ndef scaffolder_commands(): return 5\n"
        "@hookimpl\ndef scaffolder_features(template): raise ValueError\n"
        "@hookimpl\ndef scaffolder_project_rendered(project): raise ValueError\n"
        "@hookimpl\ndef scaffolder_project_created(project): raise ValueError\n"
    ),
}
COMMANDS = {
    ("--help",): 0,
    ("--version",): 0,
    ("list",): 0,
    ("list", "--json"): 0,
    ("roadmap",): 0,
    ("roadmap", "--json"): 0,
    ("plugins",): 0,
    ("plugins", "--json"): 0,
    ("new", "greeter", "--defaults"): 0,
    ("new", "greeter", "--dry-run"): 0,
    ("new", "gretter"): 2,
    ("new", "greeter", "nul"): 3,
    ("new", "greeter", "x/y"): 4,
    ("nonsense",): 2,
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_with_a_broken_plugin_every_command_keeps_its_exit_code(
    cli, plugin, identity, case, arguments
):
    write_plugin(plugin, BROKEN[case], name="broken")
    done = cli(*arguments)
    assert done.code == COMMANDS[arguments]
    assert done.err.count("warning: ") <= 1
    if case != "fails when asked" and arguments != ("--version",):
        assert done.err.count("warning: the plugin broken failed: ") == 1
        assert "scaffolder --no-plugins" in done.err
    if "--json" in arguments:
        json.loads(done.out)


def test_plugins_are_listed_with_what_is_wrong_with_them(cli, plugin):
    write_plugin(plugin, BROKEN["raises at import"], name="broken")
    done = cli("plugins")
    assert done.code == 0
    assert "builtin  comes with scaffolder, active, API 1" in done.out
    assert "acme  acme-plugin 1.0, active, API 1" in done.out
    assert "hooks: layers, templates" in done.out
    assert "broken  broken-plugin 1.0, failed" in done.out
    assert "ValueError: no luck" in done.out


def test_the_same_as_json(cli, plugin):
    write_plugin(plugin, BROKEN["raises at import"], name="broken")
    found = json.loads(cli("plugins", "--json").out)
    assert found["schema"] == "scaffolder/plugins@1"
    by_name = {item["name"]: item for item in found["plugins"]}
    assert list(by_name) == ["builtin", "acme", "broken"]
    assert by_name["acme"]["status"] == "active"
    assert by_name["broken"]["status"] == "failed"
    assert by_name["broken"]["error"] == "ValueError: no luck"


def test_a_mistake_in_what_a_plugin_brings_shows_here_too(cli, plugin):
    write_plugin(plugin, MODULE, name="twin")
    assert "'greeter' is already taken by the plugin" in cli("plugins").out.replace("\n    ", " ")


def test_without_plugins(cli, plugin, monkeypatch):
    write_plugin(plugin, BROKEN["raises at import"], name="broken")
    done = cli("--no-plugins", "list")
    assert (done.code, done.err) == (0, "")
    assert "greeter" not in done.out
    assert "acme  acme-plugin 1.0, disabled" in cli("--no-plugins", "plugins").out
    monkeypatch.setenv("SCAFFOLDER_DISABLE_PLUGINS", "1")
    assert "greeter" not in cli("list").out


COMMAND = """
import click
from scaffolder import ScaffolderError, errors, hookimpl
SCAFFOLDER_API = 1

@click.command("wave")
@click.option("--times", default=1)
def command(times):
    "Wave."
    if times == 9:
        raise errors.Refused("too often", mend="wave less")
    if times == 8:
        raise SystemExit(6)
    if times == 7:
        raise ZeroDivisionError("oh")
    click.echo("wave " * times)

@hookimpl
def scaffolder_commands():
    return [command]
"""


def test_a_command_of_a_plugin_is_one_like_any_other(cli, plugin):
    write_plugin(plugin, COMMAND, name="waver")
    assert "wave     Wave." in cli("--help").out
    done = cli("wave", "--times", "2")
    assert (done.code, done.out, done.err) == (0, "wave wave \n", "")
    refused = cli("wave", "--times", "9")
    assert (refused.code, refused.error) == (5, "refused")
    assert cli("wave", "--times", "8").code == 6
    assert cli("wave", "--times", "7").code == 70
    assert cli("wave", "--tmes", "7").code == 2
    assert cli("--no-plugins", "wave").code == 2
    assert "wave" in cli("wvae").err


def test_a_command_that_takes_a_built_in_name_is_refused(cli, plugin, work, identity):
    write_plugin(plugin, COMMAND.replace('"wave"', '"new"'), name="waver")
    done = cli("new", "greeter", "--defaults")
    assert done.code == 0
    assert (work / "greeter" / "README.md").exists()
    done = cli("plugins")
    assert "'new' is already taken" in done.err + done.out + cli("--help").err
