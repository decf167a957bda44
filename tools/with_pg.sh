#!/bin/sh
# SPDX-License-Identifier: MIT
# Run a command with a private PostgreSQL server beside it:
#
#     tools/with_pg.sh CMD [ARG...]
#
# CMD finds the server in its environment: CUPEL_TEST_PG_URL and the other
# variables of tests/support/server.sh. The server is gone when CMD has ended,
# however it ended. Any number of these may run at once.
set -eu

[ $# -gt 0 ] || { echo "usage: with_pg.sh CMD [ARG...]" >&2; exit 2; }
server=$(cd "$(dirname "$0")/.." && pwd)/tests/support/server.sh
base=${TMPDIR:-/tmp}
[ "$(id -u)" != 0 ] || base=/tmp # the server's user must get there, too
dir=$(mktemp -d "$base/cupel-pg.XXXXXX")

trap 'sh "$server" stop "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Should this script be killed outright, the trap does not run: this does.
(
    trap '' INT HUP TERM
    tail --pid=$$ -f /dev/null
    [ ! -d "$dir" ] || sh "$server" stop "$dir"
) </dev/null >/dev/null 2>&1 &

sh "$server" start "$dir"
. "$dir/env"
"$@"
