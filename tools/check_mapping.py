#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_mapping.py ROOT: docs/mapping.md claims nothing that is not there.

Each row of its tables names one thing of the reference, what it is in C, and
what proves it. In the second column, each name in backticks is one of
 - `cupel_name`, `CUPEL_NAME`: declared in a public header,
 - `cupel_type.member`: a member of a public struct,
 - `"word"`: an option or an event by its name, a string in src/ or in the
   list of events there;
in the third each is a test in tests/, and the files of a row's tests, with their
headers, have in them every name that the row has. A row with C names has a test or says that it
is refused by the compiler; a row with "—" says why, and "not yet" only where it
is so. No name stands there twice, and every id of tests/tools/behaviour_ids.txt
has its row."""

import re
import sys
from collections import defaultdict
from pathlib import Path

import csource

PAGE = 'docs/mapping.md'
IDS = 'tests/tools/behaviour_ids.txt'
ROW = re.compile(r'^\| (.*?) \| (.*?) \| (.*) \|$')
QUOTED = re.compile(r'`([^`]*)`')
WORD = re.compile(r'\b[A-Za-z_]\w*\b')
TEST = re.compile(r'^(?:[A-Z]+_)*(?:TEST|SCENARIO)\((\w+)', re.M)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)
STRUCT = re.compile(r'^(?:typedef )?struct (\w+)\s*\{', re.M)
STATUS = re.compile(r'^\s*X\((\w+), -\d+,', re.M)
STRING = re.compile(r'"(\w+)"')
EVENT = re.compile(r'^\s*X\([A-Z_]+, (\w+),', re.M)
NOBODY = '—'
COMPILER = 'refused by the compiler'
NOT_YET = 'not yet'


class Tree:
    """What there is to be named."""

    def __init__(self, root):
        self.names, self.members, self.strings = set(), {}, set()
        for path in csource.files(root, ['include'], ('.h',)):
            self._header(csource.Source(path))
        for path in csource.files(root, ['src']):
            text = path.read_text(encoding='utf-8')
            self.strings.update(STRING.findall(text) + EVENT.findall(text))
        self.tests = defaultdict(set)  # test -> the words of its files
        for path in csource.files(root, ['tests'], ('.c',)):
            text = path.read_text(encoding='utf-8')
            words = set(WORD.findall(text))
            for name in INCLUDE.findall(text):
                if (root / 'tests' / name).exists():
                    header = (root / 'tests' / name).read_text('utf-8')
                    words.update(WORD.findall(header))
            for test in TEST.findall(text):
                self.tests[test] |= words

    def _header(self, source):
        plain = csource.TOKEN.sub(lambda m: csource.blank(m.group()),
                                  source.text)
        self.names.update(name for name in WORD.findall(plain)
                          if name.lower().startswith('cupel_'))
        self.names.update('CUPEL_E_' + name
                          for name in STATUS.findall(source.text))
        for match in STRUCT.finditer(source.code):
            end = csource.closing(source.code, match.end() - 1, '{', '}')
            body = source.code[match.end():end]
            self.members[match.group(1)] = set(WORD.findall(body))

    def uses(self, tests, name):
        """Whether one of the tests has the name, or the member, in its file."""
        word = name.strip('"').rpartition('.')[2]
        return any(word in self.tests[test] for test in tests)

    def has(self, name):
        if name.startswith('"'):
            return name.strip('"') in self.strings
        struct, dot, member = name.partition('.')
        if dot:
            return member in self.members.get(struct, ())
        return name in self.names


class Page:
    """The rows of the page, judged one by one."""

    def __init__(self, path, tree):
        self.path = path
        self.tree = tree
        self.findings = []
        self.seen = set()
        self.open = 0  # rows that say "not yet"

    def complain(self, line, message):
        self.findings.append((self.path, line, message))

    def read(self):
        text = self.path.read_text(encoding='utf-8')
        for line, row in enumerate(text.splitlines(), 1):
            match = ROW.match(row)
            if not match and row.startswith('|') and '---' not in row:
                self.complain(line, 'is no row of three columns')
            if match and QUOTED.match(match.group(1)):
                self.judge(line, *match.groups())

    def judge(self, line, what, where, proof):
        name = QUOTED.match(what).group(1)
        if name in self.seen:
            self.complain(line, f'{name} stands here twice')
        self.seen.add(name)
        tests = self.judge_names(line, name, QUOTED.findall(where),
                                 QUOTED.findall(proof))
        if proof.startswith(NOT_YET):
            self.open += 1
        elif where == NOBODY:
            if tests or not proof.strip():
                self.complain(line, f'{name} has no name in C; say why')
        elif not QUOTED.search(where):
            self.complain(line, f'{name} has no name in C and no {NOBODY}')
        elif not tests and proof != COMPILER:
            self.complain(line, f'{name} has no test')

    def judge_names(self, line, name, quoted, tests):
        """The tests, once all that is named was looked for."""
        for test in tests:
            if test not in self.tree.tests:
                self.complain(line, f'{name}: there is no test {test}')
        known = [test for test in tests if test in self.tree.tests]
        for word in quoted:
            if not self.tree.has(word):
                self.complain(line, f'{name}: there is no {word}')
            elif known and not self.tree.uses(known, word):
                self.complain(line, f'{name}: no test of it uses {word}')
        return tests


def check(root):
    """The findings, how many rows there are, how many are open."""
    root = Path(root)
    page = Page(root / PAGE, Tree(root))
    page.read()
    ids = (root / IDS).read_text(encoding='utf-8').split()
    for behaviour in ids:
        if behaviour not in page.seen:
            page.complain(1, f'{behaviour} has no row')
    return page.findings, len(page.seen), page.open


if __name__ == '__main__':
    FOUND, ROWS, OPEN = check(sys.argv[1])
    print(f'{ROWS} names, {OPEN} of them not yet')
    sys.exit(csource.report(FOUND, sys.argv[1]))
