#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_rooms.py ROOT: every include goes sideways or down, never up.

The table is the whole architecture: a room may include itself and the rooms
its line names."""

import re
import sys
from pathlib import Path

import csource

ROOMS = {
    'base': (),
    'task': ('base',),
    'sql': ('base',),
    'dialect': ('base', 'task', 'sql'),
    'pool': ('base', 'task', 'dialect/dialect.h'),
    'engine': ('base', 'task', 'sql', 'dialect', 'pool'),
    'async': ('base', 'task', 'sql', 'engine'),
}

# Foreign headers and the one folder each of them is known to.
FOREIGN = {
    'uv.h': 'task',
    'libpq-fe.h': 'dialect/postgresql',
    'sqlite3.h': 'dialect/sqlite',
    'mysql.h': 'dialect/mysql',
}

# Public headers that some rooms are too low for, or have no business with.
PUBLIC_NOT_IN = {
    'cupel/task.h': ('base', 'sql'),
}

C_LIBRARY = {'stdbool.h', 'stddef.h', 'stdint.h'}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)


def includes(path):
    text = path.read_text(encoding='utf-8')
    for match in INCLUDE.finditer(text):
        yield (text.count('\n', 0, match.start()) + 1, match.group(1) == '"',
               match.group(2))


def check_public(root, path):
    for line, quoted, name in includes(path):
        exists = (root / 'include' / name).is_file()
        if not exists and name not in C_LIBRARY:
            yield path, line, f'a public header includes {name}'
        elif quoted:
            yield path, line, f'write <{name}>'


def check_internal(root, path):
    folder = path.relative_to(root / 'src').parent.as_posix()
    room = folder.split('/')[0]
    if room not in ROOMS:
        yield path, 1, f'{room} is no room'
        return
    for line, quoted, name in includes(path):
        if not quoted:
            problem = judge_foreign(folder, room, name)
        elif not (root / 'src' / name).is_file():
            problem = f'{name}: write includes from src/'
        else:
            problem = judge_room(folder, room, name)
        if problem:
            yield path, line, problem


def judge_foreign(folder, room, name):
    home = FOREIGN.get(name)
    if home and folder != home and not folder.startswith(home + '/'):
        return f'only {home} may include <{name}>'
    if room in PUBLIC_NOT_IN.get(name, ()):
        return f'{room} may not include <{name}>'
    return None


def judge_room(folder, room, name):
    target = Path(name).parent.as_posix()
    target_room, _, driver = target.partition('/')
    if driver and target != folder:
        return f'{folder} may not include {name}: another database\'s folder'
    if target_room == room or target_room in ROOMS[room]:
        return None
    if name in ROOMS[room]:
        return None
    return f'{room} may not include {name}'


def check(root):
    root = Path(root)
    findings = []
    for path in csource.files(root, ['include']):
        findings += check_public(root, path)
    for path in csource.files(root, ['src']):
        findings += check_internal(root, path)
    return findings


if __name__ == '__main__':
    sys.exit(csource.report(check(sys.argv[1]), sys.argv[1]))
