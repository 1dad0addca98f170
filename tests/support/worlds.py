"""What there is in a generated service before a hostile client comes: people and their things."""

from __future__ import annotations

import os
import re
import uuid
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.support.client import Client
from tests.support.postgres import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

URL = os.environ["HOSTILE_URL"]
PASSWORD = f"correct horse {uuid.uuid4()}"
_numbers = count()


@dataclass(frozen=True, slots=True)
class World:
    """A person who owns something, and how to find it.

    Attributes:
        ids: What the parameters of a path stand for, by the label of the operation.
        fields: What fields of a body or a query stand for.
        left_to_luck: How many operations want what only luck brings: a refresh token that is
            still good, an order that is just being sent.
    """

    email: str
    ids: Callable[[str], Mapping[str, str]]
    fields: Mapping[str, str]
    left_to_luck: int


@cache
def world() -> World:
    """Make the world, once."""
    return WORLDS[os.environ["HOSTILE_TEMPLATE"]]()


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


def call(method: str, path: str, body: object = None, token: str | None = None) -> Any:
    """Make a request that must succeed."""
    headers = {"X-Forwarded-For": address(), "Idempotency-Key": str(uuid.uuid4())}
    with Client(URL, token) as client:
        return client.obtain(method, path, body, headers)


def address() -> str:
    """Come from somewhere else each time, or the limits would hide what stands behind them."""
    number = next(_numbers)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _member() -> str:
    """Return the id of somebody else."""
    identity: str = call("GET", "/v1/users/me", None, log_in(register()))["id"]
    return identity


def _task_api() -> World:
    email, member = register(), _member()
    token = log_in(email)

    def make(path: str, **fields: str) -> str:
        made: str = call("POST", path, fields, token)["id"]
        return made

    project, empty = make("/v1/projects", name="Garden"), make("/v1/projects", name="Empty")
    task, spare = (make("/v1/tasks", projectId=project, title="Weed") for _ in range(2))

    def ids(label: str) -> dict[str, str]:
        deletes = re.search(r"^DELETE \S+/{id}$|/restore$", label)
        of_task, of_project = (spare, empty) if deletes else (task, project)
        return {"id": of_task if "/tasks/" in label else of_project, "userId": member}

    return World(email, ids, {"projectId": project}, left_to_luck=8)


def _ecommerce_api() -> World:
    email, member = register(), _member()
    promotion = f"update users set role = 'admin' where email = '{email}'"  # noqa: S608 - made here
    ask(os.environ["HOSTILE_DATABASE"], promotion)
    token = log_in(email)

    def make(path: str, fields: object) -> Any:
        return call("POST", path, fields, token)

    category, spare_category = (
        make("/v1/categories", {"slug": slug, "name": slug}) for slug in ("tools", "seeds")
    )
    product, spare_product = (_product(make, number, category["id"]) for number in range(2))
    order, spare_order = (_order(make, token) for _ in range(2))

    def ids(label: str) -> dict[str, str]:
        deletes = label.startswith("DELETE")
        of_product = spare_product if deletes else product
        public = re.search(r"^GET /v1/products/{\w+}(/stock)?$", label)
        ids_by_folder = {
            "categories": (spare_category if deletes else category)["id"],
            "orders": (spare_order if label.endswith("/cancel") else order)["id"],
            "users": member,
        }
        folder = re.search(r"/v1/(?:staff/)?(categories|orders|users)/", label)
        return {
            **({"id": ids_by_folder[folder[1]]} if folder else {}),
            "product": of_product["slug"] if public else of_product["id"],
            "sku": "TROWEL-0",
        }

    fields = {"category": category["slug"], "categoryId": category["id"]}
    return World(email, ids, fields, left_to_luck=10)


def _product(make: Callable[[str, object], Any], number: int, category: str) -> Any:
    fields = {"slug": f"trowel-{number}", "title": "Trowel", "status": "published"}
    product = make("/v1/products", {**fields, "categoryId": category})
    variant = {"sku": f"TROWEL-{number}", "priceMinor": 995, "currency": "EUR"}
    make(f"/v1/products/{product['id']}/variants", variant)
    make(f"/v1/variants/{variant['sku']}/stock", {"delta": 100_000, "reason": "delivery"})
    return product


def _order(make: Callable[[str, object], Any], token: str) -> Any:
    call("PUT", "/v1/cart/items/TROWEL-0", {"quantity": 1}, token)
    return make("/v1/orders", {})


WORLDS: Mapping[str, Callable[[], World]] = {
    "task-api": _task_api,
    "ecommerce-api": _ecommerce_api,
}
