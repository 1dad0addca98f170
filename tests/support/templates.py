"""A small template, and a plugin that offers it, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = {
    "template.yml": """\
schema: 1
id: greeter
version: 1.2.0
title: Greeter
layers: [base]
secrets: [GREETER_SECRET]
next: [make run]
""",
    "copier.yml": """\
project_name: {type: str, help: The project's name}
description: {type: str, help: One sentence, default: Greets.}
author_name: {type: str, help: Who writes it, default: the author}
port:
  type: int
  help: The port
  default: 3000
  validator: "{% if port < 1024 %}must be at least 1024{% endif %}"
""",
    "checklist.yml": """\
schema: 1
features:
  - id: hello
    title: Says hello
    owns: [src/hello/**]
    hint: Say it.
    evidence:
      - {id: hello.says, kind: test}
  - id: goodbye
    title: Says goodbye
    requires: [hello]
    owns: [src/goodbye/**, Procfile]
    evidence:
      - {id: goodbye.says, kind: test}
""",
    "files/README.md.jinja": "# {{ project_name }}\n\n{{ description }}\n\nBy {{ author_name }}.\n",
    "files/src/main.sh": "#!/bin/sh\nexec sh src/hello/hello.sh\n",
    "files/src/hello/hello.sh": "echo hello ${{ verbatim }}\n",
    "files/src/goodbye/goodbye.sh": "echo goodbye\n",
    "files/Procfile": "web: sh src/main.sh\n",
    "files/acceptance/hello.test.sh": "sh src/main.sh | grep hello\n",
    "stubs/hello/src/hello/hello.sh": "echo not yet >&2; exit 1\n",
    "stubs/goodbye/src/goodbye/goodbye.sh": "echo not yet >&2; exit 1\n",
}
LAYER = {".gitignore": ".env\nnode_modules/\n", "README.md": "overridden by the template\n"}
EXECUTABLE = "files/src/main.sh"

MODULE = """\
from pathlib import Path
from scaffolder import hookimpl, read_layer, read_template

SCAFFOLDER_API = 1
HERE = Path(__file__).parent


@hookimpl
def scaffolder_templates():
    return [read_template(HERE / "greeter")]


@hookimpl
def scaffolder_layers():
    return [read_layer(HERE / "layers" / "base")]
"""


def write_template(
    root: Path,
    changes: Mapping[str, str | None] | None = None,
    layer: Mapping[str, str] | None = None,
) -> Path:
    """Write the template, with some files changed, or left out where the text is None."""
    for path, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            write(root / path, text)
    (root / EXECUTABLE).chmod(0o755)
    for path, text in (layer or LAYER).items():
        write(root.parent / "layers" / "base" / path, text)
    return root


def write_plugin(folder: Path, module: str = MODULE, *, name: str = "acme") -> Path:
    """Make `folder` look like an installed distribution with one plugin."""
    (folder / f"{name}_plugin.py").write_text(module)
    info = folder / f"{name}_plugin-1.0.dist-info"
    write(info / "METADATA", f"Metadata-Version: 2.1\nName: {name}-plugin\nVersion: 1.0\n")
    write(info / "entry_points.txt", f"[scaffolder]\n{name} = {name}_plugin\n")
    return folder


def write(path: Path, text: str) -> None:
    """Write a text file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
