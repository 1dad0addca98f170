"""The levels of the design, held over every import of every module; and the size of things."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import scaffolder

PACKAGE = Path(scaffolder.__file__).parent

# From the bottom up; a module imports only from levels below its own, and, within a level,
# only what stands before it in the level's list. A package stands for all its modules.
LEVELS = (
    ("errors", "models", "results"),
    (
        "services",
        *("names", "documents", "roadmap", "answers", "checklist", "template", "compose"),
        *("render", "reports", "records", "staging", "repository", "writing"),
        *("ignoring", "inputs", "generated", "attestations", "evidence", "ledger", "judge"),
        "integrity",
    ),
    ("hookspecs",),
    ("builtin", "loading", "plugins"),
    ("workflows",),
    ("cli",),
    ("__main__",),
)
ORDER = [(level, name) for level, names in enumerate(LEVELS) for name in names]
PLACES = {name: place for place, (_, name) in enumerate(ORDER)}

# Which modules may import what is heavy or belongs to one place; inside a function only where so.
HOMES = {
    "click": ("cli", False),
    "copier": ("render", True),
    "git": ("repository", True),
    "plumbum": ("render", True),
    "rich": ("cli", True),
    "jinja2": (None, True),
    "pathspec": (None, True),
}

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in MODULES]


def is_type_checking(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imports(node: ast.AST, *, inside: bool = False):
    """Yield (module, line, whether inside a function) for every import that is executed."""
    for child in ast.iter_child_nodes(node):
        if is_type_checking(child):
            yield from (found for part in child.orelse for found in imports(part, inside=inside))
        elif isinstance(child, ast.Import):
            yield from ((alias.name, child.lineno, inside) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"line {child.lineno}: a relative import"
            yield child.module, child.lineno, inside
            if child.module.startswith("scaffolder"):
                yield from (
                    (f"{child.module}.{alias.name}", child.lineno, inside) for alias in child.names
                )
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports(child, inside=inside or function)


def unit(parts: tuple[str, ...]) -> str:
    """Return the name in LEVELS that a module of the package belongs to."""
    return parts[0].removesuffix(".py")


def found_imports(path: Path):
    return imports(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_a_module_imports_only_what_stands_below_it(path):
    here = unit(path.relative_to(PACKAGE).parts)
    for module, line, _ in found_imports(path):
        parts = module.split(".")
        if parts[0] != "scaffolder" or len(parts) == 1 or here == "__init__":
            continue
        if parts[1] in PLACES and parts[1] != here:
            assert PLACES[parts[1]] < PLACES[here], f"line {line}: {here} imports {module}"


def test_the_package_itself_imports_nothing_until_it_is_asked():
    assert [
        name
        for name, _, inside in found_imports(PACKAGE / "__init__.py")
        if not inside and name.startswith("scaffolder")
    ] == []


def test_every_module_has_its_place():
    found = {unit(path.relative_to(PACKAGE).parts) for path in MODULES} - {"__init__"}
    assert found == set(PLACES)


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_what_is_heavy_is_imported_in_one_place(path):
    here = unit(path.relative_to(PACKAGE).parts)
    for module, line, inside in found_imports(path):
        home, lazily = HOMES.get(module.split(".")[0], (here, False))
        # plugins.py must know click's class to check what a plugin brought; it does so lazily.
        allowed = home in (None, here) or (module == "click" and here == "plugins" and inside)
        assert allowed, f"line {line}: {here} imports {module}"
        assert inside or not lazily, f"line {line}: {module} is imported when {here} is"


def cycles(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules that reach themselves."""

    def reach(start):
        seen, left = set(), list(graph[start])
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left.extend(graph.get(name, ()))
        return seen

    return [name for name in graph if name in reach(name)]


def test_no_two_modules_import_each_other():
    """Of the imports that run when a module is imported; within packages too."""
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        name = ".".join(("scaffolder", *path.relative_to(PACKAGE).with_suffix("").parts))
        graph[name.removesuffix(".__init__")] = {
            module for module, _, inside in found_imports(path) if not inside
        }
    known = {name: {other for other in used if other in graph} for name, used in graph.items()}
    assert cycles(known) == []


def test_the_check_of_circles_finds_one():
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_files_and_functions_stay_short(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines"


def test_values_are_frozen():
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                for decorator in map(ast.unparse, node.decorator_list):
                    if decorator.startswith("dataclass"):
                        assert "frozen=True, slots=True, kw_only=True" in decorator, (
                            path,
                            node.name,
                        )
