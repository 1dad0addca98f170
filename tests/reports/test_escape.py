"""What a project printed cannot act."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from scaffolder.reports.escape import harmless, number, one_line, relative, visible
from tests.reports.examples import NASTY, acts_in_a_log


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\nnext é 💚 👩\u200d💻", "plain\ttext\nnext é 💚 👩\u200d💻"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("\x1b[31m\x9b\x7f\x00", "\\x1b[31m\\x9b\\x7f\\x00"),
        ("\ud800\ufffe\u202e\u2028", "\\ud800\\ufffe\\u202e\\u2028"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a ##[error]b", "a \\x23#[error]b"),
        ("##vso[task.x]", "\\x23#vso[task.x]"),
        ("::error::x\n  ::add-mask::y", "\\x3a:error::x\n  \\x3a:add-mask::y"),
        ("a::b # c ## d", "a::b # c ## d"),
    ],
)
def test_harmless(text, shown):
    assert harmless(text) == shown


@given(NASTY)
def test_nothing_acts(text):
    assert not acts_in_a_log(harmless(text))
    harmless(text).encode("utf-8")


def test_one_line_is_short():
    assert one_line("a\n b" + "c" * 300) == "a b" + "c" * 196 + "…"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("at /work/hi/src/a.ts:1", "at src/a.ts:1"),
        ("file:///work/hi/a.ts", "a.ts"),
        ("in /work/hi.", "in .."),
        ("'/work/hi'", "'.'"),
        ("/work/hi/", "./"),
        ("/work/hi-there/a /work/hi.git", "/work/hi-there/a /work/hi.git"),
    ],
)
def test_paths_are_told_from_the_repository(text, told):
    assert relative(text, Path("/work/hi")) == told


@pytest.mark.parametrize("root", ["/", ".", "hi"])
def test_a_root_that_says_nothing_is_left_alone(root):
    assert relative("/etc hi .", Path(root)) == "/etc hi ."


def test_numbers():
    values = [1.23456, -1, float("nan"), float("inf")]
    assert [number(value) for value in values] == [1.235, 0, 0, 0]
