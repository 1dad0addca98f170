"""The acceptance suite has teeth: each planted fault turns its own feature red, and no other."""

import shutil
import subprocess

import pytest

from tests.generated.test_acceptance import accept
from tests.generated.variants import COMPLETE, FEATURES
from tests.support.checkout import ROOT

FOLDER = ROOT / "tests/faults/task-api"
FAULTS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.patch"))
# One of each feature, whose leaves fail at once. All of them take half an hour.
QUICK = [
    "task-crud/lists-everybodys-tasks.patch",
    "validation/only-the-first-mistake.patch",
    "deployment/database-closed-first.patch",
    "auth/sessions-of-anybody.patch",
]


def pytest_generate_tests(metafunc):
    if "planted" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("effort").of((), QUICK, FAULTS)
        metafunc.parametrize("planted", chosen)


def apply(fault, project, *options):
    command = ["git", "apply", *options, str(FOLDER / fault)]
    subprocess.run(command, cwd=project, check=True)


@pytest.fixture
def project(installed):
    project = installed.new(*COMPLETE)
    yield project
    shutil.rmtree(project)


def test_every_feature_has_its_faults():
    features = [fault.partition("/")[0] for fault in FAULTS]
    assert {feature: features.count(feature) >= 4 for feature in features} == dict.fromkeys(
        FEATURES, True
    )
    assert [fault.partition("/")[0] for fault in QUICK] == FEATURES


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_can_be_planted(workshop, fault, complete):
    apply(fault, complete, "--check")


@pytest.fixture(scope="module")
def complete(workshop):
    return workshop.generate(*COMPLETE)


@pytest.mark.npm
@pytest.mark.services
def test_a_fault_turns_its_feature_red_and_no_other(workshop, project, postgres, planted):
    apply(planted, project)
    done, leaves = accept(workshop, project, postgres)
    assert {name.partition(".")[0] for name in leaves} == set(FEATURES), done.stdout + done.stderr
    failed = {name for name, outcomes in leaves.items() if set(outcomes) != {"passed"}}
    assert {name.partition(".")[0] for name in failed} == {planted.partition("/")[0]}, done.stdout
