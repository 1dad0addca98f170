"""Node and the packages: what is missing is named, with the step that mends it."""

from __future__ import annotations

import json
import os
import shlex
import subprocess

import pytest

from scaffolder.errors import ToolUnusable
from scaffolder.evidence import node
from scaffolder.evidence.node import install, needs_install, require_node
from tests.support.templates import write

ENGINES = {"node": ">=24.15 <25"}


@pytest.fixture
def tools(tmp_path):
    """Make programs on a path of their own, and give the environment that has it."""
    folder = tmp_path / "tools"
    folder.mkdir()
    # What the scripts themselves are made of.
    for name in ("sh", "sleep", "cat"):
        (folder / name).symlink_to(f"/bin/{name}")

    def make(**scripts):
        for name, script in scripts.items():
            write(folder / name, f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        return {"PATH": str(folder)}

    return make


@pytest.mark.parametrize(
    "version", ["v24.15.0", "v24.15.3", "v24.16.0", "v26.0.0", "v24.15.0-rc.1"]
)
def test_a_node_that_is_new_enough(tools, version):
    require_node(ENGINES, tools(node=f"echo {version}", npm="exit 1"))


@pytest.mark.parametrize("version", ["v24.14.9", "v24.9.0", "v9.99.99", "v22.21.0", "v0.10.0"])
def test_a_node_that_is_too_old(tools, version):
    with pytest.raises(ToolUnusable) as caught:
        require_node(ENGINES, tools(node=f"echo {version}", npm="exit 0"))
    number = version.removeprefix("v")
    assert caught.value.what == f"Node {number} is too old: the project needs >=24.15 <25"
    assert "newer Node" in caught.value.mend


@pytest.mark.parametrize(
    ("scripts", "words"),
    [
        ({}, "node and npm cannot be found on the PATH"),
        ({"node": "echo v24.15.0"}, "npm cannot be found on the PATH"),
        ({"npm": "exit 0"}, "node cannot be found on the PATH"),
    ],
)
def test_a_tool_that_is_missing(tools, scripts, words):
    with pytest.raises(ToolUnusable) as caught:
        require_node(ENGINES, tools(**scripts))
    assert caught.value.what == words
    assert caught.value.mend == "install Node >=24.15 <25, which brings npm"


def test_a_file_that_may_not_be_run_is_no_tool(tools, tmp_path):
    environment = tools(node="echo v24.15.0", npm="exit 0")
    (tmp_path / "tools" / "npm").chmod(0o644)
    with pytest.raises(ToolUnusable, match="npm cannot be found"):
        require_node(ENGINES, environment)


@pytest.mark.parametrize("engines", [{}, {"node": ""}, {"node": "*"}, {"npm": ">=11"}])
def test_a_template_that_asks_for_no_version(tools, engines):
    require_node(engines, tools(node="echo v4.0.0", npm="exit 0"))


def test_the_advice_for_a_template_that_asks_for_no_version():
    with pytest.raises(ToolUnusable) as caught:
        require_node({}, {"PATH": "/nowhere"})
    assert caught.value.mend == "install Node, which brings npm"


BROKEN = {
    "fails": "echo 'libnode.so is missing' >&2; exit 127",
    "is killed": "kill -9 $$",
    "says nothing": "exit 0",
    "says something else": "echo hello",
    "says what is no text": r"printf '\377\376\n'",
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_a_node_that_is_broken(tools, script):
    with pytest.raises(ToolUnusable) as caught:
        require_node(ENGINES, tools(node=script, npm="exit 0"))
    assert "node --version" in caught.value.what


def test_a_node_that_is_no_program(tools, tmp_path):
    environment = tools(node="", npm="exit 0")
    (tmp_path / "tools" / "node").write_bytes(b"\x7fELF broken")
    with pytest.raises(ToolUnusable, match="node --version failed"):
        require_node(ENGINES, environment)


def test_a_node_that_hangs(tools, monkeypatch):
    monkeypatch.setattr(node, "_ASK_LIMIT_S", 0.2)
    with pytest.raises(ToolUnusable, match=r"node --version failed: .*timed out"):
        require_node(ENGINES, tools(node="exec sleep 60", npm="exit 0"))


def test_a_version_manager_that_talks_on_the_side(tools):
    require_node(ENGINES, tools(node="echo downloading >&2; echo v24.15.0", npm="exit 0"))


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "my app"
    write(root / "package.json", "{}")
    write(root / "package-lock.json", "{}")
    return root


def lock(root, **versions):
    packages = {"": {"version": "1.0.0"}}
    packages |= {f"node_modules/{name}": {"version": version} for name, version in versions.items()}
    write(root, json.dumps({"lockfileVersion": 3, "packages": packages}))


def test_packages_are_installed_when_they_are_not_those_of_the_lock_file(project):
    mine, there = project / "package-lock.json", project / "node_modules/.package-lock.json"
    lock(mine, pg="8.0.0", zod="4.0.0")
    assert needs_install(project)
    write(project / "node_modules/pg/index.js", "")
    assert needs_install(project)
    lock(there, pg="8.0.0")
    assert needs_install(project)
    lock(there, pg="8.0.0", zod="3.0.0")
    assert needs_install(project)
    lock(there, pg="8.0.0", zod="4.0.0")
    assert not needs_install(project)
    # A clone or a checkout makes every file new.
    os.utime(there, (1000, 1000))
    assert not needs_install(project)
    lock(mine, pg="9.0.0", zod="4.0.0")
    assert needs_install(project)
    mine.unlink()
    assert not needs_install(project)


def test_a_package_that_is_optional_may_be_missing(project):
    packages = {"node_modules/fsevents": {"version": "2.0.0", "optional": True}}
    write(project / "package-lock.json", json.dumps({"packages": packages}))
    write(project / "node_modules/.package-lock.json", json.dumps({"packages": {}}))
    assert not needs_install(project)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"packages": []}', '{"packages": {"a": 1}}', "\xff"]
)
@pytest.mark.parametrize("file", ["package-lock.json", "node_modules/.package-lock.json"])
def test_a_lock_file_that_is_broken_is_left_to_npm(project, file, text):
    for path in ("package-lock.json", "node_modules/.package-lock.json"):
        lock(project / path, pg="8.0.0")
    (project / file).write_bytes(text.encode("latin-1"))
    assert needs_install(project) in (True, False)


