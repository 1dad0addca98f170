"""Generated projects: made once, installed once, with node_modules shared by hard links."""

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.generated.variants import SUBJECTS
from tests.support import node
from tests.support.postgres import private_postgres
from tests.support.redis import private_redis

IDENTITY = "[user]\n\tname = Ada Example\n\temail = ada@example.org\n"
# What a suite reads about each service, and the fixture that runs it.
SERVERS = {
    "postgresql": ("ACCEPTANCE_DATABASE_URL", "postgres"),
    "redis": ("ACCEPTANCE_REDIS_URL", "redis"),
}


@dataclass(frozen=True)
class Workshop:
    """Where projects of one template are generated and run."""

    template: str
    root: Path
    environment: dict[str, str]
    samples: dict[tuple[str, ...], Path] = field(default_factory=dict)

    def sample(self, *options):
        """Return the project that all tests share which only look at it."""
        if options not in self.samples:
            self.samples[options] = self.generate(*options)
        return self.samples[options]

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
    """Projects that have their packages, from the places in which `npm ci` really ran.

    A project may hold packages of their own beside the root, each with a lock file; they are
    installed once a project has them.
    """

    workshop: Workshop
    said: dict[str, str] = field(default_factory=dict)
    kept: dict[tuple[str, ...], Path] = field(default_factory=dict)

    def new(self, *options):
        """Generate a new project and give it the packages."""
        target = self.workshop.generate(*options)
        for folder in locked_folders(target):
            modules = self._install(target, folder) / "node_modules"
            subprocess.run(["cp", "-al", modules, target / folder / "node_modules"], check=True)
        return target

    def variant(self, *options):
        """Return the project that all tests share which do not start it."""
        if options not in self.kept:
            self.kept[options] = self.new(*options)
        return self.kept[options]

    def _install(self, project, folder):
        """Return where the packages of this folder are installed."""
        place = self.workshop.root / "packages" / folder
        if folder in self.said:
            # The lock file is the same in every variant, so installing each shows nothing more.
            lock = (project / folder / "package-lock.json").read_bytes()
            assert (place / "package-lock.json").read_bytes() == lock
            return place
        place.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            if (project / folder / name).exists():
                shutil.copy(project / folder / name, place)
        # What stands beside the root is installed as its users are told to.
        options = [] if folder == "." else ["--ignore-scripts"]
        done = self.workshop.run(["npm", "ci", *options], place)
        assert done.returncode == 0, done.stderr
        self.said[folder] = done.stderr
        return place


def locked_folders(project):
    """Return the folders of a project that have a lock file, the root first."""
    listed = subprocess.run(
        ["git", "ls-files", "*package-lock.json"],
        cwd=project,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return sorted((str(Path(name).parent) for name in listed.split()), key=len)


@dataclass(frozen=True)
class Workshops:
    """The workshop of each template, and what is installed there."""

    root: Path
    environment: dict[str, str]
    open: dict[str, Installed] = field(default_factory=dict)

    def of(self, template):
        """Return what there is for a template."""
        if template not in self.open:
            root = self.root / template
            (root / "projects").mkdir(parents=True)
            self.open[template] = Installed(Workshop(template, root, self.environment))
        return self.open[template]

    def run(self, command, folder):
        """Run a command to its end."""
        return node.run(list(command), folder, self.environment)


@pytest.fixture(scope="session")
def workshops(tmp_path_factory):
    root = tmp_path_factory.mktemp("generated")
    (root / "gitconfig").write_text(IDENTITY)
    environment = node.put_on_path(root / "bin")
    environment |= {"GIT_CONFIG_GLOBAL": str(root / "gitconfig"), "GIT_CONFIG_NOSYSTEM": "1"}
    return Workshops(root, environment)


@pytest.fixture(scope="session")
def template(request):
    """The template under test; the first one where a test does not say."""
    return getattr(request, "param", "task-api")


@pytest.fixture(scope="session")
def subject(template):
    return SUBJECTS[template]


@pytest.fixture(scope="session")
def workshop(workshops, template):
    return workshops.of(template).workshop


@pytest.fixture(scope="session")
def installed(workshops, template):
    return workshops.of(template)


@pytest.fixture(scope="session")
def postgres():
    """The URL of a real server on which a suite may make databases."""
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis():
    """The URL of a real server whose keys a suite may use as it likes."""
    with private_redis() as url:
        yield url


@pytest.fixture
def servers(request, subject):
    """What the suite of the template reads to find its servers."""
    needed = [SERVERS[name] for name in subject.services]
    return {variable: request.getfixturevalue(fixture) for variable, fixture in needed}
