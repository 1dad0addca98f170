"""Documentation and code say the same."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import click
import pytest

import scaffolder
from scaffolder import errors, hookspecs
from scaffolder.cli.group import BUILT_IN
from scaffolder.template import QUESTION_TYPES
from tests.support.templates import write_plugin, write_template

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])


def _error_classes() -> list[type[errors.ScaffolderError]]:
    found = [errors.ScaffolderError]
    for parent in found:
        found += parent.__subclasses__()
    return [
        error for error in found if error.__module__ == errors.__name__ and hasattr(error, "code")
    ]


def _raised() -> dict[str, int]:
    groups = {error for error in _error_classes() if error.__subclasses__()}
    return {error.code: error.exit_code for error in _error_classes() if error not in groups}


def test_every_error_code_is_documented_with_its_exit_code():
    text = (DOCS / "errors.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d) \|", text, re.MULTILINE))
    documented = {code: int(exit_code) for code, exit_code in rows.items()}
    # A group's own code is used only where no more telling one fits.
    assert documented == _raised() | {errors.EnvironmentProblem.code: 4}


def test_the_tree_in_the_docstring_shows_every_error_with_its_code():
    drawn = dict(re.findall(r"(\w+) +([a-z]+-[a-z-]+|disk-full)$", errors.__doc__, re.MULTILINE))
    named = {error.__name__: error.code for error in _error_classes() if not error.__subclasses__()}
    assert drawn == named


@pytest.mark.parametrize("code", [errors.EXIT_BUG, errors.EXIT_INTERRUPTED, 0, 1, 2, 3, 4, 5])
def test_every_exit_code_is_documented(code):
    assert f"\n| {code} | " in (DOCS / "errors.md").read_text()


def test_every_hook_is_documented_with_its_parameters():
    hooks = {
        f"{name}({', '.join(inspect.signature(hook).parameters)})"
        for name, hook in vars(hookspecs).items()
        if name.startswith("scaffolder_")
    }
    text = (DOCS / "plugins.md").read_text()
    assert set(re.findall(r"^\| `(scaffolder_\w+\([\w, ]*\))`", text, re.MULTILINE)) == hooks


def test_every_public_name_is_documented_and_exists():
    text = (DOCS / "plugins.md").read_text()
    for name in scaffolder.__all__:
        assert getattr(scaffolder, name) is not None
        assert name == "__version__" or f"`{name}`" in text


def test_public_names_are_sorted():
    assert scaffolder.__all__ == sorted(scaffolder.__all__)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_command_and_option_is_documented(name):
    command: click.Command = importlib.import_module(f"scaffolder.cli.{name}").command
    section = (DOCS / "commands.md").read_text().split(f"\n## {name}\n")[1].split("\n## ")[0]
    options = [
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    ]
    assert [option for option in options if option not in section] == []


def test_every_question_type_is_documented():
    text = (DOCS / "templates.md").read_text()
    assert [kind for kind in QUESTION_TYPES if f"`{kind}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_local_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page):
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z-]+)", page.read_text()):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_the_plugin_of_the_documentation_works(tmp_path, scaffolder):
    page = (DOCS / "plugins.md").read_text()
    module = re.search(r"```python\n# acme_scaffolder/__init__.py\n(.*?)```", page, re.DOTALL)[1]
    root = write_template(
        tmp_path / "docs" / "templates" / "acme-api",
        {"template.yml": "schema: 1\nid: acme-api\nversion: 1.0.0\ntitle: Acme\nlayers: [acme]\n"},
    )
    (root.parent / "layers" / "base").rename(root.parent / "layers" / "acme")
    write_plugin(tmp_path / "docs", module, name="documented")
    done = scaffolder("new", "acme-api", "--defaults", env={"PYTHONPATH": str(tmp_path / "docs")})
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Created acme-api in acme-api")
