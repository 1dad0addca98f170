"""The real servers, started from installed programs."""

import os
import signal
import time
from contextlib import ExitStack
from dataclasses import replace
from types import SimpleNamespace

import pytest

from scaffolder.services.postgresql import POSTGRESQL
from scaffolder.services.rabbitmq import RABBITMQ
from scaffolder.services.redis import REDIS
from scaffolder.services.supply import supply
from tests.services.protocols import PROTOCOLS, control, processes, refuses
from tests.services.test_keeper import leave, owner, ready, until_gone

__all__ = ["owner"]
pytestmark = pytest.mark.services
SERVICES = [POSTGRESQL, REDIS, RABBITMQ]
IDS = [service.id for service in SERVICES]


@pytest.fixture(scope="module")
def running(places):
    """All services, started twice beside each other."""
    folder = places()
    given = {service.variable for service in SERVICES}
    environ = {name: value for name, value in os.environ.items() if name not in given}
    environ |= {"TMPDIR": str(folder), "DOCKER_HOST": "unix:///nowhere"}
    said = []
    with ExitStack() as stack:
        supplies = [stack.enter_context(supply(SERVICES, environ, said.append)) for _ in range(2)]
        yield SimpleNamespace(one=supplies[0], other=supplies[1], said=said)
    assert processes(folder) == {}
    assert list(folder.iterdir()) == []


def test_each_says_what_it_is(running):
    assert running.one.sources["postgresql"].startswith("private instance of PostgreSQL 1")
    assert running.one.sources["redis"] == "private instance of Redis"
    assert running.one.sources["rabbitmq"].startswith("private instance of RabbitMQ ")
    assert set(running.said) == {"starting PostgreSQL, Redis and RabbitMQ"}


@pytest.mark.parametrize("service", SERVICES, ids=IDS)
def test_it_stops_and_comes_back_with_its_data_and_disturbs_no_other(running, service):
    url, other = (each.variables[service.variable] for each in (running.one, running.other))
    command = running.one.variables["ACCEPTANCE_CONTROL"]
    protocol = PROTOCOLS[service.id]
    protocol.write(url)
    protocol.write(other)
    assert control(command, "stop", service.id) == (0, "")
    assert refuses(url)
    assert protocol.read(other)
    assert control(command, "start", service.id) == (0, "")
    assert protocol.read(url)
    assert control(command, "restart", service.id) == (0, "")
    assert protocol.read(url)


@pytest.mark.parametrize(
    ("services", "way"),
    [
        ([POSTGRESQL, REDIS], "return"),
        ([POSTGRESQL, REDIS], signal.SIGINT),
        (SERVICES, signal.SIGTERM),
        (SERVICES, signal.SIGKILL),
    ],
)
def test_nothing_is_left(owner, scratch, services, way):
    process = owner(services)
    assert ready(process)
    leave(process, way)
    until_gone(scratch)


def test_they_run_under_any_account(environ, scratch):
    others = [
        replace(service, private=replace(service.private, account="nobody"), container=None)
        for service in SERVICES
    ]
    with supply(others, environ, print) as supplied:
        for service in SERVICES:
            PROTOCOLS[service.id].write(supplied.variables[service.variable])
    assert processes(scratch) == {}


@pytest.mark.parametrize("after", [0.5, 2.0])
def test_nothing_is_left_when_it_is_killed_while_they_start(owner, scratch, after):
    process = owner(SERVICES)
    time.sleep(after)
    process.kill()
    process.wait(60)
    until_gone(scratch)
