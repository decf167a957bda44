/* SPDX-License-Identifier: MIT */
/* Memory that goes all at once. Pieces are cut from the current block; the list
 * of blocks is only for freeing them. A piece too large to share a block gets
 * one of its own and leaves the current block as it was. */
#include "base/arena.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum {
    ALIGNMENT = _Alignof(max_align_t),
    FIRST_BLOCK_SIZE = 1024,
    LAST_BLOCK_SIZE = 64 * 1024, /* blocks double up to here */
    SHARED_PIECE_SIZE = 4096     /* larger pieces get a block of their own */
};

struct cup_arena_block {
    struct cup_arena_block *next; /* older */
    size_t size;                  /* of `memory`, in bytes */
    _Alignas(max_align_t) char memory[];
};

void
cup_arena_init(struct cup_arena *arena, void *memory, size_t size)
{
    arena->blocks = NULL;
    arena->next = memory;
    arena->end = memory == NULL ? NULL : (char *)memory + size;
}

/* Room in the current block, or NULL. */
static void *
take(struct cup_arena *arena, size_t size)
{
    size_t gap;
    char *piece;

    if (arena->next == NULL)
        return NULL;
    gap = (size_t)(-(uintptr_t)arena->next & (ALIGNMENT - 1));
    if ((size_t)(arena->end - arena->next) < gap ||
        (size_t)(arena->end - arena->next) - gap < size)
        return NULL;
    piece = arena->next + gap;
    arena->next = piece + size;
    return piece;
}

static struct cup_arena_block *
add_block(struct cup_arena *arena, size_t size)
{
    struct cup_arena_block *block;

    if (size > PTRDIFF_MAX - sizeof *block)
        return NULL;
    block = cup_realloc_array(NULL, 1, sizeof *block + size);
    if (block == NULL)
        return NULL;
    block->next = arena->blocks;
    block->size = size;
    arena->blocks = block;
    return block;
}

/* Twice the last one, and large enough that `size` fills no more than a
 * quarter. */
static size_t
next_block_size(const struct cup_arena *arena, size_t size)
{
    size_t block_size = FIRST_BLOCK_SIZE;

    if (arena->blocks != NULL && arena->blocks->size > FIRST_BLOCK_SIZE / 2)
        block_size = arena->blocks->size > LAST_BLOCK_SIZE / 2
                         ? LAST_BLOCK_SIZE
                         : arena->blocks->size * 2;
    return block_size < size * 4 ? size * 4 : block_size;
}

void *
cup_arena_alloc(struct cup_arena *arena, size_t size)
{
    struct cup_arena_block *block;
    void *piece;

    if (size == 0)
        size = 1;
    piece = take(arena, size);
    if (piece != NULL)
        return piece;
    if (size > SHARED_PIECE_SIZE) {
        block = add_block(arena, size);
        return block == NULL ? NULL : block->memory;
    }

    block = add_block(arena, next_block_size(arena, size));
    if (block == NULL)
        return NULL;
    arena->next = block->memory;
    arena->end = block->memory + block->size;
    piece = take(arena, size);
    assert(piece != NULL);
    return piece;
}

void *
cup_arena_array(struct cup_arena *arena, size_t count, size_t size)
{
    void *memory;

    if (__builtin_mul_overflow(count, size, &size) || size > PTRDIFF_MAX)
        return NULL;
    memory = cup_arena_alloc(arena, size);
    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

char *
cup_arena_strndup(struct cup_arena *arena, const char *text, size_t len)
{
    char *copy;

    if (len >= PTRDIFF_MAX)
        return NULL;
    copy = cup_arena_alloc(arena, len + 1);
    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

void
cup_arena_fini(struct cup_arena *arena)
{
    struct cup_arena_block *block = arena->blocks;

    while (block != NULL) {
        struct cup_arena_block *older = block->next;

        cup_free(block);
        block = older;
    }
    cup_arena_init(arena, NULL, 0);
}
