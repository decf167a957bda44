# SPDX-License-Identifier: MIT
# To be sourced by ./demo and ./check: what they need from Debian.
#
# need_... PACKAGE notes the package if what it brings is not here yet;
# install_missing then installs the noted ones. So on a machine that has it
# all, wherever from, nothing is installed and nobody has to be root.

missing=

need_command() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

need_library() {
    pkg-config --exists "$1" 2>/dev/null || missing="$missing $2"
}

need_file() {
    # shellcheck disable=SC2086
    ls $1 >/dev/null 2>&1 || missing="$missing $2"
}

# For what leaves no other trace. A machine without dpkg is left alone.
need_package() {
    if command -v dpkg-query >/dev/null 2>&1; then
        dpkg-query -W -f '${Status}' "$1" 2>/dev/null |
            grep -q 'ok installed' || missing="$missing $1"
    fi
}

need_build_tools() {
    need_command gcc gcc
    need_file /usr/include/stdio.h libc6-dev
    need_command python3 python3
    need_command meson meson
    need_command ninja ninja-build
    need_command pkg-config pkg-config
    need_library libuv libuv1-dev
    need_library libpq libpq-dev
    need_library sqlite3 libsqlite3-dev
}

install_missing() {
    if [ -z "$missing" ]; then
        return 0
    fi
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "Missing, by their Debian names:$missing" >&2
        return 1
    fi
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root=sudo
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Missing:$missing" >&2
            echo "Run this as root, or have root install them." >&2
            return 1
        fi
    fi
    echo "Installing:$missing"
    # shellcheck disable=SC2086
    apt_get update && apt_get install --no-install-recommends $missing
}

apt_get() {
    said=$($as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q \
        -o Acquire::Retries=3 "$@" 2>&1 </dev/null) ||
        { echo "$said" >&2; return 1; }
}
