"""The wheel: what is in it, and that it generates what a checkout generates."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.checkout import ROOT, commit, git, snapshot

# A layer that meets every way in which a builder drops or changes files.
PROBE = "templates/layers/probe"
PROBE_FILES = {
    ".gitignore": ".env\nnode_modules/\nkept.txt\n",
    "kept.txt": "ignored by the file beside it, tracked all the same\n",
    ".dot/run.sh": "#!/bin/sh\n",
    "${{ name }} [id].txt": "a name that a glob or Jinja would read\n",
    "package.json": "{}\n",
    "LICENSE.jinja": "{{ author_name }}\n",
}
LITTER = ("node_modules/left-pad/index.js", ".env", "untracked.ts", ".scratch/notes.md")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """A clean clone with the probe in it."""
    root = snapshot(tmp_path_factory.mktemp("packaging") / "checkout")
    for name, content in PROBE_FILES.items():
        path = root / PROBE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (root / PROBE / ".dot/run.sh").chmod(0o755)
    commit(root)
    return root


@dataclass(frozen=True)
class Distributions:
    """The wheel and the sdist of one checkout."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def built(checkout):
    """Both, built from a tree in which somebody has worked."""
    litter = [checkout / "templates/layers/probe" / name for name in LITTER]
    for path in litter:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("SECRET=1\n")
    build(checkout, checkout.parent / "built")
    for path in litter:
        path.unlink()
    wheel, sdist = sorted((checkout.parent / "built").iterdir(), key=lambda path: path.suffix)[::-1]
    return Distributions(wheel, sdist)


def build(source, target, *options):
    """Run the build backend alone: it stands in the locked requirements."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target), *options]
    subprocess.run(command, cwd=source, check=True, capture_output=True)


def tracked(checkout, folder):
    """Return what git has in `folder`, as path below it to (bytes, executable)."""
    files = {}
    for line in filter(None, git(checkout, "ls-files", "-sz", "--", folder).split("\0")):
        mode, rest = line.split(" ", 1)
        path = rest.split("\t", 1)[1]
        content = (checkout / path).read_bytes()
        files[path.removeprefix(f"{folder}/")] = (content, mode == "100755")
    return files


def packed(wheel, folder):
    """Return what the wheel has in `folder`, in the same shape."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            entry.filename.removeprefix(f"{folder}/"): (
                archive.read(entry),
                bool(entry.external_attr >> 16 & 0o100),
            )
            for entry in archive.infolist()
            if entry.filename.startswith(f"{folder}/")
        }


def test_a_wheel_holds_exactly_the_template_files_that_git_tracks(checkout, built):
    expected = tracked(checkout, "templates")
    assert expected["layers/probe/.dot/run.sh"][1]
    assert len(expected) > len(PROBE_FILES)
    assert packed(built.wheel, "scaffolder/_templates") == expected


def test_an_sdist_holds_them_too_and_makes_the_same_wheel(checkout, built, tmp_path):
    subprocess.run(["tar", "-xf", built.sdist, "-C", tmp_path], check=True)
    (source,) = tmp_path.iterdir()
    build(source, tmp_path / "again", "-t", "wheel")
    (again,) = (tmp_path / "again").iterdir()
    assert packed(again, "scaffolder") == packed(built.wheel, "scaffolder")
    inside = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    templates = {f"templates/{name}" for name in tracked(checkout, "templates")}
    assert {path for path in inside if path.startswith("templates/")} == templates
    assert not {path for path in inside if path.startswith(("tests/", "benchmarks/"))}


def test_a_build_leaves_nothing_but_the_two_files(built):
    assert set(built.wheel.parent.iterdir()) == {built.wheel, built.sdist}


def test_a_wheel_holds_the_package_and_nothing_else(checkout, built):
    package = packed(built.wheel, "scaffolder")
    code = {name: file for name, file in package.items() if not name.startswith("_templates/")}
    assert code == tracked(checkout, "scaffolder")
    assert "py.typed" in code
    assert [name for name in code if name.startswith("builtin/roadmaps/") and name.endswith(".yml")]
    with zipfile.ZipFile(built.wheel) as archive:
        roots = {name.split("/")[0] for name in archive.namelist()}
    assert roots == {"scaffolder", "portfolio_scaffolder-0.1.0.dist-info"}


@pytest.fixture(scope="session")
def installed(built, tmp_path_factory):
    """The command of a clean environment: the wheel, the locked requirements, no checkout."""
    root = tmp_path_factory.mktemp("clean") / "venv"
    venv.create(root, with_pip=False, symlinks=True)
    python = root / "bin/python"
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(root)}))
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "portfolio_scaffolder" not in entry.name and entry.suffix != ".pth":
            (packages / entry.name).symlink_to(entry)
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*pip, "--no-index", str(built.wheel)], check=True, capture_output=True)
    return root / "bin/scaffolder"


def generate(command, target, *options, **environment):
    """Generate the Task API; the name is given, since it becomes part of the files."""
    arguments = ["new", "task-api", str(target), "--defaults", "--data", "project_name=task-api"]
    done = subprocess.run(
        [*map(str, command), *arguments, *options],
        cwd=target.parent,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return {
        path.relative_to(target).as_posix(): (path.read_bytes(), path.stat().st_mode)
        for path in target.rglob("*")
        if path.is_file() and path.name != ".env" and ".git" not in path.relative_to(target).parts
    }


def test_the_clean_environment_does_not_see_the_checkout(installed, tmp_path):
    code = "import sys, scaffolder; print(*sys.path, scaffolder.__file__, sep='\\n')"
    command = [installed.with_name("python"), "-c", code]
    seen = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert str(installed.parents[1]) in seen.splitlines()[-1]
    assert str(ROOT) not in seen.splitlines()


@pytest.mark.usefixtures("identity")
@pytest.mark.parametrize("start", ["starter", "complete"])
def test_a_wheel_and_a_checkout_generate_the_same_bytes(checkout, installed, tmp_path, start):
    module = [sys.executable, "-m", "scaffolder"]
    ours = generate([installed], tmp_path / "wheel", "--start", start)
    theirs = generate(module, tmp_path / "checkout", "--start", start, PYTHONPATH=str(checkout))
    assert len(ours) > 20
    assert ours == theirs
    trees = {git(tmp_path / name, "rev-parse", "HEAD^{tree}") for name in ("wheel", "checkout")}
    assert len(trees) == 1
