#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checkers of the documentation on small trees: good ones pass, each fault
is found once."""

import unittest

from test_checkers import TreeTest

# pylint: disable=wrong-import-position
import check_docs

GOOD = '''#ifndef CUPEL_X_H
#define CUPEL_X_H
struct foreign;

/** Exported. @since 0.1 */
#if defined(__GNUC__)
#define CUPEL_API __attribute__((visibility("default")))
#else
#define CUPEL_API
#endif

/**
 * Two lines
 * of comment.
 * @since 0.2
 */
#define CUPEL_LIST(X) \\
    X(ONE)            \\
    X(TWO)

#define CUPEL_ONE_LINE(name) CUPEL_##name,
/** Ways. @since 0.2 */
typedef enum cupel_way {
    CUPEL_LEFT = 0, /**< that way,
                         not this */
    /** The other. */
    CUPEL_RIGHT = 1
} cupel_way;
#undef CUPEL_ONE_LINE

/** A thing. @since 0.1 */
typedef struct cupel_thing cupel_thing;

/** What it has. @since 0.1 */
struct cupel_thing {
    int x;
};

/** Called back. @since 0.1 */
typedef void
cupel_fn(int x);

/** Take one. Yields. @since 0.1 */
CUPEL_API int
cupel_take(struct foreign *from);

int
cupel_not_exported(void);
#endif
'''

MAP = '''CUPEL_0.1 {
    global:
        cupel_take;
    local: *;
};
CUPEL_0.2 {
    global:
        cupel_new;
} CUPEL_0.1;
'''

TAKE = '''/* Take it. Yields. */
int
cupel_take(struct foreign *from)
{
    return cup_wait(from);
}
'''


class DocsTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.put('meson.build', "project('x', 'c',\n  version: '0.2.1')\n")
        self.put('src/cupel.map', MAP)
        self.put('src/x.c', TAKE)
        self.put('docs/reference.md', '| cupel/x.h | x |\n')

    def findings_with(self, old='', new=''):
        self.assertIn(old, GOOD)
        self.put('include/cupel/x.h', GOOD.replace(old, new))
        return self.shown(check_docs.check(self.root))

    def assert_one(self, message, old, new):
        [finding] = self.findings_with(old, new)
        self.assertTrue(finding.endswith(message), finding)

    def test_a_header_that_tells_all_is_good(self):
        self.assertEqual([], self.findings_with())

    def test_a_function_without_a_comment_is_found(self):
        self.assert_one('include/cupel/x.h:44: cupel_take has no comment',
                        '/** Take one. Yields. @since 0.1 */\n', '')

    def test_a_comment_that_doxygen_would_not_read_is_none(self):
        self.assert_one('cupel_take has no comment', '/** Take', '/* Take')

    def test_since_is_the_end_of_the_comment(self):
        self.assert_one('cupel_take does not end with @since',
                        'Yields. @since 0.1', 'Yields.')
        self.assert_one('cupel_take does not end with @since',
                        'Yields. @since 0.1', '@since 0.1 Yields.')

    def test_since_has_one_place(self):
        place = ('has its @since in another place than the rest: '
                 'check_docs.py --write moves it')
        for old, new in (('/** Take one. Yields. @since 0.1 */',
                          '/**\n * Take one. Yields.\n * @since 0.1\n */'),
                         (' * @since 0.2\n */', ' *\n * @since 0.2\n */'),
                         ('of comment.\n * @since 0.2\n */',
                          'of comment. @since 0.2 */')):
            self.assert_one(place, old, new)
            check_docs.write(self.root)
            self.assertEqual(GOOD, (self.root / 'include/cupel/x.h')
                             .read_text())

    def test_nothing_comes_from_the_future(self):
        self.assert_one('cupel_fn is since 0.3, and this is 0.2',
                        'back. @since 0.1', 'back. @since 0.3')

    def test_the_map_and_the_comment_agree(self):
        self.assert_one('cupel_take is since 0.2 and in the map since 0.1',
                        'Yields. @since 0.1', 'Yields. @since 0.2')

    def test_yields_has_to_stand_in_the_header(self):
        self.assert_one('cupel_take does not say "Yields." here',
                        'one. Yields.', 'one.')

    def test_types_and_macros_count_too(self):
        for old, name in (('/** A thing. @since 0.1 */', 'cupel_thing'),
                          ('/** What it has. @since 0.1 */', 'cupel_thing'),
                          ('/** Called back. @since 0.1 */', 'cupel_fn'),
                          ('/** Ways. @since 0.2 */', 'cupel_way'),
                          ('/** Exported. @since 0.1 */', 'CUPEL_API'),
                          (' * @since 0.2\n */', 'CUPEL_LIST')):
            new = ' */' if old.startswith(' *') else ''
            [finding] = self.findings_with(old, new)
            self.assertIn(f' {name} ', finding)

    def test_an_enum_value_without_a_comment_is_found(self):
        self.assert_one('x.h:27: CUPEL_RIGHT has no comment',
                        '    /** The other. */\n', '\n')

    def test_a_header_that_the_page_does_not_list_is_found(self):
        self.put('docs/reference.md', '')
        self.assert_one('docs/reference.md:1: cupel/x.h is not listed', '', '')


if __name__ == '__main__':
    unittest.main()
