"""``scaffolder list``: the same facts for people and for programs."""

from __future__ import annotations

import json

import pytest

from tests.support.templates import FILES, write_template


def entries(done) -> dict[str, dict]:
    found = json.loads(done.out)
    assert found["schema"] == "scaffolder/list@1"
    return {entry["id"]: entry for entry in found["projects"]}


def test_every_project_is_listed_with_its_features(cli):
    done = cli("list")
    assert (done.code, done.err) == (0, "")
    assert "greeter  Greeter\n" in done.out
    assert "features: hello, goodbye\n" in done.out


def test_the_same_as_json(cli):
    found = entries(cli("list", "--json"))["greeter"]
    assert found["version"] == "1.2.0"
    assert found["status"] == "available"
    assert found["phase"] is None
    assert found["features"][1] == {
        "id": "goodbye",
        "title": "Says goodbye",
        "level": "must",
        "phase": None,
        "milestones": [],
        "requires": ["hello"],
        "evidence": ["goodbye.says"],
    }


def test_every_project_of_the_roadmap_is_there_available_or_planned(cli):
    from scaffolder.builtin.roadmaps import backend_first

    found, text = entries(cli("list", "--json")), cli("list").out
    for project in backend_first().projects:
        entry = next(item for item in found.values() if item["project"] == project.id)
        assert entry["phase"] == project.phase
        assert entry["weeks"] == [project.weeks.first, project.weeks.last]
        assert entry["milestones"] == list(project.milestones)
        assert entry["stack"] == list(project.stack)
        named = {feature["id"] for feature in entry["features"]} | set(entry["planned"])
        assert named == {feature.id for feature in project.features}
        assert f"phase {project.phase}, weeks {project.weeks}" in text
        assert ("planned: no template yet" in text) == any(
            item["status"] == "planned" for item in found.values()
        )


@pytest.mark.parametrize(
    "arguments", [("list",), ("list", "--json"), ("plugins",), ("new", "x"), ("roadmap",)]
)
def test_a_template_that_contradicts_its_roadmap_changes_no_exit_code(cli, plugin, arguments):
    good = cli(*arguments)
    manifest = FILES["template.yml"] + "roadmap: backend-first\nproject: task-api\n"
    checklist = (
        FILES["checklist.yml"]
        .replace("    title: Says hello\n", "")
        .replace("    title: Says goodbye\n", "")
    )
    write_template(plugin / "greeter", {"template.yml": manifest, "checklist.yml": checklist})
    done = cli(*arguments)
    assert done.code == good.code
    if arguments != ("roadmap",):
        assert done.err.count("warning: the plugin acme failed") == 1


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_title_beyond_the_encoding_of_the_terminal_is_escaped(cli, plugin, monkeypatch, encoding):
    import io
    import sys

    title = "Café ✓ 日本"
    write_template(
        plugin / "greeter",
        {"template.yml": FILES["template.yml"].replace("title: Greeter", f"title: {title}")},
    )
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding=encoding))
    for arguments in (["list"], ["list", "--json"], ["plugins"], ["new", "greeter", "--dry-run"]):
        assert cli(*arguments).code == 0
    sys.stdout.flush()
    shown = buffer.getvalue().decode(encoding)
    assert "Greeter" not in shown
    assert ("日本" in shown) == (encoding == "utf-8")


@pytest.mark.parametrize("columns", ["40", "20", "200"])
def test_lines_fit_the_terminal(cli, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    done = cli("list")
    assert done.code == 0
    long = [
        line for line in done.out.splitlines() if len(line) > int(columns) and line.startswith(" ")
    ]
    assert all(" " not in line.strip() for line in long) or int(columns) < 24
