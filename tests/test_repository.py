"""The first commit holds exactly the composed files, whatever is set up on the machine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from scaffolder import repository
from scaffolder.errors import GitUnusable
from scaffolder.repository import author_name, enclosing_repository, give_birth
from tests.support.gits import ENVIRONMENTS, SETTINGS, configure
from tests.support.runs import git, snapshot
from tests.support.templates import write

FILES = {
    ".gitattributes": "*.sh eol=lf\ncrlf.txt -text\n",
    ".gitignore": ".env\nignored.txt\n",
    "-dash": "",
    "README.md": "# Hi\n",
    "crlf.txt": "a\r\nb\r\n",
    "ignored.txt": "composed, though ignored\n",
    "run.sh": "#!/bin/sh\n",
    "src/[id] ü 💚.ts": "x",
    "src/a.ts": "",
}


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "project"
    for path, text in FILES.items():
        write(root / path, text)
    (root / "crlf.txt").write_bytes(b"a\r\nb\r\n")
    (root / "run.sh").chmod(0o755)
    write(root / ".env", "SECRET=1\n")
    return root


def birth(folder):
    return give_birth(folder, sorted(FILES), "Start hi", ["Scaffold-Template: hi@1.0.0"])


def check_whole(folder, made):
    """The commit is on main, holds the files byte by byte, and leaves the tree clean."""
    assert git(folder, "symbolic-ref", "HEAD") == "refs/heads/main\n"
    assert git(folder, "rev-parse", "HEAD").strip() == made.commit
    listing = git(folder, "ls-tree", "-r", "-z", "HEAD").split("\0")[:-1]
    modes = {line.split("\t")[1]: line.split()[0] for line in listing}
    assert sorted(modes) == sorted(FILES)
    assert [path for path, mode in modes.items() if mode == "100755"] == ["run.sh"]
    for path in FILES:
        shown = subprocess.run(
            ["git", "cat-file", "blob", f"HEAD:{path}"], cwd=folder, capture_output=True, check=True
        )
        assert shown.stdout == (folder / path).read_bytes()
    assert git(folder, "status", "--porcelain") == ""
    git(folder, "fsck", "--strict", "--no-dangling")
    body = git(folder, "log", "-1", "--format=%B")
    assert body.rstrip("\n") == (
        f"Start hi\n\nScaffold-Template: hi@1.0.0\nScaffold-Tree: {made.tree}"
    )
    assert git(folder, "rev-parse", "HEAD^{tree}").strip() == made.tree


@pytest.mark.parametrize("settings", SETTINGS)
def test_no_personal_setting_changes_the_first_commit(folder, home, settings):
    configure(home, settings)
    made = birth(folder)
    assert made.unsigned == (settings in ("missing signer", "failing signer"))
    check_whole(folder, made)
    author = git(folder, "log", "-1", "--format=%an <%ae> %cn <%ce> %G?").strip()
    assert author == "Ada Example <ada@example.org> Ada Example <ada@example.org> N"


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_variable_of_the_environment_sends_it_elsewhere(folder, identity, name, monkeypatch):
    with monkeypatch.context() as patched:
        for variable, value in ENVIRONMENTS[name].items():
            patched.setenv(variable, value)
        made = birth(folder)
        assert {key: os.environ[key] for key in ENVIRONMENTS[name]} == (
            ENVIRONMENTS[name] | {"GIT_PYTHON_REFRESH": "quiet"}
            if name == "strict GitPython"
            else ENVIRONMENTS[name]
        )
    check_whole(folder, made)


def test_no_hook_and_no_remnant_of_a_template_is_in_the_repository(folder, home):
    configure(home, "template of hooks")
    birth(folder)
    assert not (folder / ".git" / "hooks").exists()


def test_nothing_remembers_where_the_project_grew(folder, identity, tmp_path):
    made = birth(folder)
    for path, (kind, _, content) in snapshot(folder / ".git").items():
        assert kind != "file" or str(tmp_path).encode() not in content, path
    moved = folder.rename(tmp_path / "moved")
    check_whole(moved, made)


@pytest.mark.parametrize(
    "settings", ["", "[user]\n\tname = Ada\n", "[user]\n\temail = ada@example.org\n"]
)
def test_without_an_identity_all_is_staged_and_none_is_invented(folder, home, settings):
    (home / ".gitconfig").write_text(settings)
    made = birth(folder)
    assert made.commit is None
    assert git(folder, "write-tree").strip() == made.tree
    assert git(folder, "ls-files", "-z").split("\0")[:-1] == sorted(FILES)
    git(folder, "rev-parse", "--verify", "HEAD", code=128)


def test_an_identity_of_the_environment_is_one(folder, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Grace Høpper")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "grace@example.org")
    check_whole(folder, birth(folder))
    assert git(folder, "log", "-1", "--format=%an").strip() == "Grace Høpper"


def test_the_mode_of_settings_that_say_no_more_is_left_alone(folder, identity, home):
    before = (home / ".gitconfig").read_bytes()
    birth(folder)
    assert (home / ".gitconfig").read_bytes() == before


@pytest.mark.parametrize(
    ("breaks", "words"),
    [
        (lambda home, patch: patch.setenv("PATH", "/nowhere"), "git is not installed"),
        (lambda home, patch: (home / ".gitconfig").write_text("[user\n"), "bad config"),
        (lambda home, patch: write_fake(home, patch, "echo broken >&2; exit 7"), "broken"),
        (lambda home, patch: write_fake(home, patch, "exit 7"), "git failed: 7"),
        (lambda home, patch: write_fake(home, patch, None), "git"),
    ],
)
def test_a_git_that_does_not_work_is_said_to_be_unusable(folder, home, monkeypatch, breaks, words):
    breaks(home, monkeypatch)
    with pytest.raises(GitUnusable) as caught:
        birth(folder)
    assert words in caught.value.what
    assert author_name() is None


def write_fake(home, patch, script):
    """Put a git first on the path that fails; with None, one that cannot be executed."""
    fake = home / "bin" / "git"
    write(fake, f"#!/bin/sh\n{script}\n" if script else "#!/nowhere/sh\n")
    fake.chmod(0o755)
    patch.setenv("PATH", str(fake.parent))


def test_the_author_is_who_git_says(home):
    assert author_name() is None
    (home / ".gitconfig").write_text("[user]\n\tname = ' Zoë  '\n")
    assert author_name() == "' Zoë  '"
    (home / ".gitconfig").write_text("[user]\n\tname = \n")
    assert author_name() is None


def test_the_author_can_be_asked_for_from_a_folder_that_is_gone(tmp_path, identity, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert author_name() in ("Ada Example", None)


def test_an_enclosing_repository_is_found_from_anywhere_below(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert enclosing_repository(tmp_path / "a" / "b") is None
    git(tmp_path, "init", "--quiet")
    assert enclosing_repository(tmp_path / "a" / "b") == tmp_path
    assert enclosing_repository(tmp_path) == tmp_path


def test_a_linked_work_tree_is_a_repository(tmp_path, identity):
    main = tmp_path / "main"
    git(tmp_path, "init", "--quiet", "main")
    git(main, "commit", "--allow-empty", "--quiet", "--message", "x")
    git(main, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert enclosing_repository(tmp_path / "linked") == tmp_path / "linked"


def test_git_is_missing_when_gitpython_is_first_imported(folder):
    """In a process of its own: GitPython looks for git at its import."""
    code = (
        "import sys; from pathlib import Path\n"
        "from scaffolder.errors import GitUnusable\n"
        "from scaffolder.repository import author_name, give_birth\n"
        "assert author_name() is None\n"
        "try: give_birth(Path(sys.argv[1]), ['README.md'], 'x', [])\n"
        "except GitUnusable as error: print(error)\n"
    )
    environment = {**os.environ, "PATH": "/nowhere", "GIT_PYTHON_REFRESH": "raise"}
    command = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("git is not installed\n", "")


def test_the_branch_is_main():
    assert repository.BRANCH == "main"
