"""A file of the repository as evidence."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.evidence.files import FILE
from scaffolder.models import Evidence
from scaffolder.results import Judging, Verdict
from tests.support.templates import write


def piece(**details):
    return Evidence(id="docs.written", kind="file", details=details)


def judge(root, *items):
    return FILE.judge(items, Judging(root=root, environment={}, say=pytest.fail))


@pytest.mark.parametrize("contains", [None, "## Deploy", "é", "a\nb"])
def test_a_file_that_is_there_and_says_what_is_asked_for(tmp_path, contains):
    write(tmp_path / "docs/deploy.md", "## Deploy\né\na\nb\n")
    item = (
        piece(path="docs/deploy.md")
        if contains is None
        else piece(path="docs/deploy.md", contains=contains)
    )
    finding = judge(tmp_path, item)["docs.written"]
    assert (finding.verdict, finding.message) == (Verdict.PASSED, "")
    assert finding.repeat == "scaffolder check --feature docs"


def outside_link(root):
    write(root.parent / "outside.md", "text")
    (root / "doc.md").symlink_to("../outside.md")


def folder_outside(root):
    write(root.parent / "outside" / "doc.md", "text")
    (root / "doc.md").symlink_to("../outside/doc.md")


REFUSED = {
    "missing": (lambda root: None, "doc.md is missing"),
    "folder": (lambda root: (root / "doc.md").mkdir(), "doc.md is missing"),
    "link to nowhere": (lambda root: (root / "doc.md").symlink_to("gone"), "doc.md is missing"),
    "link to itself": (lambda root: (root / "doc.md").symlink_to("doc.md"), "doc.md is missing"),
    "pipe": (lambda root: os.mkfifo(root / "doc.md"), "doc.md is missing"),
    "empty": (lambda root: write(root / "doc.md", ""), "doc.md is empty"),
    "blank": (lambda root: write(root / "doc.md", " \n\t\n"), "doc.md is empty"),
    "outside": (outside_link, "doc.md leads out of the repository"),
    "folder outside": (folder_outside, "doc.md leads out of the repository"),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_shows_nothing(tmp_path, make, message):
    root = tmp_path / "project"
    root.mkdir()
    make(root)
    finding = judge(root, piece(path="doc.md"))["docs.written"]
    assert (finding.verdict, finding.message) == (Verdict.FAILED, message)


def test_a_text_that_is_not_there(tmp_path):
    write(tmp_path / "doc.md", "## deploy\n")
    finding = judge(tmp_path, piece(path="doc.md", contains="## Deploy"))["docs.written"]
    assert (finding.verdict, finding.message) == (
        Verdict.FAILED,
        "doc.md does not contain '## Deploy'",
    )


def test_a_link_within_the_repository_is_as_good_as_its_file(tmp_path):
    write(tmp_path / "real.md", "text")
    (tmp_path / "doc.md").symlink_to("real.md")
    assert judge(tmp_path, piece(path="doc.md"))["docs.written"].verdict is Verdict.PASSED


def test_a_repository_that_is_reached_by_a_link(tmp_path):
    write(tmp_path / "real" / "doc.md", "text")
    (tmp_path / "link").symlink_to("real")
    assert judge(tmp_path / "link", piece(path="doc.md"))["docs.written"].verdict is Verdict.PASSED


def test_a_picture_counts_as_a_file(tmp_path):
    (tmp_path / "diagram.png").write_bytes(b"\x89PNG\xff\x00")
    assert judge(tmp_path, piece(path="diagram.png"))["docs.written"].verdict is Verdict.PASSED


def test_each_piece_is_judged_for_itself(tmp_path):
    write(tmp_path / "a", "x")
    items = [
        Evidence(id=f"docs.{name}", kind="file", details={"path": name}) for name in ("a", "b")
    ]
    found = judge(tmp_path, *items)
    assert [found[item.id].verdict for item in items] == [Verdict.PASSED, Verdict.FAILED]


COMPLAINTS = [
    ({"path": "docs/a.md"}, ""),
    ({"path": "docs/a.md", "contains": "x"}, ""),
    ({}, "needs path, a text"),
    ({"path": 7}, "needs path, a text"),
    ({"path": None}, "needs path, a text"),
    ({"path": ["a"]}, "needs path, a text"),
    ({"path": ""}, "its path has an empty part"),
    ({"path": "/etc/passwd"}, "its path has an empty part"),
    ({"path": "docs//a"}, "its path has an empty part"),
    ({"path": "../a"}, "ends in a dot"),
    ({"path": "./a"}, "ends in a dot"),
    ({"path": "a/../../b"}, "ends in a dot"),
    ({"path": "a\0b"}, "has a character"),
    ({"path": "a\\b"}, "has a character"),
    ({"path": ".git/config"}, "git refuses"),
    ({"path": "x" * 300}, "is longer than"),
    ({"path": "a", "contains": ""}, "contains must be a text"),
    ({"path": "a", "contains": 7}, "contains must be a text"),
    ({"path": "a", "contains": None}, "contains must be a text"),
    ({"path": "a", "contain": "x"}, "no key 'contain'"),
]


@pytest.mark.parametrize(("details", "words"), COMPLAINTS)
def test_what_is_wrong_with_a_piece_of_this_kind(details, words):
    complaint = FILE.complain(piece(**details))
    assert (words in complaint) if words else complaint == ""


@given(
    st.dictionaries(
        st.sampled_from(["path", "contains", "x"]), st.none() | st.integers() | st.text()
    )
)
def test_whatever_is_not_complained_of_can_be_judged(tmp_path, details):
    if not FILE.complain(piece(**details)):
        found = judge(tmp_path, piece(**details))
        assert found["docs.written"].verdict in (Verdict.PASSED, Verdict.FAILED)
