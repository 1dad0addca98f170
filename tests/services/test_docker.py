"""Containers, shown with a `docker` that records what it is asked and runs plain processes."""

import json
import re
import signal
import sys
import time
from dataclasses import replace

import pytest

from scaffolder.errors import ServiceUnusable
from scaffolder.services.models import Container
from scaffolder.services.supply import supply
from tests.services.conftest import COUNTER
from tests.services.protocols import control, count, processes, refuses
from tests.services.test_keeper import owner, ready, until_gone

__all__ = ["owner"]

# A file fail-VERB holds what the next such call says before it fails, hang-VERB makes it wait.
DOCKER = """\
#!{python}
import json, os, pathlib, signal, socket, subprocess, sys, time
home, words = pathlib.Path({home!r}), sys.argv[1:]
compose = words[:2] == ["compose", "-p"]
verb = words[5] if compose else words[0] if words[0] == "info" else "version"
with (home / "calls").open("a") as calls:
    calls.write(json.dumps(words) + "\\n")
if (home / f"hang-{{verb}}").exists():
    time.sleep(100)
if (home / f"fail-{{verb}}").exists():
    sys.stderr.write((home / f"fail-{{verb}}").read_text())
    (home / f"fail-{{verb}}").unlink()
    sys.exit(1)
if not compose:
    print("28.2.2")
    sys.exit()
text = pathlib.Path(words[4]).read_text()
(home / "compose.yaml").write_text(text)
for name, service in json.loads(text)["services"].items():
    port, pid = service["ports"][0].split(":")[1], home / f"{{name}}.pid"
    if verb in ("up", "start"):
        server = [sys.executable, str(home / "server"), port, str(home / f"{{name}}.data")]
        process = subprocess.Popen(server, env={{}}, cwd="/", stdout=-3, stderr=-3)
        pid.write_text(str(process.pid))
    elif pid.exists():
        os.kill(int(pid.read_text()), signal.SIGKILL)
        pid.unlink()
        while not socket.socket().connect_ex(("127.0.0.1", int(port))):
            time.sleep(0.01)
"""


class Engine:
    """What the fake was asked, and what it does next."""

    def __init__(self, home):
        self.home = home

    def calls(self):
        return [json.loads(line) for line in (self.home / "calls").read_text().splitlines()]

    def verbs(self):
        return [words[5] for words in self.calls() if words[:2] == ["compose", "-p"]]

    def fail(self, verb, words):
        (self.home / f"fail-{verb}").write_text(words)

    def hang(self, verb):
        (self.home / f"hang-{verb}").touch()

    def service(self):
        return json.loads((self.home / "compose.yaml").read_text())["services"]["counter"]

    def containers(self):
        return list(self.home.glob("*.pid"))


@pytest.fixture
def engine(program, tmp_path):
    home = tmp_path / "engine"
    home.mkdir()
    (home / "server").write_text(COUNTER.format(python=sys.executable))
    program("docker", DOCKER.format(python=sys.executable, home=str(home)))
    yield Engine(home)
    assert list(home.glob("*.pid")) == []


@pytest.fixture
def service(counter):
    container = Container(
        image="counter:1",
        port=4000,
        environment={"PRICE": "$5"},
        health=("counter", "ready"),
    )
    return replace(counter, container=container)


