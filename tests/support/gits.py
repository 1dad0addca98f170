"""Personal git settings and environments that get in the way of a first commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = (
    *("applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-checkout", "post-commit"),
    *("post-index-change", "pre-commit", "prepare-commit-msg", "reference-transaction"),
)

# Name to the text that is added to the user's git settings; {home} is the home folder.
SETTINGS = {
    "none": "",
    "personal excludes": "[core]\n\texcludesFile = {home}/excludes\n",
    "autocrlf": "[core]\n\tautocrlf = true\n\tsafecrlf = true\n",
    "crlf": "[core]\n\teol = crlf\n",
    "personal attributes": "[core]\n\tattributesFile = {home}/attributes\n",
    "file mode": "[core]\n\tfileMode = false\n\tignoreCase = true\n",
    "missing signer": "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = /nowhere/gpg\n",
    "failing signer": "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n",
    "other branch": "[init]\n\tdefaultBranch = trunk\n",
    "failing hooks": "[core]\n\thooksPath = {home}/template/hooks\n",
    "template of hooks": "[init]\n\ttemplateDir = {home}/template\n",
    "file system monitor": "[core]\n\tfsmonitor = {home}/template/hooks/pre-commit\n",
    "many files": "[feature]\n\tmanyFiles = true\n[core]\n\tsplitIndex = true\n",
    "latin": "[i18n]\n\tcommitEncoding = latin1\n",
    "big files": "[core]\n\tbigFileThreshold = 100\n\tcompression = 0\n",
    "no automatic identity": "[user]\n\tuseConfigOnly = true\n",
    "trailers": '[trailer]\n\tseparators = "#"\n\tifexists = doNothing\n',
}

# Name to variables, as inside a git hook or under a strange shell.
ENVIRONMENTS = {
    "another repository": {
        "GIT_DIR": "/nowhere/.git",
        "GIT_WORK_TREE": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_OBJECT_DIRECTORY": "/nowhere/objects",
        "GIT_COMMON_DIR": "/nowhere/common",
        "GIT_PREFIX": "x/",
    },
    "index alone": {"GIT_INDEX_FILE": ".git/index.lock"},
    "settings": {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "true",
    },
    "template": {"GIT_TEMPLATE_DIR": "/nowhere"},
    "trace": {"GIT_TRACE": "1", "GIT_PYTHON_TRACE": "full"},
    "strict GitPython": {"GIT_PYTHON_REFRESH": "raise"},
    "literal paths": {"GIT_LITERAL_PATHSPECS": "1"},
    "sha256": {"GIT_DEFAULT_HASH": "sha256"},
}


def configure(home: Path, settings: str, *, identity: bool = True) -> None:
    """Write the git settings of a user, and what they refer to."""
    user = "[user]\n\tname = Ada Example\n\temail = ada@example.org\n" if identity else ""
    (home / ".gitconfig").write_text(user + SETTINGS[settings].format(home=home))
    (home / "excludes").write_text("*.md\nsrc/\n.gitignore\n")
    (home / "attributes").write_text("* text eol=crlf\n*.md filter=missing\n")
    hooks = home / "template" / "hooks"
    hooks.mkdir(parents=True)
    for name in HOOKS:
        (hooks / name).write_text(f"#!/bin/sh\necho the hook {name} ran >&2\nexit 1\n")
        (hooks / name).chmod(0o755)
