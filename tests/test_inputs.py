"""The hash of everything that evidence may depend on, and which files git would ignore."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scaffolder.inputs import WRITTEN, hash_inputs, input_files
from tests.support.runs import git
from tests.support.templates import write

NAMES = st.sampled_from(["a", "b", "ab", "a.log", "b.log", ".h", "x y", "z", "[c]", "#n", "!n"])
PARTS = st.sampled_from(
    ["a", "b", "ab", "a.log", "*", "**", "*.log", "?", "[ab]", "[!a]", "a*", ".h", "x y", "z", ".*"]
)


@st.composite
def lines(draw) -> str:
    """A line of a ``.gitignore``: mostly rules, some of them negated, for folders or anchored."""
    odd = [
        "",
        " ",
        "# a",
        "\\#n",
        "\\!n",
        "!",
        "/",
        "\\[c\\]",
        "a ",
        "b\\ ",
        "**/a",
        "a/**",
        "!a/**",
    ]
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(odd))
    rule = "/".join(draw(st.lists(PARTS, min_size=1, max_size=2)))
    before = draw(st.sampled_from(["", "", "!", "/", "!/"]))
    return before + rule + draw(st.sampled_from(["", "", "/"]))


@st.composite
def trees(draw, depth: int = 3) -> dict:
    """Files as None, folders as such a mapping again, and rules as a text."""
    tree = {}
    for name in draw(st.lists(NAMES, max_size=4, unique=True)):
        is_folder = depth > 0 and draw(st.booleans())
        tree[name] = draw(trees(depth - 1)) if is_folder else None
    if draw(st.booleans()):
        tree[".gitignore"] = "\n".join(draw(st.lists(lines(), max_size=5)))
    return tree


def build(folder: Path, tree: dict) -> Path:
    folder.mkdir()
    for name, what in tree.items():
        if isinstance(what, dict):
            build(folder / name, what)
        else:
            (folder / name).write_text(what or "")
    return folder


def as_git_says(folder: Path) -> list[str]:
    listed = git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return sorted(filter(None, listed.split("\0")))


@pytest.fixture
def repository(tmp_path):
    """A repository of git in which each folder is a case of its own."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet")
    return root


COUNTER = itertools.count()


def agree(repository: Path, tree: dict) -> None:
    folder = build(repository / f"case-{next(COUNTER)}", tree)
    assert sorted(input_files(folder)) == as_git_says(folder)
    shutil.rmtree(folder)


@settings(max_examples=250)
@example({".gitignore": "*.log\n!keep/\n", "keep": {"a.log": None}})
@example({".gitignore": "*.log", "a": {".gitignore": "!b", "b": {"a.log": None, "a": None}}})
@example({".gitignore": "a/*\n!a/b/", "a": {"b": {"a": None}, "ab": None}})
@example({".gitignore": "/*\n!/a\n/a/*\n!/a/b", "a": {"a": None, "b": {"a": None}}, "b": None})
@example({".gitignore": "a/", "a": {".gitignore": "!*", "b": None}})
@given(trees())
def test_the_files_are_those_that_git_does_not_ignore(repository, tree):
    agree(repository, tree)


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("\ufeffa\nb\n", id="byte order mark"),
        pytest.param("a\r\nb/\r\n", id="windows line ends"),
        pytest.param("a\x0bb\na\x0cb\na\x1cb\na\x85b\na\u2028b\n", id="separators within a line"),
        pytest.param("a\rb\n", id="carriage return within a line"),
        pytest.param("a  \nb\\ \n", id="trailing spaces"),
        pytest.param("a", id="no line end"),
        pytest.param("[\n[a\na[\nb\n", id="broken brackets"),
        pytest.param("\\\nb\n", id="lone backslash"),
        pytest.param("***\n!b\n", id="three stars"),
        pytest.param("a//b\n!//a\n", id="two slashes"),
        pytest.param("!\n/\n//\nb\n", id="rules of nothing"),
    ],
)
def test_an_odd_ignore_file_is_read_as_git_reads_it(repository, rules):
    folder = repository / "odd"
    for path in ("a", "b", "c", "d/a", "d/b", "e/b/x"):
        write(folder / path, "")
    (folder / ".gitignore").write_bytes(rules.encode())
    assert sorted(input_files(folder)) == as_git_says(folder)


def test_an_ignore_file_that_is_not_utf8_works_all_the_same(repository):
    folder = repository / "latin"
    write(folder / "a", "")
    write(folder / "b", "")
    (folder / ".gitignore").write_bytes(b"\xe9\na\n")
    assert sorted(input_files(folder)) == as_git_says(folder) == [".gitignore", "b"]


def test_an_ignore_file_that_is_a_folder_or_a_link_has_no_rules(repository):
    folder = repository / "odd"
    write(folder / "a" / ".gitignore" / "x", "")
    write(folder / "a" / "kept", "")
    write(folder / "b" / "kept", "")
    write(folder / "rules", "kept\n")
    (folder / "b" / ".gitignore").symlink_to("../rules")
    (folder / "c").mkdir()
    (folder / "c" / ".gitignore").symlink_to("nowhere")
    assert sorted(input_files(folder)) == as_git_says(folder)


def test_links_are_files_and_are_not_followed(repository):
    folder = repository / "links"
    write(folder / "real" / "a", "")
    write(folder / ".gitignore", "ignored/\n")
    for name, target in {
        "to-file": "real/a",
        "to-folder": "real",
        "nowhere": "gone",
        "loop": "loop",
        "up": "..",
        "ignored": "real",
    }.items():
        (folder / name).symlink_to(target)
    assert sorted(input_files(folder)) == as_git_says(folder)
    assert "ignored" in input_files(folder)


