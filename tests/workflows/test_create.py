"""The workflow alone: a request becomes a plan, a plan becomes a project; nothing is printed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from scaffolder.errors import (
    DiskFull,
    GitUnusable,
    InvalidTemplate,
    LostRace,
    MissingAnswers,
    TargetExists,
    UnknownFeature,
)
from scaffolder.models import GitMode
from scaffolder.plugins import load_plugins
from scaffolder.workflows import create as module
from scaffolder.workflows.create import CreateRequest, choose, create, plan
from tests.support.runs import git, snapshot
from tests.support.templates import write_template

ANSWERS = {"project_name": "hi", "description": "x", "author_name": "y", "port": 3000}


@pytest.fixture
def plugins(installed):
    return load_plugins()


@pytest.fixture
def request_(plugins, work):
    template = plugins.template("greeter")
    return CreateRequest(template=template, destination=work / "hi", answers=ANSWERS)


def test_a_plan_knows_every_file_and_writes_none(request_, plugins, work):
    planned = plan(replace(request_, built=("goodbye",)), plugins)
    assert "Procfile" in planned.files
    assert ".scaffolder/project.yml" in planned.files
    assert planned.files == tuple(sorted(planned.files))
    assert planned.ignored == (".env",)
    assert planned.unmet == {"goodbye": ("hello",)}
    assert planned.place is None
    assert snapshot(work) == {}


def test_the_same_request_gives_the_same_plan(request_, plugins):
    assert plan(request_, plugins) == plan(request_, plugins)


def test_a_plan_cannot_be_changed(request_, plugins):
    with pytest.raises(FrozenInstanceError):
        plan(request_, plugins).records = {}  # type: ignore[misc]


def test_a_project_holds_exactly_the_files_of_its_plan(request_, plugins, identity, capfd, work):
    planned = plan(request_, plugins)
    created = create(planned, plugins)
    assert created.project.path == created.project.destination == work / "hi"
    assert git(work / "hi", "ls-files").split() == list(planned.files)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("complete", "wanted", "built"),
    [
        (False, [], ()),
        (True, [], ("hello", "goodbye")),
        (False, ["goodbye", "hello"], ("hello", "goodbye")),
        (False, ["goodbye"], ("goodbye",)),
    ],
)
def test_features_are_chosen_in_the_order_of_the_checklist(request_, complete, wanted, built):
    assert choose(request_.template, complete=complete, wanted=wanted) == built


def test_an_unknown_feature_is_refused(request_):
    with pytest.raises(UnknownFeature) as caught:
        choose(request_.template, complete=False, wanted=["hallo"])
    assert caught.value.why == "did you mean hello?"


def test_what_can_be_known_before_is_known_before(request_, plugins, work):
    with pytest.raises(MissingAnswers):
        plan(replace(request_, answers={}), plugins)
    (work / "hi").touch()
    with pytest.raises(TargetExists):
        plan(request_, plugins)


def test_a_mistake_in_a_file_with_words_is_known_before_a_byte_is_written(
    installed, work, request_
):
    write_template(installed / "greeter", {"files/x.md.jinja": "{% if %}"})
    with pytest.raises(InvalidTemplate, match=r"x\.md\.jinja:1"):
        plan(request_, load_plugins())


def test_a_target_that_appears_after_the_plan_is_untouched(request_, plugins, work, identity):
    planned = plan(request_, plugins)
    (work / "hi").mkdir()
    (work / "hi/mine").write_text("mine")
    before = snapshot(work)
    with pytest.raises(LostRace):
        create(planned, plugins)
    assert snapshot(work) == before


def test_a_parent_that_goes_away_after_the_plan(request_, plugins, work):
    planned = plan(request_, plugins)
    work.rmdir()
    with pytest.raises(Exception, match="cannot be used"):
        create(planned, plugins)
    assert not work.exists()


@pytest.mark.parametrize("stage", ["render.render", "_write_secrets", "publish"])
def test_a_failure_at_any_stage_leaves_nothing(request_, plugins, work, monkeypatch, stage):
    def fail(*_arguments, **_options):
        import errno

        raise OSError(errno.ENOSPC, "No space left on device")

    holder, _, name = stage.rpartition(".")
    planned = plan(request_, plugins)
    monkeypatch.setattr(getattr(module, holder) if holder else module, name, fail)
    with pytest.raises(OSError if stage == "publish" else DiskFull):
        create(planned, plugins)
    assert snapshot(work) == {}


def test_git_that_is_required_and_missing_leaves_nothing(request_, plugins, work, monkeypatch):
    planned = plan(replace(request_, git=GitMode.REQUIRE), plugins)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GitUnusable):
        create(planned, plugins)
    assert snapshot(work) == {}


def test_secrets_differ_from_run_to_run(request_, plugins, work, identity):
    for name in ("a", "b"):
        create(plan(replace(request_, destination=work / name), plugins), plugins)
    assert (work / "a/.env").read_text() != (work / "b/.env").read_text()
