"""A service that the user names by a URL, which is used as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from scaffolder.errors import ServiceUnusable
from scaffolder.services import probing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scaffolder.services.models import Service

ALLOW_REMOTE = "ACCEPTANCE_ALLOW_REMOTE"
PATIENCE_S = 5
# With the same result as isLoopback in the suites' database.ts.
_LOOPBACK = re.compile(r"|/.*|localhost|\[::1\]|127(\.\d+){3}")


def check(service: Service, environ: Mapping[str, str]) -> str:
    """Return the URL that the environment gives for a service.

    Raises:
        ServiceUnusable: when it is no URL, is not on this machine, or nothing answers there.
            No message shows more of it than host and port, since it may hold a password.
    """
    url = environ[service.variable]
    host, port, secure = _parse(service, url)
    if not _LOOPBACK.fullmatch(host) and not environ.get(ALLOW_REMOTE):
        raise ServiceUnusable(
            f"{service.variable} names {host}, which is not this machine",
            why=f"the suites make and drop data in that {service.title}",
            mend=f"set {ALLOW_REMOTE}=1 if they may",
        )
    if host.startswith("/"):
        # A folder of Unix sockets; how they are called there is the driver's business.
        return url
    plain = host.strip("[]") or "localhost"
    if secure:
        answered = probing.listens(plain, port, PATIENCE_S)
    else:
        answered = probing.answers(service.probe, plain, port, PATIENCE_S)
    if not answered:
        raise ServiceUnusable(
            f"no {service.title} answers at {plain}:{port}",
            why=f"{service.variable} names it",
            mend=f"start it, or unset {service.variable} to have one started",
        )
    return url


def _parse(service: Service, url: str) -> tuple[str, int, bool]:
    """Return host, port and whether the connection is encrypted from its first byte."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or service.default_port
    except ValueError:
        parts, host, port = urlsplit(""), "", 0
    if not parts.scheme or not url.partition(":")[2].startswith("//"):
        raise ServiceUnusable(
            f"{service.variable} is not a URL", mend=f"give one like {service.url}"
        )
    host = parse_qs(parts.query).get("host", [f"[{host}]" if ":" in host else host])[0]
    return host, port, parts.scheme in ("rediss", "amqps")
