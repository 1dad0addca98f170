"""What schemathesis does with a generated service beside its own ways; its command line loads this.

A client that knows nothing gets no further than "there is no such task", so some of what comes up
is replaced by what is there. Each choice follows from the value alone: a seed gives the same run
again, and what is shrunk stays what it was.
"""

from __future__ import annotations

import re
import time
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any

import schemathesis

from tests.support.worlds import PASSWORD, address, log_in, register, world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemathesis import AuthContext, CheckContext, HookContext, Response

    Case = schemathesis.Case[Any]


TOKEN_IS_GOOD_FOR_S = 300
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
FIELDS = ("type", "title", "detail", "instance", "code", "requestId")
INTERNALS = re.compile(r"node_modules|\bat .*:\d+:\d+|\bselect\b.*\bfrom\b", re.IGNORECASE)
# They end the sessions of whoever calls them, who would get nothing but 401 from then on.
FINAL = re.compile(r"/v1/auth/(logout|sessions|password)|DELETE /v1/users/me")


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
        case.path_parameters = _with_known(case.path_parameters, there.ids(case.operation.label))
    case.query = _with_known(case.query, there.fields)
    passwords = dict.fromkeys(("password", "currentPassword"), PASSWORD)
    case.body = _with_known(case.body, {**there.fields, "email": there.email, **passwords})


def _with_known(values: Any, known: Mapping[str, str]) -> Any:
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
        assert len(never) <= world().left_to_luck, f"never succeeded: {never}"
