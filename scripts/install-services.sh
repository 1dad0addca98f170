#!/bin/sh
# The servers that the tests start themselves: only the programs are needed.
set -eu

! command -v postgres >/dev/null || exit 0
for server in /usr/lib/postgresql/*/bin/postgres; do
    [ ! -x "$server" ] || exit 0
done
exec sh "$(dirname "$0")/install-system.sh" postgresql
