#!/bin/sh
# The servers that the tests start themselves: only the programs are needed.
set -eu

has_postgresql() {
    ! command -v postgres >/dev/null || return 0
    for server in /usr/lib/postgresql/*/bin/postgres; do
        [ ! -x "$server" ] || return 0
    done
    return 1
}

# An account other than root does not have the folder of Debian's servers on its PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

set --
has_postgresql || set -- "$@" postgresql
command -v redis-server >/dev/null || set -- "$@" redis-server
command -v rabbitmq-server >/dev/null || set -- "$@" rabbitmq-server
[ $# -gt 0 ] || exit 0
exec sh "$(dirname "$0")/install-system.sh" "$@"
