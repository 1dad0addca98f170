"""The acceptance suite of a generated project, against a real PostgreSQL."""

import json
import time

import pytest
import yaml

pytestmark = [pytest.mark.npm, pytest.mark.services]
BUILT = "task-crud"
SECONDS = 30


def accept(workshop, project, postgres, *options):
    """Run the suite; return how it ended and its leaves by evidence id."""
    report = project.parent / "leaves.jsonl"
    command = ["npm", "run", "acceptance", "--", "--report", str(report), *options]
    done = workshop.run(command, project, ACCEPTANCE_DATABASE_URL=postgres)
    leaves = {}
    for line in report.read_text().splitlines():
        leaf = json.loads(line)
        leaves.setdefault(leaf["evidence"], []).append(leaf["outcome"])
    return done, leaves


def evidence(project, feature):
    """Return the ids that tests must prove."""
    features = yaml.safe_load((project / ".scaffolder/checklist.yml").read_text())["features"]
    (entry,) = [entry for entry in features if entry["id"] == feature]
    return {item["id"] for item in entry["evidence"] if item["kind"] == "test"}


def table(output):
    """Return the printed table as evidence id to outcome."""
    rows = [line.split() for line in output.splitlines()]
    return {row[0]: row[1] for row in rows if len(row) == 5 and row[4] == "ms"}


def test_a_built_feature_passes_every_leaf(workshop, installed, postgres):
    project = installed.variant("--with", BUILT)
    done, leaves = accept(workshop, project, postgres, "--all", "--feature", BUILT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert leaves.keys() == evidence(project, BUILT)
    assert {outcome for outcomes in leaves.values() for outcome in outcomes} == {"passed"}
    assert table(done.stdout) == dict.fromkeys(evidence(project, BUILT), "proven")


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--all",), 1)])
def test_a_starter_fails_every_leaf_within_seconds(workshop, installed, postgres, options, code):
    project = installed.variant()
    begun = time.monotonic()
    done, leaves = accept(workshop, project, postgres, "--feature", BUILT, *options)
    assert time.monotonic() - begun < SECONDS
    assert done.returncode == code, done.stdout + done.stderr
    assert leaves.keys() == evidence(project, BUILT)
    assert {outcome for outcomes in leaves.values() for outcome in outcomes} == {"failed"}
    assert table(done.stdout) == dict.fromkeys(evidence(project, BUILT), "failed")


def test_the_whole_suite_of_a_starter_is_green_until_something_was_proven(
    workshop, installed, postgres
):
    done, _ = accept(workshop, installed.variant(), postgres)
    assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_server_the_suite_says_what_it_needs(workshop, installed):
    done = workshop.run(["npm", "run", "acceptance"], installed.variant())
    assert done.returncode == 4
    assert "ACCEPTANCE_DATABASE_URL" in done.stderr
