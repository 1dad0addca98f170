"""A name that is accepted works everywhere; one that does not is refused by its rule."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scaffolder.errors import InvalidName
from scaffolder.names import MAX_NAME, broken_path_rule, case_clash, check_project_name, is_id
from tests.support.runs import git

WINDOWS_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    port + digit for port in ("com", "lpt") for digit in "0123456789¹²³"
}
NEAR_NAMES = st.text(st.sampled_from("abcxyz019-_.~/\\ :ABCé\n\0"), max_size=8)
NAMES = NEAR_NAMES | st.text(max_size=230) | st.sampled_from(sorted(WINDOWS_DEVICES))


def accepted(name: str) -> bool:
    try:
        return check_project_name(name) == name
    except InvalidName:
        return False


@given(NAMES)
@example("com1.tar.gz")
@example("a.")
@example("node_modules")
@example("a\n")
def test_an_accepted_name_is_legal_for_npm_and_windows(name):
    if accepted(name):
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,213}", name)
        assert name not in ("node_modules", "favicon.ico")
        assert name.split(".")[0] not in WINDOWS_DEVICES
        assert not name.endswith((".", " "))


@given(st.from_regex(r"[a-z0-9]([a-z0-9._-]{0,40}[a-z0-9_-])?", fullmatch=True))
def test_ordinary_names_are_accepted(name):
    assert accepted(name) == (
        name.split(".")[0] not in WINDOWS_DEVICES and name not in ("node_modules", "favicon.ico")
    )


@settings(max_examples=3)
@given(names=st.sets(NEAR_NAMES.filter(accepted), min_size=1, max_size=40))
def test_accepted_names_survive_as_folders_and_in_git(tmp_path_factory, names):
    root = tmp_path_factory.mktemp("names")
    git(root, "init", "--quiet")
    for name in names:
        (root / name).mkdir()
        (root / name / "file").touch()
    git(root, "add", "--all")
    assert git(root, "ls-files", "-z").split("\0")[:-1] == sorted(f"{name}/file" for name in names)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "empty"),
        ("a/b", "path separator"),
        ("a\\b", "path separator"),
        ("..", "relative path"),
        (".", "relative path"),
        ("a\nb", "control character"),
        ("a\0b", "control character"),
        ("a\x7f", "control character"),
        ("a" * (MAX_NAME + 1), f"longer than {MAX_NAME}"),
        ("a" * 300, f"longer than {MAX_NAME}"),
        ("nul", "Windows reserves"),
        ("NUL", "Windows reserves"),
        ("con.txt", "Windows reserves"),
        ("lpt9", "Windows reserves"),
        ("Task-API", "small letters"),
        ("-task", "starting with a letter or digit"),
        (".task", "starting with a letter or digit"),
        ("_task", "starting with a letter or digit"),
        ("tâche", "a-z"),
        ("task api", "a-z"),
        ("task~1", "a-z"),
        ("task.", "dot at the end"),
        ("node_modules", "npm reserves"),
    ],
)
def test_a_refused_name_is_told_its_rule(name, rule):
    with pytest.raises(InvalidName, match=re.escape(rule)):
        check_project_name(name)


@given(NAMES)
def test_a_refusal_fits_on_a_line_of_any_terminal(name):
    try:
        check_project_name(name)
    except InvalidName as error:
        assert error.what.isascii()
        assert error.what.isprintable()
        assert len(error.what) < 500


@pytest.mark.parametrize(
    "name", ["task-api", "a", "0", "a" * MAX_NAME, "x.y_z-1", "console", "com"]
)
def test_good_names(name):
    assert check_project_name(name) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [("task-crud", True), ("a1", True), ("", False), ("A", False), ("a--b", False), ("a\n", False)],
)
def test_ids(text, expected):
    assert is_id(text) is expected


PATHS = st.lists(
    st.text(st.sampled_from('abAB.-_ $~:|<>"?*\\é\x00\n') | st.characters(), max_size=6)
    | st.sampled_from(["nul", "COM1.txt", ".git", ".GIT", "git~1"]),
    min_size=1,
    max_size=4,
).map("/".join)


@given(PATHS)
def test_an_accepted_path_is_legal_on_windows_and_for_git(path):
    if broken_path_rule(path):
        return
    for part in path.split("/"):
        assert part
        assert part not in (".", "..")
        assert part.lower() not in (".git", "git~1")
        assert not set(part) & set('<>:"|?*\\')
        assert min(map(ord, part)) >= 32
        assert part[-1] not in ". "
        assert part.lower().split(".")[0].rstrip() not in WINDOWS_DEVICES


@pytest.mark.parametrize(
    "path",
    [
        "src/index.ts",
        ".github/workflows/ci.yml",
        "src/[id].ts",
        "a b/c",
        "é/ü.md",
        ".gitignore",
        ".gitkeep",
        "a.b.c",
        "x" * 180,
    ],
)
def test_good_paths(path):
    assert broken_path_rule(path) == ""


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("a:b", "character"),
        ("a/b?", "character"),
        ("a\nb", "character"),
        ("a./b", "dot or a space"),
        ("a /b", "dot or a space"),
        ("src/aux.ts", "'aux.ts', which Windows reserves"),
        ("src/.git/config", "git"),
        ("src/.GIT/config", "git"),
        ("a//b", "empty"),
        ("", "empty"),
        ("x" * 181, "longer than 180"),
    ],
)
def test_a_refused_path_is_told_its_rule(path, rule):
    assert rule in broken_path_rule(path)


def fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def prefixes(paths):
    return {"/".join(path.split("/")[:end]) for path in paths for end in range(1, 5)}


@given(
    st.lists(
        st.lists(st.sampled_from("aAbBéÉ") | st.just("e\u0301"), min_size=1, max_size=3).map(
            "/".join
        ),
        max_size=6,
    )
)
def test_case_clash_is_found_wherever_there_is_one(paths):
    every = prefixes(paths)
    expected = any(one != other and fold(one) == fold(other) for one in every for other in every)
    clash = case_clash(paths)
    assert (clash is not None) == expected
    if clash:
        assert clash[0] != clash[1]
        assert set(clash) <= every
        assert fold(clash[0]) == fold(clash[1])
