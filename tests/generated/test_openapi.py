"""What a generated service says about itself is valid OpenAPI 3.1, and true for its variant."""

import json

import pytest

from tests.generated.variants import COMPLETE, every_variant

pytestmark = pytest.mark.npm
PLATFORM = {"/health/live", "/health/ready", "/openapi.json", "/docs"}


def described(workshop, project, **variables):
    done = workshop.run(["npm", "run", "--silent", "openapi"], project, **variables)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@every_variant
def test_the_document_is_valid(workshop, installed, options):
    import schemathesis

    document = described(workshop, installed.variant(*options))
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_a_starter_describes_its_platform_and_the_complete_project_everything(workshop, installed):
    starter = described(workshop, installed.variant())
    assert starter["paths"].keys() == PLATFORM
    complete = described(workshop, installed.variant(*COMPLETE))
    prefixes = {"/".join(path.split("/")[:3]) for path in complete["paths"].keys() - PLATFORM}
    assert prefixes == {"/v1/auth", "/v1/users", "/v1/projects", "/v1/tasks"}


def test_who_has_to_say_who_they_are_depends_on_what_is_built(workshop, installed):
    project = installed.variant("--with", "task-crud")
    secret = "k" * 43
    production = {"NODE_ENV": "production", "DATABASE_URL": "postgres://x/x", "DEMO_TOKEN": secret}
    for variables, security in (({}, [{}, {"bearer": []}]), (production, [{"bearer": []}])):
        document = described(workshop, project, **variables)
        assert document["paths"]["/v1/tasks"]["get"]["security"] == security
