"""The owner's word is written down where it can convince somebody, and nowhere else."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from datetime import date

import pytest
import yaml

from scaffolder.attestations import ATTESTED_FILE, Attestation, read_attestations
from scaffolder.errors import (
    CheckRunning,
    InvalidAttestation,
    InvalidRecord,
    NotAProject,
    UnknownEvidence,
)
from scaffolder.generated import CHECKLIST_FILE, PROJECT_FILE
from scaffolder.workflows.attest import AttestRequest, attest
from scaffolder.writing import locked
from tests.support.runs import snapshot
from tests.support.templates import write

PROJECT = "schema: 1\ntemplate: {id: x, version: 1.0.0}\nanswers: {project_name: hi}\n"
CHECKLIST = """\
schema: 1
features:
  - id: crud
    title: CRUD
    evidence:
      - {id: crud.create, kind: test}
  - id: deploy
    title: Deployed
    evidence:
      - {id: deploy.works, kind: command, run: 'true'}
      - {id: deploy.demo, kind: attested}
  - id: talk
    title: Shown to others
    evidence:
      - {id: talk.video, kind: attested}
      - {id: talk.slides, kind: attested}
  - id: bare
    title: Nothing yet
"""
DAY = date(2026, 1, 31)


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "hi"
    write(root / PROJECT_FILE, PROJECT)
    write(root / CHECKLIST_FILE, CHECKLIST)
    return root


@pytest.fixture
def request_(root):
    return AttestRequest(
        path=root,
        id="deploy.demo",
        link="https://example.org",
        reason="It runs there",
        waive=False,
        day=DAY,
    )


@pytest.fixture
def waiver(request_):
    return replace(request_, id="crud", link="", reason="Not my product", waive=True)


DEMO = Attestation(id="deploy.demo", link="https://example.org", reason="It runs there", date=DAY)


def test_a_word_is_written_and_returned(request_, root):
    assert attest(request_) == DEMO
    assert read_attestations(root) == {"deploy.demo": DEMO}


def test_nothing_but_its_file_is_written(request_, root):
    before = snapshot(root)
    attest(request_)
    after = snapshot(root)
    assert after.pop(ATTESTED_FILE)[0] == "file"
    assert after == before


def test_it_works_from_any_folder_of_the_project(request_, root):
    (root / "src" / "deep").mkdir(parents=True)
    attest(replace(request_, path=root / "src" / "deep"))
    assert "deploy.demo" in read_attestations(root)


def test_a_feature_stands_for_its_only_attested_piece(request_):
    assert attest(replace(request_, id="deploy")) == DEMO


def test_a_later_word_takes_the_place_of_an_earlier_one_and_others_stay(request_, waiver, root):
    attest(waiver)
    attest(request_)
    attest(replace(request_, reason="It moved", link="https://example.com", day=date(2026, 3, 1)))
    found = read_attestations(root)
    assert found.keys() == {"crud", "deploy.demo"}
    assert found["deploy.demo"].reason == "It moved"
    document = yaml.safe_load((root / ATTESTED_FILE).read_text())
    assert [entry["id"] for entry in document["attestations"]] == ["crud", "deploy.demo"]


@pytest.mark.parametrize("identity", ["crud", "deploy", "talk", "bare"])
def test_any_feature_can_be_waived(waiver, root, identity):
    word = attest(replace(waiver, id=identity))
    assert (word.id, word.link, word.waive) == (identity, "", True)
    assert read_attestations(root) == {identity: word}


def test_the_reason_becomes_one_line(request_, root):
    assert attest(replace(request_, reason="  It\n runs \t there ")).reason == "It runs there"
    assert read_attestations(root)["deploy.demo"].reason == "It runs there"


@pytest.fixture
def refused(root):
    """Show that a request is refused and nothing is written."""

    def refused(request, error, words=None):
        before = snapshot(root)
        with pytest.raises(error, match=words) as caught:
            attest(request)
        assert snapshot(root) == before
        return caught.value

    return refused


@pytest.mark.parametrize(
    "link",
    ["", "example.org", "file:///etc/passwd", "javascript:alert(1)", "https://a b", "https://"],
)
def test_a_link_that_nobody_can_open_is_refused(request_, refused, link):
    refused(replace(request_, link=link), InvalidAttestation, "is no address of a page")


@pytest.mark.parametrize("reason", ["", " \n\t", "\x1b[2J", "a\0b", "a\u202eb", "\ud800"])
@pytest.mark.parametrize("waive", [False, True])
def test_a_reason_that_says_nothing_is_refused(request_, waiver, refused, reason, waive):
    refused(replace(waiver if waive else request_, reason=reason), InvalidAttestation, "the reason")


def test_an_unknown_id_is_refused_with_a_suggestion(request_, waiver, refused):
    error = refused(replace(request_, id="deploy.dmo"), UnknownEvidence, "'deploy.dmo'")
    assert "deploy.demo" in error.why
    error = refused(replace(waiver, id="crut"), UnknownEvidence, "no feature is called 'crut'")
    assert "crud" in error.why


@pytest.mark.parametrize("identity", ["crud", "crud.create", "deploy.works", "bare"])
def test_what_runs_proves_cannot_be_attested(request_, refused, identity):
    error = refused(replace(request_, id=identity), UnknownEvidence, "not for its owner to attest")
    assert "deploy.demo" in error.why


@pytest.mark.parametrize("identity", ["crud", "crud.create", "deploy.works", "bare"])
def test_the_advice_can_be_followed(request_, refused, identity):
    error = refused(replace(request_, id=identity), UnknownEvidence)
    advised = re.search(r"scaffolder attest (.*)", error.mend)
    assert advised
    waived, *options = shlex.split(advised[1])
    assert options == ["--waive", "--reason", "TEXT"]
    assert attest(replace(request_, id=waived, link="", waive=True)).waive


def test_a_feature_with_two_attested_pieces_asks_which(request_, refused):
    error = refused(replace(request_, id="talk"), UnknownEvidence)
    assert "talk.video" in error.why
    assert "talk.slides" in error.why
    # It is for its owner to attest, only not at once.
    assert "not for its owner" not in error.what


def test_a_piece_cannot_be_waived_alone(waiver, refused):
    refused(replace(waiver, id="deploy.demo"), UnknownEvidence, "no feature is called")


def test_elsewhere_there_is_nothing_to_attest(request_, tmp_path):
    (tmp_path / "other").mkdir()
    with pytest.raises(NotAProject):
        attest(replace(request_, path=tmp_path / "other"))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PROJECT_FILE, "schema: 2\n"),
        (CHECKLIST_FILE, "<<<<<<< HEAD\n"),
        (ATTESTED_FILE, "schema: 1\nattestations: 7\n"),
        (ATTESTED_FILE, "<<<<<<< HEAD\n"),
    ],
)
def test_a_broken_record_is_named_and_not_overwritten(request_, refused, root, path, text):
    write(root / path, text)
    assert refused(request_, InvalidRecord).file == root / path


def test_while_a_check_runs_nothing_is_attested(request_, refused, root):
    with locked(root):
        refused(request_, CheckRunning)
    attest(request_)


def test_the_words_of_its_owner_read_back_as_they_were(request_, root):
    reason = "Sieht gut aus: 'ja' - \"ja\" # 💚 {x} " + "lang " * 60
    attest(replace(request_, reason=reason, link="https://example.org/é?a=b#c: d".replace(" ", "")))
    assert read_attestations(root)["deploy.demo"].reason == reason.strip()
