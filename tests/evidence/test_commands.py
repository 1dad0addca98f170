"""A command of the project as evidence."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaffolder.evidence import commands, processes
from scaffolder.evidence.commands import COMMAND
from scaffolder.models import Evidence
from scaffolder.results import Judging, Verdict


def piece(identity="deploy.works", timeout_s=None, **details):
    return Evidence(id=identity, kind="command", timeout_s=timeout_s, details=details)


def judge(root, *items, heard=None):
    say = (heard if heard is not None else []).append
    return COMMAND.judge(items, Judging(root=root, environment=os.environ, say=say))


def only(root, heard=None, **details):
    (finding,) = judge(root, piece(**details), heard=heard).values()
    return finding


def test_a_command_that_succeeds(tmp_path):
    heard = []
    finding = only(tmp_path, heard, run="pwd; echo warned >&2")
    assert (finding.verdict, finding.message) == (Verdict.PASSED, "")
    assert heard == [str(tmp_path), "warned"]
    assert finding.repeat == "pwd; echo warned >&2"
    assert finding.ms > 0
    assert not finding.link


def test_a_command_that_fails_says_its_last_lines(tmp_path):
    finding = only(tmp_path, run="seq 1 30; exit 3")
    assert finding.verdict is Verdict.FAILED
    first, *rest = finding.message.split("\n")
    assert first == "`seq 1 30; exit 3` ended with exit code 3"
    assert rest == [str(number) for number in range(19, 31)]


def test_a_command_that_fails_in_silence(tmp_path):
    assert only(tmp_path, run="false").message == "`false` ended with exit code 1"


def test_a_command_that_is_killed_failed(tmp_path):
    finding = only(tmp_path, run="kill -9 $$")
    assert finding.verdict is Verdict.FAILED
    assert "exit code -9" in finding.message


@pytest.mark.parametrize("run", ["no-such-program", "./not-executable"])
def test_a_command_that_is_not_there_is_no_verdict(tmp_path, run):
    (tmp_path / "not-executable").write_text("")
    finding = only(tmp_path, run=run)
    assert finding.verdict is Verdict.ERROR
    assert finding.message.startswith(f"`{run}` cannot be run\n")


PRINTS = [
    ("echo hello", "hello", Verdict.PASSED),
    ("echo hello >&2", "hello", Verdict.PASSED),
    ("echo oh hello there", "hello", Verdict.PASSED),
    ("echo Hello", "hello", Verdict.FAILED),
    ("true", "hello", Verdict.FAILED),
    ("echo hello; exit 1", "hello", Verdict.FAILED),
    (r"printf 'a\nb\n'", "a\nb", Verdict.PASSED),
]


@pytest.mark.parametrize(("run", "prints", "verdict"), PRINTS)
def test_a_command_that_has_to_print_something(tmp_path, run, prints, verdict):
    assert only(tmp_path, run=run, prints=prints).verdict is verdict


def test_what_was_not_printed_is_named(tmp_path):
    finding = only(tmp_path, run="echo bye", prints="hello")
    assert finding.message == "`echo bye` did not print 'hello'\nbye"


def test_what_was_printed_long_ago_counts_as_well(tmp_path):
    assert only(tmp_path, run="echo hello; seq 1000", prints="hello").verdict is Verdict.PASSED


def test_a_command_that_takes_too_long_failed(tmp_path):
    (finding,) = judge(tmp_path, piece(timeout_s=1, run="echo begun; exec sleep 60")).values()
    assert finding.verdict is Verdict.FAILED
    assert finding.message == "`echo begun; exec sleep 60` did not end within 1 s\nbegun"
    assert finding.ms >= 1000


def test_without_a_limit_of_its_own_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "_LIMIT_S", 0.2)
    assert re.search("within 0.2 s", only(tmp_path, run="exec sleep 60").message)


def test_a_command_that_ignores_the_end_of_its_time_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "_GRACE_S", 0.2)
    monkeypatch.setattr(commands, "_LIMIT_S", 0.5)
    finding = only(tmp_path, run="trap '' TERM; while :; do sleep 0.05; done")
    assert finding.verdict is Verdict.FAILED


def test_a_server_that_it_leaves_behind_keeps_nobody_waiting(tmp_path):
    assert only(tmp_path, run="sleep 300 & echo started").verdict is Verdict.PASSED


def test_commands_run_one_after_the_other_in_their_order(tmp_path):
    items = [piece(f"deploy.{name}", run=f"echo {name} >> order") for name in "cab"]
    assert list(judge(tmp_path, *items)) == [item.id for item in items]
    assert (tmp_path / "order").read_text() == "c\na\nb\n"


def test_a_command_gets_the_services_of_its_project():
    assert COMMAND.serves


COMPLAINTS = [
    ({"run": "npm test"}, ""),
    ({"run": "npm test", "prints": "ok"}, ""),
    ({}, "needs run, a text"),
    ({"run": ""}, "needs run, a text"),
    ({"run": "  "}, "needs run, a text"),
    ({"run": 7}, "needs run, a text"),
    ({"run": ["npm", "test"]}, "needs run, a text"),
    ({"run": None}, "needs run, a text"),
    ({"run": "x", "prints": ""}, "needs prints, a text"),
    ({"run": "x", "prints": None}, "needs prints, a text"),
    ({"run": "x", "prints": 7}, "needs prints, a text"),
    ({"run": "x", "print": "y"}, "no key 'print'"),
]


@pytest.mark.parametrize(("details", "words"), COMPLAINTS)
def test_what_is_wrong_with_a_piece_of_this_kind(details, words):
    complaint = COMMAND.complain(piece(**details))
    assert (words in complaint) if words else complaint == ""


ANY = st.none() | st.integers() | st.sampled_from(["true", "a\0b", "\ud800", "\n", "&&", "'"])


@example({"run": "a\0b"})
@example({"run": "\ud800"})
@given(st.dictionaries(st.sampled_from(["run", "prints", "x"]), ANY))
def test_whatever_is_not_complained_of_can_be_judged(tmp_path, details):
    if not COMMAND.complain(piece(**details)):
        assert only(tmp_path, **details).verdict in Verdict
