#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The checkers on small trees: good ones pass, each fault is found once."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))

# pylint: disable=wrong-import-position
import check_exports
import check_headers
import check_readme
import check_rooms
import check_sizes
import check_tests
import check_yields
import count_tests
import csource


class TreeTest(unittest.TestCase):
    """A source tree made for one test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def shown(self, findings):
        """findings as 'path:line: message', path from the root."""
        return [f'{Path(path).relative_to(self.root)}:{line}: {message}'
                for path, line, message in findings]


class SourceTest(TreeTest):
    def source(self, text):
        return csource.Source(self.put('x.c', text))

    def test_a_definition_has_its_lines_its_comment_and_its_body(self):
        source = self.source('/* Above. */\n'
                             'static int\n'
                             'twice(int x)\n'
                             '{\n'
                             '    return 2 * x; /* } */\n'
                             '}\n')
        [function] = source.functions()
        self.assertEqual('twice', function.name)
        self.assertEqual((3, 6), (function.line, function.end_line))
        self.assertEqual('/* Above. */', function.comment)
        self.assertIn('return 2', function.body)
        self.assertTrue(function.is_local)

    def test_a_comment_apart_or_to_the_right_is_not_above(self):
        source = self.source('/* Apart. */\n\n'
                             'int x; /* Right. */\n'
                             'int\n'
                             'f(void);\n')
        [function] = source.functions()
        self.assertEqual('', function.comment)
        self.assertIsNone(function.body)

    def test_strings_and_comments_are_no_code(self):
        source = self.source('char *s = "f(\\"{";\n// g(\nchar c = \'"\';\n')
        self.assertNotIn('f(', source.code)
        self.assertNotIn('g(', source.code)
        self.assertEqual(source.text.count('\n'), source.code.count('\n'))

    def test_members_that_are_pointers_have_the_comment_above_them(self):
        source = self.source('struct ops {\n'
                             '    int n; /* Right. */\n'
                             '    void (*plain)(int);\n'
                             '    /* Above. */\n'
                             '    int\n'
                             '    (*described)(int (*callback)(void));\n'
                             '};\n')
        members = {name: comment for name, _, comment
                   in source.pointer_members()}
        self.assertEqual('', members['plain'])
        self.assertEqual('/* Above. */', members['described'])

    def test_a_macro_with_arguments_is_like_a_function(self):
        source = self.source('#define PLAIN 1\n'
                             '/* Above. */\n'
                             '#define CALL(x) \\\n    f(x)\n')
        [macro] = source.macros
        self.assertEqual(('CALL', '/* Above. */'), (macro.name, macro.comment))
        self.assertIn('f(x)', macro.body)


class RoomsTest(TreeTest):
    def setUp(self):
        super().setUp()
        for name in ('base/buf.h', 'task/wait.h', 'sql/expr.h', 'pool/pool.h',
                     'dialect/dialect.h', 'dialect/sqlite/wire.h',
                     'dialect/fake/fake.h', 'engine/engine.h', 'async/a.h'):
            self.put('src/' + name, '')
        self.put('include/cupel/task.h', '#include <stdint.h>\n')

    def findings_for(self, name, include):
        self.put('src/' + name, f'#include {include}\n')
        return self.shown(check_rooms.check(self.root))

    def assert_allowed(self, name, include):
        self.assertEqual([], self.findings_for(name, include))

    def assert_refused(self, name, include):
        [finding] = self.findings_for(name, include)
        self.assertTrue(finding.startswith(f'src/{name}:1: '), finding)

    def test_downward_and_sideways_is_allowed(self):
        self.assert_allowed('task/x.c', '"base/buf.h"')
        self.assert_allowed('pool/x.c', '"dialect/dialect.h"')
        self.assert_allowed('dialect/sqlite/x.c', '"dialect/sqlite/wire.h"')
        self.assert_allowed('dialect/sqlite/x.c', '"sql/expr.h"')
        self.assert_allowed('engine/x.c', '"pool/pool.h"')
        self.assert_allowed('async/x.c', '"engine/engine.h"')

    def test_upward_is_refused(self):
        self.assert_refused('base/x.c', '"task/wait.h"')

    def test_sql_knows_no_task(self):
        self.assert_refused('sql/x.c', '"task/wait.h"')

    def test_sql_knows_no_public_task_either(self):
        self.assert_refused('sql/x.c', '<cupel/task.h>')

    def test_the_pool_sees_no_driver(self):
        self.assert_refused('pool/x.c', '"dialect/sqlite/wire.h"')

    def test_the_engine_sees_no_driver(self):
        self.assert_refused('engine/x.c', '"dialect/fake/fake.h"')

    def test_drivers_do_not_see_each_other(self):
        self.assert_refused('dialect/fake/x.c', '"dialect/sqlite/wire.h"')

    def test_the_facade_sees_no_pool(self):
        self.assert_refused('async/x.c', '"pool/pool.h"')

    def test_foreign_headers_stay_in_their_folder(self):
        self.assert_allowed('task/x.c', '<uv.h>')
        self.assert_allowed('dialect/sqlite/x.c', '<sqlite3.h>')
        self.assert_refused('pool/x.c', '<uv.h>')

    def test_a_driver_header_is_not_for_the_whole_dialect_room(self):
        self.assert_refused('dialect/x.c', '<libpq-fe.h>')

    def test_includes_are_written_from_src(self):
        self.assert_refused('base/x.c', '"buf.h"')

    def test_public_headers_include_each_other_only(self):
        self.put('include/cupel/a.h', '#include <cupel/task.h>\n')
        self.assertEqual([], check_rooms.check(self.root))
        self.put('include/cupel/a.h', '#include <sys/types.h>\n')
        [finding] = self.shown(check_rooms.check(self.root))
        self.assertIn('include/cupel/a.h:1: ', finding)


WAIT = '''/* Suspend. Yields. */
int
cup_wait(void);
'''


class YieldsTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.put('src/task/wait.h', WAIT)

    def findings_for(self, text):
        self.put('src/task/x.c', text)
        return self.shown(check_yields.check(self.root))

    def assert_clean(self, text):
        self.assertEqual([], self.findings_for(text))

    def test_a_marked_caller_is_good(self):
        self.assert_clean('/* Yields. */\nint\nf(void)\n{\n'
                          '    return cup_wait();\n}\n')

    def test_an_unmarked_caller_is_found(self):
        [finding] = self.findings_for('/* Calm. */\nint\nf(void)\n{\n'
                                      '    return cup_wait();\n}\n')
        self.assertEqual('src/task/x.c:3: f() calls cup_wait() and does not '
                         'say "Yields."', finding)

    def test_the_mark_may_stand_in_the_header(self):
        self.put('src/task/x.h', '/* Yields. */\nint\nf(void);\n')
        self.assert_clean('int\nf(void)\n{\n    return cup_wait();\n}\n')

    def test_a_stale_mark_is_found(self):
        [finding] = self.findings_for('/* Yields. */\nint\nf(void)\n{\n'
                                      '    return 1;\n}\n')
        self.assertIn('calls nothing that does', finding)

    def test_a_name_that_is_not_called_is_no_call(self):
        self.assert_clean('int\nf(void)\n{\n    return g(cup_wait);\n}\n')

    def test_a_call_through_a_parameter_is_no_stale_mark(self):
        self.assert_clean('/* Yields. */\nint\nf(int (*body)(void))\n{\n'
                          '    return body();\n}\n')

    def test_a_mark_that_nobody_can_judge_yet_is_let_pass(self):
        self.assert_clean('/* Yields. */\nint\nf(void)\n{\n'
                          '    return cup_not_declared_yet();\n}\n')

    def test_a_call_through_a_marked_member_is_found(self):
        self.put('src/task/ops.h', 'struct ops {\n    int size;\n'
                 '    /* Yields. */\n    int (*fetch)(void);\n'
                 '    int (*size_of)(void);\n};\n')
        [finding] = self.findings_for('int\nf(struct ops *o)\n{\n'
                                      '    o->size_of();\n'
                                      '    return o->fetch();\n}\n')
        self.assertIn('f() calls ->fetch()', finding)

    def test_a_mark_for_a_member_is_stale_only_if_that_never_yields(self):
        self.put('src/task/ops.h', 'struct ops {\n'
                 '    /* Never\n     * yields. */\n    int (*peek)(void);\n\n'
                 '    int (*body)(void);\n};\n')
        text = '/* Yields. */\nint\nf(struct ops *o)\n{\n    o->%s();\n}\n'
        self.assert_clean(text % 'body')
        self.assertEqual(1, len(self.findings_for(text % 'peek')))

    def test_a_static_name_is_its_file_s_own(self):
        self.put('src/task/other.c', '/* Yields. */\nstatic int\nstep(void)\n'
                 '{\n    return cup_wait();\n}\n')
        self.assert_clean('static int\nstep(void)\n{\n    return 1;\n}\n\n'
                          'int\nf(void)\n{\n    return step();\n}\n')

    def test_a_macro_that_yields_has_to_say_so(self):
        [finding] = self.findings_for('#define PAUSE(x) cup_wait()\n')
        self.assertIn('PAUSE() calls cup_wait()', finding)

    def test_a_string_is_no_call(self):
        self.assert_clean('int\nf(void)\n{\n    puts("cup_wait()");\n}\n')


class SizesTest(TreeTest):
    def findings_for(self, text):
        self.put('src/base/x.c', text)
        findings, *_ = check_sizes.check(self.root)
        return self.shown(findings)

    @staticmethod
    def function(lines):
        return 'int\nf(void)\n{\n' + '    g();\n' * (lines - 4) + '}\n'

    def test_sixty_lines_are_allowed(self):
        self.assertEqual([], self.findings_for(self.function(60)))

    def test_sixty_one_are_not(self):
        [finding] = self.findings_for(self.function(61))
        self.assertEqual('src/base/x.c:2: f() has 61 lines; 60 is the wall',
                         finding)

    def test_a_long_file_is_found(self):
        self.assertEqual([], self.findings_for('\n' * 600))
        [finding] = self.findings_for('\n' * 601)
        self.assertIn('601 lines', finding)

    def test_a_long_line_is_found(self):
        self.assertEqual([], self.findings_for('x' * 80))
        [finding] = self.findings_for('\n' + 'x' * 81)
        self.assertIn('x.c:2: 81 columns', finding)


class HeadersTest(TreeTest):
    def findings_for(self, name, text):
        self.put(name, text)
        return check_headers.check(self.root)

    def test_a_header_that_stands_alone_is_good(self):
        self.assertEqual([], self.findings_for(
            'include/cupel/x.h', '#include <stddef.h>\nsize_t f(void);\n'))

    def test_a_header_that_needs_another_is_found(self):
        findings = self.findings_for('include/cupel/x.h', 'size_t f(void);\n')
        self.assertEqual(len(check_headers.PUBLIC), len(findings))

    def test_a_word_of_c_plus_plus_is_found(self):
        [(_, _, message)] = self.findings_for('include/cupel/x.h',
                                              'void f(int class);\n')
        self.assertTrue(message.startswith('as c++11'))

    def test_internal_headers_are_c11_only(self):
        self.assertEqual([], self.findings_for('src/base/x.h',
                                               'void f(int class);\n'))


class ExportsTest(TreeTest):
    HEADER = ('#define CUPEL_API\n#define CUPEL_CHECKED\n'
              'CUPEL_CHECKED int\ncupel_open(void (*done)(int));\n'
              'CUPEL_API extern const int cupel_number;\n'
              'int\ncupel_inner(void);\n')

    def library(self, text):
        source = self.put('library.c', text)
        library = self.root / 'library.so'
        subprocess.run(['cc', '-shared', '-fPIC', source, '-o', library],
                       check=True)
        return library

    def findings_for(self, text):
        found = check_exports.check(self.root, self.library(text))
        return self.shown(found)

    def test_write_makes_the_node_from_the_headers(self):
        self.put('include/cupel/x.h', self.HEADER)
        self.put('src/cupel.map', '')
        check_exports.write(self.root)
        self.assertEqual('CUPEL_0.1 {\n    global:\n        cupel_number;\n'
                         '        cupel_open;\n    local: *;\n};\n',
                         (self.root / 'src/cupel.map').read_text())

    def test_write_leaves_released_nodes_alone(self):
        self.put('include/cupel/x.h', self.HEADER)
        old = ('CUPEL_0.1 {\n    global:\n        cupel_open;\n'
               '    local: *;\n};\n')
        self.put('src/cupel.map',
                 old + 'CUPEL_0.2 {\n    global:\n} CUPEL_0.1;\n')
        check_exports.write(self.root)
        self.assertEqual(old + 'CUPEL_0.2 {\n    global:\n'
                         '        cupel_number;\n} CUPEL_0.1;\n',
                         (self.root / 'src/cupel.map').read_text())

    def test_agreement_is_silence(self):
        self.put('include/cupel/x.h', self.HEADER)
        self.put('src/cupel.map', '')
        check_exports.write(self.root)
        self.assertEqual([], self.findings_for(
            'const int cupel_number = 1;\nint cupel_open(void){return 1;}\n'))

    def test_each_difference_is_found(self):
        self.put('include/cupel/x.h', self.HEADER)
        self.put('src/cupel.map', 'CUPEL_0.1 {\n    global:\n'
                 '        cupel_number;\n        cupel_gone;\n'
                 '    local: *;\n};\n')
        self.assertEqual(
            ['src/cupel.map:1: cupel_gone is not in the headers or '
             'the library',
             'include/cupel/x.h:5: cupel_number is not in the library',
             'include/cupel/x.h:4: cupel_open is not in src/cupel.map',
             'src/cupel.map:1: stray is not in the headers or '
             'src/cupel.map'],
            self.findings_for('int cupel_open(void){return 1;}\n'
                              'int stray(void){return 1;}\n'))


class TestsTest(TreeTest):
    def setUp(self):
        super().setUp()
        self.put('src/dialect/sqlite/wire.c', '')

    def findings(self, exceptions=None):
        return [message for _, _, message
                in check_tests.check(self.root, exceptions or {})]

    def test_a_source_without_a_test_is_found(self):
        [message] = self.findings()
        self.assertEqual('has no tests/unit/dialect/wire_test.c', message)

    def test_a_test_that_meson_does_not_list_is_found(self):
        self.put('tests/unit/dialect/wire_test.c', '')
        self.put('tests/unit/dialect/meson.build', "foreach name : ['x']")
        [message] = self.findings()
        self.assertIn('does not list wire', message)

    def test_either_name_will_do(self):
        self.put('tests/unit/dialect/sqlite_wire_test.c', '')
        self.put('tests/unit/dialect/meson.build', "['sqlite_wire']")
        self.assertEqual([], self.findings())

    def test_files_of_one_name_have_tests_of_different_names(self):
        self.put('src/dialect/fake/wire.c', '')
        self.put('tests/unit/dialect/wire_test.c', '')
        self.put('tests/unit/dialect/meson.build', "['wire']")
        self.assertEqual(['has no tests/unit/dialect/fake_wire_test.c',
                          'has no tests/unit/dialect/sqlite_wire_test.c'],
                         self.findings())

    def test_an_exception_is_accepted_while_its_file_exists(self):
        self.assertEqual([], self.findings({'dialect/sqlite/wire.c': 'why'}))
        [*_, message] = self.findings({'dialect/gone.c': 'why'})
        self.assertIn('dialect/gone.c', message)


class ReadmeTest(TreeTest):
    def findings_for(self, *programs):
        text = ''.join(f'# x\n```c\n{program}```\n' for program in programs)
        self.put('README.md', text)
        return self.shown(check_readme.check(self.root, []))

    def test_no_readme_says_so(self):
        [finding] = self.shown(check_readme.check(self.root, []))
        self.assertEqual('README.md:1: there is no README.md', finding)

    def test_a_program_that_runs_is_good(self):
        self.assertEqual([], self.findings_for(
            'int f(void);\n', 'int\nmain(void)\n{\n    return 0;\n}\n'))

    def test_a_program_that_fails_is_found(self):
        [finding] = self.findings_for('int\nmain(void)\n{\n    return 3;\n}\n')
        self.assertIn('README.md:3: the program here did not run (3)', finding)

    def test_a_program_that_does_not_compile_is_found(self):
        [finding] = self.findings_for('int\nmain(void)\n{\n    return x;\n}\n')
        self.assertIn('did not compile', finding)

    def test_the_first_program_is_short(self):
        [finding] = self.findings_for('int\nmain(void)\n{\n' + '\n' * 40 +
                                      '    return 0;\n}\n')
        self.assertIn('has 45 lines; 40 is the wall', finding)

    def test_the_guides_snippets_are_one_file(self):
        self.put('docs/guide.md', '# x\n```c\nint f(void);\n```\n'
                 'y\n```c\nint g(void) { return f(); }\n```\n')
        self.assertEqual([], check_readme.check_guide(self.root, []))

    def test_a_snippet_that_does_not_compile_is_found_with_its_line(self):
        self.put('docs/guide.md', '# x\n```c\nint f(void);\n```\n'
                 'y\n```c\nint g(void) { return h(); }\n```\n')
        [finding] = self.shown(check_readme.check_guide(self.root, []))
        self.assertIn('<stdin>:7:', finding)


class CountTest(unittest.TestCase):
    GOOD = ('[==========] Running 2 test(s).\n'
            '[ RUN      ] a\n[       OK ] a\n'
            '[ RUN      ] b\n[       OK ] b\n'
            '[==========] 2 test(s) run.\n'
            '[  PASSED  ] 2 test(s).\n')
    BAD = ('[==========] Running 3 test(s).\n'
           '[ RUN      ] a\n[       OK ] a\n'
           '[ RUN      ] b\n[  FAILED  ] b\n'
           '[ RUN      ] c\n[  SKIPPED ] c\n'
           '[==========] 3 test(s) run.\n'
           '[  PASSED  ] 1 test(s).\n'
           '[  SKIPPED ] 1 test(s), listed below:\n[  SKIPPED ] c\n'
           '[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] b\n')

    def test_every_test_of_a_cmocka_program_counts(self):
        self.assertEqual((2, 0), count_tests.count(self.GOOD, 'OK'))

    def test_a_skipped_test_has_failed(self):
        self.assertEqual((1, 2), count_tests.count(self.BAD, 'FAIL'))
        self.assertEqual((0, 1), count_tests.count('', 'SKIP'))

    def test_an_excused_skip_is_neither(self):
        output = self.BAD.replace('] c', '] ' + min(count_tests.EXCUSED))
        self.assertEqual((1, 1), count_tests.count(output, 'FAIL'))

    def test_a_program_that_dies_has_failed_once(self):
        died = self.GOOD.partition('[       OK ] b')[0]
        self.assertEqual((1, 1), count_tests.count(died, 'FAIL'))

    def test_a_leak_after_good_tests_is_a_failure(self):
        self.assertEqual((2, 1), count_tests.count(self.GOOD, 'FAIL'))

    def test_unittest_programs_count_too(self):
        self.assertEqual((48, 0), count_tests.count(
            'Ran 48 tests in 0.694s\n\nOK\n', 'OK'))
        self.assertEqual((4, 3), count_tests.count(
            'Ran 7 tests in 1s\n\nFAILED (failures=1, errors=2)\n', 'FAIL'))

    def test_any_other_program_is_one_test(self):
        self.assertEqual((1, 0), count_tests.count('hello\n', 'OK'))
        self.assertEqual((0, 1), count_tests.count('hello\n', 'TIMEOUT'))


if __name__ == '__main__':
    unittest.main()
