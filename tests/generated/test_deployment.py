"""What the shop brings for CI and for the cloud: nothing is deployed, all of it is read."""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.generated.conftest import Workshop
from tests.generated.variants import COMPLETE
from tests.support.checkout import git

pytestmark = pytest.mark.npm

SCRIPTS = Path(sys.executable).parent
ACCOUNT = "eu-central-1:123456789012"
WHOLE = {
    "certificate": f"arn:aws:acm:{ACCOUNT}:certificate/00000000-0000-4000-8000-000000000000",
    "stripe": f"arn:aws:secretsmanager:{ACCOUNT}:secret:stripe-AbCdEf",
}


@dataclass(frozen=True)
class Infra:
    """The CDK app of a generated project, with its packages."""

    workshop: Workshop
    folder: Path

    def run(self, *command, **variables):
        """Run a command that must succeed, and return what it said."""
        done = self.workshop.run(command, self.folder, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture(scope="module")
def shop(workshop):
    return replace(workshop, template="ecommerce-api")


@pytest.fixture(scope="module")
def infra(shop):
    infra = Infra(shop, shop.generate(*COMPLETE) / "infra")
    done = infra.run("npm", "ci", "--ignore-scripts")
    assert "deprecated" not in done.stderr
    return infra


@pytest.mark.parametrize("options", [(), COMPLETE])
def test_zizmor_finds_nothing_in_the_workflows(shop, options):
    project = shop.generate(*options)
    zizmor = [str(SCRIPTS / "zizmor"), "--offline", "--no-progress", ".github"]
    done = shop.run(zizmor, project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_starter_has_no_infrastructure(shop):
    project = shop.generate()
    for name in ("infra", "Dockerfile", "Procfile", "railway.json", "railway.worker.json"):
        assert not (project / name).exists(), name


def test_the_lock_of_infra_names_no_registry_and_checks_every_package(shop):
    folder = shop.generate(*COMPLETE) / "infra"
    lock = json.loads((folder / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    # What comes inside another package is checked with it.
    own = {name: entry for name, entry in packages.items() if not entry.get("inBundle")}
    assert not [name for name, entry in own.items() if "integrity" not in entry]
    done = shop.run(["npm", "ci", "--dry-run"], folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", ["typecheck", "test"])
def test_a_script_of_infra_passes(infra, script):
    infra.run("npm", "run", script)


@pytest.mark.parametrize("context", [{}, WHOLE], ids=["trial", "whole"])
def test_cfn_lint_finds_nothing_in_what_is_synthesised(infra, context, tmp_path):
    variables = {"CDK_OUTDIR": str(tmp_path), "CDK_CONTEXT_JSON": json.dumps(context)}
    infra.run("npm", "run", "synth", **variables)
    templates = sorted(map(str, tmp_path.glob("*.template.json")))
    assert len(templates) == 2
    infra.run(str(SCRIPTS / "cfn-lint"), *templates)


def test_the_cli_of_the_lock_understands_the_library_of_the_lock(infra, tmp_path):
    done = infra.run("npx", "--no-install", "cdk", "synth", "--quiet", "--output", str(tmp_path))
    assert "PLAIN HTTP" in done.stderr
    assert git(infra.folder, "status", "--porcelain") == ""
