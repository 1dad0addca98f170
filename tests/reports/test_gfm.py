"""Parts of Markdown that no text breaks out of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from scaffolder.reports import gfm
from tests.reports.examples import NASTY


@pytest.mark.parametrize(
    ("words", "markdown"),
    [
        ("CRUD operations (all), v1.2 - 50%", "CRUD operations (all), v1.2 - 50%"),
        ("Search & filter", "Search & filter"),
        ("two\r\nlines\there", "two lines here"),
        ("<b>&amp;[a](b)*_`~$\\", r"\<b\>\&amp;\[a\](b)\*\_\`\~\$\\"),
        ("see https://x.y, www.x.y", r"see https:\//x.y, www\.x.y"),
    ],
)
def test_text(words, markdown):
    assert gfm.text(words) == markdown


@pytest.mark.parametrize(
    ("words", "markdown"),
    [("a", "`a`"), ("", "` `"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("``a", "``` ``a ```")],
)
def test_code(words, markdown):
    assert gfm.code(words) == markdown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "https://x.y/)[a](b",
        "https://x y",
        "https://x.y/\n",
        "",
        "https://<x>",
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(address):
    assert gfm.link("it", "https://example.com/a?b=c#d") == "[it](https://example.com/a?b=c#d)"
    assert gfm.link("it", address) == gfm.code(address)


@given(NASTY)
def test_a_block_of_code_ends_where_it_ends(words):
    first, *body, last = gfm.fence(words).split("\n")
    assert first == last + "text"
    assert not [line for line in body if re.match(rf" {{0,3}}{last}`*\s*$", line)]


@given(NASTY, NASTY)
def test_a_row_has_as_many_cells_as_it_was_given(one, two):
    row = gfm.row([gfm.code(one), gfm.text(two), two])
    assert "\n" not in row
    assert len(re.findall(r"(?<!\\)\|", row)) == 4
