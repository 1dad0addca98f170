"""What a generated service says about itself is valid OpenAPI 3.1, and true for its variant."""

import json

import pytest

from tests.generated.variants import COMPLETE, every_variant
from tests.support.client import Client
from tests.support.service import started

pytestmark = pytest.mark.npm
PLATFORM = {"/health/live", "/health/ready", "/openapi.json", "/docs"}
FEATURES = {
    "task-api": {"/v1/auth", "/v1/users", "/v1/projects", "/v1/tasks"},
    "ecommerce-api": {
        *("/v1/auth", "/v1/users", "/v1/categories", "/v1/products", "/v1/variants"),
        *("/v1/cart", "/v1/orders", "/v1/staff", "/v1/webhooks"),
    },
}


def described(workshop, project, **variables):
    """Return what the service says, which the Task API does without being started."""
    scripts = json.loads((project / "package.json").read_text())["scripts"]
    if "openapi" in scripts:
        done = workshop.run(["npm", "run", "--silent", "openapi"], project, **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    log = project.parent / "openapi.log"
    with started(["npm", "start"], project, workshop.environment, log) as service:
        service.wait_until_ready()
        with Client(service.url) as client:
            return client.obtain("GET", "/openapi.json")


@every_variant
def test_the_document_is_valid_and_tells_of_what_is_built(template, workshop, installed, options):
    import schemathesis

    document = described(workshop, installed.variant(*options))
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()
    prefixes = {"/".join(path.split("/")[:3]) for path in document["paths"]}
    assert prefixes >= PLATFORM
    if not options:
        assert prefixes == PLATFORM
    if options == COMPLETE:
        assert prefixes == PLATFORM | FEATURES[template]


def test_who_has_to_say_who_they_are_depends_on_what_is_built(workshop, installed):
    project = installed.variant("--with", "task-crud")
    secret = "k" * 43
    production = {"NODE_ENV": "production", "DATABASE_URL": "postgres://x/x", "DEMO_TOKEN": secret}
    for variables, security in (({}, [{}, {"bearer": []}]), (production, [{"bearer": []}])):
        document = described(workshop, project, **variables)
        assert document["paths"]["/v1/tasks"]["get"]["security"] == security
