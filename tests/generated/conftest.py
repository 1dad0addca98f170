"""Generated projects: made once, installed once, with node_modules shared by hard links."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support import node
from tests.support.postgres import private_postgres

IDENTITY = "[user]\n\tname = Ada Example\n\temail = ada@example.org\n"


@dataclass(frozen=True)
class Workshop:
    """Where projects of one template are generated and run."""

    template: str
    root: Path
    environment: dict[str, str]

    def generate(self, *options):
        """Generate a new project."""
        parent = self.root / f"projects/{len(list((self.root / 'projects').iterdir()))}"
        parent.mkdir()
        target = parent / self.template
        command = [sys.executable, "-m", "scaffolder", "new", self.template, str(target)]
        done = self.run([*command, "--defaults", "--git", "require", *options], parent)
        assert done.returncode == 0, done.stderr
        return target

    def run(self, command, folder, **variables):
        """Run a command to its end."""
        return node.run(list(command), folder, {**self.environment, **variables})


@dataclass(frozen=True)
class Installed:
    """Projects that have their packages, from the one in which `npm ci` really ran."""

    workshop: Workshop
    modules: Path
    lock: bytes
    kept: dict[tuple[str, ...], Path] = field(default_factory=dict)

    def new(self, *options):
        """Generate a new project and give it the packages."""
        target = self.workshop.generate(*options)
        # The lock file is the same in every variant, so installing each anew shows nothing more.
        assert (target / "package-lock.json").read_bytes() == self.lock
        subprocess.run(["cp", "-al", self.modules, target / "node_modules"], check=True)
        return target

    def variant(self, *options):
        """Return the project that all tests share which do not start it."""
        if options not in self.kept:
            self.kept[options] = self.new(*options)
        return self.kept[options]


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    root = tmp_path_factory.mktemp("generated")
    (root / "projects").mkdir()
    (root / "gitconfig").write_text(IDENTITY)
    environment = node.put_on_path(root / "bin")
    environment |= {"GIT_CONFIG_GLOBAL": str(root / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}
    return Workshop("task-api", root, environment)


@pytest.fixture(scope="session")
def installed(workshop):
    project = workshop.generate()
    done = workshop.run(["npm", "ci"], project)
    assert done.returncode == 0, done.stderr
    return Installed(
        workshop, project / "node_modules", (project / "package-lock.json").read_bytes()
    )


@pytest.fixture(scope="session")
def postgres():
    """The URL of a real server on which a suite may make databases."""
    with private_postgres() as url:
        yield url
