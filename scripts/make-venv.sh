#!/bin/sh
# Make a virtual environment: make-venv.sh PYTHON FOLDER
set -eu
python=$1
folder=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; name one, as in: make setup PYTHON=python3.12" >&2
    exit 1
}
# Debian keeps what a virtual environment needs in a package of its own.
"$python" -c 'import ensurepip' 2>/dev/null ||
    sh "$(dirname "$0")/install-system.sh" python3-venv

"$python" -m venv "$folder"
