"""The summary of a CI step: short, and nothing breaks out of it."""

from __future__ import annotations

import re

from hypothesis import given
from markdown_it import MarkdownIt

from scaffolder.models import Level
from scaffolder.reports import markdown, page
from scaffolder.results import Finding, Integrity, Leaf, Outcome, Suite, Verdict
from tests.reports.examples import (
    EXAMPLE,
    FAILED,
    HOSTILE,
    PROVEN,
    ROOT,
    TODO,
    acts_in_a_log,
    feature,
    report,
)


def outside_of_blocks(text):
    """Return the lines that are no code block, as CommonMark sees blocks; none may be left open."""
    lines, fence = [], ""
    for line in text.split("\n"):
        ticks = re.match(r"`{3,}", line)
        if fence:
            closes = ticks and len(ticks[0]) >= len(fence) and not line.strip("` ")
            fence = "" if closes else fence
        elif ticks and "`" not in line[ticks.end() :]:
            fence = ticks[0]
        else:
            lines.append(line)
    assert not fence
    return lines


def outside_of_code(line):
    """Return what of a line is no code span."""
    left, found = line, ""
    while ticks := re.search(r"(?<!\\)`+", left):
        closing = re.search(rf"(?<!`){ticks[0]}(?!`)", left[ticks.end() :])
        assert closing, line
        found += left[: ticks.start()]
        left = left[ticks.end() + closing.end() :]
    return found + left


def test_the_summary():
    assert markdown.render(EXAMPLE).startswith(
        "## Checklist of hi\n\n"
        "1 of 6 features are proven: 1 regressed, 1 could not be judged, 1 to do, 1 blocked, "
        "1 waived.\n\n"
        "| feature | phase | milestone | outcome | evidence |\n"
        "|---|---|---|---|---|\n"
        "| `crud` CRUD operations | 2 | `week-6`, `week-12` | ✔ proven | 2 of 2 |\n"
        "| `auth` CRUD operations | 2 | `week-6`, `week-12` | to do | 1 of 2 |\n"
    )


def test_what_fails_stands_below_with_its_message_and_what_is_to_do_does_not():
    below = markdown.render(EXAMPLE).split("\n\n", 3)[3]
    assert below == (
        "### `cache` ✘ regressed\n\n`cache.0` failed.\n\n```text\nexpected 201, got 501\n```\n\n"
        "### `queue` could not be judged\n\n"
        "`queue.0` could not be judged.\n\n```text\nno PostgreSQL\n```\n\n"
        "`queue.1` was not run.\n"
    )


def test_leaves_that_fail_are_named_with_the_command_that_tries_again():
    leaves = (
        Leaf(name="crud.0: adds", verdict=Verdict.PASSED),
        Leaf(name="crud.0: `takes`", verdict=Verdict.FAILED, message=f"at {ROOT}/a.ts"),
    )
    found = Finding(verdict=Verdict.FAILED, repeat="npm run acceptance", leaves=leaves)
    text = markdown.render(report(feature(Outcome.FAILED, found)))
    assert "`crud.0` failed. Again: `npm run acceptance`\n" in text
    assert "``crud.0: `takes` ``" not in text
    assert "`` crud.0: `takes` ``\n\n```text\nat a.ts\n```\n" in text
    assert "adds" not in text


def test_a_stretch_is_counted_apart():
    extra = feature(Outcome.TODO, FAILED, id="extra", level=Level.STRETCH)
    text = markdown.render(report(PROVEN, extra))
    assert "\n1 of 1 features are proven, and 0 of 1 beyond them: 1 to do.\n" in text


def test_a_modified_suite_is_said():
    integrity = Integrity(suite=Suite.MODIFIED, modified=("acceptance/a.test.ts",))
    text = markdown.render(report(TODO, integrity=integrity))
    assert "\nThe acceptance suite is not the template's own: `acceptance/a.test.ts`.\n" in text


def test_a_long_message_is_cut():
    text = markdown.render(
        report(feature(Outcome.FAILED, Finding(verdict=Verdict.FAILED, message="x" * 5000)))
    )
    assert "\n… 1000 characters more\n```\n" in text


def test_the_whole_stays_below_its_limit():
    many = [
        feature(Outcome.FAILED, Finding(verdict=Verdict.FAILED, message="`💚" * 9000), id=f"f{i}")
        for i in range(50)
    ]
    for results in (many, many * 40):
        text = markdown.render(report(*results))
        assert 32 * 1024 < len(text.encode()) < 64 * 1024
        assert text.endswith(
            "\nThe rest is left out: this summary has an end, and `--format json` has it all.\n"
        )
        outside_of_blocks(text)


@given(HOSTILE)
def test_nothing_breaks_out(hostile):
    text = markdown.render(hostile)
    assert not acts_in_a_log(text)
    assert len(text.encode("utf-8")) < 64 * 1024
    lines = outside_of_blocks(text)
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) == 2 + len(hostile.features)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in rows} == {6}
    for line in lines:
        plain = outside_of_code(line)
        assert not re.search(r"(?<!\\)<|://|www\.(?!x)", plain.replace("](https://example.com", ""))
        assert not re.search(r"!\[|(?<!\\)\](?!\(https://example\.com/it\))", plain)
        assert not re.search(r"(?<!\\)&[#\w]+;", plain)


@given(HOSTILE)
def test_a_reader_of_markdown_sees_no_link_image_or_html_and_every_cell(hostile):
    """Both pages, by a parser that is not ours."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for text, columns in ((markdown.render(hostile), 5), (page.render(hostile), 6)):
        tokens = parser.parse(text)
        kinds = [token.type for token in tokens]
        assert kinds.count("td_open") == columns * len(hostile.features)
        assert not {"html_block", "blockquote_open", "ordered_list_open", "hr"}.intersection(kinds)
        for part in (part for token in tokens for part in token.children or ()):
            assert part.type in ("text", "code_inline", "softbreak", "link_open", "link_close")
            assert part.attrs.get("href") in (None, "https://example.com/it")
