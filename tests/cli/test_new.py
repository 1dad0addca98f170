"""``scaffolder new``: what a user types, what appears, what is said, what is never left behind."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.runs import contents, git, snapshot
from tests.support.templates import FILES, write, write_template

STARTER = [
    ".env",
    ".gitignore",
    ".scaffolder/badge.json",
    ".scaffolder/checklist.yml",
    ".scaffolder/project.yml",
    ".scaffolder/results.json",
    "CHECKLIST.md",
    "README.md",
    "acceptance/hello.test.sh",
    "src/goodbye/goodbye.sh",
    "src/hello/hello.sh",
    "src/main.sh",
]


def files(project: Path) -> list[str]:
    return [
        path
        for path, entry in snapshot(project).items()
        if entry[0] == "file" and not path.startswith(".git/")
    ]


def test_the_starter(cli, work, identity):
    done = cli("new", "greeter", "--defaults")
    assert done.code == 0
    assert files(work / "greeter") == STARTER
    assert git(work / "greeter", "status", "--porcelain") == ""
    assert git(work / "greeter", "rev-list", "--count", "HEAD").strip() == "1"
    assert (work / "greeter/README.md").read_text() == "# greeter\n\nGreets.\n\nBy Ada Example.\n"
    assert "not yet" in (work / "greeter/src/hello/hello.sh").read_text()
    assert done.err == ""
    commit = git(work / "greeter", "rev-parse", "--short=7", "HEAD").strip()
    assert done.out == (
        "Created greeter in greeter\n"
        "  Greeter, version 1.2.0\n"
        "  starter: hello and goodbye are stubs\n"
        "  11 files\n"
        f"  first commit {commit} on the branch main\n"
        "\n"
        "Next:\n"
        "  cd greeter\n"
        "  make run\n"
        "\n"
        "First feature: hello, Says hello\n"
        "  Say it.\n"
    )


def test_the_complete_project(cli, work, identity):
    done = cli("new", "greeter", "done", "--defaults", "--start", "complete")
    assert "complete: every feature is built" in done.out
    assert "First feature" not in done.out
    assert files(work / "done") == sorted([*STARTER, "Procfile"])
    record = yaml.safe_load((work / "done/.scaffolder/project.yml").read_text())
    assert record["built"] == ["hello", "goodbye"]


@pytest.mark.parametrize(
    "wanted",
    [["--with", "goodbye"], ["--with", " goodbye ,"], ["--with", "goodbye", "--with", "goodbye"]],
)
def test_exactly_the_features_that_were_named_are_built(cli, work, identity, wanted):
    done = cli("new", "greeter", "--defaults", *wanted)
    assert "built: goodbye; to do: hello" in done.out
    assert "note: goodbye builds on hello, not built yet" in done.out
    assert (work / "greeter/Procfile").exists()
    assert "not yet" in (work / "greeter/src/hello/hello.sh").read_text()


def test_a_dry_run_lists_every_file_and_writes_nothing(cli, work):
    (work / ".scaffolder-staging-dead").mkdir()
    before = snapshot(work)
    done = cli("new", "greeter", "--dry-run")
    assert (done.code, done.out.splitlines()) == (0, STARTER)
    assert snapshot(work) == before
    assert done.err == f"would create 11 files in {work}/greeter\n"


def test_a_dry_run_refuses_what_a_run_refuses(cli, work):
    (work / "greeter").touch()
    assert cli("new", "greeter", "--dry-run").code == 5
    assert cli("new", "greeter", "x", "--dry-run", "--data", "port=1").code == 3


def test_answers_are_given_one_by_one(cli, work, identity):
    done = cli(
        *("new", "greeter", "hi", "--data", "port=4000", "--data", "author_name=Zoë = é"),
        *("--data", 'description=it\'s "so" \\ {{ x }}', "--data", "project_name=other"),
    )
    assert done.code == 0
    assert (work / "hi/README.md").read_text("utf-8") == (
        '# other\n\nit\'s "so" \\ {{ x }}\n\nBy Zoë = é.\n'
    )
    answers = yaml.safe_load((work / "hi/.scaffolder/project.yml").read_text("utf-8"))["answers"]
    assert answers == {
        "project_name": "other",
        "description": 'it\'s "so" \\ {{ x }}',
        "author_name": "Zoë = é",
        "port": 4000,
    }


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_the_order_of_answers_changes_nothing(cli, work, identity, order):
    given = ["project_name=hi", "description=x", "author_name=y", "port=4000"]
    flags = [f"--data={text}" for text in given[order]]
    cli("new", "greeter", "one", *flags)
    cli("new", "greeter", "two", "--defaults", *flags)
    assert contents(work / "one") == contents(work / "two")


def test_two_runs_give_the_same_bytes_but_for_secrets(cli, work, tmp_path, identity):
    other = tmp_path / "other place é"
    other.mkdir()
    for folder in (work, other):
        assert cli("new", "greeter", "--defaults", cwd=folder).code == 0
    assert contents(work / "greeter") == contents(other / "greeter")
    trees = [git(folder / "greeter", "rev-parse", "HEAD^{tree}") for folder in (work, other)]
    assert trees[0] == trees[1]
    assert (work / "greeter/.env").read_bytes() != (other / "greeter/.env").read_bytes()


def test_secrets_are_random_private_and_in_no_commit(cli, work, identity):
    before = os.umask(0)
    try:
        cli("new", "greeter", "--defaults")
    finally:
        os.umask(before)
    secret = work / "greeter/.env"
    name, value = secret.read_text().strip().split("=")
    assert name == "GREETER_SECRET"
    assert len(value) >= 43
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert ".env" not in git(work / "greeter", "ls-files").split()
    for path, entry in snapshot(work / "greeter").items():
        assert path == ".env" or value.encode() not in entry[2], path


def test_no_path_of_this_machine_is_in_a_project(cli, work, identity):
    cli("new", "greeter", "--defaults")
    for path, entry in snapshot(work / "greeter").items():
        assert str(work.parent).encode() not in entry[2], path


# ---- bad input: one clear error, its exit code, nothing left behind --------------------------


def refused(done, code: int, error: str, *words: str) -> None:
    assert (done.code, done.error) == (code, error), done.err
    assert done.out == ""
    for word in words:
        assert word in done.err
    assert done.err.startswith("error: ")
    assert len(done.err) < 1500


@pytest.fixture
def untouched(work):
    """Whatever a test does, the folder looks as it did before."""
    (work / ".hidden").write_text("here before")
    before = []
    yield lambda: before.append(snapshot(work))
    assert snapshot(work) == (
        before[-1] if before else {".hidden": ("file", 0o644, b"here before")}
    )


@pytest.mark.parametrize(
    ("arguments", "code", "error", "words"),
    [
        (["gretter"], 2, "unknown-project", ["'gretter'", "did you mean greeter?"]),
        (["../greeter"], 2, "unknown-project", []),
        (["greeter", "--with", "helo"], 2, "unknown-feature", ["'helo'", "did you mean hello?"]),
        (["greeter", "--with", "hello,x"], 2, "unknown-feature", ["'x'", "known: goodbye, hello"]),
        (["greeter", "--data", "prt=1"], 2, "unknown-question", ["did you mean port?"]),
        (["greeter", "--data", "port=x"], 3, "invalid-answer", ["port: 'x' is no whole number"]),
        (["greeter", "--data", "port=80"], 3, "invalid-answer", ["port: must be at least 1024"]),
        (
            ["greeter", "--data", "description=a\nb"],
            3,
            "invalid-answer",
            ["description: must be one"],
        ),
        (
            ["greeter", "no/such/greeter"],
            4,
            "parent-unusable",
            ["no/such does not exist", "mkdir -p"],
        ),
        (["greeter", ".hidden/greeter"], 4, "parent-unusable", [".hidden is not a folder"]),
        (["greeter", "/proc/greeter"], 4, None, ["/proc"]),
        (["greeter", "/dev/null/greeter"], 4, "parent-unusable", ["not a folder"]),
        (["greeter", "x" * 300 + "/greeter"], 4, "folder-unusable", []),
    ],
)
def test_bad_input(cli, untouched, arguments, code, error, words):
    done = cli("new", *arguments, "--defaults")
    refused(done, code, error or done.error, *words)


BAD_NAMES = {
    "a/b": "path separator",
    "a\\b": "path separator",
    "..": "relative path",
    "../x": "path separator",
    "a\nb": "control character",
    "x" * 300: "longer than 214",
    "nul": "Windows reserves",
    "COM1": "Windows reserves",
    "con.txt": "Windows reserves",
    "Upper": "small letters",
    "é": "a-z",
    "": "empty",
    "x.": "dot at the end",
}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_as_an_answer(cli, untouched, name):
    done = cli("new", "greeter", "--defaults", "--data", f"project_name={name}")
    refused(done, 3, "invalid-name", BAD_NAMES[name])


@pytest.mark.parametrize(
    "name", [name for name in BAD_NAMES if name and "/" not in name and name != ".."]
)
@pytest.mark.parametrize("parent", ["", "sub/"])
def test_a_bad_name_as_the_destination(cli, work, untouched, name, parent):
    (work / "sub").mkdir()
    untouched()
    done = cli("new", "greeter", f"{parent}{name}", "--defaults")
    refused(done, 3, "invalid-name", BAD_NAMES[name])


def test_a_destination_may_be_any_path_whose_last_part_is_a_name(cli, work, identity):
    odd = work / "Ünï cödé 💚 it's $HOME" / "A B"
    odd.mkdir(parents=True)
    assert cli("new", "greeter", "Ünï cödé 💚 it's $HOME/A B/x/../hi/", "--defaults").code == 0
    assert git(odd / "hi", "status", "--porcelain") == ""
    assert files(odd / "hi") == STARTER


def test_the_next_step_can_be_pasted_into_a_shell(cli, work, identity):
    odd = work / "it's $HOME `x` é"
    odd.mkdir()
    done = cli("new", "greeter", odd / "hi", "--defaults")
    step = next(line.strip() for line in done.out.splitlines() if line.startswith("  cd "))
    shown = subprocess.run(
        ["sh", "-c", f"{step} && pwd"], cwd=work, capture_output=True, text=True, check=True
    )
    assert shown.stdout == f"{odd}/hi\n"
    assert shlex.split(step)[1] == "it's $HOME `x` é/hi"


def test_an_empty_destination_is_a_mistake_and_not_this_folder(cli, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = cli("new", "greeter", "", "--defaults", cwd=empty)
    assert done.code == 2
    assert "DEST" in done.err
    assert snapshot(empty) == {}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_text("mine"), "is a file"),
        (lambda path: write(path / ".keep", "mine"), "it holds .keep"),
        (lambda path: path.symlink_to("nowhere"), "is a link to nowhere"),
        (lambda path: path.symlink_to("."), "is a link"),
        (os.mkfifo, "is a file"),
    ],
)
def test_a_target_that_exists(cli, work, untouched, make, words):
    make(work / "greeter")
    untouched()
    refused(cli("new", "greeter", "--defaults"), 5, "target-exists", words, str(work / "greeter"))


def test_the_second_run_is_refused(cli, work, identity):
    cli("new", "greeter", "--defaults")
    before = snapshot(work)
    refused(cli("new", "greeter", "--defaults"), 5, "target-exists", "is not empty")
    assert snapshot(work) == before


def test_an_empty_folder_is_filled_and_keeps_its_mode(cli, work, identity):
    (work / "hi").mkdir()
    (work / "hi").chmod(0o2750)
    assert cli("new", "greeter", "hi", "--defaults").code == 0
    assert stat.S_IMODE((work / "hi").stat().st_mode) == 0o2750
    assert files(work / "hi") == STARTER


@pytest.mark.parametrize("target", [".", "./", "../hi"])
def test_this_empty_folder_is_filled_and_the_shell_is_told_to_enter_it_anew(
    cli, work, identity, target
):
    (work / "hi").mkdir()
    done = cli("new", "greeter", target, "--defaults", cwd=work / "hi")
    assert (done.code, done.err) == (0, "")
    assert "  cd .\n" in done.out
    assert files(work / "hi") == STARTER


def test_every_missing_answer_is_named_where_nobody_can_be_asked(cli, untouched):
    refused(
        cli("new", "greeter", "--data", "author_name=x"),
        2,
        "missing-answers",
        "no answer to project_name, description, port",
        "--data project_name=... --data description=... --data port=..., or --defaults",
    )


def test_an_answer_without_a_default_is_missing_with_defaults_too(cli, plugin, untouched):
    write_template(plugin / "greeter", {"copier.yml": FILES["copier.yml"] + "a: {}\nb: {}\n"})
    refused(
        cli("new", "greeter", "--defaults"),
        2,
        "missing-answers",
        "no answer to a, b",
        "--data b=...",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data", "port"],
        ["--data", "=x"],
        ["--git", "maybe"],
        ["--start", "half"],
        ["--start", "complete", "--with", "hello"],
        ["--wiht", "hello"],
        ["a", "b"],
    ],
)
def test_a_bad_command_line(cli, untouched, arguments):
    done = cli("new", "greeter", *arguments)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err


BROKEN = {
    "bad YAML": ({"template.yml": "id: [\n"}, "template.yml:2: ", "is not valid YAML"),
    "bad questions": ({"copier.yml": "a: b: c\n"}, "copier.yml:1: ", "is not valid YAML"),
    "bad checklist": ({"checklist.yml": "\tx"}, "checklist.yml:1: ", "is not valid YAML"),
    "bad tag": (
        {"template.yml": FILES["template.yml"].replace("Greeter", "!x y")},
        "template.yml:4: title: ",
        "is not valid YAML",
    ),
    "unknown key": (
        {"template.yml": FILES["template.yml"] + "lyers: []\n"},
        "template.yml:8: lyers: ",
        "did you mean layers?",
    ),
    "no id": ({"template.yml": "schema: 1\n"}, "template.yml:1: ", "'id' is missing"),
    "unknown layer": (
        {"template.yml": FILES["template.yml"].replace("[base]", "[bsae]")},
        "template.yml: layers: ",
        "did you mean base?",
    ),
    "bad Jinja": ({"files/x.md.jinja": "a\n{% if %}\n"}, "files/x.md.jinja:2: ", "not valid Jinja"),
    "undefined variable": (
        {"files/x.md.jinja": "a\n\n{{ nme }}\n"},
        "files/x.md.jinja:3: ",
        "'nme' is undefined",
    ),
    "unknown filter": (
        {"files/x.md.jinja": "a\n{{ port | upperr }}\n"},
        "files/x.md.jinja:2: ",
        "upperr",
    ),
    "missing include": (
        {"files/x.md.jinja": "a\n{% include 'y' %}\n"},
        "files/x.md.jinja:2: ",
        "'y' not found",
    ),
    "broken validator": (
        {"copier.yml": FILES["copier.yml"].replace("port < 1024", "port < 'x'")},
        "port: ",
        "its validator fails",
    ),
    "a feature without a file": (
        {"checklist.yml": FILES["checklist.yml"].replace("src/hello/**", "src/helo/**")},
        "checklist.yml: ",
        "'hello' owns no file",
    ),
    "a file with two owners": (
        {"checklist.yml": FILES["checklist.yml"].replace("Procfile", "src/hello/hello.sh")},
        "checklist.yml: ",
        "src/hello/hello.sh has two owners, 'hello' and 'goodbye'",
    ),
    "a circle": (
        {
            "checklist.yml": FILES["checklist.yml"].replace(
                "title: Says hello", "title: Says hello\n    requires: [goodbye]"
            )
        },
        "checklist.yml:",
        "runs in a circle",
    ),
    "a stub elsewhere": (
        {"stubs/hello/README.md": ""},
        "stubs/hello/README.md: ",
        "'hello' does not own this path",
    ),
    "a path that Windows refuses": ({"files/a:b": ""}, "files/a:b: ", "Windows"),
    "secrets in the open": ({"files/.gitignore": "x\n"}, "template.yml: secrets: ", "ignores .env"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_template(cli, plugin, untouched, identity, case):
    changes, place, words = BROKEN[case]
    write_template(plugin / "greeter", changes)
    done = cli("new", "greeter", "--defaults")
    assert (done.code, done.error, done.out) == (3, "invalid-template", "")
    error = next(line for line in done.err.splitlines() if line.startswith("error: "))
    assert place in error
    assert words in error
    assert "staging" not in error


def test_a_file_with_words_that_is_no_utf8(cli, plugin, untouched):
    (plugin / "greeter/files/x.md.jinja").write_bytes(b"\xff")
    refused(cli("new", "greeter", "--defaults"), 3, "invalid-template", "x.md.jinja: is not UTF-8")


def test_a_link_in_a_template(cli, plugin, untouched):
    (plugin / "greeter/files/link").symlink_to("/etc/passwd")
    refused(cli("new", "greeter", "--defaults"), 3, "invalid-template", "files/link: is neither")


# ---- the machine is in the way ---------------------------------------------------------------


@pytest.mark.parametrize("after", range(0, 10, 3))
def test_a_disk_that_gets_full_while_files_are_written(cli, untouched, monkeypatch, after):
    import errno
    import shutil

    written = []
    copyfile, write_text = shutil.copyfile, Path.write_text

    def limited(original):
        def call(*arguments, **options):
            written.append(arguments)
            if len(written) > after:
                raise OSError(errno.ENOSPC, "No space left on device")
            return original(*arguments, **options)

        return call

    monkeypatch.setattr(shutil, "copyfile", limited(copyfile))
    monkeypatch.setattr(Path, "write_text", limited(write_text))
    done = cli("new", "greeter", "--defaults", "--git", "none")
    refused(done, 4, "disk-full", "no space is left", "df -h")


def test_inside_another_repository_it_is_generated_without_one_and_this_is_said(
    cli, work, identity
):
    git(work, "init", "--quiet")
    done = cli("new", "greeter", "--defaults")
    assert (done.code, done.err) == (0, "")
    assert f"no repository was made, since {work} is one already" in done.out
    assert files(work / "greeter") == STARTER
    assert not (work / "greeter/.git").exists()


def test_git_is_not_wanted(cli, work, identity):
    done = cli("new", "greeter", "--defaults", "--git", "none")
    assert (done.code, done.err) == (0, "")
    assert not (work / "greeter/.git").exists()
    assert files(work / "greeter") == STARTER


@pytest.mark.parametrize("trouble", ["no git", "no identity", "enclosed"])
def test_a_commit_that_is_required_and_cannot_be_made(cli, work, untouched, trouble, monkeypatch):
    if trouble == "no git":
        monkeypatch.setenv("PATH", "/nowhere")
    if trouble == "enclosed":
        git(work, "init", "--quiet")
        untouched()
    refused(cli("new", "greeter", "--defaults", "--git", "require"), 4, "git-unusable")


def test_without_an_identity_the_project_is_whole_and_the_commands_that_finish_it_are_printed(
    cli, work
):
    done = cli("new", "greeter", "--defaults")
    assert done.code == 0
    assert files(work / "greeter") == STARTER
    assert "By the author." in (work / "greeter/README.md").read_text()
    assert done.err.startswith("warning: nothing was committed")
    script = "set -e\n" + "\n".join(
        line for line in done.err.splitlines() if line.startswith("    ")
    )
    subprocess.run(["sh", "-c", script], capture_output=True, check=True)
    tree = git(work / "greeter", "rev-parse", "HEAD^{tree}").strip()
    shown = git(work / "greeter", "log", "-1", "--format=%(trailers:key=Scaffold-Tree,valueonly)")
    assert shown.strip() == tree
    assert git(work / "greeter", "status", "--porcelain") == ""


@pytest.mark.parametrize("settings", ["[user\n", "[core]\n\tbare = maybe\n"])
def test_broken_git_settings_do_not_cost_the_project(cli, work, home, settings):
    (home / ".gitconfig").write_text(settings)
    done = cli("new", "greeter", "--defaults")
    assert done.code == 0
    assert done.err.startswith("warning: no repository was made: git failed: ")
    assert files(work / "greeter") == STARTER


def test_the_name_in_the_git_settings_is_the_author_unless_it_cannot_be(cli, work, home):
    (home / ".gitconfig").write_text('[user]\n\tname = "Zo\\të"\n\temail = z@example.org\n')
    assert cli("new", "greeter", "--defaults").code == 0
    assert "By the author." in (work / "greeter/README.md").read_text()


# ---- hooks of plugins ------------------------------------------------------------------------

HOOK = """
from scaffolder import hookimpl, Notice, ScaffolderError, errors

