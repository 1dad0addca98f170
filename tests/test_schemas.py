"""Every JSON output validates against its published schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[1] / "docs" / "schemas"


@pytest.mark.parametrize("command", ["list", "plugins"])
def test_the_output_validates(scaffolder, command):
    schema = json.loads((SCHEMAS / f"{command}.json").read_text())
    Draft202012Validator.check_schema(schema)
    done = scaffolder(command, "--json")
    value = json.loads(done.stdout)
    Draft202012Validator(schema).validate(value)
    assert value["schema"] == schema["properties"]["schema"]["const"]
