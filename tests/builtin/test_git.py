"""The first commit as the built-in plugin makes it, and how to finish it by hand."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace

import pytest

from scaffolder.builtin.git import first_commit
from scaffolder.errors import GitUnusable
from scaffolder.models import GitMode, Project
from scaffolder.template import read_template
from tests.support.runs import git
from tests.support.templates import write

FILES = (".gitignore", "README.md", "src/a b.sh")


@pytest.fixture
def project(tmp_path, template):
    folder = tmp_path / "it's a $HOME" / "hi"
    for path in FILES:
        write(folder / path, "x\n")
    write(folder / ".gitignore", ".env\n")
    write(folder / ".env", "SECRET=1\n")
    return Project(
        path=folder,
        destination=folder,
        name="hi",
        template=read_template(template),
        built=("hello",),
        answers={},
        files=FILES,
    )


def trailers(folder) -> dict[str, str]:
    shown = git(folder, "log", "-1", "--format=%(trailers:only,unfold)")
    return dict(line.split(": ", 1) for line in shown.splitlines() if line)


def check_whole(project):
    folder = project.path
    assert git(folder, "rev-list", "--count", "HEAD").strip() == "1"
    assert git(folder, "branch", "--show-current").strip() == "main"
    assert git(folder, "ls-tree", "-r", "--name-only", "-z", "HEAD") == "".join(
        path + "\0" for path in FILES
    )
    assert git(folder, "status", "--porcelain") == ""
    assert trailers(folder) == {
        "Scaffold-Template": "greeter@1.2.0",
        "Scaffold-Built": ", ".join(project.built) or "nothing",
        "Scaffold-Tree": git(folder, "rev-parse", "HEAD^{tree}").strip(),
    }
    subject = git(folder, "log", "-1", "--format=%s").strip()
    assert subject == "Start hi from the template greeter"


@pytest.mark.parametrize("built", [(), ("hello",), ("hello", "goodbye")])
@pytest.mark.parametrize("mode", [GitMode.AUTO, GitMode.REQUIRE])
def test_with_an_identity_there_is_one_whole_commit(project, identity, mode, built):
    project = replace(project, git=mode, built=built)
    notices = first_commit(project)
    assert not any(notice.warning for notice in notices)
    check_whole(project)


def test_none_means_no_repository(project, identity):
    assert first_commit(replace(project, git=GitMode.NONE)) == ()
    assert not (project.path / ".git").exists()


def test_a_signature_that_was_asked_for_and_is_not_there_is_told(project, identity, home):
    with (home / ".gitconfig").open("a") as stream:
        stream.write("[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n")
    (notice,) = first_commit(project)
    assert "unsigned" in notice.text
    check_whole(project)


def finish(notice):
    """Type the commands of a notice into one shell, as they are printed."""
    script = "set -e\n" + "\n".join(notice.commands)
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_an_identity_the_printed_commands_finish_the_job(project):
    (notice,) = first_commit(project)
    assert notice.warning
    assert "no name and address" in notice.text
    assert git(project.path, "rev-parse", "--verify", "HEAD", code=128) == ""
    finish(notice)
    check_whole(project)
    assert git(project.path, "log", "-1", "--format=%an").strip() == "Your Name"


@pytest.mark.parametrize(
    "settings", ["", "[core]\n\texcludesFile = {home}/e\n", "[init]\n\tdefaultBranch = trunk\n"]
)
def test_without_git_the_printed_commands_finish_the_job(
    project, identity, home, monkeypatch, settings
):
    (home / "e").write_text("*.md\n")
    with (home / ".gitconfig").open("a") as stream:
        stream.write(settings.format(home=home))
    with monkeypatch.context() as patched:
        patched.setenv("PATH", "/nowhere")
        (notice,) = first_commit(project)
    assert notice.warning
    assert "git is not installed" in notice.text
    assert not (project.path / ".git").exists()
    finish(notice)
    check_whole(project)


def test_the_commands_can_be_typed_anywhere_and_name_the_final_folder(
    project, identity, monkeypatch
):
    monkeypatch.setenv("PATH", "/nowhere")
    staged = replace(project, destination=project.path.parent / "final")
    (notice,) = first_commit(staged)
    assert f"cd {shlex.quote(str(project.path.parent / 'final'))}" in notice.commands


@pytest.mark.parametrize(
    ("arrange", "what", "mend"),
    [
        (
            lambda project, patch: patch.setenv("PATH", "/nowhere"),
            "git is not installed",
            "install",
        ),
        (lambda project, patch: None, "no name and address", "git config --global user.name"),
        (
            lambda project, patch: git(project.path.parent, "init", "--quiet"),
            "is one already",
            "outside it",
        ),
    ],
)
def test_a_commit_that_is_required_and_cannot_be_made_is_an_error(
    project, monkeypatch, arrange, what, mend
):
    arrange(project, monkeypatch)
    with pytest.raises(GitUnusable) as caught:
        first_commit(replace(project, git=GitMode.REQUIRE))
    assert what in caught.value.what
    assert mend in caught.value.mend
    assert caught.value.exit_code == 4


def test_inside_another_repository_none_is_made_and_this_is_said(project, identity):
    around = project.path.parent
    git(around, "init", "--quiet")
    before = git(around, "status", "--porcelain", "--ignored")
    (notice,) = first_commit(project)
    assert notice.text == f"no repository was made, since {around} is one already"
    assert not notice.warning
    assert not (project.path / ".git").exists()
    assert git(around, "status", "--porcelain", "--ignored") == before


def test_a_git_that_fails_halfway_leaves_no_half_repository(project, home, monkeypatch):
    (home / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = a@example.org\n")
    broken = replace(project, files=(*FILES, "missing.txt"))
    (notice,) = first_commit(broken)
    assert notice.warning
    assert "git failed" in notice.text
    assert not (project.path / ".git").exists()
