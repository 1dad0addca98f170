"""A client of a generated service: one connection, which it keeps."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlsplit

PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what came with it."""

    status: int
    body: Any


class Client:
    """Sends JSON over one connection, and opens another when that was closed."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self._token = token
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_S)

    def send(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Make a request and read its whole answer."""
        content = None if body is None else json.dumps(body)
        sent = {"Content-Type": "application/json"} | (headers or {})
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        self._connection.request(method, path, content, sent)
        response = self._connection.getresponse()
        text = response.read()
        return Answer(response.status, json.loads(text) if text else None)

    def obtain(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Any:
        """Make a request that must succeed, and return its body."""
        answer = self.send(method, path, body, headers)
        assert answer.status < 400, answer
        return answer.body

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_reason: object) -> None:
        self._connection.close()

    def again(self, url: str | None = None) -> Client:
        """Return the same person on another connection, maybe to another process."""
        return Client(url or self.url, self._token)


def registered(url: str) -> Client:
    """Register somebody, log them in, and return a client that acts as them."""
    account = {"email": f"{uuid.uuid4()}@example.test", "password": str(uuid.uuid4())}
    with Client(url) as guest:
        guest.obtain("POST", "/v1/auth/register", account)
        token: str = guest.obtain("POST", "/v1/auth/login", account)["accessToken"]
    return Client(url, token)
