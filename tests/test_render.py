"""A composition laid down: bytes, modes, words; mistakes named by file and line."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scaffolder.answers import check_answer
from scaffolder.compose import compose
from scaffolder.errors import InvalidTemplate
from scaffolder.models import Question
from scaffolder.render import check_syntax, render
from scaffolder.template import read_layer, read_template
from tests.support.runs import snapshot
from tests.support.templates import write, write_template

ANSWERS = {
    "project_name": "hi",
    "description": "Greets.",
    "author_name": "Ada",
    "port": 3000,
}


def lay(root: Path, changes=None, answers=None, built=()):
    """Compose and render the small template below `root`, and return the folder."""
    home = write_template(root / "greeter", changes)
    template = read_template(home)
    composition = compose(template, {"base": read_layer(root / "layers" / "base")}, built)
    check_syntax(composition)
    target, scratch = root / "target", root / "scratch"
    target.mkdir()
    scratch.mkdir()
    render(template, composition, ANSWERS | (answers or {}), target=target, scratch=scratch)
    return target


def test_words_are_filled_in_and_everything_else_is_copied(tmp_path):
    target = lay(tmp_path, built=["hello"])
    assert (target / "README.md").read_text() == "# hi\n\nGreets.\n\nBy Ada.\n"
    assert (target / "src/hello/hello.sh").read_text() == "echo hello ${{ verbatim }}\n"
    assert stat.S_IMODE((target / "src/main.sh").stat().st_mode) & 0o111
    assert not stat.S_IMODE((target / "README.md").stat().st_mode) & 0o111
    assert {path for path, entry in snapshot(target).items() if entry[0] == "file"} == {
        ".gitignore",
        "README.md",
        "acceptance/hello.test.sh",
        "src/goodbye/goodbye.sh",
        "src/hello/hello.sh",
        "src/main.sh",
    }


def test_bytes_are_copied_as_they_are(tmp_path):
    home = write_template(tmp_path / "greeter")
    content = bytes(range(256)) + b"\r\n{{ x }}{% if %}"
    (home / "files/data.bin").write_bytes(content)
    (home / "files/[id].txt").write_bytes(b"\r\n")
    target = lay(tmp_path)
    assert (target / "data.bin").read_bytes() == content
    assert (target / "[id].txt").read_bytes() == b"\r\n"


def test_a_file_with_words_keeps_its_executable_bit_and_its_last_line(tmp_path):
    home = write_template(tmp_path / "greeter", {"files/run.sh.jinja": "echo {{ port }}"})
    (home / "files/run.sh.jinja").chmod(0o755)
    target = lay(tmp_path, {"files/a/.b/c.jinja": "{{ port }}\n\n"})
    assert (target / "run.sh").read_text() == "echo 3000"
    assert (target / "run.sh").stat().st_mode & 0o100
    assert (target / "a/.b/c").read_text() == "3000\n\n"


def test_a_template_without_words_is_copied_alone(tmp_path):
    target = lay(tmp_path, {"files/README.md.jinja": None})
    assert (target / "README.md").read_text() == "overridden by the template\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\nb {{ \n", 2, "not valid Jinja"),
        ("a\n\n{% if x %}\n", 3, "not valid Jinja"),
        ("{% endif %}", 1, "not valid Jinja"),
        ("a\n{{ undefined_thing }}\n", 2, "undefined_thing"),
        ("a\n\n{{ port.a.b }}\n", 3, "no attribute 'a'"),
        ("a\n{{ port | no_such_filter }}\n", 2, "no_such_filter"),
        ("a\n{% include 'other.txt' %}\n", 2, "other.txt"),
        ("a\n{% include '/etc/passwd' %}\n", 2, "passwd"),
        ("a\n{% extends '../x' %}\n", 2, "x"),
        ("a\n{{ 1 // 0 }}\n", 2, "zero"),
        ("a\n{{ port < 'a' }}\n", 2, "not supported"),
        ("a\n{{ ''.__class__.__mro__ }}\n", 2, "unsafe"),
        ("a\n{{ range(1000000) | list }}\n", 2, "ange"),
        ("a\n{{ 'a' * port }}{{ (1, 2)[5].x }}\n", 2, "no element 5"),
    ],
)
def test_a_mistake_in_a_file_with_words_names_file_and_line(tmp_path, text, line, words):
    with pytest.raises(InvalidTemplate) as caught:
        lay(tmp_path, {"files/x.md.jinja": text})
    assert str(caught.value).startswith(f"{tmp_path}/greeter/files/x.md.jinja:{line}: ")
    assert words in str(caught.value)
    assert "scratch" not in str(caught.value)


def test_a_file_with_words_that_is_no_utf8_is_named(tmp_path):
    home = write_template(tmp_path / "greeter")
    (home / "files/x.md.jinja").write_bytes(b"caf\xe9")
    with pytest.raises(InvalidTemplate, match=r"files/x\.md\.jinja: is not UTF-8"):
        lay(tmp_path)


@pytest.mark.parametrize(
    "question",
    [
        "tricky: {type: str, help: '{{ nope }} {% if %}', default: '{{ nope }}'}\n",
        "tricky: {type: str, validator: '{% if false %}x{% endif %}', default: 'x'}\n",
        "tricky: {type: str, choices: ['{{ x }}', b], default: b}\n",
    ],
)
def test_the_words_of_a_question_are_no_jinja_for_copier(tmp_path, question):
    from tests.support.templates import FILES

    changes = {"copier.yml": FILES["copier.yml"] + question, "files/x.jinja": "{{ tricky }}"}
    assert (lay(tmp_path, changes, {"tricky": "b"}) / "x").read_text() == "b"


def test_copiers_personal_settings_change_nothing(tmp_path, home):
    for folder in (
        home / ".config" / "copier",
        home / "Library" / "Application Support" / "copier",
    ):
        folder.mkdir(parents=True)
        (folder / "settings.yml").write_text("defaults: {description: Mine, author_name: Me}\n")
    assert (lay(tmp_path) / "README.md").read_text() == "# hi\n\nGreets.\n\nBy Ada.\n"


def test_nothing_is_written_to_the_temporary_folder(tmp_path, monkeypatch):
    empty = tmp_path / "temporary"
    empty.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(empty))
    lay(tmp_path)
    assert snapshot(empty) == {}
    assert tempfile.gettempdir() == str(empty)


def test_nothing_is_said(tmp_path, capfd):
    lay(tmp_path)
    assert capfd.readouterr() == ("", "")


WORDS = Question(name="description", type="str", help="")
HOSTILE = st.text() | st.lists(
    st.sampled_from(
        [
            "'",
            '"',
            "\\",
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "$",
            "`",
            "é",
            "日本",
            "💚",
            "\u202e",
            " ",
            "null",
            "yes",
            "1",
            "~",
            "- ",
            ": ",
            "#",
            "&",
            "*",
        ]
    ),
    max_size=8,
).map("".join)


def is_answer(text: str) -> bool:
    try:
        return check_answer(WORDS, text) == text
    except Exception:  # noqa: BLE001 - refused
        return False


@settings(max_examples=25)
@given(st.lists(HOSTILE.filter(is_answer), min_size=3, max_size=3))
@example(["007", "1.0", "null"])
@example(["{{ 7 * 7 }}", "{% raw %}", "{# gone #}"])
@example(['it\'s "so" \\n', "\\", "''"])
@example(["", " ", " padded "])
def test_any_answer_arrives_as_it_was_given(texts):
    files = {
        "files/README.md.jinja": "{{ description }}\n",
        "files/a.json.jinja": (
            '{"a": {{ description | tojson }}, "b": {{ author_name | tojson }}}\n'
        ),
        "files/b.txt.jinja": "{{ extra }}",
    }
    from tests.support.templates import FILES

    files["copier.yml"] = FILES["copier.yml"] + "extra: {type: str}\n"
    with tempfile.TemporaryDirectory() as folder:
        answers = dict(zip(("description", "author_name", "extra"), texts, strict=True))
        target = lay(Path(folder), files, answers)
        assert (target / "README.md").read_bytes().decode() == texts[0] + "\n"
        found = json.loads((target / "a.json").read_bytes())
        assert found == {"a": texts[0], "b": texts[1]}
        assert (target / "b.txt").read_bytes().decode() == texts[2]


@pytest.mark.parametrize("trouble", ["broken settings", "failing git", "another repository"])
def test_no_git_is_asked(tmp_path, home, monkeypatch, trouble):
    if trouble == "broken settings":
        (home / ".gitconfig").write_text("[user\n")
    if trouble == "failing git":
        write(home / "bin/git", "#!/bin/sh\nexit 1\n")
        (home / "bin/git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{home}/bin", prepend=os.pathsep)
    if trouble == "another repository":
        (home / "other").mkdir()
        monkeypatch.setenv("GIT_DIR", str(home / "other"))
    assert (lay(tmp_path) / "README.md").read_text() == "# hi\n\nGreets.\n\nBy Ada.\n"
    assert trouble != "another repository" or list((home / "other").iterdir()) == []
