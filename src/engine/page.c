/* SPDX-License-Identifier: MIT */
/* Several rows at once, and rows that outlive their batch. A view of the batch
 * is enough where the batch stays; otherwise the values are copied. */
#include "engine/page.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "sql/value.h"

/* Copy one line of the batch. */
static cupel_status
copy_line(cupel_result *result, size_t line, struct cup_arena *arena,
          cupel_row *row)
{
    size_t i, count = result->rows->column_count;
    cupel_value *values, value;
    cupel_status rc;

    values = cup_arena_array(arena, count, sizeof *values);
    if (values == NULL)
        return cup_nomem();
    for (i = 0; i < count; i++) {
        rc = result->rows->ops->cell(result->rows, line, i, &value);
        if (rc == CUPEL_OK)
            rc = cup_value_copy(arena, &value, &values[i]);
        if (rc != CUPEL_OK)
            return rc;
    }
    *row = (cupel_row){ .result = result, .kept = values };
    return CUPEL_OK;
}

cupel_status
cup_page_keep(cupel_result *result, size_t line, const cupel_row **out)
{
    cupel_status rc = CUPEL_OK;

    result->first = (cupel_row){ .result = result, .line = line };
    if (result->is_stream)
        rc = copy_line(result, line, &result->kept, &result->first);
    if (rc == CUPEL_OK)
        *out = &result->first;
    return rc;
}

/* Views of the next `count` lines of the batch, which has them. */
static cupel_status
view_lines(cupel_result *result, size_t count, struct cup_arena *arena,
           const cupel_row *const **out)
{
    const cupel_row **list;
    cupel_row *rows;
    size_t i;

    rows = cup_arena_array(arena, count, sizeof *rows);
    list = cup_arena_array(arena, count, sizeof *list);
    if (rows == NULL || list == NULL)
        return cup_nomem();
    for (i = 0; i < count; i++) {
        rows[i] = (cupel_row){ .result = result, .line = result->next++ };
        list[i] = &rows[i];
    }
    *out = list;
    return CUPEL_OK;
}

/* Copies of up to `count` rows, over as many batches as it takes. Yields. */
static cupel_status
copy_rows(cupel_result *result, size_t count, struct cup_arena *arena,
          struct cup_buf *list)
{
    cupel_row *row;
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < count; i++) {
        rc = cup_result_advance(result);
        if (rc != CUPEL_ROW)
            break;
        row = cup_arena_array(arena, 1, sizeof *row);
        if (row == NULL)
            return cup_nomem();
        rc = copy_line(result, result->next++, arena, row);
        if (rc != CUPEL_OK)
            break;
        cup_buf_add(list, &row, sizeof row);
        if (list->failed != CUPEL_OK)
            return cup_nomem();
    }
    return rc;
}

cupel_status
cup_page_fetch(cupel_result *result, size_t count, struct cup_arena *arena,
               const cupel_row *const **out, size_t *found)
{
    struct cup_buf list;
    cupel_status rc;
    size_t there;

    rc = cup_result_advance(result);
    if (rc != CUPEL_ROW)
        return rc;
    there = result->rows->row_count - result->next;
    if (!result->is_stream || (there >= count && arena == &result->page)) {
        *found = there < count ? there : count;
        rc = view_lines(result, *found, arena, out);
        if (rc != CUPEL_OK)
            *found = 0;
        else if (count == SIZE_MAX)
            rc = cup_result_advance(result); /* soft closes */
        return rc;
    }
    cup_buf_init(&list, SIZE_MAX / 2);
    rc = copy_rows(result, count, arena, &list);
    if (rc == CUPEL_OK) {
        *found = list.len / sizeof(cupel_row *);
        *out = (const cupel_row *const *)(void *)cup_arena_strndup(
            arena, list.data, list.len);
        if (*out == NULL) {
            *found = 0;
            rc = cup_nomem();
        }
    }
    cup_buf_fini(&list);
    return rc;
}
