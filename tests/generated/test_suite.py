"""The runner of the acceptance suite: what it makes of tests that prove, fail or pretend."""

import json
import re
import shutil
import subprocess

import pytest

pytestmark = [pytest.mark.npm, pytest.mark.services]

HEAD = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n"
PASSES = "test('solid.holds: it does', () => {});\n"
FAILS = "test('solid.holds: it does not', () => assert.fail('so'));\n"
# Each would look like a success to whoever believes an exit code. None: there is no file at all.
HOLLOW = {
    "absent": None,
    "empty": "",
    "ending": "process.exit(0);\ntest('ending.holds: never', () => {});\n",
    "garbled": "test('garbled.holds: never', () => {});\ntest(\n",
    "throwing": "throw new Error('no');\ntest('throwing.holds: never', () => {});\n",
    "misnamed": "test('misnamed.other: it does', () => {});\n",
    "nameless": "test('it does', () => {});\n",
    "skipped": "test.skip('skipped.holds: it does', () => {});\n",
    "postponed": "test.todo('postponed.holds: it does', () => {});\n",
}


@pytest.fixture(scope="module")
def project(installed, tmp_path_factory):
    """A project that is nothing but the suite's own support."""
    root = tmp_path_factory.mktemp("suite")
    starter = installed.variant()
    shutil.copytree(starter / "acceptance/support", root / "acceptance/support")
    shutil.copy(starter / "package.json", root)
    subprocess.run(["cp", "-al", starter / "node_modules", root / "node_modules"], check=True)
    (root / ".scaffolder").mkdir()
    return root


def write(project, tests, results):
    """Give each feature its one piece of evidence, and a test file unless the text is None."""
    features = [
        {"id": name, "evidence": [{"id": f"{name}.holds", "kind": "test"}]} for name in tests
    ]
    (project / ".scaffolder/checklist.yml").write_text(json.dumps({"features": features}))
    (project / ".scaffolder/results.json").write_text(json.dumps({"features": results}))
    for path in (project / "acceptance").glob("*.test.ts"):
        path.unlink()
    for name, test in tests.items():
        if test is not None:
            (project / f"acceptance/{name}.test.ts").write_text(HEAD + test)


@pytest.fixture
def judge(workshop, project, postgres):
    """Run the suite on such tests, and return how that ended."""

    def judge(tests, *options, url=postgres, **results):
        write(project, {"solid": tests} if isinstance(tests, str) else tests, results)
        command = ["node", "acceptance/support/run.ts", *options]
        return workshop.run(command, project, ACCEPTANCE_DATABASE_URL=url)

    return judge


def test_a_test_that_passes_proves(judge):
    done = judge(PASSES, "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 proven, 0 failed, 0 could not be judged" in done.stdout


def test_what_only_looks_good_proves_nothing(judge):
    done = judge({"solid": PASSES, **HOLLOW}, "--all", empty={"outcome": "proven"})
    assert done.returncode == 4, done.stdout + done.stderr
    outcomes = dict(re.findall(r"^(\w+)\.holds +(proven|failed|error) ", done.stdout, re.MULTILINE))
    assert outcomes == {"solid": "proven", **dict.fromkeys(HOLLOW, "error")}


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ({}, 0),
        ({"outcome": "todo"}, 0),
        ({"outcome": "proven"}, 1),
        ({"outcome": "failed", "flags": ["regressed"]}, 1),
    ],
)
def test_a_failure_counts_once_something_was_proven(judge, results, code):
    assert judge(FAILS, solid=results).returncode == code


def test_a_failure_comes_before_what_could_not_be_judged(judge):
    tests = {"solid": FAILS, "empty": ""}
    assert judge(tests, "--all").returncode == 1
    assert judge(tests).returncode == 4


def test_one_leaf_that_fails_fails_the_evidence_and_each_is_reported(judge, project):
    report = project / "report.jsonl"
    done = judge(PASSES + FAILS, "--all", "--report", str(report))
    assert done.returncode == 1
    assert "1/2" in done.stdout
    leaves = [json.loads(line) for line in report.read_text().splitlines()]
    assert [leaf["outcome"] for leaf in leaves] == ["passed", "failed"]
    assert leaves[1]["message"] == "so"


@pytest.mark.parametrize("options", [["--feature", "nonsense"], ["--nonsense"], ["stray"]])
def test_what_is_asked_for_has_to_exist(judge, options):
    assert judge(PASSES, *options).returncode == 2


def test_without_records_nothing_can_be_judged(workshop, project, postgres):
    command = ["node", "acceptance/support/run.ts"]
    for name in ("results.json", "checklist.yml"):
        write(project, {"solid": PASSES}, {})
        (project / ".scaffolder" / name).unlink()
        done = workshop.run(command, project, ACCEPTANCE_DATABASE_URL=postgres)
        assert done.returncode == 3, name


@pytest.mark.parametrize("url", ["", "postgres://127.0.0.1:1/x", "postgres://192.0.2.1/x"])
def test_without_a_server_of_its_own_machine_nothing_is_judged(judge, url):
    assert judge(PASSES, url=url).returncode == 4
