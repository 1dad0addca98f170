"""Every JSON output, and every record of a project, validates against its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from scaffolder.ledger import Ledger, Record, as_text
from scaffolder.results import Flag, Outcome, Verdict

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"
RECORD = Record(
    outcome=Outcome.FAILED,
    inputs="sha256:" + "0" * 64,
    commit="0" * 40,
    flags=(Flag.REGRESSED,),
    evidence={"crud.create": Verdict.FAILED, "crud.demo": Verdict.PASSED},
    attested=frozenset({"crud.demo"}),
)
RUN = {"at": "2025-01-02T03:04:05Z", "scaffolder": "1.0", "seconds": 1.2}


def validator(name):
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("command", ["list", "plugins"])
def test_the_output_validates(scaffolder, command):
    schema = json.loads((SCHEMAS / f"{command}.json").read_text())
    Draft202012Validator.check_schema(schema)
    done = scaffolder(command, "--json")
    value = json.loads(done.stdout)
    Draft202012Validator(schema).validate(value)
    assert value["schema"] == schema["properties"]["schema"]["const"]


def test_the_records_of_a_new_project_validate(scaffolder, work):
    assert scaffolder("new", "task-api", "--defaults").returncode == 0
    records = work / "task-api" / ".scaffolder"
    checklist = yaml.safe_load((records / "checklist.yml").read_text())
    validator("checklist").validate(checklist)
    assert len(checklist["features"]) > 1
    results = json.loads((records / "results.json").read_text())
    validator("results").validate(results)
    assert results == {"features": {}, "schema": 1}
    assert json.loads((records / "badge.json").read_text())["color"] == "lightgrey"


def test_the_results_of_a_check_validate():
    results = json.loads(as_text(Ledger(records={"crud": RECORD}, run=RUN)))
    validator("results").validate(results)
    results["features"]["crud"]["outcome"] = "error"
    with pytest.raises(ValidationError):
        validator("results").validate(results)


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_every_schema_is_one(path):
    assert validator(path.stem).schema["title"]
