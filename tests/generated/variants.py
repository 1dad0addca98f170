"""The variants of a template that every change is tried on."""

import pytest
import yaml

from tests.support.checkout import ROOT

TASK_API = ROOT / "templates/task-api"
FEATURES = [
    entry["id"] for entry in yaml.safe_load((TASK_API / "checklist.yml").read_text())["features"]
]
COMPLETE = ("--start", "complete")


def _variants():
    yield pytest.param((), id="starter")
    for length in range(1, len(FEATURES)):
        prefix = ",".join(FEATURES[:length])
        yield pytest.param(("--with", prefix), id=prefix)
    yield pytest.param(COMPLETE, id="complete")


VARIANTS = list(_variants())
every_variant = pytest.mark.parametrize("options", VARIANTS)
