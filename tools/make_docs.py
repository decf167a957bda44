#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""make_docs.py DOXYFILE FOLDER ROOT DEPFILE: FOLDER/html and FOLDER/man3, by
doxygen, and what they are made of for ninja.
make_docs.py --check DOXYFILE ROOT: the same into nowhere, and each name that
the headers under ROOT export has to have its page.

A warning is a failure. Of the pages in doxygen's man3 those stay that are about
a name of ours: it also makes one for each member of a struct (`free.3`,
`name.3`), and calls a header's page by the header alone (`error.h.3`), which
would stand in the way of other people's."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import check_exports
import csource

OURS = re.compile(r'cupel_|CUPEL_')
LINK = re.compile(r'^\.so man3/(?!cupel_)', re.M)


def run(doxyfile, folder):
    """What doxygen has to complain about, or ''. Fills `folder`."""
    settings = (f'{Path(doxyfile).read_text(encoding="utf-8")}\n'
                f'OUTPUT_DIRECTORY = "{folder}"\n')
    answer = subprocess.run(['doxygen', '-'], input=settings, text=True,
                            capture_output=True, check=False)
    if answer.returncode == 0:
        return answer.stderr.strip()
    return answer.stderr.strip() or 'doxygen failed'


def sift(made, wanted):
    """Take the pages that are ours from one folder into another."""
    wanted.mkdir()
    for page in sorted(made.iterdir()):
        text = page.read_text(encoding='utf-8')
        if page.name.endswith('.h.3'):
            name = f'cupel_{page.name}'
        elif OURS.match(page.name):
            name = page.name
        else:
            continue
        (wanted / name).write_text(LINK.sub('.so man3/cupel_', text),
                                   encoding='utf-8')


def make(doxyfile, folder):
    """Fill `folder`; what is wrong, or ''."""
    with tempfile.TemporaryDirectory(prefix='cupel-docs.') as made:
        made = Path(made)
        complaint = run(doxyfile, made)
        if complaint:
            return complaint
        sift(made / 'man' / 'man3', made / 'man3')
        for name in ('html', 'man3'):
            shutil.rmtree(folder / name, ignore_errors=True)
            shutil.copytree(made / name, folder / name)
    return ''


def missing(root, folder):
    """The exported names that have no page."""
    return [name for name in sorted(check_exports.header_names(root))
            if not (folder / 'man3' / f'{name}.3').exists()]


def check(doxyfile, root):
    """What is wrong with the pages for the headers under `root`, or ''."""
    with tempfile.TemporaryDirectory(prefix='cupel-docs.') as folder:
        complaint = make(doxyfile, Path(folder))
        if complaint:
            return complaint
        return '\n'.join(f'{name} has no page'
                         for name in missing(root, Path(folder)))


def depend(root):
    """A line of make: every public header, under one target's name."""
    headers = csource.files(root, ['include'], ('.h',))
    return f'html: {" ".join(map(str, headers))}\n'


if __name__ == '__main__':
    if sys.argv[1] == '--check':
        COMPLAINT = check(sys.argv[2], sys.argv[3])
    else:
        COMPLAINT = make(sys.argv[1], Path(sys.argv[2]))
        Path(sys.argv[4]).write_text(depend(sys.argv[3]), encoding='utf-8')
    if COMPLAINT:
        print(COMPLAINT, file=sys.stderr)
    sys.exit(1 if COMPLAINT else 0)
