#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_sizes.py ROOT: a function fits a screen, a file a sitting.

Walls: 60 lines a function, 600 a file, 80 columns. The medians are printed,
for they say more about the habit than the walls do."""

import statistics
import sys

import csource

FUNCTION_LINES = 60
FILE_LINES = 600
COLUMNS = 80
FOLDERS = ['src', 'include', 'tests', 'examples', 'bench']


def check_file(source):
    """The findings in one file, and the lengths of its functions."""
    findings, lengths = [], []
    lines = source.text.splitlines()
    if len(lines) > FILE_LINES:
        findings.append((source.path, len(lines),
                         f'{len(lines)} lines; {FILE_LINES} is the wall'))
    for number, text in enumerate(lines, 1):
        if len(text) > COLUMNS:
            findings.append((source.path, number, f'{len(text)} columns'))
    for function in source.functions():
        if function.body is None:
            continue
        length = function.end_line - function.line + 2  # with the return type
        lengths.append(length)
        if length > FUNCTION_LINES:
            findings.append((source.path, function.line,
                             f'{function.name}() has {length} lines; '
                             f'{FUNCTION_LINES} is the wall'))
    return findings, lengths


def check(root):
    findings, function_lengths, file_lengths = [], [], []
    for path in csource.files(root, FOLDERS):
        source = csource.Source(path)
        found, lengths = check_file(source)
        findings += found
        function_lengths += lengths
        file_lengths.append(len(source.text.splitlines()))
    return findings, function_lengths, file_lengths


def summary(name, lengths):
    if lengths:
        print(f'{name}: {len(lengths)}, median {statistics.median(lengths):g} '
              f'lines, longest {max(lengths)}')


if __name__ == '__main__':
    FOUND, FUNCTIONS, FILES = check(sys.argv[1])
    summary('functions', FUNCTIONS)
    summary('files', FILES)
    sys.exit(csource.report(FOUND, sys.argv[1]))
