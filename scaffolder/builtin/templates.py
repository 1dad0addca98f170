"""Where the built-in templates are: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_LAYERS = "layers"


def templates_root() -> Path:
    """Return the folder that holds the built-in templates."""
    package = Path(__file__).parents[1]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def template_roots() -> tuple[Path, ...]:
    """Return the folder of each built-in template."""
    return _folders(templates_root(), besides=_LAYERS)


def layer_roots() -> tuple[Path, ...]:
    """Return the folder of each built-in layer."""
    return _folders(templates_root() / _LAYERS)


def _folders(root: Path, *, besides: str = "") -> tuple[Path, ...]:
    if not root.is_dir():
        return ()
    return tuple(
        entry for entry in sorted(root.iterdir()) if entry.is_dir() and entry.name != besides
    )
