"""What a generated repository holds at birth; nothing is installed or started."""

import json
import re
import stat
import sys
from pathlib import Path

import pytest
import yaml

from tests.generated.conftest import locked_folders
from tests.generated.variants import COMPLETE, every_template, every_variant
from tests.support.checkout import git

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.fixture(scope="module")
def starter(workshop):
    return workshop.sample()


@every_variant
def test_one_commit_and_a_clean_tree(workshop, options):
    project = workshop.sample(*options)
    assert git(project, "rev-list", "--count", "--all").strip() == "1"
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "branch", "--show-current").strip() == "main"


@every_template
def test_every_feature_named_is_the_same_as_complete(workshop, subject):
    named = workshop.generate("--with", ",".join(subject.features))
    complete = workshop.sample(*COMPLETE)
    assert git(named, "rev-parse", "HEAD^{tree}") == git(complete, "rev-parse", "HEAD^{tree}")


@every_template
def test_secrets_stay_out_of_the_commit(starter):
    env = starter / ".env"
    secrets = [line.partition("=")[2] for line in env.read_text().splitlines() if "=" in line]
    assert secrets
    assert all(len(secret) >= 32 for secret in secrets)
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert git(starter, "check-ignore", ".env").strip() == ".env"
    committed = git(starter, "ls-tree", "-r", "--name-only", "HEAD").split()
    assert ".env" not in committed
    for path in committed:
        content = (starter / path).read_text("utf-8", "replace")
        assert not [secret for secret in secrets if secret in content], path


def test_two_projects_share_no_secret(workshop, starter):
    other = workshop.generate()
    assert set(other.joinpath(".env").read_text().splitlines()).isdisjoint(
        starter.joinpath(".env").read_text().splitlines()
    )


@pytest.mark.parametrize(
    ("template", "phase", "weeks"),
    [("task-api", 2, "5-6"), ("ecommerce-api", 3, "12-14")],
    indirect=["template"],
)
def test_the_checklist_ties_each_feature_to_its_phase_and_milestones(
    starter, subject, phase, weeks
):
    page = (starter / "CHECKLIST.md").read_text()
    assert re.search(rf"\nPhase {phase}: .+, weeks {weeks}\. Milestones: `week-\d+`", page)
    features = yaml.safe_load((starter / ".scaffolder/checklist.yml").read_text())["features"]
    assert tuple(feature["id"] for feature in features) == subject.features
    for feature in features:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{feature['id']}` |")]
        assert f"| {feature['phase']} |" in row
        assert all(f"`{milestone}`" in row for milestone in feature.get("milestones", ()))
        if feature["id"] in subject.must:
            assert feature["phase"] == phase
            assert feature["milestones"]


@every_template
def test_the_lock_files_name_no_registry_and_check_every_package(workshop):
    project = workshop.sample(*COMPLETE)
    for folder in locked_folders(project):
        lock = json.loads((project / folder / "package-lock.json").read_text())
        # What a package brings inside itself is covered by its own hash.
        packages = {
            name: entry
            for name, entry in lock["packages"].items()
            if name and not entry.get("inBundle")
        }
        assert packages
        assert not [name for name, entry in packages.items() if "resolved" in entry]
        assert not [name for name, entry in packages.items() if "integrity" not in entry]
        assert not [name for name, entry in packages.items() if entry.get("deprecated")]


def _workflows(project):
    return sorted((project / ".github/workflows").glob("*.yml"))


def _uses(node):
    """Yield each `uses` in a parsed workflow."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("uses"), str):
        yield node["uses"]
    for child in children:
        yield from _uses(child)


@every_template
def test_every_action_is_pinned_by_its_commit(starter):
    assert _workflows(starter)
    used = [use for path in _workflows(starter) for use in _uses(yaml.safe_load(path.read_text()))]
    assert used
    assert not [use for use in used if not PINNED.fullmatch(use)]


@every_template
def test_zizmor_finds_nothing_in_the_workflows(workshop, starter):
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    done = workshop.run([zizmor, "--offline", "--no-progress", ".github"], starter)
    assert done.returncode == 0, done.stdout + done.stderr
