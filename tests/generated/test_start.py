"""A starter runs with no server installed, and ends when it is told to."""

import json
import os
import signal

import pytest

from tests.support.checkout import git
from tests.support.service import started

pytestmark = pytest.mark.npm


@pytest.fixture
def project(installed):
    return installed.new()


@pytest.fixture
def start(workshop, project, tmp_path):
    logs = iter(range(9))

    def start(command=("npm", "start")):
        return started([*command], project, workshop.environment, tmp_path / f"log{next(logs)}")

    return start


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


def test_the_process_itself_ends_well_on_sigterm(start, project):
    scripts = json.loads((project / "package.json").read_text())["scripts"]
    with start(scripts["start"].split()) as service:
        service.wait_until_ready()
        service.process.send_signal(signal.SIGTERM)
        assert service.wait_until_gone() == 0


def test_it_starts_again_after_a_kill(start):
    for _ in range(2):
        with start() as service:
            service.wait_until_ready()
            service.kill()
            service.wait_until_gone()
    with start() as service:
        service.wait_until_ready()


def test_a_second_process_on_the_same_folder_is_refused(start):
    with start() as first:
        first.wait_until_ready()
        with start() as second:
            assert second.wait_until_gone() != 0
            assert "in use by another process" in second.output()
        assert first.status("/health/ready") == 200
