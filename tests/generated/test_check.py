"""`scaffolder check`: both ends of each template, and everything that only looks like a proof."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from tests.generated.variants import TASK_API, every_template, the_shop
from tests.support import node
from tests.support.processes import left_behind

pytestmark = [pytest.mark.npm, pytest.mark.services]

# Longer than a run of the suite may take.
PATIENCE_S = 1200
# How many features the prefix has that is tried every time.
PREFIX = {"task-api": 3, "ecommerce-api": 1}
SERVER = """\
import {{ createServer }} from 'node:http';
createServer((_request, response) => {{
  response.writeHead({status}, {{ 'Content-Type': 'application/json' }}).end('{{}}');
}}).listen(Number(process.env['PORT']), '127.0.0.1');
"""


@pytest.fixture
def check(workshop, servers, tmp_path):
    """Check a project on the servers of the tests, and return the process and its report."""
    return checker(workshop, servers, tmp_path)


@pytest.fixture
def check_alone(workshop, tmp_path):
    """The same, with no servers but those that the check itself starts."""
    return checker(workshop, {}, tmp_path)


def checker(workshop, servers, folder):
    def check(project, *options):
        report = folder / "report.json"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "scaffolder", "check", str(project)]
        done = node.run(
            [*command, "--format", "text", "--format", f"json:{report}", *options],
            folder,
            {**workshop.environment, **servers},
            patience_s=PATIENCE_S,
        )
        return done, json.loads(report.read_text()) if report.exists() else None

    return check


def outcomes(report):
    return {item["id"]: item["outcome"] for item in report["features"]}


def flags(report, feature):
    return next(item["flags"] for item in report["features"] if item["id"] == feature)


def recorded(project):
    return json.loads((project / ".scaffolder/results.json").read_text())["features"]


@pytest.fixture
def prove(installed, check, subject):
    """Check the reference, which must be proven, and return it."""

    def prove():
        project = installed.new("--start", "complete")
        done, report = check(project)
        assert done.returncode == 0, done.stdout + done.stderr
        assert outcomes(report) == dict.fromkeys(subject.features, "proven"), done.stdout
        assert report["integrity"] == {"suite": "pristine", "modified": []}
        assert "✔ proven" in (project / "CHECKLIST.md").read_text()
        badge = json.loads((project / ".scaffolder/badge.json").read_text())
        assert badge["message"] == f"{len(subject.must)}/{len(subject.must)} proven"
        return project

    return prove


@the_shop
def test_the_reference_proves_everything(prove):
    prove()


def test_the_reference_proves_everything_and_what_breaks_then_shows(prove, check):
    project = prove()
    routes = project / "src/features/validation/parse.ts"
    working = routes.read_text()
    routes.write_text("// A comment changes nothing, but who knows.\n" + working)
    done, report = check(project, "--feature", "validation")
    assert done.returncode == 0
    assert outcomes(report)["validation"] == "proven"
    assert "stale" in flags(report, "auth")
    assert flags(report, "validation") == []

    routes.write_text("export const parse = (): never => { throw new Error('broken'); };\n")
    done, report = check(project, "--feature", "validation")
    assert done.returncode == 1
    assert outcomes(report)["validation"] == "failed"
    assert "regressed" in flags(report, "validation")
    assert recorded(project)["validation"]["flags"] == ["regressed"]
    assert "regressed" in (project / "CHECKLIST.md").read_text()

    routes.write_text(working)
    done, report = check(project, "--feature", "validation")
    assert done.returncode == 0
    assert outcomes(report) == dict.fromkeys(TASK_API.features, "proven")
    # Back to the very files that the others were proven on.
    assert flags(report, "auth") == []


@every_template
def test_the_starter_has_everything_to_do_with_servers_of_our_own(installed, check_alone, subject):
    project = installed.new()
    done, report = check_alone(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert outcomes(report) == dict.fromkeys(subject.features, "todo")
    assert f"next: {subject.features[0]}" in done.stdout
    for service in subject.services:
        assert f"[check] {service}: private instance" in done.stderr


@every_template
def test_a_prefix_proves_exactly_its_features(template, installed, check, subject, effort):
    most = len(subject.features) - 1
    for built in effort.of((), [PREFIX[template]], range(1, most + 1)):
        names = subject.features[:built]
        done, report = check(installed.new("--with", ",".join(names)))
        assert done.returncode == 0, done.stdout + done.stderr
        todo = dict.fromkeys(subject.features, "todo")
        assert outcomes(report) == todo | dict.fromkeys(names, "proven")


def test_what_is_demanded_and_not_built_fails(installed, check):
    project = installed.new()
    done, report = check(project, "--feature", "auth")
    assert done.returncode == 1
    assert outcomes(report) == dict.fromkeys(TASK_API.features, "todo") | {"auth": "failed"}
    done, report = check(project, "--milestone", "week-12", "--strict")
    assert done.returncode == 1
    failed = dict.fromkeys(TASK_API.must, "failed")
    assert outcomes(report) == dict.fromkeys(TASK_API.features, "todo") | failed


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def write(file, text):
    assert file.exists()
    file.write_text(text)


def leaves(project, evidence):
    """Return a test file with a leaf that passes for each piece of evidence."""
    tests = [f"test('{item}: it does', () => {{}});" for item in evidence]
    return "\n".join(["import { test } from 'node:test';", *tests, ""])


def evidence_of(project, feature):
    checklist = yaml.safe_load((project / ".scaffolder/checklist.yml").read_text())
    found = next(item for item in checklist["features"] if item["id"] == feature)
    return [item["id"] for item in found["evidence"]]


def emptied(project):
    write(project / "acceptance/auth.test.ts", "")


def filtered(project):
    script = '"acceptance": "node --test --test-name-pattern=NOTHING acceptance/*.test.ts"'
    edit(project / "package.json", '"acceptance": "node acceptance/support/run.ts"', script)


def ended(project):
    file = project / "acceptance/auth.test.ts"
    write(file, file.read_text() + "\nprocess.exit(0);\n")


def renamed(project):
    edit(project / "acceptance/auth/entrance.ts", "leaf('register', '", "leaf('registered', '")


def asserting_nothing(project):
    text = leaves(project, evidence_of(project, "auth"))
    write(project / "acceptance/auth.test.ts", text)


def asking_less(project):
    file = project / ".scaffolder/checklist.yml"
    checklist = yaml.safe_load(file.read_text())
    for feature in checklist["features"]:
        feature["evidence"] = [{"id": f"{feature['id']}.all", "kind": "command", "run": "true"}]
    write(file, yaml.safe_dump(checklist))


def answering(status):
    return lambda project: write(project / "src/server.ts", SERVER.format(status=status))


CHEATS = {
    "an emptied test file": emptied,
    "a filter that matches nothing": filtered,
    "process.exit(0) in a test": ended,
    "a renamed test": renamed,
    "an edited assertion": asserting_nothing,
    "an edited checklist": asking_less,
    "200 {} to everything": answering(200),
    "404 to everything": answering(404),
}
# These get a feature proven, and are marked for it.
MARKED = {"an edited assertion", "an edited checklist"}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_proves_nothing_unmarked(name, installed, check):
    project = installed.new()
    CHEATS[name](project)
    done, report = check(project, "--feature", "auth")
    assert report, done.stderr
    if name in MARKED:
        assert outcomes(report)["auth"] == "proven"
        assert flags(report, "auth") == ["modified"]
        assert recorded(project)["auth"]["flags"] == ["modified"]
        assert "modified" in done.stdout
        assert "modified" in (project / "CHECKLIST.md").read_text()
    else:
        assert outcomes(report)["auth"] in ("failed", "error")
        assert done.returncode in (1, 4)


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_proves_nothing_at_all_to_the_template_s_own_suite(name, installed, check):
    project = installed.new()
    CHEATS[name](project)
    done, report = check(project, "--feature", "auth", "--pristine")
    assert done.returncode == 1, done.stdout + done.stderr
    assert outcomes(report)["auth"] == "failed"
    assert report["integrity"] == {"suite": "overlaid", "modified": []}


def start_check(project, workshop, postgres, mark):
    mark.mkdir(exist_ok=True)
    # Whatever the suite starts inherits its PATH, and can be told from others by it.
    path = f"{workshop.environment['PATH']}{os.pathsep}{mark}"
    return subprocess.Popen(
        [sys.executable, "-m", "scaffolder", "check", str(project), "--feature", "validation"],
        env={**workshop.environment, "PATH": path, "ACCEPTANCE_DATABASE_URL": postgres},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_suite(mark):
    """Kill the runner of the suite, if it runs."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().split(b"\0")
            environment = (entry / "environ").read_bytes()
            if b"acceptance/support/run.ts" in command and str(mark).encode() in environment:
                os.kill(int(entry.name), signal.SIGKILL)


def test_no_end_of_a_check_leaves_a_process_or_half_a_record(
    installed, workshop, postgres, tmp_path, effort
):
    project = installed.new("--start", "complete")
    mark = tmp_path / "mark"
    before = (project / ".scaffolder/results.json").read_bytes()
    tries = effort.of(1, 3, 50)
    for attempt in range(tries):
        check = start_check(project, workshop, postgres, mark)
        time.sleep(random.uniform(0.5, 8.0))
        if attempt % 3 == 2:
            kill_suite(mark)
        else:
            check.send_signal((signal.SIGINT, signal.SIGTERM)[attempt % 3])
        said = check.communicate(timeout=120)[0]
        # 0 and 1 where the check was quicker than we.
        assert check.returncode in (0, 1, 4, 130), said
        assert "Traceback" not in said
        assert left_behind(mark) == []
        now = (project / ".scaffolder/results.json").read_bytes()
        assert now == before or check.returncode == 0, said
        before = now
        json.loads(now)
