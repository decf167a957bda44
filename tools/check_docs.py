#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_docs.py ROOT: every public name says what it is and since when.

In the public headers, a comment for doxygen stands right above each exported
function, type and macro, and ends with `@since 0.1`: the version it came with,
which is no later than this one and, for what is exported, that of its node in
src/cupel.map. It stands on the comment's line if that is the only one and has
room, else on the last one by itself; --write puts it there. Each value of an enum has a comment above or behind it. A
function that check_yields.py knows to suspend the task says "Yields." there,
not just where it is defined. And docs/reference.md lists every header."""

import re
import sys
from pathlib import Path

import check_exports
import check_yields
import csource

COLUMNS = 80
COMMENT = re.compile(r'^/\*\*.*?\*/', re.M | re.S)
SINCE = re.compile(r'@since (\d+\.\d+)\s*\*/$')
VERSION = re.compile(r"^\s*version: '(\d+\.\d+)", re.M)
TYPE = re.compile(r'^(?:typedef|struct|enum|union)\b', re.M)
FORWARD = re.compile(r'(?:struct|union|enum)\s+\w+\s*$')
DEFINE = re.compile(r'^#define (\w+)', re.M)
UNDEF = re.compile(r'^#undef (\w+)', re.M)
GUARD = re.compile(r'CUPEL_\w+_H$')
ENUM = re.compile(r'^(?:typedef )?enum\b[^;{]*\{', re.M)
VALUE = re.compile(r'^\s*(CUPEL_\w+)\s*(?:=[^,]*)?,?\s*$')


def number(version):
    return tuple(map(int, version.split('.')))


def in_form(comment):
    """The comment as the house writes it, with its @since in place."""
    text, since = SINCE.split(comment)[:2]
    lines = [line.removeprefix(' *').strip() and line.removeprefix(' * ')
             for line in text.removeprefix('/**').split('\n')]
    lines[0] = lines[0].strip()
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    short = f'/** {" ".join(lines)} @since {since} */'
    if len(lines) == 1 and len(short) <= COLUMNS:
        return short
    inner = ''.join(f' * {line}'.rstrip() + '\n' for line in lines)
    return f'/**\n{inner} * @since {since}\n */'


class Header:
    """One public header and what is wrong with its comments."""

    def __init__(self, path, current, nodes):
        self.source = csource.Source(path)
        self.current = current  # this version, "0.1"
        self.nodes = nodes      # exported name -> the version of its node
        self.findings = []

    def complain(self, line, message):
        self.findings.append((self.source.path, line, message))

    def judge(self, name, line, comment):
        """A declaration and what stands above it."""
        if not comment.startswith('/**'):
            self.complain(line, f'{name} has no comment')
            return
        since = SINCE.search(comment)
        if not since:
            self.complain(line, f'{name} does not end with @since')
            return
        if in_form(comment) != comment:
            self.complain(line, f'{name} has its @since in another place than '
                          'the rest: check_docs.py --write moves it')
        version = since.group(1)
        node = self.nodes.get(name, version)
        if number(version) > number(self.current):
            self.complain(line, f'{name} is since {version}, and this is '
                          f'{self.current}')
        elif version != node:
            self.complain(line, f'{name} is since {version} and in the map '
                          f'since {node}')

    def functions(self, tree):
        for function in self.source.functions():
            if not check_exports.EXPORTED.search(function.head + ';'):
                continue
            self.judge(function.name, function.line, function.comment)
            suspends = tree.is_marked((None, function.name))
            said = check_yields.what_is_said(function.comment)
            if suspends and function.comment and not said:
                self.complain(function.line, f'{function.name} does not say '
                              '"Yields." here')

    def types(self):
        code = self.source.code
        for match in TYPE.finditer(code):
            end = re.compile('[{;]').search(code, match.end())
            head = code[match.start():end.start()]
            if end.group() == ';' and FORWARD.match(head):
                continue
            line = self.source.line_of(match.start())
            name = re.search(r'(\w+)\s*(?:\(|$)', head.rstrip()).group(1)
            self.judge(name, line, self.source.comment_above(line))

    def macros(self):
        text = csource.TOKEN.sub(lambda m: csource.blank(m.group()),
                                 self.source.text)
        lines = text.split('\n')
        passing = set(UNDEF.findall(text))
        for match in DEFINE.finditer(text):
            name = match.group(1)
            if name in passing or GUARD.match(name):
                continue
            passing.add(name)  # the first of its definitions is enough
            line = text.count('\n', 0, match.start()) + 1
            above = line - 1
            while lines[above - 1].startswith('#if'):
                above -= 1
            self.judge(name, line, self.source.comment_ending_on(above))

    def values(self):
        """Enum values: a line each, the comment above it or behind it."""
        code = self.source.code
        lines = self.source.text.split('\n')
        for enum in ENUM.finditer(code):
            end = csource.closing(code, enum.end() - 1, '{', '}')
            first = self.source.line_of(enum.end())
            body = code[enum.end():end].split('\n')
            for line, text in enumerate(body, first):
                match = VALUE.match(text)
                if match and not ('/**<' in lines[line - 1] or
                                  self.source.comment_ending_on(line - 1)):
                    self.complain(line, f'{match.group(1)} has no comment')


def map_versions(root):
    """exported name -> "0.1", the version of its node."""
    return {name: node.rpartition('_')[2]
            for node, names, _ in check_exports.map_nodes(root)
            for name in names}


def check_page(root, headers):
    page = root / 'docs/reference.md'
    text = page.read_text(encoding='utf-8') if page.exists() else ''
    return [(page, 1, f'{name} is not listed') for name in headers
            if f'| {name} |' not in text]


def check(root):
    root = Path(root)
    build = (root / 'meson.build').read_text(encoding='utf-8')
    current = VERSION.search(build).group(1)
    nodes = map_versions(root)
    tree = check_yields.Tree(root)
    findings, names = [], []
    for path in csource.files(root, ['include'], ('.h',)):
        header = Header(path, current, nodes)
        header.functions(tree)
        header.types()
        header.macros()
        header.values()
        findings += sorted(header.findings)
        names.append(path.relative_to(root / 'include').as_posix())
    return findings + check_page(root, names)


def write(root):
    """Put every @since into its place."""
    for path in csource.files(root, ['include'], ('.h',)):
        text = path.read_text(encoding='utf-8')
        path.write_text(COMMENT.sub(
            lambda match: in_form(match.group())
            if SINCE.search(match.group()) else match.group(), text))


if __name__ == '__main__':
    if '--write' in sys.argv:
        sys.argv.remove('--write')
        write(sys.argv[1])
    sys.exit(csource.report(check(sys.argv[1]), sys.argv[1]))
