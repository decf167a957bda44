/* SPDX-License-Identifier: MIT */
/* Several rows at once, and rows that outlive their batch. A view of the batch
 * is enough where the batch stays; otherwise the values are copied. */
#include "engine/page.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "engine/cursor.h"
#include "engine/view.h"
#include "sql/value.h"

/* Copy a row of the batch: what is shown of it. */
static cupel_status
copy_row(const cupel_row *row, struct cup_arena *arena, cupel_row *out)
{
    size_t i, count = row->columns->count;
    cupel_value *values, value;
    cupel_status rc;

    values = cup_arena_array(arena, count, sizeof *values);
    if (values == NULL)
        return cup_nomem();
    for (i = 0; i < count; i++) {
        rc = cupel_row_get(row, i, &value);
        if (rc == CUPEL_OK)
            rc = cup_value_copy(arena, &value, &values[i]);
        if (rc != CUPEL_OK)
            return rc;
    }
    *out = (cupel_row){ .columns = row->columns, .kept = values };
    return CUPEL_OK;
}

cupel_status
cup_page_keep(struct cup_view *view, const cupel_row *row,
              const cupel_row **out)
{
    cupel_status rc = CUPEL_OK;

    view->first = *row;
    if (view->cursor->is_stream)
        rc = copy_row(row, &view->kept, &view->first);
    if (rc == CUPEL_OK)
        *out = &view->first;
    return rc;
}

/* Views of the next `count` lines of the batch, which has them: an array of
 * pointers to rows. */
static cupel_status
view_rows(struct cup_view *view, size_t count, struct cup_arena *arena,
          void **out)
{
    const cupel_row **list;
    cupel_row *rows;
    size_t i;

    rows = cup_arena_array(arena, count, sizeof *rows);
    list = cup_arena_array(arena, count, sizeof *list);
    if (rows == NULL || list == NULL)
        return cup_nomem();
    for (i = 0; i < count; i++) {
        rows[i] = (cupel_row){ .columns = view->columns,
                               .line = cup_cursor_take(view->cursor) };
        list[i] = &rows[i];
    }
    *out = list;
    return CUPEL_OK;
}

/* The same, an array of first values. */
static cupel_status
view_values(struct cup_view *view, size_t count, struct cup_arena *arena,
            void **out)
{
    cupel_row line = { .columns = view->columns };
    cupel_value *values;
    cupel_status rc = CUPEL_OK;
    size_t i;

    values = cup_arena_array(arena, count, sizeof *values);
    if (values == NULL)
        return cup_nomem();
    for (i = 0; i < count && rc == CUPEL_OK; i++) {
        line.line = cup_cursor_take(view->cursor);
        rc = cupel_row_get(&line, 0, &values[i]);
    }
    *out = values;
    return rc;
}

/* One row for the list, which collects pointers to rows. */
static cupel_status
add_row(struct cup_view *view, const cupel_row *line, struct cup_arena *arena,
        struct cup_buf *list)
{
    cupel_row *row = cup_arena_alloc(arena, sizeof *row);
    cupel_status rc = CUPEL_OK;

    if (row == NULL)
        return cup_nomem();
    *row = *line;
    if (view->cursor->is_stream)
        rc = copy_row(line, arena, row);
    if (rc == CUPEL_OK)
        cup_buf_add(list, &row, sizeof row);
    return rc == CUPEL_OK ? list->failed : rc;
}

/* One value for the list, which collects values. */
static cupel_status
add_value(struct cup_view *view, const cupel_row *line, struct cup_arena *arena,
          struct cup_buf *list)
{
    cupel_value value;
    cupel_status rc = cupel_row_get(line, 0, &value);

    if (rc == CUPEL_OK && view->cursor->is_stream)
        rc = cup_value_copy(arena, &value, &value);
    if (rc == CUPEL_OK)
        cup_buf_add(list, &value, sizeof value);
    return rc == CUPEL_OK ? list->failed : rc;
}

