#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_tests.py ROOT: every source file has its unit test, and meson runs it.

src/<room>/x.c and src/<room>/<folder>/x.c are tested by
tests/unit/<room>/x_test.c; where folders have files of the same name, by
<folder>_x_test.c. The room's meson.build has to name the test."""

import sys
from pathlib import Path

import csource

# Sources that have no test of their own, and why not.
EXCEPTIONS = {
}


def names(path, room):
    """The names that the test of one source may have."""
    folders = path.relative_to(room).parts[:-1]
    if not folders or len(list(room.rglob(path.name))) == 1:
        yield path.stem
    for folder in folders:
        yield f'{folder}_{path.stem}'


def check_source(root, path):
    room = root / 'src' / path.relative_to(root / 'src').parts[0]
    folder = root / 'tests/unit' / room.name
    build = folder / 'meson.build'
    listed = build.read_text() if build.exists() else ''
    written = [name for name in names(path, room)
               if (folder / f'{name}_test.c').exists()]
    if not written:
        wanted = next(names(path, room))
        return f'has no {folder.relative_to(root)}/{wanted}_test.c'
    if not any(f"'{name}'" in listed for name in written):
        return f'{build.relative_to(root)} does not list {written[-1]}'
    return None


def check(root, exceptions=None):
    root = Path(root)
    exceptions = EXCEPTIONS if exceptions is None else exceptions
    findings = []
    for path in csource.files(root, ['src'], ('.c',)):
        if path.relative_to(root / 'src').as_posix() in exceptions:
            continue
        problem = check_source(root, path)
        if problem:
            findings.append((path, 1, problem))
    for name in exceptions:
        if not (root / 'src' / name).exists():
            findings.append((__file__, 1, f'{name}: an exception for nothing'))
    return findings


if __name__ == '__main__':
    sys.exit(csource.report(check(sys.argv[1]), sys.argv[1]))
