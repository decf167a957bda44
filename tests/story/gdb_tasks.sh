#!/bin/sh
# SPDX-License-Identifier: MIT
# gdb_tasks.sh GDB SCRIPT PROGRAM: the gdb command finds every task of a process,
# and leaves the process unharmed.
set -u
gdb=$1 script=$2 program=$3
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
# LSan cannot work under a debugger.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"

expect() { # FILE WORDS...
    file=$1
    shift
    for words in "$@"; do
        if ! grep -q -e "$words" "$file"; then
            echo "not found: $words"
            cat "$file"
            exit 1
        fi
    done
}

look() { # COMMAND FILE
    "$gdb" -nx -batch -ex "source $script" -ex 'break stop_here' -ex run \
        -ex "$1" -ex continue "$program" > "$2" 2>&1
}

look cupel-tasks "$dir/live"
if grep -q -e 'ptrace: Operation not permitted' "$dir/live"; then
    echo 'this machine does not let gdb trace'
    exit 77
fi
expect "$dir/live" \
    'loop .*: 4 tasks' \
    'stopper: stop_among_tasks, running' \
    'reader: read_the_news, waits for a condition$' \
    '#.* wait_for_news (' \
    '#.* read_the_news (' \
    'sleeper: sleep_long, waits for sleep until [0-9]* ms' \
    '#.* sleep_long (' \
    '(no name): never_begun, ready' \
    'all tasks went on' \
    'exited normally'

look 'cupel-tasks frames' "$dir/frames"
expect "$dir/frames" \
    'reader: read_the_news, waits for a condition$' \
    '#.* wait_for_news' \
    '#.* sleep_long' \
    'all tasks went on' \
    'exited normally'