/* What an array of things of `size` bytes is made of: one for each row. */
struct collector {
    size_t size;

    /* From lines of a batch that stays. */
    cupel_status (*view)(struct cup_view *view, size_t count,
                         struct cup_arena *arena, void **out);

    /* From one line, for a list. */
    cupel_status (*add)(struct cup_view *view, const cupel_row *line,
                        struct cup_arena *arena, struct cup_buf *list);
};

/* Up to `count` rows, over as many batches as it takes. Yields. */
static cupel_status
collect_rows(struct cup_view *view, size_t count,
             const struct collector *collector, struct cup_arena *arena,
             struct cup_buf *list)
{
    cupel_row line = { .columns = view->columns };
    cupel_status rc = CUPEL_OK;
    size_t i;

    for (i = 0; i < count && rc == CUPEL_OK; i++) {
        rc = cup_view_advance(view);
        if (rc != CUPEL_ROW)
            break;
        line.line = cup_cursor_take(view->cursor);
        rc = collector->add(view, &line, arena, list);
    }
    return rc;
}

/* The collected things as an array of the arena. Yields. */
static cupel_status
collect(struct cup_view *view, size_t count, const struct collector *collector,
        struct cup_arena *arena, void **out, size_t *found)
{
    struct cup_buf list;
    cupel_status rc;

    cup_buf_init(&list, SIZE_MAX / 2);
    rc = collect_rows(view, count, collector, arena, &list);
    if (rc == CUPEL_OK && list.len > 0) {
        *out = cup_arena_strndup(arena, list.data, list.len);
        if (*out == NULL)
            rc = cup_nomem();
        else
            *found = list.len / collector->size;
    }
    cup_buf_fini(&list);
    return rc;
}

/* How many of the next `count` rows are views of the batch, which stays as long
 * as the arena does: 0 if they have to be collected. */
static size_t
lines_there(const struct cup_view *view, size_t count,
            const struct cup_arena *arena)
{
    const struct cup_cursor *cursor = view->cursor;
    size_t there = cursor->rows->row_count - cursor->next;

    if (cursor->is_stream && (there < count || arena != &view->page))
        return 0;
    return there < count ? there : count;
}

/* Yields. */
static cupel_status
fetch(struct cup_view *view, size_t count, const struct collector *collector,
      struct cup_arena *arena, void **out, size_t *found)
{
    cupel_status rc;
    size_t there;

    *out = NULL;
    if (view->unique != NULL)
        return collect(view, count, collector, arena, out, found);
    rc = cup_cursor_advance(view->cursor);
    if (rc != CUPEL_ROW)
        return rc;
    there = lines_there(view, count, arena);
    if (there == 0)
        return collect(view, count, collector, arena, out, found);
    rc = collector->view(view, there, arena, out);
    if (rc != CUPEL_OK)
        return rc;
    *found = there;
    /* Who has fetched all has come to the end. */
    return count == SIZE_MAX ? cup_cursor_advance(view->cursor) : CUPEL_OK;
}

cupel_status
cup_page_rows(struct cup_view *view, size_t count, struct cup_arena *arena,
              const cupel_row *const **out, size_t *found)
{
    static const struct collector collector = { sizeof(cupel_row *), view_rows,
                                                add_row };
    cupel_status rc;
    void *list;

    rc = fetch(view, count, &collector, arena, &list, found);
    if (rc == CUPEL_OK)
        *out = list;
    return rc;
}

cupel_status
cup_page_values(struct cup_view *view, size_t count, struct cup_arena *arena,
                const cupel_value **out, size_t *found)
{
    static const struct collector collector = { sizeof(cupel_value),
                                                view_values, add_value };
    cupel_status rc;
    void *list;

    rc = fetch(view, count, &collector, arena, &list, found);
    if (rc == CUPEL_OK)
        *out = list;
    return rc;
}
