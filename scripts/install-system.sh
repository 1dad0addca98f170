#!/bin/sh
# Install Debian packages where that can be done without asking; elsewhere say what is missing.
# No service is started: the tests run servers of their own, in temporary folders.
set -eu

if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "missing: $*; install it (on Debian as root: apt-get install $*) and run this again" >&2
    exit 1
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
fi

install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
        -o Dpkg::Use-Pty=0 --no-install-recommends install "$@" </dev/null >/dev/null
}

echo "installing $*" >&2
# The package lists may be old, or may never have been fetched.
install "$@" 2>/dev/null || {
    apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null >/dev/null
    install "$@"
}
