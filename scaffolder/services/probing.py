"""Whether a service answers."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scaffolder.services.models import Probe

PAUSE_S = 0.02


def answers(probe: Probe, host: str, port: int, patience_s: float = 1) -> bool:
    """Tell whether the service there is ready, in its own protocol."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection((host, port), patience_s) as service,
    ):
        service.sendall(probe.send)
        # A first answer is a few bytes long, so it comes in one piece.
        return re.match(probe.expect, service.recv(4096), re.DOTALL) is not None
    return False


def listens(host: str, port: int, patience_s: float = 1) -> bool:
    """Tell whether connections are accepted there."""
    try:
        socket.create_connection((host, port), patience_s).close()
    except OSError:
        return False
    return True


def wait_for(true: Callable[[], bool], patience_s: float, alive: Callable[[], bool]) -> bool:
    """Wait until something is true; give up after `patience_s`, or once `alive` is false."""
    deadline = time.monotonic() + patience_s
    while alive() and time.monotonic() < deadline:
        if true():
            return alive()
        time.sleep(PAUSE_S)
    return False
