"""Redis."""

from __future__ import annotations

from scaffolder.services.models import Container, Private, Probe, Service

# The log of writes, which costs next to nothing unsynced, is what brings the data back.
SETTINGS = ("--save", "", "--appendonly", "yes", "--appendfsync", "no")

REDIS = Service(
    id="redis",
    title="Redis",
    variable="ACCEPTANCE_REDIS_URL",
    url="redis://127.0.0.1:{port}",
    default_port=6379,
    # It answers as well while it loads its data; one that asks for a password is ready.
    probe=Probe(send=b"PING\r\n", expect=rb"\+PONG|-NOAUTH|-NOPERM"),
    packages={"apt-get install": "redis-server", "brew install": "redis"},
    private=Private(
        programs=("redis-server",),
        places=("/opt/homebrew/opt/redis/bin", "/usr/local/opt/redis/bin"),
        account="redis",
        start=(
            *("redis-server", "--port", "{port}", "--bind", "127.0.0.1"),
            *("--dir", "{folder}", "--daemonize", "no"),
            *SETTINGS,
        ),
    ),
    container=Container(
        image="redis:8",
        port=6379,
        command=("redis-server", *SETTINGS),
        health=("redis-cli", "ping"),
    ),
)
