"""The owner's word is written so that it reads back the same, and a broken file is named."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scaffolder.attestations import (
    ATTESTED_FILE,
    Attestation,
    as_text,
    check_link,
    read_attestations,
    waived,
)
from scaffolder.errors import InvalidAttestation, InvalidRecord
from tests.support.templates import write

DEMO = Attestation(
    id="ship.demo", reason="It runs there", date=date(2026, 1, 31), link="https://example.org/a"
)
OFF = Attestation(id="presence", reason="Not my product", date=date(2026, 2, 1), waive=True)


def put(root, text):
    write(root / ATTESTED_FILE, text)


def test_without_a_file_nothing_is_attested(tmp_path):
    assert read_attestations(tmp_path) == {}


def test_the_file_says_who_writes_it_and_is_sorted_by_id():
    text = as_text({"ship.demo": DEMO, "presence": OFF})
    assert text == (
        "# Written by `scaffolder attest`; the words in it are yours.\n"
        "schema: 1\n"
        "attestations:\n"
        "- id: presence\n"
        "  waive: true\n"
        "  reason: Not my product\n"
        "  date: 2026-02-01\n"
        "- id: ship.demo\n"
        "  link: https://example.org/a\n"
        "  reason: It runs there\n"
        "  date: 2026-01-31\n"
    )
    assert as_text({"presence": OFF, "ship.demo": DEMO}) == text


def test_a_file_with_nothing_in_it_reads_back(tmp_path):
    put(tmp_path, as_text({}))
    assert read_attestations(tmp_path) == {}


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"])
REASONS = st.text(PRINTABLE, min_size=1, max_size=200).map(lambda text: " ".join(text.split())) | (
    st.sampled_from(
        ["yes", "null", "1.0", "2026-01-01", "- a", "a: b", "#", "'", '"', "\\n", "💚", "~"]
    )
)
IDS = st.from_regex(r"[a-z0-9]{1,6}(\.[a-z0-9]{1,6})?", fullmatch=True)
LINKS = st.builds(
    "http{}://{}/{}".format,
    st.sampled_from(["", "s"]),
    st.from_regex(r"[a-z]{1,9}(\.[a-z]{2,3})?(:[1-9][0-9]{0,3})?", fullmatch=True),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc", "Zs"]), max_size=150),
)


@st.composite
def attestations(draw) -> dict[str, Attestation]:
    found = {}
    for identity in draw(st.lists(IDS, unique=True, max_size=4)):
        waive = draw(st.booleans())
        found[identity] = Attestation(
            id=identity,
            reason=draw(REASONS.filter(str.strip)),
            date=draw(st.dates()),
            waive=waive,
            link="" if waive else draw(LINKS),
        )
    return found


@given(attestations())
def test_whatever_is_attested_reads_back_the_same(tmp_path, attestations):
    put(tmp_path, as_text(attestations))
    assert read_attestations(tmp_path) == attestations


@given(attestations())
def test_the_text_does_not_depend_on_the_order(attestations):
    assert as_text(dict(reversed(attestations.items()))) == as_text(attestations)


def test_waived_are_those_that_say_so():
    assert waived([DEMO, OFF]) == {"presence": "Not my product"}


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org",
        "http://localhost:3000/x?y#z",
        "https://[::1]:8080/",
        "https://example.org/é",
        "HTTPS://EXAMPLE.ORG",
    ],
)
def test_a_link_that_somebody_can_open(link):
    assert check_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "",
        " ",
        "example.org",
        "/etc/passwd",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https:///path",
        "https://:80",
        "http://[::1",
        "https://example.org/a b",
        " https://example.org",
        "https://example.org\n",
        "https://exa\tmple.org",
        "https://example.org/\x1b[2J",
        "https://example.org/\u202e",
        "https://example.org/\ud800",
    ],
)
def test_a_link_that_nobody_could_open(link):
    with pytest.raises(InvalidAttestation) as caught:
        check_link(link)
    assert str(caught.value).isprintable()
    assert "https://" in caught.value.mend


@given(st.text())
def test_any_text_is_a_link_or_refused(text):
    with suppress(InvalidAttestation):
        assert check_link(text) == text


HEAD = "schema: 1\nattestations:\n"
ENTRY = "- {id: a.b, link: 'https://x.org', reason: r, date: 2026-01-31}\n"

# Text, then key, line and words of the error.
BROKEN = {
    "conflict": ("<<<<<<< HEAD\nschema: 1\n=======\n>>>>>>> x\n", "", 2, "YAML"),
    "empty": ("", "", None, "is empty"),
    "a list": ("[]\n", "", 1, "must be a mapping"),
    "no YAML": ("schema: [1\n", "", 2, "YAML"),
    "newer": ("schema: 2\nattestations: []\n", "schema", 1, "must be 1"),
    "without schema": ("attestations: []\n", "", 1, "'schema' is missing"),
    "without list": ("schema: 1\n", "", 1, "'attestations' is missing"),
    "unknown key": ("schema: 1\nattestation: []\n", "attestation", 2, "attestations?"),
    "null": ("schema: 1\nattestations:\n", "attestations", 2, "must be a list"),
    "texts": (HEAD + "- a\n", "attestations[0]", 3, "must be a mapping"),
    "twice": (HEAD + ENTRY + ENTRY, "attestations[1].id", 4, "'a.b' stands twice"),
    "no date": (HEAD + ENTRY.replace(", date: 2026-01-31", ""), "attestations[0]", 3, "'date'"),
    "no day": (
        HEAD + ENTRY + ENTRY.replace("a.b", "a.c").replace("01-31", "02-31"),
        "attestations[1].date",
        4,
        "YAML",
    ),
    "an instant": (
        HEAD + ENTRY.replace("01-31", "01-31T00:00:00Z"),
        "attestations[0].date",
        3,
        "must be a day",
    ),
    "a year": (HEAD + ENTRY.replace("-01-31", ""), "attestations[0].date", 3, "must be a day"),
    "no link": (
        HEAD + ENTRY.replace("link: 'https://x.org', ", ""),
        "attestations[0]",
        3,
        "needs a link, or waive: true, and not both",
    ),
    "link and waive": (
        HEAD + ENTRY.replace("id: a.b", "id: a, waive: true"),
        "attestations[0]",
        3,
        "needs a link, or waive: true, and not both",
    ),
    "waive is a text": (
        HEAD + ENTRY.replace("id: a.b", "id: a, waive: 'true'"),
        "attestations[0].waive",
        3,
        "must be true or false",
    ),
    "no address": (
        HEAD + ENTRY.replace("https:", "file:"),
        "attestations[0].link",
        3,
        "is no address of a page",
    ),
    "empty reason": (
        HEAD + ENTRY.replace("reason: r", "reason: ' '"),
        "attestations[0].reason",
        3,
        "must be a text",
    ),
    "key twice": (
        HEAD + ENTRY.replace("id: a.b", "id: a.b, id: a.c"),
        "attestations[0]",
        3,
        "'id'",
    ),
}


@pytest.mark.parametrize(("text", "key", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_key_and_line(tmp_path, text, key, line, words):
    put(tmp_path, text)
    with pytest.raises(InvalidRecord) as caught:
        read_attestations(tmp_path)
    error = caught.value
    assert (error.file, error.key, error.line) == (tmp_path / ATTESTED_FILE, key, line)
    assert words in error.bare


def test_a_file_that_is_no_text_file(tmp_path):
    put(tmp_path, "")
    file = tmp_path / ATTESTED_FILE
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidRecord, match="is not UTF-8"):
        read_attestations(tmp_path)
    file.unlink()
    file.mkdir()
    with pytest.raises(InvalidRecord, match="Is a directory"):
        read_attestations(tmp_path)


NESTED = """
import sys
from pathlib import Path
from scaffolder.attestations import read_attestations
from scaffolder.errors import InvalidRecord
try:
    read_attestations(Path(sys.argv[1]))
