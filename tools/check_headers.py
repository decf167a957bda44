#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_headers.py ROOT: every header compiles when it is included alone.

Public headers as C11, C99 and C++11, as users include them, with their
warnings as errors; internal ones as C11. CC and CXX choose the compilers."""

import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import csource

WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror']
PUBLIC = ['c11', 'c99', 'c++11']
INTERNAL = ['c11']

# Headers that promise less than the others.
LANGUAGES = {
    'cupel/sugar.h': ['c11'],  # it stands on _Generic
}

DRIVERS = ['libuv', 'libpq', 'sqlite3']


def compiler(language):
    if language.startswith('c++'):
        return shlex.split(os.environ.get('CXX', 'c++')) + ['-x', 'c++']
    return shlex.split(os.environ.get('CC', 'cc')) + ['-x', 'c']


def driver_flags():
    """Where the headers of the drivers are that this machine has."""
    flags = []
    for name in DRIVERS:
        answer = subprocess.run(['pkg-config', '--cflags', name],
                                capture_output=True, text=True, check=False)
        flags += shlex.split(answer.stdout)
    return flags


def compile_alone(root, name, language, flags):
    """The compiler's complaint about one header, or None."""
    command = compiler(language) + [f'-std={language}', '-fsyntax-only',
                                    *WARNINGS, *flags, '-']
    text = f'#include "{name}"\nextern int not_empty;\n'
    answer = subprocess.run(command, input=text, text=True,
                            capture_output=True, check=False, cwd=root)
    if answer.returncode == 0:
        return None
    return answer.stderr.strip() or f'{command[0]} failed'


def jobs(root):
    """(path, name as included, language, flags) of every compilation."""
    for path in csource.files(root, ['include'], ('.h',)):
        name = path.relative_to(root / 'include').as_posix()
        for language in LANGUAGES.get(name, PUBLIC):
            yield path, name, language, ['-Iinclude']
    drivers = driver_flags()
    for path in csource.files(root, ['src'], ('.h',)):
        name = path.relative_to(root / 'src').as_posix()
        for language in INTERNAL:
            yield path, name, language, ['-Iinclude', '-Isrc',
                                         '-D_GNU_SOURCE', *drivers]


def check(root):
    root = Path(root)
    todo = list(jobs(root))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda job: compile_alone(root, *job[1:]), todo)
    return [(path, 1, f'as {language}: {complaint}')
            for (path, _, language, _), complaint in zip(todo, answers)
            if complaint]


if __name__ == '__main__':
    sys.exit(csource.report(check(sys.argv[1]), sys.argv[1]))
