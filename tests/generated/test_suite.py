"""The runner of the acceptance suite: what it makes of tests that prove, fail or pretend."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from tests.support import node

pytestmark = [pytest.mark.npm, pytest.mark.services]

HEAD = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n"
PASSES = "test('solid.holds: it does', () => {});\n"
FAILS = "test('solid.holds: it does not', () => assert.fail('so'));\n"
LOOPS = "test('looping.holds: never', () => { for (;;); });\n"
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
    "leaving": (
        "test('leaving.holds: it does', async () => { await new Promise(setImmediate); });\n"
        "test('leaving.holds: it goes', () => process.exit(0));\n"
    ),
    "pausing": "test('pausing.holds: it does', () => {});\nawait new Promise(() => {});\n",
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


def write(project, tests, results, checklist=None):
    """Give each feature its one piece of evidence, and a test file unless the text is None."""
    features = [
        {"id": name, "evidence": [{"id": f"{name}.holds", "kind": "test"}]} for name in tests
    ]
    record(project, "checklist.yml", {"schema": 1, "features": checklist or features})
    record(project, "results.json", {"schema": 1, "features": results})
    (project / ".scaffolder/attested.yml").unlink(missing_ok=True)
    for path in (project / "acceptance").glob("*.test.ts"):
        path.unlink()
    for name, test in tests.items():
        if test is not None:
            (project / f"acceptance/{name}.test.ts").write_text(HEAD + test)


def record(project, name, content):
    """Write a file of `.scaffolder`; JSON is YAML, too."""
    text = content if isinstance(content, str) else json.dumps(content)
    (project / ".scaffolder" / name).write_text(text)


def lines(report):
    """Return what the suite wrote about each leaf and each file that broke."""
    return [json.loads(line) for line in report.read_text().splitlines()]


@pytest.fixture
def judge(workshop, project, postgres):
    """Run the suite on such tests, and return how that ended."""

    def judge(tests, *options, url=postgres, checklist=None, variables=(), **results):
        write(project, {"solid": tests} if isinstance(tests, str) else tests, results, checklist)
        command = ["node", "acceptance/support/run.ts", *options]
        return workshop.run(command, project, ACCEPTANCE_DATABASE_URL=url, **dict(variables))

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
        ({"solid": {"outcome": "todo"}}, 0),
        ({"solid": {"outcome": "proven"}}, 1),
        ({"solid": {"outcome": "failed", "flags": ["regressed"]}}, 1),
        ({"other": {"outcome": "proven"}}, 0),
    ],
)
def test_a_failure_counts_once_something_was_proven(judge, results, code):
    assert judge(FAILS, **results).returncode == code


def test_a_failure_comes_before_what_could_not_be_judged(judge):
    tests = {"solid": FAILS, "empty": ""}
    assert judge(tests, "--all").returncode == 1
    assert judge(tests).returncode == 4


def test_one_leaf_that_fails_fails_the_evidence_and_each_is_reported(judge, project):
    report = project / "report.jsonl"
    done = judge(PASSES + FAILS, "--all", "--report", str(report))
    assert done.returncode == 1
    assert "1/2" in done.stdout
    leaves = lines(report)
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


def test_what_could_not_be_judged_tells_why(judge, project):
    report = project / "report.jsonl"
    judge({"solid": PASSES, **HOLLOW}, "--report", str(report))
    crashed = {line["file"]: line for line in lines(report) if line["outcome"] == "crashed"}
    assert crashed.keys() == {
        f"acceptance/{name}.test.ts"
        for name in ("absent", "empty", "ending", "garbled", "throwing", "leaving", "pausing")
    }
    assert "no such file" in crashed["acceptance/absent.test.ts"]["message"]
    assert "Error: no" in crashed["acceptance/throwing.test.ts"]["message"]
    assert "garbled.test.ts" in crashed["acceptance/garbled.test.ts"]["message"]
    assert "ended with 0 before" in crashed["acceptance/leaving.test.ts"]["message"]


def entry(name, level="must", **evidence):
    """Return a line of a checklist."""
    piece = {"id": f"{name}.holds", "kind": "test", **evidence}
    return {"id": name, "level": level, "evidence": [piece]}


@pytest.mark.parametrize("options", [(), ("--all",)])
@pytest.mark.parametrize(
    "line", [entry("solid", level="stretch"), entry("solid", level="stretch", timeout_s=9)]
)
@pytest.mark.parametrize("test", [FAILS, ""])
def test_what_is_stretch_never_counts(judge, options, line, test):
    done = judge(test, *options, checklist=[line], solid={"outcome": "proven"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^solid\.holds .* stretch$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("options", [(), ("--all",)])
def test_evidence_that_is_stretch_never_counts(judge, options):
    checklist = [entry("solid", level="must")]
    checklist[0]["evidence"].append({"id": "solid.more", "kind": "test", "level": "stretch"})
    more = "test('solid.more: not yet', () => assert.fail('no'));\n"
    results = {"outcome": "proven"}
    assert judge(PASSES + more, *options, checklist=checklist, solid=results).returncode == 0
    assert judge(PASSES, *options, checklist=checklist, solid=results).returncode == 0
    assert judge(FAILS + more, *options, checklist=checklist, solid=results).returncode == 1


@pytest.mark.parametrize("options", [(), ("--all",)])
@pytest.mark.parametrize("test", [FAILS, "", None])
def test_what_its_owner_waives_never_counts(workshop, project, postgres, options, test):
    write(project, {"solid": test}, {"solid": {"outcome": "proven"}})
    waived = {"id": "solid", "waive": True, "reason": "not needed", "date": "2026-01-01"}
    record(project, "attested.yml", {"schema": 1, "attestations": [waived]})
    command = ["node", "acceptance/support/run.ts", *options]
    done = workshop.run(command, project, ACCEPTANCE_DATABASE_URL=postgres)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^solid\.holds .* waived$", done.stdout, re.MULTILINE)


def test_a_regression_is_named(judge):
    done = judge(FAILS, solid={"outcome": "proven"})
    assert done.stdout.endswith("was proven before, and fails: solid.holds\n")


@pytest.mark.parametrize("name", ["checklist.yml", "results.json", "attested.yml"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"schema": 2}', "schema 2 is newer"),
        ("{}", "schema: must be 1"),
        ("[1, 2", "line"),
        ('{\n<<<<<<< HEAD\n"schema": 1\n=======\n>>>>>>> main\n}', "line 2: a conflict"),
    ],
)
def test_a_broken_record_is_told_precisely(workshop, project, postgres, name, text, says):
    write(project, {"solid": PASSES}, {})
    record(project, name, text)
    command = ["node", "acceptance/support/run.ts"]
    done = workshop.run(command, project, ACCEPTANCE_DATABASE_URL=postgres)
    assert done.returncode == 3, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f".scaffolder/{name}: ")
    assert says in line


def test_a_file_that_loops_for_ever_does_not_hang_the_run(judge, project):
    report = project / "report.jsonl"
    begun = time.monotonic()
    tests = {"looping": LOOPS, "solid": PASSES}
    done = judge(tests, "--file-limit", "2", "--report", str(report))
    assert time.monotonic() - begun < 30
    assert done.returncode == 4, done.stdout + done.stderr
    crash = next(line for line in lines(report) if line["outcome"] == "crashed")
    assert crash["file"] == "acceptance/looping.test.ts"
    assert "still running after 2 s, the time limit of a file" in crash["message"]
    assert re.search(r"^solid\.holds +proven ", done.stdout, re.MULTILINE)
    assert "1 proven, 0 failed, 1 could not be judged" in done.stdout
    assert crash["message"] in done.stdout


def test_what_a_looping_file_began_is_not_proven(judge):
    begins = (
        "test('looping.holds: it does', async () => {});\n"
        "test('looping.waits: it does', () => new Promise((done) => setTimeout(done, 50)));\n"
    )
    done = judge({"looping": begins + LOOPS}, "--file-limit", "2")
    assert done.returncode == 4, done.stdout + done.stderr
    assert re.search(r"^looping\.holds +error +1/2 ", done.stdout, re.MULTILINE)


SUITE = """import { writeFileSync } from 'node:fs';
import { launchService } from './support/processes.ts';
import { suite } from './support/suite.ts';
const { leaf } = suite('%s', async () => ({}));
"""
SERVICE = """leaf('holds', 'it loops', async () => {
  const command = ['node', '-e', 'console.log(process.pid); setInterval(() => {}, 1000)'];
  const service = await launchService({}, { command });
  while (!service.output()) await new Promise(setImmediate);
  writeFileSync('pids', `${process.pid} ${service.output()}`);
  for (;;);
});
"""


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until_gone(pids):
    assert len(pids) == 2
    deadline = time.monotonic() + 10
    while any(map(alive, pids)):
        assert time.monotonic() < deadline, pids
        time.sleep(0.05)


def test_a_looping_file_takes_its_services_with_it(judge, project):
    done = judge({"looping": SUITE % "looping" + SERVICE}, "--file-limit", "5")
    assert done.returncode == 4, done.stdout + done.stderr
    until_gone([int(pid) for pid in (project / "pids").read_text().split()])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nothing_outlives_a_run_that_is_ended(workshop, project, postgres, number):
    write(project, {"looping": SUITE % "looping" + SERVICE}, {})
    pids = project / "pids"
    pids.unlink(missing_ok=True)
    environment = {**workshop.environment, "ACCEPTANCE_DATABASE_URL": postgres}
    command = ["node", "acceptance/support/run.ts"]
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, text=True
    ) as run:
        while not (pids.exists() and len(pids.read_text().split()) == 2):
            assert run.poll() is None
            time.sleep(0.05)
        run.send_signal(number)
        printed = run.communicate(timeout=node.PATIENCE_S)[0]
    until_gone([int(pid) for pid in pids.read_text().split()])
    if number != signal.SIGKILL:
        assert run.returncode == 128 + number
        assert f"it was ended, because the run got {number.name}" in printed


def test_a_leaf_has_the_time_that_the_checklist_gives_it(judge, project):
    report = project / "report.jsonl"
    hangs = (
        "leaf('holds', 'it hangs', () => new Promise(() => {}));\n"
        "leaf('more', 'it goes on', async () => {});\n"
    )
    checklist = [entry("solid", timeout_s=1)]
    checklist[0]["evidence"].append({"id": "solid.more", "kind": "test"})
    begun = time.monotonic()
    tests = {"solid": SUITE % "solid" + hangs}
    done = judge(tests, "--all", "--report", str(report), checklist=checklist)
    assert time.monotonic() - begun < 30
    assert done.returncode == 1, done.stdout + done.stderr
    first, second = lines(report)
    assert first["outcome"] == "failed"
    assert first["message"] == "it was still running after 1 s, its time limit"
    assert second["outcome"] == "passed"


@pytest.mark.parametrize("extra", [{"file-limit": "0"}, {"file-limit": "soon"}])
def test_a_limit_is_a_number_of_seconds(judge, extra):
    ((name, value),) = extra.items()
    assert judge(PASSES, f"--{name}", value).returncode == 2


COMMANDS = ["::set-output name=a::b", " \u00a0::add-mask::x", "x\r::error::no", "##[group]x"]
HOSTILE = f"""
const commands = {json.dumps(COMMANDS)};
for (const text of commands) console.log(text), console.error(text);
const said = commands.join('\\n');
test('solid.holds: a name\\n::warning::w', () => assert.fail('\\u001b[2J\\n' + said));
test('nameless\\n::notice::n', () => assert.fail(said));
test.skip('skipped.holds: x\\n::debug::d', () => {{}});
"""


def test_nothing_that_a_test_prints_commands_a_terminal_or_a_ci(judge, project):
    summary = project / "summary.md"
    summary.unlink(missing_ok=True)
    tests = {"solid": HOSTILE, "throwing": HOSTILE + "throw new Error('\\n::error::e');\n"}
    done = judge(tests, "--all", "--seed", "x\n::error::s", "--summary", str(summary))
    assert done.returncode == 1
    for text in (done.stdout, done.stderr, summary.read_text()):
        assert "\x1b" not in text
        assert not re.search(r"^\s*::|##\[", text, re.MULTILINE), text
    assert "set-output" in done.stdout
    assert "nameless" in done.stderr


@pytest.mark.parametrize(
    "options", [["--feature", "::error::x"], ["\x1b[2J\n::error::x"], ["--file-limit", "\n::a::"]]
)
def test_what_was_asked_for_commands_nothing_either(judge, options):
    done = judge(PASSES, *options)
    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert not re.search(r"^\s*::", done.stderr, re.MULTILINE), done.stderr


def test_a_ci_gets_its_summary_unasked(judge, project):
    summary = project / "step-summary.md"
    summary.write_text("before\n")
    ci = {"GITHUB_STEP_SUMMARY": str(summary)}
    tests = {"solid": "test('solid.holds: no', () => assert.equal(1, 2, '```<b>'));\n"}
    assert judge(tests, variables=ci).returncode == 0
    text = summary.read_text()
    assert text.startswith("before\n\n## Acceptance\n")
    assert re.search(r"^\| `solid\.holds` \| failed \| 0/1 \| \d+ ms \|$", text, re.MULTILINE)
    assert re.search(r"^````text\nsolid\.holds: no\n\n```<b>\n[^`]*\n````$", text, re.MULTILINE)
    assert judge(tests, "--summary", "", variables=ci).returncode == 0
    assert summary.read_text() == text


@pytest.mark.parametrize("option", ["--report", "--summary"])
def test_a_file_that_cannot_be_written_is_told_before_anything_runs(judge, project, option):
    done = judge(PASSES, option, str(project / "nowhere/file"))
    assert done.returncode == 4
    assert "cannot be written" in done.stderr
    assert "seed" not in done.stdout


def test_a_report_bounds_what_a_leaf_says(judge, project):
    report = project / "report.jsonl"
    judge(
        "test('solid.holds: no', () => assert.equal('x'.repeat(90_000), 'y', 'z'));\n",
        "--report",
        str(report),
    )
    (leaf,) = lines(report)
    assert leaf["message"].startswith("z\n")
    assert 100 < len(leaf["message"]) <= 4000


def test_the_tests_of_a_feature_may_stand_in_any_file(judge, project):
    report = project / "report.jsonl"
    shared = (
        "test('other.holds: it does not', () => assert.fail('no'));\n"
        "test('nameless', () => assert.fail('no'));\n"
        "import { describe } from 'node:test';\n"
        "describe('together', () => { test('far.holds: it does', () => {}); });\n"
    )
    tests = {"solid": PASSES, "other": shared, "far": None}
    done = judge(tests, "--feature", "far", "--feature", "solid", "--all", "--report", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    assert {leaf["evidence"] for leaf in lines(report)} == {"far.holds", "solid.holds"}
    assert not done.stderr
    assert judge(tests).returncode == 0


def test_what_a_test_leaves_open_is_told(judge):
    done = judge(PASSES + "setInterval(() => {}, 1000);\n", "--file-limit", "3")
    assert done.returncode == 4, done.stdout + done.stderr
    assert "its tests were over, but something that they left open" in done.stdout
