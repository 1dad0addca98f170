"""Orders from suites: what is not obeyed exits non-zero, with words."""

import pytest

from scaffolder.services.control import command_line
from scaffolder.services.supply import supply
from tests.services.protocols import control, count

USAGE = "usage: control.py SOCKET stop|start|restart NAME\n"


def test_orders(environ, counter):
    with supply([counter], environ, print) as supplied:
        command = supplied.variables["ACCEPTANCE_CONTROL"]
        url = supplied.variables[counter.variable]
        assert count(url) == 1
        for verb in ("restart", "stop", "stop", "start", "start"):
            assert control(command, verb, "counter") == (0, "")
        assert count(url) == 2
        code, words = control(command, "stop", "other")
        assert (code, words) == (1, "'other' was not started here; started: counter\n")
        assert control(command, "pause", "counter") == (2, USAGE)
        assert control(command, "stop") == (2, USAGE)
    code, words = control(command, "stop", "counter")
    assert code == 1
    assert words.startswith("the keeper of the services does not answer: ")


def test_one_that_does_not_start_again_is_an_error(environ, counter, program):
    with supply([counter], environ, print) as supplied:
        command = supplied.variables["ACCEPTANCE_CONTROL"]
        assert control(command, "stop", "counter") == (0, "")
        program("counter-server", "#!/bin/sh\necho the disk is purple\nexit 1\n")
        code, words = control(command, "start", "counter")
        assert code == 1
        assert words.startswith("Counter did not start again: ")
        assert "the disk is purple" in words


@pytest.mark.parametrize("name", ["with space", "quote's", "x" * 150])
def test_the_command_survives_a_shell_and_a_long_path(name, environ, counter, places):
    folder = places() / name
    folder.mkdir(mode=0o755)
    with supply([counter], {**environ, "TMPDIR": str(folder)}, print) as supplied:
        assert control(supplied.variables["ACCEPTANCE_CONTROL"], "stop", "counter") == (0, "")
    assert list(folder.iterdir()) == []


def test_the_command_is_quoted():
    assert command_line("/a b").endswith(" '/a b'")