def test_ignored_folders_are_not_walked(tmp_path, monkeypatch):
    for path in ("node_modules/deep/a", "src/dist/b", "src/c", ".git/objects/d"):
        write(tmp_path / path, "")
    write(tmp_path / ".gitignore", "node_modules/\ndist\n")
    seen = []
    scandir = os.scandir

    def watched(folder):
        seen.append(Path(folder).relative_to(tmp_path).as_posix())
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", watched)
    assert list(input_files(tmp_path)) == [".gitignore", "src/c"]
    assert seen == [".", "src"]


def test_rules_above_the_repository_are_none_of_it(tmp_path):
    write(tmp_path / ".gitignore", "*\n")
    write(tmp_path / "project" / "a", "")
    assert list(input_files(tmp_path / "project")) == ["a"]


def test_pipes_and_sockets_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    write(tmp_path / "a", "")
    assert list(input_files(tmp_path)) == ["a"]
    assert hash_inputs(tmp_path).startswith("sha256:")


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    for path, text in {
        ".gitignore": "node_modules/\n.env\n",
        "src/a.ts": "one",
        "README.md": "# Hi\n",
        "docs/plan.txt": "plan",
        ".scaffolder/checklist.yml": "schema: 1\n",
        ".scaffolder/results.json": "{}",
        ".env": "SECRET=1",
    }.items():
        write(root / path, text)
    (root / "link").symlink_to("src/a.ts")
    return root


def relink(root: Path, target: str) -> None:
    (root / "link").unlink()
    (root / "link").symlink_to(target)


MATTERS = {
    "content": lambda root: (root / "src/a.ts").write_text("two"),
    "emptied": lambda root: (root / "src/a.ts").write_text(""),
    "name": lambda root: (root / "src/a.ts").rename(root / "src/b.ts"),
    "folder": lambda root: (root / "src").rename(root / "lib"),
    "added": lambda root: write(root / "src/b.ts", ""),
    "removed": lambda root: (root / "src/a.ts").unlink(),
    "link target": lambda root: relink(root, "src/b.ts"),
    "link replaced": lambda root: (root / "link").unlink() or write(root / "link", "one"),
    "link like a text": lambda root: (root / "link").unlink() or write(root / "link", "src/a.ts"),
    "checklist": lambda root: write(root / ".scaffolder/checklist.yml", "schema: 2\n"),
    "rules": lambda root: write(root / ".gitignore", "node_modules/\n.env\nx\n"),
    "docs elsewhere": lambda root: write(root / "src/docs/a.txt", ""),
    "file called docs": lambda root: write(root / "src/docs", ""),
    "strange name": lambda root: (root / os.fsdecode(b"src/\xff")).write_text(""),
}
MATTERS_NOT = {
    "nothing": lambda root: None,
    "prose": lambda root: write(root / "README.md", "# Bye\n"),
    "more prose": lambda root: write(root / "src/notes.md", "x"),
    "docs": lambda root: write(root / "docs/deep/new.txt", "x"),
    "results": lambda root: write(root / ".scaffolder/results.json", "{...}"),
    "attested": lambda root: write(root / ".scaffolder/attested.yml", "x"),
    "badge": lambda root: write(root / ".scaffolder/badge.json", "x"),
    "page": lambda root: write(root / "CHECKLIST.md", "x"),
    "ignored file": lambda root: write(root / ".env", "SECRET=2"),
    "ignored folder": lambda root: write(root / "node_modules/x/index.js", "x"),
    "git": lambda root: write(root / ".git/HEAD", "x"),
    "time": lambda root: os.utime(root / "src/a.ts", (0, 0)),
    "empty folder": lambda root: (root / "empty").mkdir(),
}


@pytest.mark.parametrize("change", MATTERS.values(), ids=MATTERS)
def test_what_may_change_a_verdict_changes_the_hash(project, change):
    before = hash_inputs(project)
    change(project)
    assert hash_inputs(project) != before


@pytest.mark.parametrize("change", MATTERS_NOT.values(), ids=MATTERS_NOT)
def test_what_no_verdict_depends_on_does_not_change_the_hash(project, change):
    before = hash_inputs(project)
    change(project)
    assert hash_inputs(project) == before


@pytest.mark.parametrize("path", ["README.md", "docs/plan.txt"])
def test_prose_that_evidence_names_counts(project, path):
    before = hash_inputs(project), hash_inputs(project, {path})
    write(project / path, "changed")
    assert hash_inputs(project) == before[0]
    assert hash_inputs(project, {path}) != before[1]


def test_what_check_writes_never_counts_even_if_named(project):
    before = hash_inputs(project, WRITTEN)
    for path in WRITTEN:
        write(project / path, "changed")
    assert hash_inputs(project, WRITTEN) == before


def test_the_hash_does_not_depend_on_the_place_or_the_order_of_creation(project, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for path in sorted(input_files(project), reverse=True):
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project / path, other / path, follow_symlinks=False)
    assert hash_inputs(other) == hash_inputs(project)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_contents_that_differ_differ_in_the_hash(tmp_path, one, other):
    hashes = []
    for content in (one, other):
        (tmp_path / "a").write_bytes(content)
        hashes.append(hash_inputs(tmp_path))
    assert (hashes[0] == hashes[1]) == (one == other)
