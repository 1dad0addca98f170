"""What schemathesis does with a generated service beside its own ways; its command line loads this.

A client that knows nothing gets no further than "there is no such task", so some of what comes up
is replaced by what is there. Each choice follows from the value alone: a seed gives the same run
again, and what is shrunk stays what it was.
"""

from __future__ import annotations

import os
import re
import time
import uuid
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import schemathesis

from tests.support.client import Client

if TYPE_CHECKING:
    from schemathesis import AuthContext, CheckContext, HookContext, Response

    Case = schemathesis.Case[Any]


URL = os.environ["HOSTILE_URL"]
PASSWORD = f"correct horse {uuid.uuid4()}"
TOKEN_IS_GOOD_FOR_S = 300
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FIELDS = ("type", "title", "detail", "instance", "code", "requestId")
INTERNALS = re.compile(r"node_modules|\bat .*:\d+:\d+|\bselect\b.*\bfrom\b", re.IGNORECASE)
# They end the sessions of whoever calls them, who would get nothing but 401 from then on.
FINAL = re.compile(r"/v1/auth/(logout|sessions|password)|DELETE /v1/users/me")
# Some want what only luck brings: a refresh token that is still good, the id of a session.
MOST_NEVER_SERVED = 8
_numbers = count()


@dataclass(frozen=True, slots=True)
class World:
    """A person with a task in a project, a second person, and what may be deleted."""

    email: str
    # Whose password is guessed, so that the person who owns all this is not locked out.
    guessed: str
    token: str
    member: str
    project: str
    task: str
    empty_project: str
    spare_task: str


@cache
def world() -> World:
    """Make the world, once."""
    email, guessed, member = register(), register(), register()
    token = log_in(email)

    def make(path: str, **fields: str) -> str:
        made: str = call("POST", path, fields, token)["id"]
        return made

    project = make("/v1/projects", name="Garden")
    first, second = (make("/v1/tasks", projectId=project, title="Weed") for _ in range(2))
    member_id = call("GET", "/v1/users/me", None, log_in(member))["id"]
    empty = make("/v1/projects", name="Empty")
    return World(email, guessed, token, member_id, project, first, empty, second)


def register() -> str:
    """Register somebody, and return their address."""
    email = f"{uuid.uuid4()}@example.test"
    call("POST", "/v1/auth/register", {"email": email, "password": PASSWORD})
    return email


def log_in(email: str) -> str:
    """Return a new access token."""
    answer = call("POST", "/v1/auth/login", {"email": email, "password": PASSWORD})
    token: str = answer["accessToken"]
    return token


def call(method: str, path: str, body: dict[str, str] | None, token: str | None = None) -> Any:
    """Make a request that must succeed."""
    with Client(URL, token) as client:
        return client.obtain(method, path, body, {"X-Forwarded-For": address()})


def address() -> str:
    """Come from somewhere else each time, or the limits would hide what stands behind them."""
    number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@cache
def current_token(_period: int) -> str:
    """Return a token of the person who owns the world."""
    return log_in(world().email)


@schemathesis.auth(refresh_interval=None)
class Bearer:
    """The person of the world, or a newcomer where the request ends sessions."""

    def get(self, case: Case, _context: AuthContext) -> str:
        """Return an access token."""
        if FINAL.search(case.operation.label):
            return log_in(register())
        return current_token(int(time.monotonic() // TOKEN_IS_GOOD_FOR_S))

    def set(self, case: Case, data: str, _context: AuthContext) -> None:
        """Put it where the service looks for it."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    """Lead the request to what is there, from an address of its own."""
    there = world()
    case.headers["X-Forwarded-For"] = address()
    if _is_meant(case.headers.get("If-Match")):
        case.headers["If-Match"] = "*"
    # What follows from an earlier answer leads somewhere already.
    if not (case.meta and case.meta.phase.name == "stateful"):
        case.path_parameters = _with_known(case.path_parameters, _ids(case.operation.label))
    case.query = _with_known(case.query, {"projectId": there.project})
    passwords = dict.fromkeys(("password", "currentPassword"), PASSWORD)
    known = {"projectId": there.project, "email": there.guessed, **passwords}
    case.body = _with_known(case.body, known)


def _ids(label: str) -> dict[str, str]:
    there = world()
    deletes = re.search(r"^DELETE \S+/{id}$|/restore$", label)
    project = there.empty_project if deletes else there.project
    task = there.spare_task if deletes else there.task
    return {"id": task if "/tasks/" in label else project, "userId": there.member}


def _with_known(values: Any, known: dict[str, str]) -> Any:
    # What is wrong on purpose need not be an object at all.
    if not isinstance(values, dict):
        return values
    meant = {name: text for name, text in known.items() if _is_meant(values.get(name))}
    return {**values, **meant}


def _is_meant(value: object) -> bool:
    """Tell whether a value stands for something that is there; unknown ids begin with an f."""
    if not isinstance(value, str):
        return False
    if UUID.fullmatch(value):
        return not value.startswith("f")
    return zlib.crc32(value.encode("utf-8", "replace")) % 4 > 0


@schemathesis.check
def problem_document(_context: CheckContext, response: Response, _case: Case) -> None:
    """Every refusal is a problem with the fields that all of ours have, and tells no internals."""
    if response.status_code < 400:
        return
    media_type = response.headers["content-type"][0]
    assert media_type.startswith("application/problem+json"), f"a refusal in {media_type}"
    problem = response.json()
    assert problem["status"] == response.status_code, problem
    missing = [name for name in FIELDS if not isinstance(problem.get(name), str)]
    assert not missing, f"a problem without {missing}: {problem}"
    assert not INTERNALS.search(response.text), f"internals: {problem}"


@schemathesis.check
class MostOperationsServed:
    """Most operations succeeded now and then: a run that is refused throughout shows nothing."""

    def __init__(self) -> None:
        self.called: set[str] = set()
        self.served: set[str] = set()

    def after_response(self, _context: CheckContext, response: Response, case: Case) -> None:
        """Note what was called, and whether it was done."""
        self.called.add(case.operation.label)
        if response.status_code < 400:
            self.served.add(case.operation.label)

    def after_run(self, _context: CheckContext) -> None:
        """Complain when too much never was."""
        never = sorted(self.called - self.served)
        assert len(never) <= MOST_NEVER_SERVED, f"never succeeded: {never}"
