/* SPDX-License-Identifier: MIT */
/* Allocate many, free once. An arena hands out pieces of a few blocks and
 * takes them back all together. The first block may be the owner's own memory,
 * so that a small arena costs no allocation. */
#ifndef CUP_BASE_ARENA_H
#define CUP_BASE_ARENA_H

#include <stddef.h>

struct cup_arena_block;

/* In place; zeroed memory is a valid empty arena. */
struct cup_arena {
    struct cup_arena_block *blocks; /* newest first, owned */
    char *next;                     /* first free byte of the current block */
    char *end;                      /* behind its last byte */
};

/* Start with `memory` (may be NULL), which the arena uses and never frees. */
void
cup_arena_init(struct cup_arena *arena, void *memory, size_t size);

/* `size` bytes, aligned for anything, not zeroed; or NULL. */
void *
cup_arena_alloc(struct cup_arena *arena, size_t size);

/* Zeroed memory for `count` things of `size` bytes, or NULL. */
void *
cup_arena_array(struct cup_arena *arena, size_t count, size_t size);

/* A copy of `len` bytes with a NUL behind them, or NULL. */
char *
cup_arena_strndup(struct cup_arena *arena, const char *text, size_t len);

/* Free every block. The arena is then empty, without its first memory. */
void
cup_arena_fini(struct cup_arena *arena);

#endif
