"""Words on stderr, results on stdout, in any encoding, width and colour."""

from __future__ import annotations

import io
import json
import os
import sys

import pytest

from scaffolder.cli import output
from scaffolder.errors import DiskFull
from scaffolder.models import Notice
from tests.support.templates import FILES, write_template

TEXT = "Café → ✓ 日本 \udcff"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
@pytest.mark.parametrize("write", [output.write_result, output.write_words])
def test_what_an_encoding_cannot_carry_is_escaped(monkeypatch, encoding, write):
    buffer = io.BytesIO()
    name = "stdout" if write is output.write_result else "stderr"
    monkeypatch.setattr(sys, name, io.TextIOWrapper(buffer, encoding=encoding))
    write(TEXT)
    getattr(sys, name).flush()
    shown = buffer.getvalue().decode(encoding)
    assert shown.startswith("Caf")
    assert shown.endswith("\\udcff\n")
    if encoding == "utf-8":
        assert "→ ✓ 日本" in shown


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_json_survives_any_encoding(monkeypatch, encoding):
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding=encoding))
    output.write_json({"title": TEXT})
    sys.stdout.flush()
    assert json.loads(buffer.getvalue().decode(encoding)) == {"title": TEXT}


def test_an_error_says_what_why_and_how_to_mend_it(capsys):
    output.write_error(DiskFull("full", why="it is", mend="df -h"))
    assert capsys.readouterr() == ("", "error: full [disk-full]\n  why: it is\n  try: df -h\n")


def test_a_warning_shows_its_commands(capsys):
    output.write_warning(Notice(text="look", commands=("ls", "pwd"), warning=True))
    assert capsys.readouterr() == ("", "warning: look\n    ls\n    pwd\n")


STRANGE = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin": {"PYTHONIOENCODING": "latin-1"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "C coerced": {"LC_ALL": "C"},
    "narrow": {"COLUMNS": "40"},
    "no colour": {"NO_COLOR": "1"},
}


@pytest.mark.parametrize("case", STRANGE)
def test_a_project_is_the_same_under_any_locale(scaffolder, plugin, work, identity, case):
    parent = work / "Ünï 💚"
    parent.mkdir()
    title = FILES["template.yml"].replace("title: Greeter", "title: Café ✓")
    write_template(
        plugin / "greeter", {"template.yml": title, "files/é.md.jinja": "é {{ port }}\n"}
    )
    done = scaffolder("new", "greeter", parent / "hi", "--defaults", env=STRANGE[case])
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Created hi in" in done.stdout
    assert (parent / "hi/é.md").read_text("utf-8") == "é 3000\n"
    assert os.listdir(parent) == ["hi"]


def test_an_answer_that_the_locale_cannot_read_is_refused_with_the_way_out(scaffolder, work):
    done = scaffolder("new", "greeter", "--defaults", "--data", "author_name=Zoë", env=STRANGE["C"])
    assert (done.returncode, done.stdout) == (3, "")
    assert "PYTHONUTF8=1" in done.stderr
    assert os.listdir(work) == []
