"""A private instance finds another port when the first one is taken."""

import socket

import pytest

from scaffolder.errors import ServiceUnusable
from scaffolder.services.instance import Instance, free_port
from scaffolder.services.processes import Closed, Processes


@pytest.fixture
def processes():
    processes = Processes()
    yield processes
    processes.close()


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def make(counter, environ, scratch, processes, monkeypatch):
    monkeypatch.setenv("PATH", environ["PATH"])
    folder = scratch / "counter"

    def make(ports):
        instance = Instance(counter, counter.private, folder, processes, iter(ports).__next__)
        try:
            instance.make()
        finally:
            for path in [*folder.glob("*"), *scratch.glob("*.log")]:
                path.unlink()
            folder.rmdir()
        return instance

    return make


def test_a_port_that_is_taken_is_exchanged(make, taken):
    free = free_port()
    assert make([taken, free]).url == f"counter://127.0.0.1:{free}"


def test_it_gives_up_after_three(make, taken):
    with pytest.raises(ServiceUnusable, match="Counter did not start") as caught:
        make([taken] * 10)
    assert "Address already in use" in caught.value.why


def test_nothing_starts_after_the_end(make, processes):
    processes.close()
    with pytest.raises(Closed):
        make([free_port()])
