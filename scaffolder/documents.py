"""YAML files read with their places, so that every complaint can name file, key and line.

A document is a tree of `Table`s. Reading is strict: a key that is missing, unknown, written
twice or of another type raises the error class that the caller named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from scaffolder.errors import DataProblem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
T = TypeVar("T")
_REQUIRED: Any = object()
# No shorter text can be nested so deep that the stack overflows.
_LONG, _DEEPEST = 10_000, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A mapping of a YAML file that knows where it stands."""

    file: Path
    key: str
    line: int
    nodes: Mapping[str, yaml.Node]
    error: type[DataProblem]

    def problem(self, what: str, name: str = "", *, mend: str = "") -> DataProblem:
        """Return (not raise) the error at the key `name`, or at the table itself."""
        node = self.nodes.get(name)
        line = node.start_mark.line + 1 if node else self.line
        return self.error(what, file=self.file, key=self._path(name), line=line, mend=mend)

    def only(self, *names: str) -> None:
        """Refuse every key that is not among `names`."""
        for name in self.nodes:
            if name not in names:
                raise self.problem(f"unknown key; {did_you_mean(name, names)}", name)

    def __contains__(self, name: str) -> bool:
        return name in self.nodes

    def value(self, name: str, default: Any = _REQUIRED) -> Any:
        """Return the plain value under `name`, whatever its type."""
        if name in self.nodes:
            return self._plain(name)
        if default is _REQUIRED:
            raise self.problem(f"the key {name!r} is missing")
        return default

    def text(self, name: str, default: str = _REQUIRED) -> str:
        """Return a non-empty string."""
        return self._typed(name, str, "a text", default)

    def integer(self, name: str, default: int = _REQUIRED) -> int:
        """Return a whole number."""
        return self._typed(name, int, "a whole number", default)

    def choice(self, name: str, choices: tuple[str, ...], default: str = _REQUIRED) -> str:
        """Return a string that is one of `choices`."""
        value = self.text(name, default)
        if value not in choices:
            raise self.problem(f"{value!r} is unknown; {did_you_mean(value, choices)}", name)
        return value

    def texts(self, name: str, default: tuple[str, ...] = _REQUIRED) -> tuple[str, ...]:
        """Return a list of non-empty strings as a tuple."""
        return self._list(name, str, "a list of texts", default)

    def integers(self, name: str, default: tuple[int, ...] = _REQUIRED) -> tuple[int, ...]:
        """Return a list of whole numbers as a tuple."""
        return self._list(name, int, "a list of whole numbers", default)

    def table(self, name: str) -> Table:
        """Return the mapping under `name`."""
        return self._table(self._node(name), self._path(name))

    def tables(self, name: str, *, optional: bool = False) -> tuple[Table, ...]:
        """Return the list of mappings under `name`."""
        if optional and name not in self.nodes:
            return ()
        node = self._node(name)
        if not isinstance(node, yaml.SequenceNode):
            raise self.problem("must be a list", name)
        path = self._path(name)
        return tuple(self._table(item, f"{path}[{i}]") for i, item in enumerate(node.value))

    def named_tables(self) -> tuple[tuple[str, Table], ...]:
        """Return the table's own values, each of which must be a mapping, in their order."""
        return tuple(
            (name, self._table(node, self._path(name))) for name, node in self.nodes.items()
        )

    def _node(self, name: str) -> yaml.Node:
        if name not in self.nodes:
            raise self.problem(f"the key {name!r} is missing")
        return self.nodes[name]

    def _plain(self, name: str) -> Any:
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_object(self.nodes[name], deep=True)
        except Exception as problem:
            # A tag, a date or a number that is none: PyYAML lets its helpers raise anything.
            reason = getattr(problem, "problem", None) or problem
            raise self.problem(f"is not valid YAML: {reason}", name) from problem
        finally:
            loader.dispose()

    def _path(self, name: str) -> str:
        return ".".join(part for part in (self.key, name) if part)

    def _table(self, node: yaml.Node, key: str) -> Table:
        return _read_table(node, key, self.file, self.error)

    def _typed(self, name: str, kind: type[T], words: str, default: Any) -> T:
        value = self.value(name, default)
        if value is default and name not in self.nodes:
            return default  # type: ignore[no-any-return]
        if not _is(value, kind):
            raise self.problem(f"must be {words}", name)
        return value  # type: ignore[no-any-return]

    def _list(self, name: str, kind: type[T], words: str, default: Any) -> tuple[T, ...]:
        value = self.value(name, default)
        if value is default and name not in self.nodes:
            return default  # type: ignore[no-any-return]
        if not isinstance(value, list) or not all(_is(item, kind) for item in value):
            raise self.problem(f"must be {words}", name)
        return tuple(value)


def read_document(path: Path, error: type[DataProblem]) -> Table:
    """Read a YAML file whose top is a mapping.

    Raises:
        DataProblem: as `error`, when the file cannot be read, is no YAML, or is no mapping.
    """
    try:
        text = path.read_text("utf-8")
        if len(text) > _LONG:
            _check_depth(text, path, error)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", file=path) from problem
    except UnicodeDecodeError as problem:
        raise error("is not UTF-8", file=path) from problem
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else None
        what = " ".join(part for part in (problem.context, problem.problem) if part)
        raise error(f"is not valid YAML: {what}", file=path, line=line) from problem
    except yaml.YAMLError as problem:
        raise error(f"is not valid YAML: {problem}", file=path) from problem
    if node is None:
        raise error("is empty", file=path)
    return _read_table(node, "", path, error)


def _check_depth(text: str, path: Path, error: type[DataProblem]) -> None:
    """Refuse nesting at which the composer would overflow the stack and end the interpreter."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise error("is nested too deep", file=path)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _read_table(node: yaml.Node, key: str, file: Path, error: type[DataProblem]) -> Table:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise error("must be a mapping", file=file, key=key, line=line)
    nodes: dict[str, yaml.Node] = {}
    for name_node, value_node in node.value:
        name, at = name_node.value, name_node.start_mark.line + 1
        if not isinstance(name, str):
            raise error("a key must be a text", file=file, key=key, line=at)
        if name in nodes:
            raise error(f"the key {name!r} stands twice", file=file, key=key, line=at)
        nodes[name] = value_node
    return Table(file=file, key=key, line=line, nodes=nodes, error=error)


def _is(value: object, kind: type) -> bool:
    if kind is str:
        return isinstance(value, str) and bool(value.strip())
    return isinstance(value, kind) and not isinstance(value, bool)