def test_a_project_without_packages_needs_none(tmp_path):
    assert not needs_install(tmp_path)


@pytest.mark.parametrize(("locked", "verb"), [(True, "ci"), (False, "install")])
def test_the_locked_packages_are_installed_in_the_project(tools, project, locked, verb):
    if not locked:
        (project / "package-lock.json").unlink()
    heard = []
    install(project, tools(npm='echo "$@"; echo warned >&2; echo "$0" > ran'), heard.append)
    assert heard == [f"{verb} --no-audit --no-fund", "warned"]
    assert (project / "ran").exists()


def test_an_npm_that_fails_says_why(tools, project):
    script = (
        "echo 'npm warn deprecated inflight@1.0.6' >&2; echo 'npm error code E404' >&2;"
        "echo 'npm error 404 Not Found - left-pad' >&2; exit 1"
    )
    heard = []
    with pytest.raises(ToolUnusable) as caught:
        install(project, tools(npm=script), heard.append)
    assert caught.value.what == "npm ci failed"
    assert len(heard) == 3
    # A warning is not the reason.
    assert "E404" in caught.value.why or "404 Not Found" in caught.value.why


@pytest.mark.parametrize("script", ["exit 1", "echo; exit 3", "kill -9 $$"])
def test_an_npm_that_fails_in_silence(tools, project, script):
    with pytest.raises(ToolUnusable) as caught:
        install(project, tools(npm=script), lambda line: None)
    assert (caught.value.what, caught.value.why) == ("npm ci failed", "it said nothing")


def test_the_advice_works_in_a_shell(tools, project):
    environment = tools(npm="test -e fixed")
    with pytest.raises(ToolUnusable) as caught:
        install(project, environment, lambda line: None)
    (project / "fixed").touch()
    command = ["sh", "-c", caught.value.mend]
    subprocess.run(command, cwd=project.parent, env=environment, check=True)
    assert shlex.split(caught.value.mend)[-2:] == ["npm", "ci"]


def test_an_npm_that_hangs_is_ended(tools, project, monkeypatch):
    monkeypatch.setattr(node, "_INSTALL_LIMIT_S", 0.3)
    with pytest.raises(ToolUnusable, match="npm ci failed"):
        install(project, tools(npm="exec sleep 60"), lambda line: None)


def test_an_npm_that_is_not_there(project):
    with pytest.raises(ToolUnusable, match="npm cannot be run"):
        install(project, {"PATH": "/nowhere"}, lambda line: None)
