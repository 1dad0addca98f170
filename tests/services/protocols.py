"""Just enough of each protocol to write something and to find it again."""

import re
import socket
import struct
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.postgres import ask


def connect(url):
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), 10)


def refuses(url):
    try:
        connect(url).close()
    except ConnectionRefusedError:
        return True
    return False


def count(url):
    with connect(url) as connection, connection.makefile("rw") as stream:
        stream.write("count\n")
        stream.flush()
        return int(stream.readline())


class PostgreSQL:
    @staticmethod
    def write(url):
        ask(url, "create table note (text text)")
        ask(url, "insert into note values ('kept')")

    @staticmethod
    def read(url):
        return ask(url, "select text from note") == ["kept"]


class Redis:
    @staticmethod
    def say(url, command):
        with connect(url) as connection, connection.makefile("rwb") as stream:
            stream.write(command + b"\r\n")
            stream.flush()
            return stream.readline().strip()

    @classmethod
    def write(cls, url):
        assert cls.say(url, b"PING") == b"+PONG"
        assert cls.say(url, b"SET note kept") == b"+OK"

    @classmethod
    def read(cls, url):
        return cls.say(url, b"STRLEN note") == b":4"


class RabbitMQ:
    """AMQP 0-9-1: connect, open a channel, and declare a durable queue."""

    @staticmethod
    def _short(text):
        return bytes([len(text)]) + text

    @staticmethod
    def _long(data):
        return struct.pack("!I", len(data)) + data

    @classmethod
    def _call(cls, stream, channel, kind, arguments):
        payload = struct.pack("!HH", *kind) + arguments
        stream.write(struct.pack("!BHI", 1, channel, len(payload)) + payload + b"\xce")

    @classmethod
    def _expect(cls, stream, kind):
        stream.flush()
        _, _, size = struct.unpack("!BHI", stream.read(7))
        payload = stream.read(size + 1)
        assert struct.unpack("!HH", payload[:4]) == kind, payload

    @classmethod
    def _declare(cls, url, bits):
        with connect(url) as connection, connection.makefile("rwb") as stream:
            stream.write(b"AMQP\0\0\x09\x01")
            cls._expect(stream, (10, 10))
            answer = cls._long(b"") + cls._short(b"PLAIN") + cls._long(b"\0guest\0guest")
            cls._call(stream, 0, (10, 11), answer + cls._short(b"en_US"))
            cls._expect(stream, (10, 30))
            cls._call(stream, 0, (10, 31), struct.pack("!HIH", 2047, 131072, 0))
            cls._call(stream, 0, (10, 40), cls._short(b"/") + cls._short(b"") + b"\0")
            cls._expect(stream, (10, 41))
            cls._call(stream, 1, (20, 10), cls._short(b""))
            cls._expect(stream, (20, 11))
            queue = struct.pack("!H", 0) + cls._short(b"note") + bytes([bits]) + cls._long(b"")
            cls._call(stream, 1, (50, 10), queue)
            cls._expect(stream, (50, 11))

    @classmethod
    def write(cls, url):
        cls._declare(url, 0b00010)

    @classmethod
    def read(cls, url):
        """Tell whether a passive declaration finds the queue."""
        try:
            cls._declare(url, 0b00011)
        except AssertionError as error:
            assert b"NOT_FOUND" in error.args[0]
            return False
        return True


PROTOCOLS = {"postgresql": PostgreSQL, "redis": Redis, "rabbitmq": RabbitMQ}


def control(command, *words):
    """Give an order as a suite does, and return exit code and words."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} {' '.join(words)}"],
        check=False,
        cwd="/",
        env={},
        capture_output=True,
        text=True,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def processes(folder):
    """Return the processes that have anything to do with a folder."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not re.fullmatch(r"\d+", entry.name):
            continue
        try:
            line = (entry / "cmdline").read_bytes()
            seen = line + (entry / "environ").read_bytes() + bytes((entry / "cwd").readlink())
        except OSError:
            continue
        if bytes(folder) in seen:
            found[entry.name] = line.replace(b"\0", b" ")
    return found
