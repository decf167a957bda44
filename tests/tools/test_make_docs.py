#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The pages that doxygen makes of a small header: only ours stay, and what is
not documented is a failure."""

import unittest

from test_checkers import ROOT, TreeTest

# pylint: disable=wrong-import-position
import make_docs

HEADER = '''/**
 * @file
 * Things.
 */

/** The most of them. @since 0.1 */
#define CUPEL_MOST 7

/** A thing. @since 0.1 */
typedef struct cupel_thing {
    int free; /**< as many are free */
} cupel_thing;

/** Take one. @since 0.1 */
CUPEL_API int
cupel_take(cupel_thing *thing);
'''


class MakeDocsTest(TreeTest):
    def setUp(self):
        super().setUp()
        settings = (ROOT / 'docs/Doxyfile.in').read_text(encoding='utf-8')
        self.doxyfile = self.put('Doxyfile', settings.replace(
            '@SOURCE@', str(self.root)).replace('@VERSION@', '0.1'))
        self.put('docs/reference.md', '# Reference\n')

    def test_only_pages_with_our_names_are_made(self):
        self.put('include/cupel/x.h', HEADER)
        self.assertEqual('', make_docs.make(self.doxyfile, self.root))
        self.assertEqual(['CUPEL_MOST.3', 'cupel_take.3', 'cupel_thing.3',
                          'cupel_x.h.3'],
                         sorted(page.name for page
                                in (self.root / 'man3').iterdir()))
        self.assertEqual('.so man3/cupel_x.h.3\n',
                         (self.root / 'man3/cupel_take.3').read_text())
        self.assertTrue((self.root / 'html/index.html').exists())

    def test_every_exported_name_has_its_page(self):
        self.put('include/cupel/x.h', HEADER)
        self.assertEqual('', make_docs.check(self.doxyfile, self.root))

    def test_what_is_not_documented_is_a_failure(self):
        self.put('include/cupel/x.h', HEADER.replace('/**< as', '/* as'))
        complaint = make_docs.make(self.doxyfile, self.root)
        self.assertIn('free', complaint)
        self.assertFalse((self.root / 'html').exists())


if __name__ == '__main__':
    unittest.main()
