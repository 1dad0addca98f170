"""The acceptance suites have teeth: a planted fault turns its own feature red, and no other."""

import shutil
import subprocess

import pytest

from tests.generated.test_acceptance import accept
from tests.generated.variants import COMPLETE
from tests.support.checkout import ROOT

FOLDER = ROOT / "tests/faults"
FAULTS = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.patch"))
PLANTED = sorted({fault.split("/")[0] for fault in FAULTS})
# One of each feature. All of them take hours.
QUICK = (
    "task-api/task-crud/lists-everybodys-tasks.patch",
    "task-api/validation/only-the-first-mistake.patch",
    "task-api/deployment/database-closed-first.patch",
    "task-api/auth/sessions-of-anybody.patch",
    "task-api/prisma/lists-everybodys-tasks.patch",
    "ecommerce-api/auth/sessions-of-anybody.patch",
    "ecommerce-api/catalog/drafts-in-the-list.patch",
    "ecommerce-api/orders/anybodys-orders.patch",
    "ecommerce-api/payments/amount-not-checked.patch",
    "ecommerce-api/caching/entries-believed.patch",
    "ecommerce-api/deployment/procfile-without-roles.patch",
)
# Where the whole suite is quick enough to meet one fault of each feature.
WHOLE = ("task-api",)


def pytest_generate_tests(metafunc):
    effort = metafunc.config.getoption("effort")
    planted, fault = effort.of((), QUICK, FAULTS), effort.of(QUICK, FAULTS, FAULTS)
    for name, faults in (("planted", planted), ("fault", fault)):
        if name in metafunc.fixturenames:
            pairs = [(fault.split("/")[0], fault) for fault in faults]
            metafunc.parametrize(("template", name), pairs, indirect=["template"], ids=faults)


def features_of(faults, template):
    return [fault.split("/")[1] for fault in faults if fault.startswith(f"{template}/")]


def apply(fault, project, *options):
    command = ["git", "apply", *options, str(FOLDER / fault)]
    subprocess.run(command, cwd=project, check=True)


@pytest.mark.parametrize("template", PLANTED, indirect=True)
def test_every_feature_has_its_faults(template, subject):
    planted = features_of(FAULTS, template)
    assert set(planted) == set(subject.features)
    assert min(planted.count(feature) for feature in subject.features) >= 4
    assert features_of(QUICK, template) == list(subject.features)


def test_a_fault_can_be_planted(workshop, fault):
    apply(fault, workshop.sample(*COMPLETE), "--check")


@pytest.fixture
def feature(planted):
    return planted.split("/")[1]


@pytest.fixture
def built(feature, subject):
    """What the fault is planted into: everything that must be, and its own feature.

    The suite of a `stretch` feature may be that of another once more, and fall with it.
    """
    return [name for name in subject.features if name in subject.must or name == feature]


@pytest.fixture
def project(installed, built):
    project = installed.new("--with", ",".join(built))
    yield project
    shutil.rmtree(project)


@pytest.fixture
def judged(template, built, feature):
    return built if template in WHOLE else [feature]


@pytest.mark.npm
@pytest.mark.services
def test_a_fault_turns_its_feature_red_and_no_other(
    workshop, project, servers, planted, feature, judged
):
    apply(planted, project)
    options = [word for name in judged for word in ("--feature", name)]
    done, leaves = accept(workshop, project, servers, *options)
    assert {name.partition(".")[0] for name in leaves} == set(judged), done.stdout + done.stderr
    failed = {name for name, outcomes in leaves.items() if set(outcomes) != {"passed"}}
    assert {name.partition(".")[0] for name in failed} == {feature}, done.stdout
