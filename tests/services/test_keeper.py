"""Whatever ends the one who needs services, nothing of them is left."""

import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from scaffolder.services.supply import supply
from tests.services.protocols import processes
from tests.support.checkout import ROOT

OWNER = """\
import os, pickle, sys
from scaffolder.services.supply import supply
services = pickle.load(sys.stdin.buffer)
with supply(services, os.environ, lambda line: print("say", line, flush=True)):
    print("ready", flush=True)
    if sys.stdin.buffer.readline() == b"raise\\n":
        raise RuntimeError("as it was told")
"""


@pytest.fixture
def owner(environ):
    """Start a process that has services supplied."""

    def start(services):
        process = subprocess.Popen(
            [sys.executable, "-c", OWNER],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # As if from a terminal: an interruption goes to the group.
            process_group=0,
        )
        started.append(process)
        pickle.dump(services, process.stdin)
        process.stdin.flush()
        return process

    started = []
    yield start
    for process in started:
        with process:
            process.kill()


def ready(process):
    return any(line == b"ready\n" for line in process.stdout)


def until_gone(scratch):
    deadline = time.monotonic() + 60
    while (left := processes(scratch)) or list(scratch.iterdir()):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def leave(process, way):
    if way == "return":
        process.stdin.close()
        assert process.wait(60) == 0
    elif way == "raise":
        process.stdin.write(b"raise\n")
        process.stdin.flush()
        assert process.wait(60) == 1
    else:
        os.killpg(process.pid, way)
        assert process.wait(60) != 0


WAYS = ["return", "raise", signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_left(owner, counter, scratch, way):
    process = owner([counter])
    assert ready(process)
    assert len(processes(scratch)) == 3
    leave(process, way)
    until_gone(scratch)


@pytest.mark.parametrize("after", [0.02, 0.1, 0.2, 0.3, 0.5])
def test_nothing_is_left_when_it_is_killed_while_starting(owner, counter, scratch, after):
    process = owner([counter])
    time.sleep(after)
    process.kill()
    process.wait(60)
    until_gone(scratch)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_keeper_itself_cleans_up_when_it_is_told_to_end(environ, counter, scratch, number):
    with supply([counter], environ, print):
        (keeper,) = [pid for pid, line in processes(scratch).items() if b"services.keeper" in line]
        os.kill(int(keeper), number)
        if number is signal.SIGINT:
            time.sleep(0.5)
            assert len(processes(scratch)) == 2
        else:
            until_gone(scratch)
