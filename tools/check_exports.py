#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_exports.py ROOT [LIBRARY]: headers, map and library name the same.

The names that public headers mark CUPEL_API or CUPEL_CHECKED, those that
src/cupel.map makes global and those that `nm -D` finds in the library are one
list. With --write instead of a library, the newest node of the map is made
anew from the headers; names in the nodes of older releases stay there."""

import re
import subprocess
import sys
from pathlib import Path

import csource

EXPORTED = re.compile(r'\bCUPEL_(?:API|CHECKED)\b([^;{]*)[;{]')
NODE = re.compile(r'(CUPEL_[\d.]+)\s*\{(.*?)\}\s*([^;]*);', re.S)
GLOBAL = re.compile(r'^\s*(\w+);', re.M)


def header_names(root):
    """name -> (path, line) of everything the public headers export."""
    names = {}
    for path in csource.files(root, ['include'], ('.h',)):
        source = csource.Source(path)
        for match in EXPORTED.finditer(source.code):
            name = declared_name(match.group(1))
            offset = source.code.index(name, match.start())
            names[name] = (path, source.line_of(offset))
    return names


def declared_name(declaration):
    """What `const char *name(void)` or `extern const int name` declares."""
    function = re.search(r'(\w+)\s*\(', declaration)
    if function:
        return function.group(1)
    return re.findall(r'\w+', declaration.partition('[')[0])[-1]


def map_nodes(root):
    """[(node, names, parent)], oldest first."""
    path = Path(root) / 'src/cupel.map'
    if not path.exists():
        return []
    return [(node, GLOBAL.findall(body.partition('local:')[0]), parent)
            for node, body, parent in NODE.findall(path.read_text())]


def library_names(library):
    answer = subprocess.run(['nm', '-D', '--defined-only', library],
                            capture_output=True, text=True, check=True)
    names = set()
    for line in answer.stdout.splitlines():
        *_, kind, name = line.split()
        if kind != 'A':  # the version node itself
            names.add(name.partition('@')[0])
    return names


def check(root, library):
    cupel_map = Path(root) / 'src/cupel.map'
    headers = header_names(root)
    mapped = {name for _, names, _ in map_nodes(root) for name in names}
    linked = library_names(library)
    findings = []
    for name in sorted(headers.keys() | mapped | linked):
        where = headers.get(name, (cupel_map, 1))
        missing = [place for place, names in (('the headers', headers),
                                              ('src/cupel.map', mapped),
                                              ('the library', linked))
                   if name not in names]
        if missing:
            findings.append((*where, f'{name} is not in '
                             + ' or '.join(missing)))
    return findings


def write(root):
    nodes = map_nodes(root) or [('CUPEL_0.1', [], '')]
    released = {name for _, names, _ in nodes[:-1] for name in names}
    newest, _, parent = nodes[-1]
    names = sorted(header_names(root).keys() - released)
    text = ''
    for node, node_names, node_parent in [*nodes[:-1],
                                          (newest, names, parent)]:
        text += f'{node} {{\n    global:\n'
        text += ''.join(f'        {name};\n' for name in node_names)
        if node == nodes[0][0]:
            text += '    local: *;\n'
        text += f'}}{" " if node_parent else ""}{node_parent};\n'
    (Path(root) / 'src/cupel.map').write_text(text)


if __name__ == '__main__':
    if '--write' in sys.argv:
        sys.argv.remove('--write')
        write(sys.argv[1])
        sys.exit(0)
    sys.exit(csource.report(check(sys.argv[1], sys.argv[2]), sys.argv[1]))
