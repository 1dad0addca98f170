"""Questions asked on a terminal: a pseudo-terminal, with a real process behind it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time

import pytest
import yaml

from tests.support.runs import snapshot


class Terminal:
    """A run of ``scaffolder new`` on a terminal; what is typed, and what is shown."""

    def __init__(self, plugin, work, *arguments):
        self.screen, inside = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scaffolder", "new", "greeter", *arguments],
            cwd=work,
            env={**os.environ, "PYTHONPATH": str(plugin)},
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)

    def read_until(self, words):
        end = time.monotonic() + 60
        while words not in self.shown:
            ready, _, _ = select.select([self.screen], [], [], max(0, end - time.monotonic()))
            assert ready, f"never said {words!r}: {self.shown!r}"
            try:
                part = os.read(self.screen, 65536)
            except OSError:
                part = b""
            assert part, f"ended before {words!r}: {self.shown!r}"
            self.shown += part.decode()

    def answer(self, question, text):
        self.read_until(question)
        # What follows may be on the screen already.
        self.shown = self.shown.split(question, 1)[1]
        os.write(self.screen, text.encode())

    def read_what_is_there(self):
        """Read until the screen is quiet; tell whether the other side is still open."""
        while select.select([self.screen], [], [], 0)[0]:
            try:
                self.shown += os.read(self.screen, 65536).decode()
            except OSError:
                return False
        return True

    def end(self):
        end = time.monotonic() + 60
        while self.read_what_is_there():
            assert time.monotonic() < end, f"never ended: {self.shown!r}"
            select.select([self.screen], [], [], 0.5)
        os.close(self.screen)
        return self.process.wait(60)

    def close(self):
        """End what a failed test left running."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


QUESTIONS = ("The project's name [", "One sentence [", "Who writes it [", "The port [")


@pytest.fixture
def terminal(plugin, work, identity):
    runs = []

    def start(*arguments):
        runs.append(Terminal(plugin, work, *arguments))
        return runs[-1]

    yield start
    for run in runs:
        run.close()


def test_enter_takes_every_default(terminal, work):
    run = terminal("hi")
    for question in QUESTIONS:
        run.answer(question, "\n")
    assert run.end() == 0
    assert "Created hi in hi" in run.shown
    answers = yaml.safe_load((work / "hi/.scaffolder/project.yml").read_text())["answers"]
    assert answers == {
        "project_name": "hi",
        "description": "Greets.",
        "author_name": "Ada Example",
        "port": 3000,
    }


def test_a_bad_answer_is_asked_again_and_what_was_given_is_not_asked(terminal, work):
    run = terminal("--data", "author_name=Zoë")
    run.answer(QUESTIONS[0], "Upper Case\n")
    run.answer("npm allows small letters only", "")
    run.answer(QUESTIONS[0], "other\n")
    run.answer(QUESTIONS[1], "It's é.\n")
    run.answer(QUESTIONS[3], "80\n")
    run.answer("must be at least 1024", "")
    run.answer(QUESTIONS[3], "eighty\n")
    run.answer("no whole number", "")
    run.answer(QUESTIONS[3], "4000\n")
    assert run.end() == 0
    answers = yaml.safe_load((work / "greeter/.scaffolder/project.yml").read_text("utf-8"))[
        "answers"
    ]
    assert answers == {
        "project_name": "other",
        "description": "It's é.",
        "author_name": "Zoë",
        "port": 4000,
    }


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_at_a_question_leaves_nothing(terminal, work, key):
    run = terminal()
    run.answer(QUESTIONS[0], "\n")
    run.read_until(QUESTIONS[1])
    if key == "\x03":
        # The session has no controlling terminal that could send it. Again until it is heard: a
        # signal just before Python starts to read waits for the next one.
        select.select([run.screen], [], [], 0.3)
        while run.process.poll() is None and "interrupted" not in run.shown:
            run.process.send_signal(signal.SIGINT)
            end = time.monotonic() + 5
            while "interrupted" not in run.shown and time.monotonic() < end:
                select.select([run.screen], [], [], 0.1)
                if not run.read_what_is_there():
                    break
    else:
        os.write(run.screen, key.encode())
    assert run.end() == 130
    assert "interrupted" in run.shown
    assert "Traceback" not in run.shown
    assert snapshot(work) == {}


def test_no_question_is_asked_with_defaults(terminal):
    run = terminal("--defaults")
    assert run.end() == 0
    assert "One sentence" not in run.shown


def test_a_target_that_exists_is_refused_before_the_first_question(terminal, work):
    (work / "greeter").touch()
    run = terminal()
    assert run.end() == 5
    assert "One sentence" not in run.shown
