/* SPDX-License-Identifier: MIT */
/* The table of types. */
#include "support/test.h"

#include "dialect/postgresql/types.h"

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
