#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""count_tests.py LOG: how many tests passed in a run of `meson test`.

LOG is the testlog.json of the run. Prints "PASSED FAILED"; names what failed
on standard error, with the end of what it said. A cmocka or unittest program
counts as many tests as it ran, any other one as one. A program that ends badly
after its tests all passed (a leak, a crash on the way out) counts as one
failure more. A skipped test is a failure here, for whoever counts wanted it
run, unless the table below excuses it."""

import json
import re
import sys

TAIL_LINES = 40

# Tests that may skip, and why.
EXCUSED = {
    'map_limit_of_the_kernel_is_a_clear_error':
        'the limit is out of reach on some kernels and under sanitizers',
    'memory_of_a_deep_call_goes_back_to_the_kernel':
        'it knows pages of 4 KiB only',
}

CMOCKA_PASSED = re.compile(r'^\[  PASSED  \] (\d+) test', re.M)
CMOCKA_FAILED = re.compile(
    r'^\[  FAILED  \] (\d+) test\(s\), listed below', re.M)
CMOCKA_SKIPPED = re.compile(r'^\[  SKIPPED \] (\w+)$', re.M)
CMOCKA_RUN = re.compile(r'^\[ RUN      \] ', re.M)
CMOCKA_OK = re.compile(r'^\[       OK \] ', re.M)
UNITTEST_RAN = re.compile(r'^Ran (\d+) tests? in ', re.M)
UNITTEST_NOT_PASSED = re.compile(
    r'^(?:OK|FAILED) \((.*)\)$', re.M)


def total(pattern, output):
    return sum(map(int, pattern.findall(output)))


def count(output, result):
    """(passed, failed) of one test program."""
    failed = 0
    if CMOCKA_PASSED.search(output):
        passed = total(CMOCKA_PASSED, output)
        failed = total(CMOCKA_FAILED, output)
        failed += len(set(CMOCKA_SKIPPED.findall(output)) - EXCUSED.keys())
    elif CMOCKA_RUN.search(output):  # it died on the way
        passed = len(CMOCKA_OK.findall(output))
        failed = len(CMOCKA_RUN.findall(output)) - passed
    elif UNITTEST_RAN.search(output):
        failed = sum(int(number) for what in UNITTEST_NOT_PASSED.findall(output)
                     for number in re.findall(r'=(\d+)', what))
        passed = total(UNITTEST_RAN, output) - failed
    else:
        passed = 1 if result == 'OK' else 0
    if result != 'OK' and failed == 0:
        failed = 1
    return passed, failed


def main(path):
    passed = failed = 0
    with open(path, encoding='utf-8', errors='replace') as log:
        for line in log:
            test = json.loads(line)
            output = (test.get('stdout') or '') + (test.get('stderr') or '')
            good, bad = count(output, test['result'])
            passed += good
            failed += bad
            if bad:
                tail = output.splitlines()[-TAIL_LINES:]
                print(f'{test["result"]}: {test["name"]}', file=sys.stderr)
                print(''.join(f'    {text}\n' for text in tail),
                      file=sys.stderr)
    print(passed, failed)


if __name__ == '__main__':
    main(sys.argv[1])
