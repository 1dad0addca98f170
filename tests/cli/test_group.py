"""The command tree: help, version, suggestions, completion, and what is not imported for them."""

from __future__ import annotations

import sys

import pytest

from scaffolder import __version__

HEAVY = ("copier", "git", "jinja2", "pydantic", "plumbum", "prompt_toolkit")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_the_commands(cli, flag):
    done = cli(flag)
    assert (done.code, done.err) == (0, "")
    for name in ("list", "new", "plugins", "roadmap"):
        assert f"\n  {name} " in done.out


@pytest.mark.parametrize("name", ["list", "new", "plugins", "roadmap"])
def test_every_command_explains_itself(cli, name):
    done = cli(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: scaffolder {name} ")


def test_the_version(cli):
    done = cli("--version")
    assert (done.code, done.out, done.err) == (0, f"portfolio-scaffolder {__version__}\n", "")


def test_no_command_is_a_question_for_help(cli):
    done = cli()
    assert done.code == 2
    assert "Usage: scaffolder" in done.out + done.err


def test_an_unknown_command_gets_a_suggestion(cli):
    done = cli("lst")
    assert (done.code, done.out) == (2, "")
    assert "No such command 'lst'" in done.err
    assert "list" in done.err


def test_the_project_is_completed(cli, monkeypatch):
    monkeypatch.setenv("_SCAFFOLDER_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "scaffolder new gre")
    monkeypatch.setenv("COMP_CWORD", "2")
    done = cli()
    assert (done.code, done.out, done.err) == (0, "plain,greeter\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_completion(cli, monkeypatch, shell):
    monkeypatch.setenv("_SCAFFOLDER_COMPLETE", f"{shell}_source")
    done = cli()
    assert done.code == 0
    assert "_SCAFFOLDER_COMPLETE" in done.out


CODE = """
import sys
from scaffolder.cli import run
code = run(sys.argv[2:])
found = [name for name in sys.argv[1].split(",") if name in sys.modules]
sys.exit(f"imported: {found}" if found else code)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["list"],
        ["list", "--json"],
        ["roadmap"],
        ["roadmap", "--json"],
        ["plugins"],
        ["new", "--help"],
        ["new", "unknown"],
    ],
    ids=" ".join,
)
def test_what_only_generation_needs_is_not_imported(plugin, arguments):
    import os
    import subprocess

    environment = {**os.environ, "PYTHONPATH": str(plugin)}
    command = [sys.executable, "-c", CODE, ",".join(HEAVY), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == (2 if "unknown" in arguments else 0), done.stderr
    assert "imported" not in done.stderr
