/* SPDX-License-Identifier: MIT */
/* The allocator of the library: what cupel_allocator_set() chose. Every
 * allocation of every room goes through here, which is how tests fail each of
 * them in turn. A failed allocation sets no error record: cup_nomem() does. */
#ifndef CUP_BASE_ALLOC_H
#define CUP_BASE_ALLOC_H

#include <cupel/error.h>

/* Zeroed memory for `count` things of `size` bytes, or NULL; refuses products
 * that overflow. */
void *
cup_alloc_array(size_t count, size_t size);

/* Zeroed memory of `size` bytes, or NULL. A size of 0 gives one byte. */
void *
cup_alloc(size_t size);

/* Resize to `count` things of `size` bytes; new bytes are not zeroed. NULL and
 * the old block untouched on failure. */
void *
cup_realloc_array(void *memory, size_t count, size_t size);

/* NULL is allowed. */
void
cup_free(void *memory);

/* A copy of `len` bytes with a NUL behind them, or NULL. */
char *
cup_strndup(const char *text, size_t len);

/* A copy of a string; NULL in, NULL out (no failure then). */
char *
cup_strdup(const char *text);

/* Overwrite with zeros in a way that the compiler may not drop, then free. For
 * passwords. NULL is allowed. */
void
cup_free_secret(char *text);

/* Record "out of memory" and return CUPEL_E_NOMEM. Never allocates. */
cupel_status
cup_nomem(void);

#endif
