"""The templates, and the variants of each that every change is tried on."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.support.checkout import ROOT

COMPLETE = ("--start", "complete")


@dataclass(frozen=True)
class Subject:
    """A template under test: its features in the order of the checklist, and its servers."""

    root: Path
    features: tuple[str, ...]
    must: tuple[str, ...]
    services: tuple[str, ...]

    def prefixes(self):
        """Yield each proper beginning of the features, as options of `new`."""
        for length in range(1, len(self.features)):
            yield ("--with", ",".join(self.features[:length]))


def _read(identity):
    root = ROOT / "templates" / identity
    features = yaml.safe_load((root / "checklist.yml").read_text())["features"]
    manifest = yaml.safe_load((root / "template.yml").read_text())
    return Subject(
        root=root,
        features=tuple(entry["id"] for entry in features),
        must=tuple(entry["id"] for entry in features if entry.get("level") != "stretch"),
        services=tuple(manifest["services"]),
    )


SUBJECTS = {identity: _read(identity) for identity in ("task-api", "ecommerce-api")}
TASK_API = SUBJECTS["task-api"]


def _variants():
    for identity, subject in SUBJECTS.items():
        yield pytest.param(identity, (), id=f"{identity}-starter")
        for options in subject.prefixes():
            yield pytest.param(identity, options, id=f"{identity}-{options[1]}")
        yield pytest.param(identity, COMPLETE, id=f"{identity}-complete")


def _parametrize(names, values):
    # The fixture `template` says what workshop and packages are for.
    return pytest.mark.parametrize(names, list(values), indirect=["template"])


every_template = _parametrize("template", SUBJECTS)
every_variant = _parametrize(["template", "options"], _variants())
the_shop = _parametrize("template", ["ecommerce-api"])
