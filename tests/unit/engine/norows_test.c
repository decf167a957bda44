/* SPDX-License-Identifier: MIT */
/* Rows that are none. */
#include "engine/norows.h"

#include "support/test.h"

TEST(there_is_nothing_in_no_rows)
{
    cupel_rows *rows = cup_no_rows();
    cupel_value value;

    CHECK(rows != NULL);
    CHECK_INT(rows->column_count, 0);
    CHECK_INT(rows->row_count, 0);
    CHECK_INT(rows->affected, -1);
    CHECK_OK(rows->ops->cell(rows, 0, 0, &value));
    CHECK_INT(value.type, CUPEL_NULL);
    CHECK_OK(rows->ops->fetch(rows, CUPEL_FOREVER));
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    CHECK(!rows->more);
    rows->ops->free(rows);
}
