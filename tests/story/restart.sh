#!/bin/sh
# SPDX-License-Identifier: MIT
# restart.sh SERVER PROGRAM: run a program with a server that it may kill, which
# is why it has one of its own.
set -eu
base=${TMPDIR:-/tmp}
[ "$(id -u)" != 0 ] || base=/tmp # the server's user must get there, too
dir=$(mktemp -d "$base/cupel-restart.XXXXXX")
trap 'sh "$1" stop "$dir"' EXIT
sh "$1" start "$dir"
. "$dir/env"
CUPEL_TEST_PG_CTL=$dir/ctl "$2"
