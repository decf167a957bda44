/* SPDX-License-Identifier: MIT */
/* Rows without columns, which nobody can fetch. */
#include "engine/norows.h"

#include "base/alloc.h"
#include "base/error.h"

static cupel_status
no_cell(cupel_rows *rows, size_t row, size_t column, cupel_value *out)
{
    (void)rows;
    (void)row;
    (void)column;
    *out = cupel_null();
    return CUPEL_OK;
}

static cupel_status
nothing_more(cupel_rows *rows, cupel_time until)
{
    (void)until;
    rows->row_count = 0;
    rows->more = false;
    return CUPEL_OK;
}

static void
free_rows(cupel_rows *rows)
{
    cup_free(rows);
}

cupel_rows *
cup_no_rows(void)
{
    static const cupel_rows_ops ops = { .struct_size = sizeof ops,
                                        .cell = no_cell,
                                        .fetch = nothing_more,
                                        .close = nothing_more,
                                        .free = free_rows };
    cupel_rows *rows = cup_alloc(sizeof *rows);

    if (rows == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    rows->ops = &ops;
    rows->affected = -1;
    return rows;
}
