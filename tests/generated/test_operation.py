"""A complete service under way: started twice, told to stop, cut off, killed."""

import itertools
import json
import secrets
import signal
import threading
import time
import uuid
from http.client import HTTPException

import pytest

from tests.generated.variants import COMPLETE, TASK_API
from tests.support.client import registered
from tests.support.postgres import ask, new_database, private_server
from tests.support.service import started

pytestmark = [pytest.mark.npm, pytest.mark.services]
WRITERS = 8
PATIENCE_S = 60
MIGRATIONS = sorted(path.name for path in (TASK_API.root / "files/migrations").glob("*.sql"))


@pytest.fixture
def project(installed):
    return installed.variant(*COMPLETE)


@pytest.fixture
def start(workshop, project, tmp_path):
    logs = itertools.count()

    def start(database, command=("npm", "start"), **variables):
        environment = {**workshop.environment, "DATABASE_URL": database, **variables}
        return started([*command], project, environment, tmp_path / f"log{next(logs)}")

    return start


class Writers:
    """People who make tasks without a pause, each on a connection that is kept."""

    def __init__(self, person):
        self.acknowledged = []
        self.refused = []
        self._project = person.obtain("POST", "/v1/projects", {"name": "Garden"})["id"]
        self._enough = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=[person.again()]) for _ in range(WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def wait_for(self, tasks):
        """Return once so many more tasks were acknowledged."""
        wanted = len(self.acknowledged) + tasks
        until(lambda: len(self.acknowledged) >= wanted)

    def stop(self):
        """Stop them, and return when all are done."""
        self._enough.set()
        self.join()

    def join(self):
        """Return when the service has stopped answering all of them."""
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()

    def _write(self, client):
        with client:
            self._write_on(client)

    def _write_on(self, client):
        while not self._enough.is_set():
            title = uuid.uuid4().hex
            task = {"projectId": self._project, "title": title}
            try:
                status = client.send("POST", "/v1/tasks", task).status
            except (OSError, HTTPException):
                return
            if status == 201:
                self.acknowledged.append(title)
            else:
                self.refused.append(status)


def until(true):
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def titles(person):
    """Return the title of every task that the person sees."""
    found, cursor = [], ""
    while cursor is not None:
        page = person.obtain("GET", f"/v1/tasks?limit=100{cursor and f'&cursor={cursor}'}")
        found += [task["title"] for task in page["data"]]
        cursor = page["page"]["nextCursor"]
    return found


def applied(service):
    """Return what it says that it migrated."""
    lines = [json.loads(line) for line in service.output().splitlines() if line.startswith("{")]
    (names,) = [line["applied"] for line in lines if "applied" in line]
    return names


def test_two_processes_started_together_migrate_once(start, postgres):
    database = new_database(postgres)
    with start(database) as first, start(database) as second:
        first.wait_until_ready()
        second.wait_until_ready()
        assert sorted([applied(first), applied(second)]) == [[], MIGRATIONS]
    names = ask(database, "select name from schema_migrations order by name")
    assert names == MIGRATIONS


def test_sigterm_under_load_drops_no_accepted_request(start, project, workshop, postgres):
    database = new_database(postgres)
    variables = {"NODE_ENV": "production", "JWT_SECRET": secrets.token_hex(32)}
    done = workshop.run(["npm", "run", "release"], project, DATABASE_URL=database, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    with start(database, ("node", "src/server.ts"), HOST="127.0.0.1", **variables) as service:
        service.wait_until_ready()
        with registered(service.url) as person:
            writers = Writers(person)
        writers.wait_for(100)
        before = len(writers.acknowledged)
        service.process.send_signal(signal.SIGTERM)
        until(lambda: service.status("/health/ready") in (503, None))
        writers.join()
        assert service.wait_until_gone() == 0, service.output()
    # Those that came while it was draining were served as well.
    assert len(writers.acknowledged) > before
    assert writers.refused == []
    assert sorted(ask(database, "select title from tasks")) == sorted(writers.acknowledged)


def test_it_heals_when_postgresql_comes_back(start):
    with private_server() as server, start(new_database(server.url)) as service:
        service.wait_until_ready()
        with registered(service.url) as person:
            writers = Writers(person)
            writers.wait_for(50)
            server.stop()
            until(lambda: service.status("/health/ready") == 503)
            assert service.status("/health/live") == 200
            assert person.send("GET", "/v1/tasks").status == 503
            server.start()
            service.wait_until_ready()
            writers.wait_for(50)
            writers.stop()
            assert set(writers.refused) == {503}
            assert set(writers.acknowledged) <= set(titles(person))
        assert service.process.poll() is None


def test_killed_and_started_again_the_embedded_database_has_every_acknowledged_task(
    installed, workshop, tmp_path, effort
):
    project = installed.new(*COMPLETE)
    person, acknowledged = None, set()
    for number in range(effort.of(1, 3, 10)):
        log = tmp_path / f"log{number}"
        with started(["npm", "start"], project, workshop.environment, log) as service:
            service.wait_until_ready()
            person = person.again(service.url) if person else registered(service.url)
            with person:
                assert acknowledged <= set(titles(person))
                writers = Writers(person)
            writers.wait_for(60)
            service.kill()
            writers.join()
            assert writers.refused == []
            acknowledged |= set(writers.acknowledged)
