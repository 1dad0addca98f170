"""A starter runs with no server installed, and ends when it is told to."""

import json
import os
import signal

import pytest

from tests.generated.variants import every_template
from tests.support.checkout import git
from tests.support.service import started

pytestmark = pytest.mark.npm


@pytest.fixture(scope="module")
def project(installed):
    """A starter that these tests start one after the other, each with what the last one left."""
    return installed.new()


@pytest.fixture(scope="module")
def command(workshop, project):
    """What `npm start` runs in the end, once the project is built, where it is built at all."""
    done = workshop.run(["npm", "run", "build", "--if-present"], project)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((project / "package.json").read_text())["scripts"]["start"].split()


@pytest.fixture
def start(workshop, project, tmp_path):
    logs = iter(range(9))

    def start(command=("npm", "start")):
        return started([*command], project, workshop.environment, tmp_path / f"log{next(logs)}")

    return start


@every_template
def test_it_gets_ready_without_a_server_and_ends_whole_on_sigterm(start, project):
    with start() as service:
        service.wait_until_ready()
        assert service.status("/health/live") == 200
        assert len(service.group()) > 1
        # To the group, as a terminal and a supervisor do: the shell that npm puts between itself
        # and the service passes nothing on.
        os.killpg(service.process.pid, signal.SIGTERM)
        service.wait_until_gone()
        assert service.status("/health/live") is None
    assert git(project, "status", "--porcelain") == ""


@every_template
def test_the_process_itself_ends_well_on_sigterm(start, command):
    with start(command) as service:
        service.wait_until_ready()
        service.process.send_signal(signal.SIGTERM)
        assert service.wait_until_gone() == 0


@every_template
def test_it_starts_again_after_a_kill(start, command):
    for _ in range(2):
        with start(command) as service:
            service.wait_until_ready()
            service.kill()
            service.wait_until_gone()
    with start(command) as service:
        service.wait_until_ready()


@every_template
def test_a_second_process_on_the_same_folder_is_refused(start, command):
    with start(command) as first:
        first.wait_until_ready()
        with start(command) as second:
            assert second.wait_until_gone() != 0
            assert "in use by another process" in second.output()
        assert first.status("/health/ready") == 200
