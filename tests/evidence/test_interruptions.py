"""An interruption waits for the end of a block, and is not lost."""

from __future__ import annotations

import os
import signal
import subprocess
import threading

import pytest

from scaffolder.evidence.interruptions import postponed

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def handlers(signals):
    """Let every signal raise, as the command line does, and return what must stand there again."""

    def interrupt(number, _frame):
        raise KeyboardInterrupt(number)

    for number in NUMBERS:
        signal.signal(number, interrupt)
    return dict.fromkeys(NUMBERS, interrupt)


def standing():
    return {number: signal.getsignal(number) for number in NUMBERS}


@pytest.mark.parametrize("number", NUMBERS)
def test_it_is_heard_at_the_end(handlers, number):
    done = []
    with pytest.raises(KeyboardInterrupt, match=str(int(number))), postponed():
        os.kill(os.getpid(), number)
        done.append("all of it")
    assert done == ["all of it"]
    assert standing() == handlers


def test_without_one_nothing_happens_and_an_error_goes_its_way(handlers):
    with postponed():
        pass
    assert standing() == handlers
    with pytest.raises(ValueError, match="mine"), postponed():
        raise ValueError("mine")
    assert standing() == handlers


def test_one_that_comes_while_the_handlers_change_leaves_them_as_they_were(handlers, monkeypatch):
    change = signal.signal

    def interrupted(number, handler):
        change(number, handler)
        if number == signal.SIGTERM and handler is not handlers[number]:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(signal, "signal", interrupted)
        with pytest.raises(KeyboardInterrupt), postponed():
            pass
    assert standing() == handlers


def test_what_is_ignored_stays_ignored_and_a_child_hears_all(handlers):
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with postponed():
        child = subprocess.Popen(["sleep", "300"])
        os.kill(os.getpid(), signal.SIGHUP)
    child.terminate()
    assert child.wait(60) == -signal.SIGTERM
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_another_thread_leaves_the_handlers_alone(handlers):
    seen = []

    def work():
        with postponed():
            seen.append(standing())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [handlers]
