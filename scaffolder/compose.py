"""Layers, the template's own files and stubs merged into one tree, before anything is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from scaffolder.errors import InvalidTemplate, did_you_mean
from scaffolder.names import broken_path_rule, case_clash
from scaffolder.template import digest, is_executable, tree_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from pathspec import GitIgnoreSpec

    from scaffolder.models import Feature, Layer, Template

SUFFIX = ".jinja"
ENV_FILE = ".env"
RECORDS = ".scaffolder/"
CHECKLIST = "CHECKLIST.md"
SUITE = "acceptance/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedFile:
    """A file of the project to be: where it goes, where it comes from, and whether it has words."""

    path: str
    source: Path
    rendered: bool
    executable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """The tree of one variant of a template, sorted by path.

    Attributes:
        layers: Layer id to digest.
        suite: The digest of the acceptance suite.
    """

    files: tuple[ComposedFile, ...]
    built: tuple[str, ...]
    layers: Mapping[str, str]
    suite: str


def compose(template: Template, layers: Mapping[str, Layer], built: Collection[str]) -> Composition:
    """Merge the layers and files of `template`, with stubs for what is not in `built`.

    The whole template is checked, whatever is built, so that a mistake shows at once.

    Raises:
        InvalidTemplate: naming the file or feature that breaks the template format.
    """
    used = _used_layers(template, layers)
    platform = _merge(layer.root for layer in used)
    complete = platform | _tree(template.root / "files")
    owners = _owners(template, complete)
    stubs = {feature.id: _stubs(template, feature) for feature in template.features}
    _check_stub_owners(template, stubs)
    variant = {
        path: file for path, file in complete.items() if owners.get(path, "") in ("", *built)
    }
    for feature in template.features:
        if feature.id not in built:
            variant |= stubs[feature.id]
    everything = list(complete.values()) + [
        file for tree in stubs.values() for file in tree.values()
    ]
    _check_paths(everything)
    _check_folders(variant)
    _check_ignored(template, variant)
    files = tuple(variant[path] for path in sorted(variant))
    return Composition(
        files=files,
        built=tuple(feature.id for feature in template.features if feature.id in built),
        layers={layer.id: digest(tree_files(layer.root)) for layer in used},
        suite=digest((file.path, file.source) for file in files if file.path.startswith(SUITE)),
    )


def _used_layers(template: Template, layers: Mapping[str, Layer]) -> tuple[Layer, ...]:
    for identity in template.layers:
        if identity not in layers:
            raise InvalidTemplate(
                f"no layer is called {identity!r}; {did_you_mean(identity, layers)}",
                file=template.root / "template.yml",
                key="layers",
            )
    return tuple(layers[identity] for identity in template.layers)


def _merge(roots: Iterable[Path]) -> dict[str, ComposedFile]:
    merged: dict[str, ComposedFile] = {}
    for root in roots:
        merged |= _tree(root)
    return merged


def _tree(root: Path) -> dict[str, ComposedFile]:
    tree: dict[str, ComposedFile] = {}
    if not root.is_dir():
        raise InvalidTemplate("the folder is missing", file=root)
    for name, source in tree_files(root):
        file = _composed(name, source)
        if file.path in tree:
            raise InvalidTemplate(f"claims the same path as {tree[file.path].source}", file=source)
        tree[file.path] = file
    return tree


def _composed(name: str, source: Path) -> ComposedFile:
    rendered = name.endswith(SUFFIX)
    if rendered and any(opening in name for opening in ("{{", "{%", "{#")):
        raise InvalidTemplate("a path cannot hold Jinja", file=source)
    return ComposedFile(
        path=name.removesuffix(SUFFIX),
        source=source,
        rendered=rendered,
        executable=is_executable(source),
    )


def _owners(template: Template, complete: Mapping[str, ComposedFile]) -> dict[str, str]:
    owners: dict[str, str] = {}
    checklist = template.root / "checklist.yml"
    for feature in template.features:
        owned = [path for path in complete if _globs(feature.owns).match_file(path)]
        if not owned:
            raise InvalidTemplate(f"the feature {feature.id!r} owns no file", file=checklist)
        for path in owned:
            if path in owners:
                both = f"{owners[path]!r} and {feature.id!r}"
                raise InvalidTemplate(f"{path} has two owners, {both}", file=checklist)
            owners[path] = feature.id
    return owners


def _stubs(template: Template, feature: Feature) -> dict[str, ComposedFile]:
    root = template.root / "stubs" / feature.id
    stubs = _tree(root) if root.is_dir() else {}
    for path, file in stubs.items():
        if not _globs(feature.owns).match_file(path):
            raise InvalidTemplate(
                f"the feature {feature.id!r} does not own this path", file=file.source
            )
    return stubs


def _check_stub_owners(template: Template, stubs: Mapping[str, Mapping[str, ComposedFile]]) -> None:
    for folder in _folders(template.root / "stubs"):
        if folder.name not in stubs:
            known = did_you_mean(folder.name, stubs)
            raise InvalidTemplate(f"is the stub of no feature; {known}", file=folder)
    for tree in stubs.values():
        for path, file in tree.items():
            owning = [item.id for item in template.features if _globs(item.owns).match_file(path)]
            if len(owning) > 1:
                both = f"{owning[0]!r} and {owning[1]!r}"
                raise InvalidTemplate(f"{path} has two owners, {both}", file=file.source)


def _folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from (entry for entry in sorted(root.iterdir()) if entry.is_dir())


def _check_paths(files: Iterable[ComposedFile]) -> None:
    paths = []
    for file in files:
        rule = broken_path_rule(file.path)
        if rule:
            raise InvalidTemplate(f"its path {rule}", file=file.source)
        if _is_written_here(file.path.casefold()):
            raise InvalidTemplate("this path is written by the scaffolder", file=file.source)
        paths.append(file.path)
    clash = case_clash(paths)
    if clash:
        raise InvalidTemplate(f"{clash[0]} and {clash[1]} differ in case alone")


def _is_written_here(folded: str) -> bool:
    # In any case, since on some file systems one would overwrite the other.
    written = (ENV_FILE, CHECKLIST.casefold(), RECORDS.removesuffix("/"))
    return folded in written or folded.startswith(RECORDS)


def _check_folders(variant: Mapping[str, ComposedFile]) -> None:
    for file in variant.values():
        parts = file.path.split("/")
        for end in range(1, len(parts)):
            above = "/".join(parts[:end])
            if above in variant:
                raise InvalidTemplate(f"{above} is a file and a folder", file=file.source)


def _check_ignored(template: Template, variant: Mapping[str, ComposedFile]) -> None:
    ignore = variant.get(".gitignore")
    rules = _ignore_rules(_lines(ignore.source) if ignore else ())
    for path in (*variant, CHECKLIST, RECORDS + "project.yml"):
        if ignore and rules.match_file(path):
            raise InvalidTemplate(f"hides {path}, a file of the project", file=ignore.source)
    if template.secrets and not rules.match_file(ENV_FILE):
        raise InvalidTemplate(
            f"there are secrets, but no .gitignore of the template ignores {ENV_FILE}",
            file=template.root / "template.yml",
            key="secrets",
        )


def _lines(file: Path) -> tuple[str, ...]:
    try:
        return tuple(file.read_text("utf-8").splitlines())
    except UnicodeDecodeError as error:
        raise InvalidTemplate("is not UTF-8", file=file) from error


def _globs(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return _ignore_rules(tuple("/" + pattern.removeprefix("/") for pattern in patterns))


@cache
def _ignore_rules(lines: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
