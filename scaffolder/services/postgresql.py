"""PostgreSQL."""

from __future__ import annotations

import signal
import struct

from scaffolder.services.models import Container, Private, Probe, Service

# Whatever is lost when the machine stops is thrown away anyhow.
SETTINGS = (
    *("-c", "fsync=off"),
    *("-c", "synchronous_commit=off"),
    *("-c", "full_page_writes=off"),
    *("-c", "max_connections=200"),
)
_GREETING = struct.pack("!i", 3 << 16) + b"user\0postgres\0database\0postgres\0\0"
# SQLSTATE: starting up, or shutting down. Any other refusal comes from a server that is ready.
_CANNOT_CONNECT_NOW = rb"57P03"

POSTGRESQL = Service(
    id="postgresql",
    title="PostgreSQL",
    variable="ACCEPTANCE_DATABASE_URL",
    url="postgres://postgres@127.0.0.1:{port}/postgres",
    default_port=5432,
    probe=Probe(
        send=struct.pack("!i", len(_GREETING) + 4) + _GREETING,
        expect=rb"R|E(?!.*" + _CANNOT_CONNECT_NOW + rb")",
    ),
    packages={"apt-get install": "postgresql", "brew install": "postgresql"},
    private=Private(
        programs=("postgres", "initdb"),
        places=(
            "/usr/lib/postgresql/*/bin",
            "/opt/homebrew/opt/postgresql*/bin",
            "/usr/local/opt/postgresql*/bin",
        ),
        account="postgres",
        make=(
            (
                *("initdb", "-D", "{folder}/data", "-U", "postgres"),
                *("--auth=trust", "--no-sync", "--encoding=UTF8"),
            ),
        ),
        start=(
            *("postgres", "-D", "{folder}/data", "-p", "{port}"),
            *("-c", "listen_addresses=127.0.0.1"),
            *("-c", "unix_socket_directories="),
            *SETTINGS,
        ),
        # A fast stop: connections are cut, and what is committed is written.
        stop_signal=signal.SIGINT,
        # A kill would leave its shared memory behind.
        end_signal=signal.SIGQUIT,
    ),
    container=Container(
        image="postgres:18",
        port=5432,
        environment={"POSTGRES_HOST_AUTH_METHOD": "trust"},
        command=("postgres", *SETTINGS),
        # While the image prepares its data, a first server listens on a Unix socket alone.
        health=("pg_isready", "--host", "127.0.0.1", "--username", "postgres"),
    ),
)
