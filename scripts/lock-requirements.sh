#!/bin/sh
# Compile the locked development requirements: lock-requirements.sh PYTHON [OPTION]...
# uv works in an environment of its own, since it is no part of what it locks.
set -eu
python=$1
shift
venv=.cache/lock

[ -x "$venv/bin/uv" ] || {
    sh scripts/make-venv.sh "$python" "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check uv
}
"$venv/bin/uv" pip compile pyproject.toml --group pyproject.toml:dev --universal \
    --python-version 3.11 --generate-hashes --no-annotate --no-header \
    --no-emit-index-url --no-emit-find-links --quiet --output-file requirements/dev.txt "$@"
