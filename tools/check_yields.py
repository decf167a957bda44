#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_yields.py ROOT: "Yields." stands on every function that may suspend.

A function is marked when the comment right above its definition, or above its
declaration in a header, says "Yields."; a function pointer in a struct when
the comment above the member does. Found are

 - an unmarked function that calls a marked one, by name or through a marked
   member, and
 - a marked function that calls nothing marked: its mark is stale, unless it
   calls through a pointer that nothing is said about (a parameter, or a
   member without "Yields." or "Never yields"), or a function of ours whose
   declaration is not there, or runs something on another stack.

cup_wait() is the one place that really suspends."""

import re
import sys
from collections import defaultdict

import csource

ROOTS = {'cup_wait'}
SWITCHES = {'cup_context_switch'}  # what runs over there is no call from here
MARK = re.compile(r'\bYields\.')
NEVER = re.compile(r'\bNever\s+(?:\*\s+)?yields\b', re.I)
CALL = re.compile(r'(->|\.)?\s*\b([A-Za-z_]\w*)\s*\(')
POINTER_CALL = re.compile(r'\(\s*\*\s*(?:[\w\[\]]+\s*(?:->|\.)\s*)*'
                          r'([A-Za-z_]\w*)\s*\)\s*\(')
OURS = re.compile(r'cup(?:el)?_')
KEYWORDS = {'if', 'while', 'for', 'switch', 'return', 'sizeof', '_Generic',
            '_Alignof', '_Static_assert', 'defined', '__attribute__', 'do'}


class Tree:
    """Every function of src/ and of the public headers, and what is marked.
    Members are known by name alone, what is said of one holds for all.
    A static function or a macro of a .c file is known in that file only."""

    def __init__(self, root):
        self.functions = defaultdict(list)
        self.members = {}
        for path in csource.files(root, ['src', 'include']):
            source = csource.Source(path)
            for function in source.functions() + source.macros:
                self.functions[self._key(function)].append(function)
            for name, _, comment in source.pointer_members():
                said = what_is_said(comment)
                known = self.members.get(name, said)
                self.members[name] = known if known == said else (
                    True if True in (known, said) else None)

    def _key(self, function):
        return (function.path if function.is_local else None, function.name)

    def find(self, caller, name):
        """The key of the function that `name` means in `caller`'s file."""
        for key in ((caller.path, name), (None, name)):
            if key in self.functions:
                return key
        return None

    def is_marked(self, key):
        return key is not None and (key[1] in ROOTS or any(
            what_is_said(f.comment) for f in self.functions[key]))

    def calls(self, function):
        """(callee, marked) of each call; callee None where nobody knows."""
        for match in CALL.finditer(function.body):
            access, name = match.groups()
            if name in KEYWORDS:
                continue
            if access:
                if name in self.members:
                    yield self.member_call(name)
                continue
            key = self.find(function, name)
            if name in SWITCHES:
                yield None, False
            elif key:
                yield f'{name}()', self.is_marked(key)
            elif OURS.match(name) or is_pointer(function, name):
                yield None, False
        for match in POINTER_CALL.finditer(function.body):
            yield self.member_call(match.group(1))

    def member_call(self, name):
        marked = self.members.get(name)
        return (None, False) if marked is None else (f'->{name}()', marked)


def what_is_said(comment):
    """True: it yields. False: it never does. None: nothing."""
    if MARK.search(comment):
        return True
    return False if NEVER.search(comment) else None


def is_pointer(function, name):
    """Whether `name` is a parameter, or declared as a pointer in the body."""
    parameters = function.head.partition('(')[2]
    declared = r'\*\s*(?:const\s+)?%s\b' % name
    return bool(re.search(r'\b%s\b' % name, parameters) or
                re.search(declared, function.body))


def check(root):
    tree = Tree(root)
    findings = []
    for key, versions in tree.functions.items():
        marked = tree.is_marked(key)
        for function in versions:
            if function.body is None or function.name in ROOTS:
                continue
            calls = list(tree.calls(function))
            yielding = sorted({callee for callee, yields in calls if yields})
            unknown = any(callee is None for callee, _ in calls)
            where = (function.path, function.line)
            if yielding and not marked:
                findings.append((*where, f'{function.name}() calls '
                                 f'{", ".join(yielding)} and does not say '
                                 '"Yields."'))
            elif marked and not yielding and not unknown:
                findings.append((*where, f'{function.name}() says "Yields." '
                                 'and calls nothing that does'))
    return sorted(findings)


if __name__ == '__main__':
    sys.exit(csource.report(check(sys.argv[1]), sys.argv[1]))
