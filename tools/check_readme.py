#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_readme.py ROOT [FLAG...]: the README's programs are what they say.

Each ```c block of README.md that has a main function is compiled, with the
flags given (what `pkg-config --cflags --libs cupel` would answer), and run.
The first has to be short. The ```c blocks of docs/guide.md, one after the
other, are a file that compiles. CC chooses the compiler."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import csource

FIRST_LINES = 40
SECONDS = 60
BLOCK = re.compile(r'^```c\n(.*?)^```', re.M | re.S)
MAIN = re.compile(r'\bmain\(')
STRICT = ['-std=gnu11', '-Wall', '-Wextra', '-Wpedantic', '-Werror']


def programs(text):
    """(line, source) of each block that is a whole program."""
    for match in BLOCK.finditer(text):
        if MAIN.search(match.group(1)):
            yield text.count('\n', 0, match.start(1)) + 1, match.group(1)


def build_and_run(source, flags):
    """What is wrong with one program, or None."""
    with tempfile.TemporaryDirectory(prefix='cupel-readme.') as folder:
        (Path(folder) / 'program.c').write_text(source)
        compile_it = [*shlex.split(os.environ.get('CC', 'cc')), *STRICT,
                      'program.c', '-o', 'program', *flags]
        for what, command in (('compile', compile_it), ('run', ['./program'])):
            try:
                answer = subprocess.run(command, cwd=folder, text=True,
                                        stdin=subprocess.DEVNULL,
                                        capture_output=True, check=False,
                                        timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return f'did not {what} within {SECONDS} seconds'
            if answer.returncode != 0:
                return (f'did not {what} ({answer.returncode}):\n'
                        f'{answer.stdout}{answer.stderr}')
    return None


def guide(text):
    """The guide's snippets as one file, with its lines in their places."""
    lines = [''] * text.count('\n')
    for match in BLOCK.finditer(text):
        first = text.count('\n', 0, match.start(1))
        block = match.group(1).splitlines()
        lines[first:first + len(block)] = block
    return '\n'.join(lines) + '\n'


def check_guide(root, flags):
    path = Path(root) / 'docs/guide.md'
    if not path.exists():
        return []
    compile_it = [*shlex.split(os.environ.get('CC', 'cc')), *STRICT,
                  '-fsyntax-only', '-x', 'c', '-',
                  *(flag for flag in flags if flag.startswith(('-I', '-D')))]
    answer = subprocess.run(compile_it, text=True, capture_output=True,
                            input=guide(path.read_text(encoding='utf-8')),
                            check=False)
    if answer.returncode == 0:
        return []
    return [(path, 1, f'its snippets do not compile:\n{answer.stderr}')]


def check(root, flags):
    path = Path(root) / 'README.md'
    if not path.exists():
        return [(path, 1, 'there is no README.md')]
    found = list(programs(path.read_text(encoding='utf-8')))
    if not found:
        return [(path, 1, 'no ```c block has a main function')]
    findings = []
    first_line, first = found[0]
    length = len(first.splitlines())
    if length > FIRST_LINES:
        findings.append((path, first_line, f'the first program has {length} '
                         f'lines; {FIRST_LINES} is the wall'))
    for line, source in found:
        problem = build_and_run(source, flags)
        if problem:
            findings.append((path, line, f'the program here {problem}'))
    return findings


if __name__ == '__main__':
    ROOT, FLAGS = sys.argv[1], sys.argv[2:]
    sys.exit(csource.report(check(ROOT, FLAGS) + check_guide(ROOT, FLAGS),
                            ROOT))
