"""Fixtures that every test may use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.effort import Effort
from tests.support.runs import Result
from tests.support.templates import write_plugin, write_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).parents[1]

# Two slow, shared cores: time says nothing here, and each failure is reproducible by its blob.
settings.register_profile(
    "tests",
    deadline=None,
    max_examples=60,
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("quick", settings.get_profile("tests"), max_examples=20)
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("effort") == Effort.QUICK:
        settings.load_profile("quick")
    # A run in the background, or under nohup, inherits that these are ignored, and so would what
    # the tests start.
    defaults: dict[signal.Signals, Any] = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGHUP: signal.SIG_DFL,
    }
    for name, handler in defaults.items():
        if signal.getsignal(name) is signal.SIG_IGN:
            signal.signal(name, handler)
    # Copier walks a template by a generator, and leaves it open when a file cannot be rendered.
    config.addinivalue_line("filterwarnings", "ignore:unclosed scandir iterator:ResourceWarning")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--effort",
        type=Effort,
        choices=list(Effort),
        default=Effort.USUAL,
        help="How many kills, races, examples and variants are tried.",
    )


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for a process."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def effort(pytestconfig: pytest.Config) -> Effort:
    chosen: Effort = pytestconfig.getoption("effort")
    return chosen


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own: no personal setting of git or Copier reaches a test."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(("GIT_", "SCAFFOLDER_", "XDG_", "LC_", "PYTHON")) or name in (
            "EMAIL",
            "NO_COLOR",
            "FORCE_COLOR",
            "COLUMNS",
            "LANG",
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("TERM", "dumb")
    return home


@pytest.fixture
def identity(home: Path) -> str:
    """A name and address in the git settings."""
    (home / ".gitconfig").write_text("[user]\n\tname = Ada Example\n\temail = ada@example.org\n")
    return "Ada Example"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The folder of a small template with two features and a layer."""
    return write_template(tmp_path / "plugin" / "greeter")


@pytest.fixture
def plugin(template: Path) -> Path:
    """A folder that, on the path, is an installed distribution offering `template`."""
    return write_plugin(template.parent)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The empty folder in which the command runs."""
    work = tmp_path / "work"
    work.mkdir()
    return work


@pytest.fixture
def installed(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The plugin on the path of this process; its modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(plugin)
    before = set(sys.modules)
    yield plugin
    forget(plugin, set(sys.modules) - before)


@pytest.fixture
def signals() -> Iterator[None]:
    """The command line sets signal handlers; put back what was there."""
    names = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = {name: signal.getsignal(name) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.fixture
def cli(
    installed: Path,
    work: Path,
    signals: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Result]:
    """Run the command line in this process, with the plugin installed, in an empty folder."""
    from scaffolder.cli import run

    def call(*arguments: str | Path, cwd: Path = work) -> Result:
        monkeypatch.chdir(cwd)
        capsys.readouterr()
        try:
            code = run([str(argument) for argument in arguments])
        finally:
            forget(installed, set(sys.modules))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Result(code=code, out=said.out, err=said.err)

    return call


@pytest.fixture
def scaffolder(plugin: Path, work: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command as a user would, with the plugin installed, in an empty folder."""

    def run(
        *arguments: str | Path,
        cwd: Path = work,
        env: Mapping[str, str] | None = None,
        **options: object,
    ) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PYTHONPATH": str(plugin), **(env or {})}
        options = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "timeout": 120,
            "encoding": "utf-8",
            "errors": "backslashreplace",
            **options,
        }
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [sys.executable, "-m", "scaffolder", *map(str, arguments)],
            cwd=cwd,
            env=environment,
            check=False,
            **options,
        )

    return run


def forget(folder: Path, names: set[str]) -> None:
    """Drop modules that were imported from `folder`, so that the next import reads them anew."""
    inside = f"{folder}{os.sep}"
    for name in names:
        file = getattr(sys.modules.get(name), "__file__", None)
        if file and file.startswith(inside):
            del sys.modules[name]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when a test was skipped: what did not run shows nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
