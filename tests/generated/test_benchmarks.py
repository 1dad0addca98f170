"""The Node programs of the benchmarks fit the projects that they are copied into."""

import json
import shutil
from pathlib import Path

import pytest

import benchmarks
from tests.generated.variants import COMPLETE

pytestmark = pytest.mark.npm
FOLDER = Path(benchmarks.__file__).parent


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        ("task-api", "task_api_node"),
        ("ecommerce-api", "ecommerce_api_node"),
        ("ecommerce-api", "ecommerce_checkout_node"),
    ],
    indirect=["template"],
)
def test_it_type_checks_inside_the_project(workshop, installed, parts):
    project = installed.new(*COMPLETE)
    programs = [*(FOLDER / parts).glob("*.ts"), *(FOLDER / "node").glob("*.ts")]
    for program in programs:
        shutil.copy(program, project)
    settings = {"extends": "./tsconfig.json", "include": [program.name for program in programs]}
    (project / "tsconfig.benchmark.json").write_text(json.dumps(settings))
    done = workshop.run(["npx", "tsc", "--noEmit", "-p", "tsconfig.benchmark.json"], project)
    assert done.returncode == 0, done.stdout
