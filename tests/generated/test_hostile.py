"""Hostile clients are refused in the service's own words, and never bring it down."""

import random
import sys
from pathlib import Path

import pytest

from tests.generated.variants import COMPLETE
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
# Without `stateful`: in 4.32, its report of such a scenario can trip over an assertion of its own.
PHASES = "examples,coverage,fuzzing"
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
def service(workshop, installed, postgres, tmp_path):
    project = installed.variant(*COMPLETE)
    variables = {"DATABASE_URL": new_database(postgres), "TRUSTED_PROXIES": "1"}
    environment = {**workshop.environment, **variables, "LOG_LEVEL": "warn"}
    with started(["npm", "start"], project, environment, tmp_path / "log") as service:
        service.wait_until_ready()
        yield service


def attack(service, folder, seconds, seed):
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("run", f"{service.url}/openapi.json", "--checks", ",".join(CHECKS)),
        *("--seed", str(seed), "--max-time", str(seconds), "--request-timeout", "30"),
        *("--generation-database", "none", "--no-color"),
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.support.hostile", "HOSTILE_URL": service.url}
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(ROOT), **hooks}
    # It writes the cases that failed into the folder where it runs.
    return node.run(command, folder, environment, patience_s=seconds + PATIENCE_S)


def test_no_request_is_our_fault_and_every_refusal_is_a_problem(service, tmp_path, effort):
    # The short run asks the same each time, so that it fails for a change and not by chance.
    seconds, seed = SECONDS, SEED
    if effort is Effort.TORTURE:
        seconds, seed = LONG_SECONDS, random.SystemRandom().randrange(2**32)
    done = attack(service, tmp_path, seconds, seed)
    assert done.returncode == 0, done.stdout + done.stderr + service.output()
    assert service.status("/health/ready") == 200
    assert "request failed" not in service.output()