except InvalidRecord:
    print("invalid")
"""


def test_a_file_that_is_nested_too_deep(tmp_path):
    """In a process of its own, since a stack that is full ends the process."""
    put(tmp_path, HEAD + " " + "[" * 100_000 + "]" * 100_000)
    command = [sys.executable, "-c", NESTED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "invalid\n"), done.stderr[-300:]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(max_size=8)
    | st.binary(max_size=4)
    | st.just("https://x.org"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "link", "waive", "reason", "date"]) | st.integers(0, 3), inner
        )
    ),
    max_leaves=12,
)


def refused_or_read(root):
    try:
        for identity, item in read_attestations(root).items():
            assert (item.id, bool(item.link)) == (identity, not item.waive)
            assert item.reason.strip()
    except InvalidRecord as error:
        assert error.file == root / ATTESTED_FILE


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "id": VALUES,
            "link": VALUES,
            "waive": st.booleans() | VALUES,
            "reason": VALUES,
            "date": st.dates() | VALUES,
            "x": VALUES,
        },
    )
    | VALUES,
    st.just(1) | VALUES,
)
def test_any_values_are_read_or_refused(tmp_path, entry, schema):
    put(tmp_path, yaml.safe_dump({"schema": schema, "attestations": [entry]}))
    refused_or_read(tmp_path)


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(tmp_path, content):
    put(tmp_path, "")
    for start in (b"", HEAD.encode() + b"- ", HEAD.encode() + b"- {id: a, waive: true, date: "):
        (tmp_path / ATTESTED_FILE).write_bytes(start + content)
        refused_or_read(tmp_path)
