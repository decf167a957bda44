#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checker of docs/mapping.md on a small tree: a page that tells the truth
passes, each claim that is none is found once."""

import unittest

from test_checkers import TreeTest

# pylint: disable=wrong-import-position
import check_mapping

HEADER = '''/** Not cupel_in_a_comment. */
#define CUPEL_LIST(X) \\
    X(TIMEOUT, -3, "TimeoutError", "")

typedef struct cupel_options {
    int size; /**< not length */
} cupel_options;

int
cupel_open(void);
'''

PAGE = '''# Mapping

| reference | C | proof |
|---|---|---|
%s
'''

GOOD = [
    '| `connect` | `cupel_open` | `it_opens` |',
    '| `TimeoutError` | `CUPEL_E_TIMEOUT`, by name | `it_opens`, `story` |',
    '| `create(size)` | `cupel_options.size` | `story` |',
    '| `echo` | `"echo"` | `story` |',
    '| `Events.begin` | `"begin"` | `story` |',
    '| `Tuple` | — | typing only |',
    '| `misuse` | `cupel_open` | refused by the compiler |',
    '| `dispose` | — | not yet: no C name |',
    '| `ABC-01` opens at once | `cupel_open` | `it_opens` |',
]


class MappingTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.put('include/cupel/x.h', HEADER)
        self.put('src/x.c', 'const char *name = "echo";\n')
        self.put('src/x.h', '#define EVENTS(X) \\\n    X(BEGIN, begin, 1)\n')
        self.put('tests/x_test.c', 'TASK_TEST(it_opens)\n{\n'
                 '    cupel_open();\n}\n')
        self.put('tests/suite/x.c', 'SCENARIO(story, AVOID)\n{\n'
                 '    options.size = 1; on("begin"); say("echo");\n'
                 '    fails(CUPEL_E_TIMEOUT);\n}\n')
        self.put('tests/tools/behaviour_ids.txt', 'ABC-01\n')

    def check(self, *rows):
        self.put('docs/mapping.md', PAGE % '\n'.join(rows))
        findings, count, still_open = check_mapping.check(self.root)
        return self.shown(findings), count, still_open

    def assert_found(self, message, row):
        [finding], _, _ = self.check(*GOOD, row)
        self.assertEqual(f'docs/mapping.md:14: {message}', finding)

    def test_true_rows_are_counted(self):
        self.assertEqual(([], 9, 1), self.check(*GOOD))

    def test_a_c_name_that_is_nowhere_declared_is_found(self):
        for name in ('cupel_shut', 'cupel_in_a_comment', 'cupel_options.length',
                     '"verbose"', 'CUPEL_E_NOMEM'):
            self.assert_found(f'x: there is no {name}',
                              f'| `x` | `{name}` | `story` |')

    def test_a_test_that_does_not_exist_is_found(self):
        self.assert_found('x: there is no test it_shuts',
                          '| `x` | `cupel_open` | `it_shuts` |')

    def test_a_test_that_does_not_use_the_name_is_found(self):
        self.assert_found('x: no test of it uses cupel_open',
                          '| `x` | `cupel_open` | `story` |')
        self.assert_found('x: no test of it uses cupel_options.size',
                          '| `x` | `cupel_options.size` | `it_opens` |')

    def test_a_name_without_proof_is_found(self):
        self.assert_found('x has no test', '| `x` | `cupel_open` | surely |')

    def test_a_name_without_c_needs_its_reason(self):
        self.assert_found('x has no name in C; say why',
                          '| `x` | — | `story` |')
        self.assert_found('x has no name in C; say why', '| `x` | — |  |')
        self.assert_found('x has no name in C and no —',
                          '| `x` | something | `story` |')

    def test_not_yet_still_claims_nothing_false(self):
        self.assert_found('x: there is no cupel_shut',
                          '| `x` | `cupel_shut` | not yet: no test |')

    def test_a_name_stands_there_once(self):
        self.assert_found('connect stands here twice', GOOD[0])

    def test_a_row_of_two_columns_is_found(self):
        self.assert_found('is no row of three columns', '| `x` | y |')

    def test_every_id_has_its_row(self):
        [finding], _, _ = self.check(*GOOD[:-1])
        self.assertEqual('docs/mapping.md:1: ABC-01 has no row', finding)


if __name__ == '__main__':
    unittest.main()
