"""What a generated repository holds at birth; nothing is installed or started."""

import json
import re
import stat
import sys
from pathlib import Path

import pytest
import yaml

from tests.generated.variants import COMPLETE, FEATURES, every_variant
from tests.support.checkout import git

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


@pytest.fixture(scope="module")
def starter(workshop):
    return workshop.generate()


@every_variant
def test_one_commit_and_a_clean_tree(workshop, options):
    project = workshop.generate(*options)
    assert git(project, "rev-list", "--count", "--all").strip() == "1"
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "branch", "--show-current").strip() == "main"


def test_every_feature_named_is_the_same_as_complete(workshop):
    named = workshop.generate("--with", ",".join(FEATURES))
    complete = workshop.generate(*COMPLETE)
    assert git(named, "rev-parse", "HEAD^{tree}") == git(complete, "rev-parse", "HEAD^{tree}")


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


def test_the_checklist_ties_each_feature_to_phase_2_and_its_milestones(starter):
    page = (starter / "CHECKLIST.md").read_text()
    assert re.search(r"\nPhase 2: .+, weeks 5-6\. Milestones: `week-6`, `week-12`\.", page)
    features = yaml.safe_load((starter / ".scaffolder/checklist.yml").read_text())["features"]
    assert [feature["id"] for feature in features] == FEATURES
    for feature in features:
        assert feature["phase"] == 2
        assert feature["milestones"]
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{feature['id']}` |")]
        assert "| 2 |" in row
        assert all(f"`{milestone}`" in row for milestone in feature["milestones"])


def test_the_lock_file_names_no_registry_and_checks_every_package(starter):
    lock = json.loads((starter / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) > 50
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


def test_every_action_is_pinned_by_its_commit(starter):
    assert _workflows(starter)
    used = [use for path in _workflows(starter) for use in _uses(yaml.safe_load(path.read_text()))]
    assert used
    assert not [use for use in used if not PINNED.fullmatch(use)]


def test_zizmor_finds_nothing_in_the_workflows(workshop, starter):
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    done = workshop.run([zizmor, "--offline", "--no-progress", ".github"], starter)
    assert done.returncode == 0, done.stdout + done.stderr
