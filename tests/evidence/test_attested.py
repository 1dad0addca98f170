"""The owner's word as evidence."""

from __future__ import annotations

from datetime import date

import pytest

from scaffolder.attestations import ATTESTED_FILE, Attestation, as_text
from scaffolder.errors import InvalidRecord
from scaffolder.evidence.attested import ATTESTED
from scaffolder.models import Evidence
from scaffolder.results import Finding, Judging, Verdict
from tests.support.templates import write

DEMO, VIDEO = (Evidence(id=f"ship.{name}", kind="attested") for name in ("demo", "video"))
REPEAT = "scaffolder attest ship.{} --link URL --reason TEXT"


def word(identity, **rest):
    rest = {"link": "https://example.org"} | rest
    return Attestation(id=identity, reason="It runs there", date=date(2026, 1, 31), **rest)


@pytest.fixture
def judge(tmp_path):
    def judge(*words, items=(DEMO, VIDEO)):
        write(tmp_path / ATTESTED_FILE, as_text({item.id: item for item in words}))
        judging = Judging(root=tmp_path, environment={}, say=pytest.fail)
        return ATTESTED.judge(items, judging)

    return judge


def test_a_word_with_a_link_proves_its_piece_and_no_other(judge):
    assert judge(word("ship.demo")) == {
        "ship.demo": Finding(
            verdict=Verdict.PASSED,
            message="It runs there",
            link="https://example.org",
            repeat=REPEAT.format("demo"),
        ),
        "ship.video": Finding(
            verdict=Verdict.FAILED,
            message="nobody attests it yet",
            repeat=REPEAT.format("video"),
        ),
    }


def test_without_a_file_nobody_attests_anything(tmp_path):
    judging = Judging(root=tmp_path, environment={}, say=pytest.fail)
    (finding,) = ATTESTED.judge([DEMO], judging).values()
    assert finding.verdict is Verdict.FAILED


def test_a_word_for_the_feature_is_none_for_its_pieces(judge):
    assert judge(word("ship"), word("ship.demo.x"))["ship.demo"].verdict is Verdict.FAILED


def test_a_piece_that_is_waived_is_not_attested(judge):
    """Only features are waived; without a link nobody could look."""
    finding = judge(word("ship.demo", link="", waive=True))["ship.demo"]
    assert finding.verdict is not Verdict.PASSED


def test_every_word_that_proves_something_has_a_link(judge):
    for finding in judge(word("ship.demo"), word("ship.video", link="", waive=True)).values():
        assert (finding.verdict is Verdict.PASSED) == bool(finding.link)


def test_a_broken_file_is_named(tmp_path, judge):
    judge()
    write(tmp_path / ATTESTED_FILE, "schema: 1\n")
    with pytest.raises(InvalidRecord, match="'attestations' is missing"):
        ATTESTED.judge([DEMO], Judging(root=tmp_path, environment={}, say=pytest.fail))


@pytest.mark.parametrize(
    ("details", "words"), [({}, ""), ({"link": "x"}, "no key 'link'"), ({"b": 1, "a": 2}, "'a'")]
)
def test_what_is_wrong_with_a_piece_of_this_kind(details, words):
    complaint = ATTESTED.complain(Evidence(id="ship.demo", kind="attested", details=details))
    assert (words in complaint) if words else complaint == ""


def test_it_needs_no_service():
    assert not ATTESTED.serves
