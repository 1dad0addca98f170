"""Interruptions that wait while something must not be cut in two."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def postponed() -> Iterator[None]:
    """Hear SIGINT, SIGTERM and SIGHUP after the block; those that are ignored stay ignored.

    The handlers are exchanged, and no mask is set: whoever is started in the block would inherit
    that. Only the main thread is ever interrupted, so nothing is done in others.
    """
    handlers: dict[int, Any] = {}
    came: list[int] = []
    waiting = True

    def hear(number: int, frame: FrameType | None) -> None:
        if waiting:
            came.append(number)
        else:
            handlers[number](number, frame)

    try:
        if threading.current_thread() is threading.main_thread():
            for number in _NUMBERS:
                if callable(handler := signal.getsignal(number)):
                    handlers[number] = handler
                    signal.signal(number, hear)
        yield
    finally:
        # First: whatever comes while the handlers go back is heard at once.
        waiting = False
        for changed, handler in handlers.items():
            signal.signal(changed, handler)
        for late in came:
            handlers[late](late, None)
