/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 defines it: no surrogates, no overlong forms, nothing
 * beyond U+10FFFF. */
#ifndef CUP_BASE_UTF8_H
#define CUP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool
cup_utf8_valid(const char *text, size_t len);

/* How many characters the first `len` bytes hold (broken bytes count one). */
size_t
cup_utf8_count(const char *text, size_t len);

/* The largest length, `len` or less, that does not end inside a character:
 * where to cut a text that is longer. */
size_t
cup_utf8_cut(const char *text, size_t len);

#endif
