"""The acceptance suite of a generated project, against a real PostgreSQL."""

import json
import time

import pytest
import yaml

from tests.generated.variants import every_template

pytestmark = [pytest.mark.npm, pytest.mark.services]
# A build may come first.
SECONDS = 60


def accept(workshop, project, servers, *options):
    """Run the suite; return how it ended and its leaves by evidence id."""
    report = project.parent / "leaves.jsonl"
    command = ["npm", "run", "acceptance", "--", "--report", str(report), *options]
    done = workshop.run(command, project, **servers)
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


@every_template
def test_a_built_feature_passes_every_leaf(workshop, installed, subject, servers):
    built = subject.features[0]
    project = installed.variant("--with", built)
    done, leaves = accept(workshop, project, servers, "--all", "--feature", built)
    assert done.returncode == 0, done.stdout + done.stderr
    assert leaves.keys() == evidence(project, built)
    assert {outcome for outcomes in leaves.values() for outcome in outcomes} == {"passed"}
    assert table(done.stdout) == dict.fromkeys(evidence(project, built), "proven")


@every_template
@pytest.mark.parametrize(("options", "code"), [((), 0), (("--all",), 1)])
def test_a_starter_fails_every_leaf_within_seconds(
    workshop, installed, subject, servers, options, code
):
    project, first = installed.variant(), subject.features[0]
    begun = time.monotonic()
    done, leaves = accept(workshop, project, servers, "--feature", first, *options)
    assert time.monotonic() - begun < SECONDS
    assert done.returncode == code, done.stdout + done.stderr
    assert leaves.keys() == evidence(project, first)
    assert {outcome for outcomes in leaves.values() for outcome in outcomes} == {"failed"}
    assert table(done.stdout) == dict.fromkeys(evidence(project, first), "failed")


@every_template
def test_the_whole_suite_of_a_starter_is_green_until_something_was_proven(
    workshop, installed, servers
):
    done, _ = accept(workshop, installed.variant(), servers)
    assert done.returncode == 0, done.stdout + done.stderr


@every_template
def test_without_a_server_the_suite_says_what_it_needs(workshop, installed):
    done = workshop.run(["npm", "run", "acceptance"], installed.variant())
    assert done.returncode == 4
    assert "ACCEPTANCE_DATABASE_URL" in done.stderr
