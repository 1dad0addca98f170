"""Write to ``templates/versions.lock`` which bytes each version of each template has.

A version that is in git's HEAD keeps its bytes for ever: a change needs a new `version` in
``template.yml``. Layers have no version of their own; a template's digest covers its layers.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from scaffolder.template import digest, read_template, tree_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[1]
LOCK = "templates/versions.lock"
HEADER = "# template version sha256, over the template and its layers; `make versions` writes it\n"

Digests = dict[tuple[str, str], str]


def main() -> int:
    """Rewrite the lock of this checkout, or refuse."""
    before, now = published(ROOT), current(ROOT / "templates")
    changed = changed_versions(before, now)
    for template, version in changed:
        print(
            f"{template}: its bytes changed, but {version} is published;"
            f" raise the version in templates/{template}/template.yml",
            file=sys.stderr,
        )
    if changed:
        return 1
    (ROOT / LOCK).write_text(text(before | now), "utf-8")
    return 0


def current(templates: Path) -> Digests:
    """Return the digest of each template in the folder `templates` as it lies there."""
    digests: Digests = {}
    for manifest in sorted(templates.glob("*/template.yml")):
        template = read_template(manifest.parent)
        roots = [template.root, *(templates / "layers" / layer for layer in template.layers)]
        files = chain.from_iterable(_named(root) for root in roots)
        digests[template.id, template.version] = digest(files)
    return digests


def changed_versions(before: Mapping[tuple[str, str], str], now: Digests) -> list[tuple[str, str]]:
    """Return each template and version whose bytes are others than they were."""
    return [key for key, value in now.items() if before.get(key, value) != value]


def published(root: Path) -> Digests:
    """Return what the lock says in the last commit; nothing where there is none."""
    command = ["git", "-C", str(root), "show", f"HEAD:{LOCK}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return parse(done.stdout) if done.returncode == 0 else {}


def parse(lines: str) -> Digests:
    """Return the digests in the lock's text."""
    rows = (line.split() for line in lines.splitlines() if not line.startswith("#"))
    return {(template, version): value for template, version, value in rows}


def text(digests: Digests) -> str:
    """Return the lock's text."""
    rows = (f"{template} {version} {digests[template, version]}\n" for template, version in digests)
    return HEADER + "".join(sorted(rows))


def _named(root: Path) -> Iterator[tuple[str, Path]]:
    return ((f"{root.name}/{path}", file) for path, file in tree_files(root))


if __name__ == "__main__":
    sys.exit(main())
