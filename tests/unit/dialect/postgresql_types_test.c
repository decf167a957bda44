/* SPDX-License-Identifier: MIT */
/* The table of types, and that no reader in it can be hurt. */
#include "support/test.h"

#include "dialect/postgresql/types.h"

#include <stdlib.h>

/* The table itself is not to be seen: every number that a server could use for
 * a built-in type is asked for. */
TEST(every_type_is_found_under_its_own_number_and_complete)
{
    unsigned count = 0;
    uint32_t oid;

    for (oid = 0; oid < 20000; oid++) {
        const struct cup_pg_type *type = cup_pg_type_find(oid);

        if (type == NULL)
            continue;
        count++;
        CHECK_INT(type->oid, oid);
        CHECK(type->read_binary != NULL);
        CHECK(type->read_text != NULL);
        CHECK(type->type != CUPEL_NULL);
        CHECK((type->type == CUPEL_ARRAY) == (type->item != 0));
    }
    CHECK_INT(count, 48);
}

TEST(every_item_of_an_array_is_a_plain_type)
{
    uint32_t oid;

    for (oid = 0; oid < 20000; oid++) {
        const struct cup_pg_type *type = cup_pg_type_find(oid);
        const struct cup_pg_type *item;

        if (type == NULL || type->item == 0)
            continue;
        item = cup_pg_type_find(type->item);
        assert_non_null(item);
        CHECK_INT(item->item, 0);
    }
}

TEST(an_unknown_type_is_text)
{
    CHECK(cup_pg_type_find(0) == NULL);
    CHECK(cup_pg_type_find(UINT32_MAX) == NULL);
    CHECK_INT(cup_pg_type_other.type, CUPEL_TEXT);
    CHECK(cup_pg_type_other.read_binary == NULL);
}

TEST(a_malformed_value_is_named_by_its_type)
{
    CHECK_FAILS(cup_pg_malformed(cup_pg_type_find(23)), CUPEL_E_DATA);
    CHECK(strstr(cupel_error_text(), "type 23 (int)") != NULL);
}

/* A cell that a hostile server has made up: mostly small numbers, so that it
 * gets past the first checks. The memory ends where the cell does. */
static char *
make_cell(uint64_t *random, size_t len)
{
    char *cell = malloc(len + 1);
    size_t i;

    assert_non_null(cell);
    for (i = 0; i < len; i++) {
        *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
        cell[i] =
            *random >> 62 ? (char)(*random >> 40 & 3) : (char)(*random >> 40);
    }
    cell[len] = '\0';
    return cell;
}

static void
read_made_up(const struct cup_pg_type *type, cup_pg_read_fn *read,
             uint64_t *random)
{
    struct cup_arena arena = { 0 };
    cupel_value value = { 0 };
    size_t len = (size_t)(*random >> 33) % 64;
    char *cell = make_cell(random, len);
    cupel_status rc;

    if (type->type == CUPEL_ARRAY && len >= 12) { /* let it begin well */
        memset(cell, 0, 12);
        cell[3] = (char)(*random >> 50 & 3);
        cell[10] = (char)(type->item >> 8);
        cell[11] = (char)type->item;
    }
    rc = read(type, cell, len, &arena, &value);
    if (rc != CUPEL_OK)
        CHECK_INT(rc, CUPEL_E_DATA);
    cup_arena_fini(&arena);
    free(cell);
}

/* Under a sanitizer. */
TEST(made_up_cells_are_read_or_refused_and_do_no_harm)
{
    uint64_t random = 7;
    uint32_t oid;
    int i;

    for (oid = 0; oid < 5000; oid++) {
        const struct cup_pg_type *type = cup_pg_type_find(oid);

        for (i = 0; type != NULL && i < 3000; i++) {
            read_made_up(type, type->read_binary, &random);
            read_made_up(type, type->read_text, &random);
        }
    }
}
