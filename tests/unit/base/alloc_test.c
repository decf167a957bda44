/* SPDX-License-Identifier: MIT */
/* The replaceable allocator. */
#include "base/alloc.h"
#include "unit/base/failing_alloc.h"

TEST(memory_is_zeroed_whatever_the_allocator)
{
    unsigned char *memory;
    size_t i;

    failing_alloc_install(0, false);
    memory = cup_alloc_array(100, 10);
    for (i = 0; i < 1000; i++)
        CHECK_INT(memory[i], 0);
    cup_free(memory);
    failing_alloc_end();

    memory = cup_alloc(1000);
    for (i = 0; i < 1000; i++)
        CHECK_INT(memory[i], 0);
    cup_free(memory);
}

TEST(products_that_overflow_are_refused)
{
    char *memory = cup_alloc(8);

    CHECK(cup_alloc_array(SIZE_MAX / 2, 3) == NULL);
    CHECK(cup_alloc_array(SIZE_MAX, SIZE_MAX) == NULL);
    CHECK(cup_alloc_array((size_t)PTRDIFF_MAX + 1, 1) == NULL);
    CHECK(cup_alloc(SIZE_MAX) == NULL);
    CHECK(cup_realloc_array(memory, SIZE_MAX / 4, 5) == NULL);
    CHECK(cup_strndup("x", SIZE_MAX) == NULL);
    CHECK(cup_strndup("x", PTRDIFF_MAX) == NULL);
    cup_free(memory);
}

TEST(a_size_of_zero_gives_memory)
{
    void *first = cup_alloc(0);
    void *second = cup_alloc_array(0, 8);
    void *third = cup_realloc_array(NULL, 7, 0);

    CHECK(first != NULL && second != NULL && third != NULL);
    third = cup_realloc_array(third, 0, 0);
    CHECK(third != NULL);
    cup_free(first);
    cup_free(second);
    cup_free(third);
    cup_free(NULL);
}

TEST(a_failed_resize_leaves_the_old_block)
{
    char *memory, *larger;

    failing_alloc_install(2, false);
    memory = cup_strdup("kept");
    larger = cup_realloc_array(memory, 1000, 1);
    CHECK(larger == NULL);
    CHECK_STR(memory, "kept");
    larger = cup_realloc_array(memory, 1000, 1);
    CHECK_STR(larger, "kept");
    cup_free(larger);
    failing_alloc_end();
}

TEST(copies_of_text_end_with_a_nul)
{
    char *copy = cup_strndup("a\0bc", 3);

    CHECK(memcmp(copy, "a\0b", 4) == 0);
    cup_free(copy);
    copy = cup_strndup(NULL, 0);
    CHECK_STR(copy, "");
    cup_free(copy);
    CHECK(cup_strdup(NULL) == NULL);
}

static char at_release[8];

static void
look_and_release(void *context, void *memory)
{
    (void)context;
    memcpy(at_release, memory, sizeof at_release);
    free(memory);
}

static void *
plain_allocate(void *context, size_t size_bytes)
{
    (void)context;
    return malloc(size_bytes);
}

static void *
plain_reallocate(void *context, void *memory, size_t size_bytes)
{
    (void)context;
    return realloc(memory, size_bytes);
}

TEST(a_secret_is_overwritten_before_it_is_freed)
{
    const cupel_allocator looking = { sizeof looking, NULL, plain_allocate,
                                      plain_reallocate, look_and_release };
    char *secret;

    cupel_allocator_set(&looking);
    secret = cup_strdup("hunter2");
    memcpy(at_release, secret, sizeof at_release);
    cup_free_secret(secret);
    cup_free_secret(NULL);
    cupel_allocator_set(NULL);
    CHECK(memcmp(at_release, "\0\0\0\0\0\0\0", sizeof at_release) == 0);
}

TEST(half_an_allocator_is_not_taken)
{
    cupel_allocator half = { .struct_size = sizeof half };
    void *memory;

    cupel_allocator_set(&half);
    memory = cup_alloc(10);
    CHECK(memory != NULL);
    cup_free(memory);
}

TEST(out_of_memory_sets_a_record_without_memory)
{
    failing_alloc_install(1, true);
    CHECK_INT(cup_nomem(), CUPEL_E_NOMEM);
    CHECK_INT(failing_alloc.calls, 0);
    CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_NOMEM);
    CHECK_STR(cupel_error_text(), "out of memory");
    failing_alloc_end();
}
