"""Hostile clients are refused in the service's own words, and never bring it down."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.generated.variants import COMPLETE, every_template
from tests.support import node
from tests.support.checkout import ROOT
from tests.support.effort import Effort
from tests.support.postgres import new_database
from tests.support.service import started

pytestmark = [pytest.mark.npm, pytest.mark.services]
SECONDS, LONG_SECONDS = 50, 600
SEED = 1
# A last request, the report and the start of Python come on top.
PATIENCE_S = 120
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
    "problem_document",
    "MostOperationsServed",
)


@pytest.fixture
def database(postgres):
    return new_database(postgres)


# Without Stripe every payment would be refused, and nothing behind that be reached.
STRIPE = """
import {{ Stripe }} from {module};
console.log(JSON.stringify((await Stripe.open()).env));
process.stdin.resume();
"""


@pytest.fixture
def project(installed):
    return installed.variant(*COMPLETE)


@pytest.fixture
def stripe(workshop, project):
    """What the service has to know of the stand-in in its suite; nothing where there is none."""
    module = project / "acceptance/stripe.ts"
    if not module.exists():
        yield {}
        return
    command = ["node", "--input-type=module-typescript", "--eval"]
    program = STRIPE.format(module=json.dumps(module.as_uri()))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = workshop.environment
    # It ends when nobody can speak to it any more.
    with subprocess.Popen([*command, program], env=environment, **pipes) as process:
        yield json.loads(process.stdout.readline())


@pytest.fixture
def service(workshop, project, servers, stripe, database, tmp_path):
    variables = {"DATABASE_URL": database, "TRUSTED_PROXIES": "1", "LOG_LEVEL": "warn", **stripe}
    if "ACCEPTANCE_REDIS_URL" in servers:
        variables |= {"REDIS_URL": servers["ACCEPTANCE_REDIS_URL"], "REDIS_KEY_PREFIX": "hostile:"}
    environment = {**workshop.environment, **variables}
    with started(["npm", "start"], project, environment, tmp_path / "log") as service:
        service.wait_until_ready()
        yield service


@pytest.fixture
def hooks(service, template, database):
    """What `tests/support/hostile.py` is loaded by, and what it has to know."""
    known = {"URL": service.url, "TEMPLATE": template, "DATABASE": database}
    settings = {f"HOSTILE_{name}": text for name, text in known.items()}
    return {"SCHEMATHESIS_HOOKS": "tests.support.hostile", **settings}


def attack(service, hooks, folder, seconds, seed):
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{service.url}/openapi.json", "--checks", ",".join(CHECKS)),
        *("--seed", str(seed), "--max-time", str(seconds), "--request-timeout", "30"),
        *("--generation-database", "none", "--no-color"),
    ]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(ROOT), **hooks}
    # It writes the cases that failed into the folder where it runs.
    return node.run(command, folder, environment, patience_s=seconds + PATIENCE_S)


@every_template
def test_no_request_is_our_fault_and_every_refusal_is_a_problem(service, hooks, tmp_path, effort):
    # The short run asks the same each time, so that it fails for a change and not by chance.
    seconds, seed = SECONDS, SEED
    if effort is Effort.TORTURE:
        seconds, seed = LONG_SECONDS, random.SystemRandom().randrange(2**32)
    done = attack(service, hooks, tmp_path, seconds, seed)
    assert done.returncode == 0, done.stdout + done.stderr + service.output()
    assert service.status("/health/ready") == 200
    assert "request failed" not in service.output()
