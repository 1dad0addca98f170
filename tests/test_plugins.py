"""Plugins: what they bring, how they fail alone, what the others never notice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scaffolder.errors import InvalidTemplate, UnknownProject
from scaffolder.plugins import load_plugins
from tests.support.templates import FILES, MODULE, write, write_plugin, write_template

HEAD = "from scaffolder import *\nfrom scaffolder import hookimpl\nSCAFFOLDER_API = 1\n"


def hook(name: str, body: str, arguments: str = "") -> str:
    return f"{HEAD}\n@hookimpl\ndef scaffolder_{name}({arguments}):\n    {body}\n"


@pytest.fixture
def add(installed):
    """Install a second plugin beside the good one, and return what is known of it."""

    def add(module: str, name: str = "other"):
        write_plugin(installed, module, name=name)
        return load_plugins()

    return add


def info(plugins, name="other"):
    return next(item for item in plugins.infos() if item.name == name)


def ids(plugins):
    return [template.id for template in plugins.templates()]


def test_the_good_plugin_is_listed_with_what_it_brings(installed):
    plugins = load_plugins()
    found = info(plugins, "acme")
    assert (found.distribution, found.version, found.api, found.status) == (
        "acme-plugin",
        "1.0",
        1,
        "active",
    )
    assert found.hooks == ("scaffolder_layers", "scaffolder_templates")
    assert found.load_ms >= 0
    assert "greeter" in ids(plugins)
    assert plugins.infos()[0].name == "builtin"
    assert plugins.failures() == ()


FAIL_AT_LOADING = {
    "raises": ("raise ValueError('no luck')", "ValueError: no luck"),
    "exits": ("import sys; sys.exit(7)", "SystemExit: 7"),
    "is no Python": ("def", "SyntaxError"),
    "misses a module": ("import nowhere_to_be_found", "ModuleNotFoundError"),
    "recurses": ("def f(): f()\nf()", "RecursionError"),
    "declares nothing": ("x = 1", "SCAFFOLDER_API = None; this needs 1"),
    "declares the future": ("SCAFFOLDER_API = 2", "SCAFFOLDER_API = 2; this needs 1"),
    "has an unknown hook": (hook("projects_rendered", "pass"), "scaffolder_projects_rendered"),
    "has an unknown argument": (hook("features", "pass", "template, size"), "size"),
    "is half good": (
        hook("commands", "raise RuntimeError('was asked')")
        + "@hookimpl\ndef scaffolder_features(nonsense):\n    pass\n",
        "nonsense",
    ),
}


@pytest.mark.parametrize("case", FAIL_AT_LOADING)
def test_a_plugin_that_cannot_be_loaded_is_failed_and_alone(add, case):
    module, words = FAIL_AT_LOADING[case]
    plugins = add(module)
    found = info(plugins)
    assert found.status == "failed"
    assert words in found.error
    assert plugins.failures() == (found,)
    assert "greeter" in ids(plugins)
    assert plugins.commands(()) == {}
    assert info(plugins) == found


FAIL_WHEN_ASKED = {
    "raises": (hook("templates", "raise KeyError('x')"), "scaffolder_templates: KeyError: 'x'"),
    "exits": (hook("templates", "raise SystemExit(3)"), "scaffolder_templates: SystemExit: 3"),
    "raises late": (hook("templates", "yield from [1 / 0]"), "ZeroDivisionError"),
    "gives something else": (hook("templates", "return ['x']"), "gave a str, not a Template"),
    "gives no list": (hook("templates", "return 5"), "TypeError"),
    "gives a broken template": (
        hook("templates", "return [read_template(__import__('pathlib').Path('/nowhere'))]"),
        "/nowhere/template.yml: cannot be read",
    ),
}


@pytest.mark.parametrize("case", FAIL_WHEN_ASKED)
def test_a_hook_that_fails_is_named_and_alone(add, case):
    module, words = FAIL_WHEN_ASKED[case]
    plugins = add(module)
    assert "greeter" in ids(plugins)
    found = info(plugins)
    assert words in found.error
    assert found.status == "active"
    ids(plugins)
    assert info(plugins).error == found.error


@pytest.mark.parametrize("result", ["None", "[]", "()"])
def test_a_hook_may_bring_nothing(add, result):
    plugins = add(hook("templates", f"return {result}"))
    assert "greeter" in ids(plugins)
    assert plugins.failures() == ()


def test_two_plugins_that_claim_one_id_are_both_named(add):
    plugins = add(MODULE)
    assert ids(plugins).count("greeter") == 1
    clash = [item for item in plugins.failures() if "'greeter' is already taken" in item.error]
    assert len(clash) == 1
    assert {clash[0].name, clash[0].error.split("'")[-2]} == {"acme", "other"}


def test_the_built_in_plugin_keeps_its_ids(add, tmp_path):
    roadmap = "from scaffolder.builtin.roadmaps import backend_first\n"
    plugins = add(roadmap + hook("roadmaps", "return [backend_first()]"))
    assert [roadmap.id for roadmap in plugins.roadmaps()] == ["backend-first"]
    assert "'backend-first' is already taken by the plugin 'builtin'" in info(plugins).error


def test_a_plugin_cannot_take_the_name_of_the_built_in_one(add):
    plugins = add(hook("templates", "raise RuntimeError('was asked')"), name="builtin")
    found = [item for item in plugins.infos() if item.name == "builtin"]
    assert [item.status for item in found] == ["active", "failed"]
    assert "another plugin is called 'builtin' too" in found[1].error
    assert "greeter" in ids(plugins)
    assert found[0] == info(plugins, "builtin")


def test_of_two_plugins_with_one_name_one_is_active_and_both_are_listed(installed):
    write(
        installed / "twin-1.0.dist-info" / "METADATA",
        "Metadata-Version: 2.1\nName: twin\nVersion: 2.0\n",
    )
    write(installed / "twin-1.0.dist-info" / "entry_points.txt", "[scaffolder]\nacme = acme_twin\n")
    write(installed / "acme_twin.py", HEAD)
    plugins = load_plugins()
    found = [item for item in plugins.infos() if item.name == "acme"]
    assert sorted(item.status for item in found) == ["active", "failed"]
    assert {item.distribution for item in found} == {"acme-plugin", "twin"}


def test_one_module_under_two_names_is_loaded_once(installed):
    write(
        installed / "acme_plugin-1.0.dist-info" / "entry_points.txt",
        "[scaffolder]\nacme = acme_plugin\nagain = acme_plugin\n",
    )
    plugins = load_plugins()
    assert sorted(item.status for item in plugins.infos()) == ["active", "active", "failed"]
    assert ids(plugins).count("greeter") == 1


@pytest.mark.parametrize(
    "text", ["[scaffolder]\nbroken\n", "[scaffolder]\nbroken = \n", "[scaffolder]\nx = a:b:c d\n"]
)
def test_a_distribution_with_broken_entry_points_is_no_obstacle(installed, text):
    write(installed / "junk-1.0.dist-info" / "entry_points.txt", text)
    write(
        installed / "junk-1.0.dist-info" / "METADATA",
        "Metadata-Version: 2.1\nName: junk\nVersion: 1\n",
    )
    assert "greeter" in ids(load_plugins())


def test_a_distribution_without_metadata_is_no_obstacle(installed):
    (installed / "acme_plugin-1.0.dist-info" / "METADATA").unlink()
    assert "greeter" in ids(load_plugins())


def test_no_plugins_means_only_what_is_built_in(installed):
    plugins = load_plugins(third_party=False)
    assert "greeter" not in ids(plugins)
    assert info(plugins, "acme").status == "disabled"


@pytest.mark.parametrize(
    ("value", "status"), [("1", "disabled"), ("yes", "disabled"), ("0", "active"), ("", "active")]
)
def test_a_variable_switches_plugins_off(installed, monkeypatch, value, status):
    monkeypatch.setenv("SCAFFOLDER_DISABLE_PLUGINS", value)
    assert info(load_plugins(), "acme").status == status


def test_a_plugin_that_is_off_is_not_imported(add, monkeypatch):
    monkeypatch.setenv("SCAFFOLDER_DISABLE_PLUGINS", "1")
    assert info(add("raise ValueError")).status == "disabled"


def test_managers_share_nothing(installed):
    first = load_plugins()
    second = load_plugins(third_party=False)
    assert "greeter" in ids(first)
    assert "greeter" not in ids(second)


FEATURE = "Feature(id={!r}, title='Extra', hint='Do it.')"


def test_a_plugin_adds_lines_to_a_checklist(add):
    plugins = add(hook("features", f"return [{FEATURE.format('extra')}]", "template"))
    features = plugins.features(plugins.template("greeter"))
    assert [feature.id for feature in features] == ["hello", "goodbye", "extra"]


def test_a_line_that_is_there_already_is_refused(add):
    plugins = add(hook("features", f"return [{FEATURE.format('hello')}]", "template"))
    assert len(plugins.features(plugins.template("greeter"))) == 2
    assert "scaffolder_features: 'hello' is already taken" in info(plugins).error


COMMAND = "import click\n\n@click.command({!r})\ndef command():\n    click.echo('hi')\n"


def test_a_command_of_a_plugin(add):
    plugins = add(COMMAND.format("wave") + hook("commands", "return [command]"))
    assert list(plugins.commands(("list", "new"))) == ["wave"]


def test_a_command_cannot_replace_a_built_in_one(add):
    plugins = add(COMMAND.format("new") + hook("commands", "return [command]"))
    assert plugins.commands(("list", "new")) == {}
    assert "scaffolder_commands: 'new' is already taken" in info(plugins).error


@pytest.mark.parametrize(("word", "why"), [("greter", "did you mean greeter?"), ("zzz", "known: ")])
def test_an_unknown_project_gets_a_suggestion(installed, word, why):
    with pytest.raises(UnknownProject) as caught:
        load_plugins().template(word)
    assert why in caught.value.why
    assert caught.value.mend == "scaffolder list"


def test_a_project_that_is_planned_is_told_so(installed):
    plugins = load_plugins()
    planned = plugins._planned() - {template.id for template in plugins.templates()}
    for identity in planned:
        with pytest.raises(UnknownProject, match=f"{identity} is planned"):
            plugins.template(identity)


TIED = FILES["template.yml"] + "roadmap: {}\nproject: {}\n"
UNTITLED = (
    FILES["checklist.yml"]
    .replace("    title: Says hello\n", "")
    .replace("    title: Says goodbye\n", "")
)


@pytest.mark.parametrize(
    ("roadmap", "project", "words"),
    [
        (
            "backend-frist",
            "task-api",
            "template.yml: roadmap: no such roadmap; did you mean backend-first",
        ),
        (
            "backend-first",
            "tsk-api",
            "template.yml: project: no such project; did you mean task-api",
        ),
        (
            "backend-first",
            "task-api",
            "checklist.yml: task-api in the roadmap backend-first has no feature 'goodbye'",
        ),
    ],
)
def test_a_template_that_contradicts_its_roadmap_is_left_out_and_explained_when_asked_for(
    installed, roadmap, project, words
):
    changes = {"template.yml": TIED.format(roadmap, project), "checklist.yml": UNTITLED}
    write_template(installed / "greeter", changes)
    write_template(
        installed / "second" / "other",
        {"template.yml": FILES["template.yml"].replace("id: greeter", "id: other")},
    )
    second = MODULE.replace('"greeter"', '"second" / "other"').replace(
        'HERE / "layers"', 'HERE / "second" / "layers"'
    )
    write_plugin(
        installed,
        second.replace("scaffolder_layers", "_").replace("@hookimpl\ndef _", "def _"),
        name="other",
    )
    plugins = load_plugins()
    assert "greeter" not in ids(plugins)
    assert "other" in ids(plugins)
    assert words in info(plugins, "acme").error
    with pytest.raises(InvalidTemplate) as caught:
        plugins.template("greeter")
    assert words in str(caught.value)


def test_the_infos_are_json(installed):
    from dataclasses import asdict

    assert json.loads(json.dumps([asdict(item) for item in load_plugins().infos()]))


def test_the_plugins_of_this_test_are_the_only_ones(installed):
    assert [item.name for item in load_plugins().infos()] == ["builtin", "acme"]
    assert Path(load_plugins().template("greeter").root) == installed / "greeter"
