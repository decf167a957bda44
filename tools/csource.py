# SPDX-License-Identifier: MIT
"""Just enough C for the checkers: what is code, what is comment, where the
functions are. It relies on the house style (the return type alone on its
line, the name and the body's braces at column 0), which clang-format keeps."""

import re
from dataclasses import dataclass
from pathlib import Path

TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', re.M)
MACRO = re.compile(r'[ \t]*#[ \t]*define[ \t]+(\w+)(\(?)')
NAME_AT_0 = re.compile(r'^([A-Za-z_]\w*)\(', re.M)
STRUCT = re.compile(r'^(?:typedef )?(?:struct|union)\b[^;{}()]*\{', re.M)
MEMBER = re.compile(r'\(\*(?:const\s+)?(\w+)\)\s*\(|\*(\w+);')


@dataclass
class Function:
    """A function or macro: where it is, what stands above it, its body.
    `body` is None for a mere declaration."""
    path: Path
    name: str
    line: int
    end_line: int
    comment: str
    head: str
    body: str = None

    @property
    def is_local(self):
        """Whether other files cannot mean it by its name."""
        return (self.path.suffix == '.c' and
                bool(re.search(r'^[^(]*\bstatic\b|^#define', self.head,
                               re.M)))


class Source:
    """One C file. `code` is its text with comments, literals and preprocessor
    lines blanked, so that offsets and line numbers stay those of the file."""

    def __init__(self, path):
        self.path = Path(path)
        self.text = self.path.read_text(encoding='utf-8')
        self._comment_ending_on = {}
        plain = TOKEN.sub(self._blank_token, self.text)
        #: macros with arguments, as functions
        self.macros = [found for found in map(
            self._macro, DIRECTIVE.finditer(plain)) if found]
        self.code = DIRECTIVE.sub(lambda m: blank(m.group()), plain)
        self._code_lines = self.code.split('\n')

    def line_of(self, offset):
        return self.text.count('\n', 0, offset) + 1

    def functions(self):
        """Definitions and declarations at column 0."""
        found = []
        for match in NAME_AT_0.finditer(self.code):
            function = self._function(match)
            if function:
                found.append(function)
        return found

    def pointer_members(self):
        """(name, line, comment) of members that are or may be function
        pointers: `int (*name)(void);` and, by typedef, `fn_type *name;`."""
        found = []
        for struct in STRUCT.finditer(self.code):
            end = closing(self.code, struct.end() - 1, '{', '}')
            for match in MEMBER.finditer(self.code, struct.end(), end):
                line = self.line_of(match.start())
                found.append((match.group(1) or match.group(2), line,
                              self.comment_above(line)))
        return found

    def _blank_token(self, match):
        token = match.group()
        if token.startswith('/'):
            line = self.line_of(match.end())
            self._comment_ending_on[line] = token
        return blank(token)

    def comment_above(self, line):
        """The comment that ends right above the statement reaching `line`."""
        line -= 1
        while line > 0 and self._is_continued(line):
            line -= 1
        if line == 0 or self._code_lines[line - 1].strip():
            return ''  # a comment to the right of something else
        return self.comment_ending_on(line)

    def comment_ending_on(self, line):
        """The comment whose last line this is, or ''."""
        return self._comment_ending_on.get(line, '')

    def _is_continued(self, line):
        text = self._code_lines[line - 1].rstrip()
        return text != '' and text[-1] not in ';{}'

    def _function(self, match):
        after = closing(self.code, match.end() - 1, '(', ')') + 1
        stop = re.compile(r'[;{}]').search(self.code, after)
        if not stop or stop.group() == '}':
            return None
        line = self.line_of(match.start())
        start = 1 + max(self.code.rfind(mark, 0, match.start())
                        for mark in (';', '}', '{', '\n\n'))
        function = Function(self.path, match.group(1), line,
                            self.line_of(stop.start()),
                            self.comment_above(line),
                            self.code[start:stop.start()].strip())
        if stop.group() == '{':
            end = closing(self.code, stop.start(), '{', '}')
            function.end_line = self.line_of(end)
            function.body = self.code[stop.start():end]
        return function

    def _macro(self, match):
        named = MACRO.match(match.group())
        if not named or not named.group(2):
            return None
        line = self.line_of(match.start())
        return Function(self.path, named.group(1), line,
                        self.line_of(match.end()),
                        self.comment_ending_on(line - 1), '#define',
                        match.group()[named.end():])


def blank(text):
    return re.sub(r'[^\n]', ' ', text)


def closing(text, start, opener, closer):
    """The offset of the bracket that closes the one at `start`."""
    depth = 0
    for match in re.compile('[%s]' % re.escape(opener + closer)).finditer(
            text, start):
        depth += 1 if match.group() == opener else -1
        if depth == 0:
            return match.start()
    return len(text)


def files(root, folders, suffixes=('.c', '.h')):
    """The C files under some folders of the source tree, in order."""
    root = Path(root)
    return sorted(path for folder in folders
                  for path in (root / folder).rglob('*')
                  if path.suffix in suffixes and path.is_file())


def report(findings, root=None):
    """Print (path, line, message) findings; the exit status they ask for."""
    for path, line, message in findings:
        shown = path
        if root and Path(path).is_relative_to(root):
            shown = Path(path).relative_to(root)
        print(f'{shown}:{line}: {message}')
    return 1 if findings else 0
