"""From services to variables: what is given is used, what is missing is named."""

import os
import socket
import threading
from dataclasses import replace

import pytest

from scaffolder.errors import ServiceUnusable
from scaffolder.services.postgresql import POSTGRESQL
from scaffolder.services.rabbitmq import RABBITMQ
from scaffolder.services.redis import REDIS
from scaffolder.services.supply import Supplied, supply
from tests.services.protocols import control, count, processes, refuses

URL, OPEN = "ACCEPTANCE_REDIS_URL", "ACCEPTANCE_ALLOW_REMOTE"


@pytest.fixture
def listener():
    """Answer one connection with some bytes, on the port that is returned."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve(said):
            connection, _ = server.accept()
            with connection:
                connection.recv(100)
                connection.sendall(said)

        def answer(said):
            threading.Thread(target=serve, args=[said], daemon=True).start()
            return server.getsockname()[1]

        yield answer


def test_what_is_given_is_used_as_it_is(environ, listener):
    url = f"redis://:secret@127.0.0.1:{listener(b'-NOAUTH Authentication required')}/3?x=%20"
    with supply([REDIS], {**environ, URL: url}, pytest.fail) as supplied:
        assert supplied == Supplied(variables={URL: url}, sources={"redis": URL})


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (POSTGRESQL, b"R\0\0\0\x08\0\0\0\0"),
        (POSTGRESQL, b"E\0\0\0\x20SFATAL\0C28000\0Mno entry\0\0"),
        (REDIS, b"+PONG\r\n"),
        (RABBITMQ, b"\x01\0\0\0\0\0\x0a\0\x0a\0\x0a"),
    ],
)
def test_each_is_known_by_its_protocol(environ, listener, service, said):
    url = f"x://127.0.0.1:{listener(said)}"
    with supply([service], {**environ, service.variable: url}, pytest.fail) as supplied:
        assert supplied.variables == {service.variable: url}


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (POSTGRESQL, b"E\0\0\0\x20SFATAL\0C57P03\0Mstarting up\0\0"),
        (REDIS, b"-LOADING Redis is loading the dataset in memory\r\n"),
        (REDIS, b"HTTP/1.1 400 Bad Request\r\n"),
        (RABBITMQ, b"AMQP\0\0\x09\x01"),
        (RABBITMQ, b""),
    ],
)
def test_what_is_not_ready_or_something_else_is_refused(environ, listener, service, said):
    given = {**environ, service.variable: f"x://u:secret@localhost:{listener(said)}"}
    with pytest.raises(ServiceUnusable) as caught, supply([service], given, pytest.fail):
        pass
    assert str(caught.value).startswith(f"no {service.title} answers at localhost:")
    assert caught.value.exit_code == 4
    assert service.variable in caught.value.mend
    assert "secret" not in str(vars(caught.value))


def test_a_url_at_which_nothing_listens_is_refused(environ):
    with (
        pytest.raises(ServiceUnusable, match=r"no Redis answers at 127\.0\.0\.1:1$"),
        supply([REDIS], {**environ, URL: "redis://127.0.0.1:1"}, pytest.fail),
    ):
        pass


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("redis://db.example.org", "db.example.org"),
        ("redis://u:p@192.0.2.1:6379/0", "192.0.2.1"),
        ("redis://localhost.example.org", "localhost.example.org"),
        ("redis://127.0.0.1/?host=db.example.org", "db.example.org"),
        ("redis://[2001:db8::1]:6379", "[2001:db8::1]"),
    ],
)
def test_another_machine_takes_an_explicit_word(environ, url, host):
    with pytest.raises(ServiceUnusable) as caught, supply([REDIS], {**environ, URL: url}, print):
        pass
    assert f"{URL} names {host}, which" in str(caught.value)
    assert OPEN in caught.value.mend


def test_with_the_word_it_is_asked(environ, listener):
    # Not written as a loopback address, yet one that leads here.
    given = {**environ, URL: f"redis://2130706433:{listener(b'+PONG')}", OPEN: "1"}
    with supply([REDIS], given, pytest.fail) as supplied:
        assert supplied.sources == {"redis": URL}


@pytest.mark.parametrize("url", ["localhost:6379", "redis", "redis://[", "redis://localhost:x"])
def test_what_is_no_url_is_refused(environ, url):
    with (
        pytest.raises(ServiceUnusable, match="is not a URL"),
        supply([REDIS], {**environ, URL: url}, pytest.fail),
    ):
        pass


def test_all_that_is_missing_is_named_at_once_with_how_to_install_it(environ, counter):
    def without(service):
        private = replace(service.private, programs=(f"no-{service.id}-server",))
        return replace(service, private=private)

    services = [without(POSTGRESQL), counter, without(REDIS)]
    with pytest.raises(ServiceUnusable) as caught, supply(services, environ, pytest.fail):
        pass
    problem = caught.value
    assert str(problem) == "PostgreSQL and Redis cannot be had"
    assert "not installed: no-postgresql-server, no-redis-server" in problem.why
    assert problem.mend == (
        "apt-get install postgresql redis-server, or brew install postgresql redis, "
        "or set ACCEPTANCE_DATABASE_URL and ACCEPTANCE_REDIS_URL"
    )


def test_a_plugins_service_is_started_from_its_program(environ, counter, scratch):
    with supply([counter], environ, print) as supplied:
        url = supplied.variables["ACCEPTANCE_COUNTER_URL"]
        assert supplied.sources == {"counter": "private instance of Counter"}
        assert count(url) == 1
        assert control(supplied.variables["ACCEPTANCE_CONTROL"], "stop", "counter") == (0, "")
        assert refuses(url)
        assert control(supplied.variables["ACCEPTANCE_CONTROL"], "start", "counter") == (0, "")
        assert count(url) == 2
    assert refuses(url)
    assert processes(scratch) == {}


def test_given_and_started_services_go_together(environ, counter, listener):
    given = {**environ, URL: f"redis://127.0.0.1:{listener(b'+PONG')}"}
    with supply([REDIS, counter], given, print) as supplied:
        assert list(supplied.sources) == ["redis", "counter"]
        code, words = control(supplied.variables["ACCEPTANCE_CONTROL"], "stop", "redis")
        assert (code, words) == (1, "'redis' was not started here; started: counter\n")


def test_two_at_once_do_not_meet(environ, counter):
    variable = counter.variable
    with supply([counter], environ, print) as one, supply([counter], environ, print) as other:
        assert count(one.variables[variable]) == 1
        assert control(other.variables["ACCEPTANCE_CONTROL"], "stop", "counter") == (0, "")
        assert count(one.variables[variable]) == 2


def test_one_that_does_not_come_up_is_named_with_the_end_of_its_log(environ, counter, program):
    program("counter-server", "#!/bin/sh\necho the disk is purple\nexit 1\n")
    with pytest.raises(ServiceUnusable) as caught, supply([counter], environ, print):
        pass
    assert str(caught.value) == "Counter could not be started"
    assert "the disk is purple" in caught.value.why


def test_what_takes_over_a_second_is_said_and_nothing_is_printed(environ, counter, program, capfd):
    program("slow-server", f'#!/bin/sh\necho noise\nsleep 2\nexec {bin_of(environ)} "$@"\n')
    private = replace(
        counter.private,
        programs=("slow-server",),
        start=("slow-server", "{port}", "{folder}/count"),
    )
    said = []
    with supply([replace(counter, private=private)], environ, said.append):
        assert said == ["starting Counter"]
    assert capfd.readouterr() == ("", "")


def bin_of(environ):
    return f"{environ['PATH'].split(os.pathsep)[0]}/counter-server"