@hookimpl
def scaffolder_project_{when}(project):
    {body}
"""


def add_hook(plugin: Path, when: str, body: str) -> None:
    with (plugin / "acme_plugin.py").open("a") as stream:
        stream.write(HOOK.format(when=when, body=body))


def test_a_hook_vetoes_and_nothing_is_left(cli, plugin, untouched, identity):
    add_hook(plugin, "rendered", "raise errors.Refused('not on a Friday', mend='wait')")
    refused(cli("new", "greeter", "--defaults"), 5, "refused", "not on a Friday", "try: wait")


@pytest.mark.parametrize("body", ["1 / 0", "raise SystemExit(9)", "return ['x']", "return 1"])
@pytest.mark.parametrize("when", ["rendered", "created"])
def test_a_hook_that_fails_is_a_warning(cli, plugin, work, identity, when, body):
    add_hook(plugin, when, body)
    done = cli("new", "greeter", "--defaults")
    assert done.code == 0
    assert done.err.count("warning: the plugin acme failed: scaffolder_project_" + when) == 1
    assert files(work / "greeter") == STARTER
    assert git(work / "greeter", "status", "--porcelain") == ""


def test_a_refusal_after_the_fact_is_a_warning(cli, plugin, work, identity):
    add_hook(plugin, "created", "raise errors.Refused('too late')")
    done = cli("new", "greeter", "--defaults")
    assert done.code == 0
    assert "too late" in done.err
    assert files(work / "greeter") == STARTER


def test_hooks_see_the_project_where_it_is(cli, plugin, work, identity):
    see = (
        "return [Notice(text=f'{when} {{project.path == project.destination}}'"
        ' f\' {{(project.path / "README.md").exists()}} {{(project.path / ".git").exists()}}\')]'
    )
    add_hook(plugin, "rendered", see.format(when="rendered"))
    add_hook(plugin, "created", see.format(when="created"))
    done = cli("new", "greeter", "--defaults")
    assert "  rendered False True False\n" in done.out
    assert "  created True True True\n" in done.out
    assert done.err == ""


def test_what_a_hook_changes_in_staging_appears_and_a_file_of_its_own_is_not_committed(
    cli, plugin, work, identity
):
    add_hook(
        plugin,
        "rendered",
        "(project.path / 'README.md').write_text('mine'); (project.path / 'extra').touch()",
    )
    assert cli("new", "greeter", "--defaults").code == 0
    assert (work / "greeter/README.md").read_text() == "mine"
    assert git(work / "greeter", "show", "HEAD:README.md") == "mine"
    assert git(work / "greeter", "status", "--porcelain") == "?? extra\n"


def test_a_notice_with_commands_is_shown(cli, plugin, identity):
    add_hook(plugin, "created", "return [Notice(text='look', commands=('ls -a',), warning=True)]")
    assert cli("new", "greeter", "--defaults").err == "warning: look\n    ls -a\n"
