#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh BUILD_DIR: install the library somewhere, and build and run a user's
# program on it: by pkg-config as C and as C++, and by CMake if it is here.
set -eu

build=$1
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

meson install -C "$build" --no-rebuild --quiet --destdir "$dir" \
    --tags devel,runtime,doc,man
pc=$(find "$dir" -name cupel.pc)
[ -n "$pc" ] || { echo "cupel.pc was not installed"; exit 1; }
prefix=$dir$(sed -n 's/^prefix=//p' "$pc")
[ -f "$prefix/share/cupel/gdb/cupel_tasks.py" ] ||
    { echo "the gdb script was not installed"; exit 1; }
if [ -d "$build/docs/man3" ]; then
    man=$(find "$dir" -name cupel_engine_connect.3)
    [ -n "$man" ] || { echo "the man pages were not installed"; exit 1; }
    [ -f "$prefix/share/doc/cupel/html/index.html" ] ||
        { echo "the reference was not installed"; exit 1; }
fi
library=$(dirname "$(find "$dir" -name 'libcupel.so.0.*' | head -n 1)")
PKG_CONFIG_PATH=$(dirname "$pc")
PKG_CONFIG_SYSROOT_DIR=$dir
LD_LIBRARY_PATH=$library
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH

echo "pkg-config, C99"
# shellcheck disable=SC2046
${CC:-cc} -std=c99 -Wall -Wextra -Wpedantic -Werror "$here/consumer.c" \
    -o "$dir/consumer" $(pkg-config --cflags --libs cupel)
"$dir/consumer"

echo "pkg-config, C++11"
# shellcheck disable=SC2046
${CXX:-c++} -std=c++11 -Wall -Wextra -Wpedantic -Werror -x c++ "$here/consumer.c" \
    -x none -o "$dir/consumer" $(pkg-config --cflags --libs cupel)
"$dir/consumer"

if command -v cmake >/dev/null; then
    echo "CMake"
    cmake -G Ninja -S "$here" -B "$dir/cmake" -DCMAKE_PREFIX_PATH="$prefix" \
        >"$dir/cmake.log" || { cat "$dir/cmake.log"; exit 1; }
    cmake --build "$dir/cmake" >"$dir/cmake.log" ||
        { cat "$dir/cmake.log"; exit 1; }
    "$dir/cmake/consumer"
    if cmake -G Ninja -S "$here" -B "$dir/other" -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_PROJECT_INCLUDE="$here/wants_next_minor.cmake" \
        >/dev/null 2>&1; then
        echo "CMake took this version for the next minor one"
        exit 1
    fi
fi
