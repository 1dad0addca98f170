"""A private, throw-away Redis from installed programs, which ends with the tests."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from scaffolder.services.redis import REDIS
from scaffolder.services.supply import supply

if TYPE_CHECKING:
    from collections.abc import Iterator

# The same on every machine: neither what its environment names nor a container.
PRIVATE = replace(REDIS, variable="PRIVATE_REDIS_URL", container=None)


@contextmanager
def private_redis() -> Iterator[str]:
    """Run a server on a free port of the loopback interface, and give its URL."""
    with supply([PRIVATE], os.environ, lambda _: None) as supplied:
        yield supplied.variables[PRIVATE.variable]
