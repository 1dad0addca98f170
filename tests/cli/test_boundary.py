"""The one boundary: errors become words and an exit code, never a traceback."""

from __future__ import annotations

import os
import signal
import sys

import click
import pytest

from scaffolder.cli import boundary
from scaffolder.errors import Refused
from tests.support.runs import snapshot


@pytest.fixture
def failing(cli, monkeypatch):
    """Run a command that raises what the test says."""

    def call(error, *arguments):
        def load_plugins(**_options):
            raise error

        monkeypatch.setattr("scaffolder.cli.group.load_plugins", load_plugins)
        return cli(*arguments, "list")

    return call


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            Refused("no", why="since", mend="try"),
            5,
            "error: no [refused]\n  why: since\n  try: try\n",
        ),
        (Refused("no"), 5, "error: no [refused]\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (click.Abort(), 130, "interrupted\n"),
        (click.UsageError("what"), 2, "Error: what\n"),
        (
            PermissionError(13, "Permission denied", "/x"),
            4,
            "error: /x: Permission denied [environment]\n",
        ),
        (OSError("odd"), 4, "error: odd [environment]\n"),
        (ValueError("oops"), 70, "error: ValueError: oops [bug]\n"),
        (RecursionError("deep"), 70, "error: RecursionError: deep [bug]\n"),
        (SystemExit(3), 3, ""),
        (SystemExit(None), 0, ""),
        (SystemExit("text"), 1, ""),
    ],
)
def test_every_kind_of_error_has_its_exit_code(failing, error, code, words):
    done = failing(error)
    assert (done.code, done.out) == (code, "")
    assert words in done.err


def test_a_bug_says_whose_it_is_and_what_to_do(failing):
    done = failing(ValueError("oops"))
    assert "not yours" in done.err
    assert "scaffolder --traceback" in done.err
    assert "scaffolder --no-plugins" in done.err


def test_a_traceback_is_shown_on_request_only(scaffolder, plugin):
    (plugin / "acme_plugin.py").write_text("raise ValueError")
    done = scaffolder("--traceback", "new", "nothing")
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert "error: no project is called" in done.stderr


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_being_terminated_is_an_interruption_that_cleans_up(cli, plugin, work, name):
    with (plugin / "acme_plugin.py").open("a") as stream:
        stream.write(
            "\nimport os\n@hookimpl\ndef scaffolder_project_rendered(project):\n"
            f"    os.kill(os.getpid(), {name})\n    raise RuntimeError('still alive')\n"
        )
    done = cli("new", "greeter", "--defaults")
    assert (done.code, done.out, done.err.strip()) == (130, "", "interrupted")
    assert snapshot(work) == {}


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_one_whatever_python_makes_of_it(scaffolder, plugin, work, name):
    """Until Python 3.12, one that comes while a class is made shows up as a RuntimeError."""
    with (plugin / "acme_plugin.py").open("a") as stream:
        stream.write(
            "\nimport os\n@hookimpl\ndef scaffolder_project_rendered(project):\n"
            "    class Field:\n        def __set_name__(self, owner, name):\n"
            f"            os.kill(os.getpid(), {name:d})\n"
            "    class Thing:\n        field = Field()\n"
        )
    done = scaffolder("new", "greeter", "--defaults")
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "interrupted")
    assert snapshot(work) == {}


def test_a_hangup_that_is_ignored_stays_ignored(cli, monkeypatch):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert cli("list").code == 0
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    assert boundary.run(["--version"]) == 0


def test_a_reader_that_has_seen_enough_is_no_error(scaffolder, work, identity):
    for arguments in (["list"], ["list", "--json"], ["roadmap"], ["new", "greeter", "--defaults"]):
        reading, writing = os.pipe()
        os.close(reading)
        done = scaffolder(*arguments, stdout=writing)
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, "")
    assert (work / "greeter" / ".git").is_dir()


@pytest.mark.parametrize("arguments", [["list"], ["new", "greeter", "--defaults"]])
def test_a_full_disk_behind_stdout_is_an_error_of_the_environment(scaffolder, identity, arguments):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = scaffolder(*arguments, stdout=full)
    assert done.returncode == 4
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_stream_that_was_closed_before_the_start_is_no_error(
    scaffolder, work, identity, descriptor
):
    def close():
        os.close(descriptor)

    done = scaffolder("new", "greeter", "--defaults", preexec_fn=close, stdout=None, stderr=None)
    assert done.returncode == 0
    assert (work / "greeter" / ".git").is_dir()


def test_python_m_and_the_command_are_the_same(scaffolder):
    from scaffolder.__main__ import main

    assert main.__module__ == "scaffolder.__main__"
    done = scaffolder("nonsense")
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: scaffolder")
    assert sys.executable