def test_a_container_stops_and_starts_with_its_data_and_port_and_is_removed(
    engine, service, environ
):
    with supply([service], environ, print) as supplied:
        url = supplied.variables["ACCEPTANCE_COUNTER_URL"]
        command = supplied.variables["ACCEPTANCE_CONTROL"]
        assert supplied.sources == {"counter": "docker compose"}
        assert count(url) == 1
        assert control(command, "stop", "counter") == (0, "")
        assert refuses(url)
        assert control(command, "start", "counter") == (0, "")
        assert count(url) == 2
        described = engine.service()
    assert refuses(url)
    assert described["image"] == "counter:1"
    assert described["environment"] == {"PRICE": "$$5"}
    assert re.fullmatch(r"127\.0\.0\.1:\d+:4000", *described["ports"])
    assert described["healthcheck"]["test"] == ["CMD", "counter", "ready"]
    *_, up, stop, start, down = engine.calls()
    assert re.fullmatch("scaffolder-check-[0-9a-f]{12}", up[2])
    assert {tuple(words[:5]) for words in (up, stop, start, down)} == {tuple(up[:5])}
    assert {"--detach", "--wait"} <= set(up)
    assert (stop[5], stop[-1]) == ("stop", "counter")
    assert start[5:] == ["start", "counter"]
    assert {"--volumes", "--remove-orphans"} <= set(down)


def test_an_order_that_docker_refuses_is_passed_on(engine, service, environ):
    with supply([service], environ, print) as supplied:
        engine.fail("stop", "the whale sleeps\n")
        code, words = control(supplied.variables["ACCEPTANCE_CONTROL"], "stop", "counter")
        assert (code, words) == (1, "docker compose stop failed: the whale sleeps\n")


def test_what_came_up_in_part_is_removed_and_the_reason_told(engine, service, environ):
    engine.fail("up", "pull access denied\n")
    with (
        pytest.raises(ServiceUnusable) as caught,
        supply([replace(service, private=None)], environ, print),
    ):
        pass
    assert str(caught.value) == "Counter cannot be had"
    assert caught.value.why == "docker compose up failed: pull access denied"
    assert engine.verbs()[-1] == "down"


def test_installed_programs_stand_in_for_an_image_that_cannot_be_had(engine, service, environ):
    engine.fail("up", "pull access denied\n")
    said = []
    with supply([service], environ, said.append) as supplied:
        assert supplied.sources == {"counter": "private instance of Counter"}
    reason = "docker compose up failed: pull access denied"
    assert said == [f"{reason}; using installed programs"]


def test_a_port_that_is_taken_is_exchanged(engine, service, environ):
    engine.fail("up", "Bind for 127.0.0.1:15000 failed: port is already allocated\n")
    with supply([service], environ, print) as supplied:
        assert count(supplied.variables["ACCEPTANCE_COUNTER_URL"]) == 1
        assert engine.verbs() == ["up", "down", "up"]


@pytest.mark.parametrize("verb", ["info", "version"])
def test_without_an_engine_or_compose_programs_are_used(engine, service, environ, verb):
    engine.fail(verb, "Cannot connect to the Docker daemon\n")
    with supply([service], environ, pytest.fail) as supplied:
        assert supplied.sources == {"counter": "private instance of Counter"}
    assert engine.verbs() == []


def test_an_engine_that_hangs_is_none(engine, service, environ):
    engine.hang("info")
    with supply([service], environ, print) as supplied:
        assert supplied.sources == {"counter": "private instance of Counter"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_containers_go_when_their_owner_is_killed(engine, service, owner, scratch, number):
    process = owner([service])
    assert ready(process)
    assert engine.containers()
    process.send_signal(number)
    process.wait(60)
    until_gone(scratch)
    assert engine.verbs() == ["up", "down"]


def test_containers_go_when_their_owner_is_killed_while_they_start(engine, service, owner, scratch):
    engine.hang("up")
    process = owner([service])
    assert process.stdout.readline().startswith(b"say starting Counter with docker compose")
    process.kill()
    process.wait(60)
    until_gone(scratch)
    assert engine.verbs() == ["up", "down"]
    assert processes(scratch) == {}


def test_a_service_that_answers_elsewhere_alone_is_not_taken(engine, service, environ):
    """As with an engine on another machine."""
    elsewhere = replace(service, probe=replace(service.probe, expect=b"never"), private=None)
    began = time.monotonic()
    with pytest.raises(ServiceUnusable), supply([elsewhere], environ, print):
        pass
    assert time.monotonic() - began < 60
    assert engine.verbs() == ["up", "down"]
