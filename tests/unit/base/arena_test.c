/* SPDX-License-Identifier: MIT */
/* Arenas. */
#include "base/arena.h"
#include "unit/base/failing_alloc.h"

static bool
is_aligned(const void *memory)
{
    return (uintptr_t)memory % _Alignof(max_align_t) == 0;
}

TEST(an_empty_arena_may_be_ended)
{
    struct cup_arena arena = { 0 };

    cup_arena_fini(&arena);
    cup_arena_init(&arena, NULL, 0);
    cup_arena_fini(&arena);
}

TEST(pieces_are_aligned_and_do_not_overlap)
{
    enum { COUNT = 2000 };
    static unsigned char *pieces[COUNT];
    static size_t sizes[COUNT];
    struct cup_arena arena = { 0 };
    size_t i, j;

    for (i = 0; i < COUNT; i++) {
        sizes[i] = i * 7919 % (i % 50 == 0 ? 20000 : 300);
        pieces[i] = cup_arena_alloc(&arena, sizes[i]);
        CHECK(is_aligned(pieces[i]));
        memset(pieces[i], (int)(i & 0xff), sizes[i]);
    }
    for (i = 0; i < COUNT; i++) {
        for (j = 0; j < sizes[i]; j++)
            CHECK(pieces[i][j] == (i & 0xff));
    }
    cup_arena_fini(&arena);
}

TEST(the_first_memory_is_used_first_and_never_freed)
{
    char memory[256];
    struct cup_arena arena;
    char *piece;

    failing_alloc_install(0, false);
    cup_arena_init(&arena, memory + 1, sizeof memory - 1);
    piece = cup_arena_alloc(&arena, 100);
    CHECK(piece > memory && piece + 100 <= memory + sizeof memory);
    CHECK(is_aligned(piece));
    CHECK_INT(failing_alloc.calls, 0);
    piece = cup_arena_alloc(&arena, 200);
    CHECK(piece < memory || piece >= memory + sizeof memory);
    cup_arena_fini(&arena);
    failing_alloc_end();
}

TEST(a_large_piece_leaves_the_current_block_in_use)
{
    struct cup_arena arena = { 0 };
    char *first, *second;

    first = cup_arena_alloc(&arena, 16);
    CHECK(cup_arena_alloc(&arena, 100000) != NULL);
    second = cup_arena_alloc(&arena, 16);
    CHECK(second == first + 16);
    cup_arena_fini(&arena);
}

TEST(many_small_pieces_take_few_blocks)
{
    struct cup_arena arena = { 0 };
    size_t i;

    failing_alloc_install(0, false);
    for (i = 0; i < 10000; i++)
        CHECK(cup_arena_alloc(&arena, 300) != NULL);
    CHECK(failing_alloc.calls < 70);
    cup_arena_fini(&arena);
    failing_alloc_end();
}

TEST(an_array_is_zeroed_and_its_size_checked)
{
    struct cup_arena arena = { 0 };
    unsigned char *array;
    size_t i;

    failing_alloc_install(0, false);
    array = cup_arena_array(&arena, 50, 4);
    for (i = 0; i < 200; i++)
        CHECK_INT(array[i], 0);
    CHECK(cup_arena_array(&arena, SIZE_MAX / 2, 3) == NULL);
    CHECK(cup_arena_array(&arena, 0, 0) != NULL);
    CHECK(cup_arena_alloc(&arena, SIZE_MAX) == NULL);
    CHECK(cup_arena_alloc(&arena, PTRDIFF_MAX) == NULL);
    CHECK(cup_arena_strndup(&arena, "", SIZE_MAX) == NULL);
    cup_arena_fini(&arena);
    failing_alloc_end();
}

TEST(a_copy_of_text_ends_with_a_nul)
{
    struct cup_arena arena = { 0 };

    CHECK_STR(cup_arena_strndup(&arena, "hello", 4), "hell");
    CHECK_STR(cup_arena_strndup(&arena, NULL, 0), "");
    cup_arena_fini(&arena);
}

TEST(an_arena_survives_every_failed_allocation)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        struct cup_arena arena = { 0 };
        size_t i, given = 0;

        for (i = 0; i < 100; i++) {
            char *piece = cup_arena_alloc(&arena, 1 + i * 97 % 5000);

            if (piece == NULL)
                continue;
            memset(piece, 1, 1 + i * 97 % 5000);
            given++;
        }
        CHECK(given >= 100 - failing_alloc.failed);
        cup_arena_fini(&arena);
        failing_alloc_end();
    }
    CHECK(n > 10);
}
