/* SPDX-License-Identifier: MIT */
/* Fetching, as futures. One struct holds what any of them needs, and one
 * function makes them; what differs is the line that asks the view. */
#include "async/fetch.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/error.h"
#include "engine/freeze.h"
#include "task/future.h"

/* ---- Handles --------------------------------------------------------- */

struct cup_async_rows *
cup_async_rows_new(void)
{
    struct cup_async_rows *rows = cup_alloc(sizeof *rows);

    if (rows != NULL)
        rows->refs = 1;
    return rows;
}

static struct cup_async_rows *
ref(struct cup_async_rows *rows)
{
    if (rows != NULL)
        rows->refs++;
    return rows;
}

void
cup_async_rows_unref(struct cup_async_rows *rows)
{
    if (rows == NULL)
        return;
    assert(rows->refs > 0);
    if (--rows->refs > 0)
        return;
    cup_view_free(rows->view);
    cup_free(rows);
}

/* ---- One future for all of them -------------------------------------- */

/* One fetch that has been described. */
struct fetch {
    struct cup_async_rows *rows; /* counted, or NULL */

    /* What the view is asked. Yields. */
    cupel_status (*ask)(struct cup_view *view, const struct fetch *fetch);

    enum cup_single single;
    enum cup_several several;
    size_t count;
    cupel_status status; /* what exit hands on */
    size_t *found;
    union {
        const cupel_row **row;
        cupel_value *value;
        const cupel_row *const **rows;
        const cupel_value **values;
        cupel_frozen_result **frozen;
    } out;
};

/* Yields. */
static cupel_status
run(void *self)
{
    const struct fetch *fetch = self;

    return fetch->ask(cup_async_view(fetch->rows), fetch);
}

static void
drop(void *self)
{
    const struct fetch *fetch = self;

    cup_async_rows_unref(fetch->rows);
}

/* The share of the rows in `given` becomes the future's. */
static cupel_future *
future_of(const struct fetch *given)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run, drop, sizeof *given, &self);
    if (future == NULL)
        cup_async_rows_unref(given->rows);
    else
        *(struct fetch *)self = *given;
    return future;
}

/* ---- One row, one value ---------------------------------------------- */

/* Yields. */
static cupel_status
ask_row(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_fetchone(view, fetch->out.row);
}

cupel_future *
cup_fetch_row(struct cup_async_rows *rows, const cupel_row **out)
{
    if (out != NULL)
        *out = NULL;
    return future_of(
        &(struct fetch){ .rows = ref(rows), .ask = ask_row, .out.row = out });
}

/* Yields. */
static cupel_status
ask_value(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_fetchone_value(view, fetch->out.value);
}

cupel_future *
cup_fetch_value(struct cup_async_rows *rows, cupel_value *out)
{
    if (out != NULL)
        *out = cupel_null();
    return future_of(&(struct fetch){
        .rows = ref(rows), .ask = ask_value, .out.value = out });
}

/* Yields. */
static cupel_status
ask_single(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_single(view, fetch->single, fetch->out.row);
}

cupel_future *
cup_fetch_single(struct cup_async_rows *rows, enum cup_single which,
                 const cupel_row **out)
{
    if (out != NULL)
        *out = NULL;
    return future_of(&(struct fetch){ .rows = ref(rows),
                                      .ask = ask_single,
                                      .single = which,
                                      .out.row = out });
}

/* Yields. */
static cupel_status
ask_single_value(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_single_value(view, fetch->single, fetch->out.value);
}

cupel_future *
cup_fetch_single_value(struct cup_async_rows *rows, enum cup_single which,
                       cupel_value *out)
{
    if (out != NULL)
        *out = cupel_null();
    return future_of(&(struct fetch){ .rows = ref(rows),
                                      .ask = ask_single_value,
                                      .single = which,
                                      .out.value = out });
}

/* ---- Several --------------------------------------------------------- */

/* Yields. */
static cupel_status
ask_several(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_several(view, fetch->several, fetch->count, fetch->out.rows,
                            fetch->found);
}

cupel_future *
cup_fetch_several(struct cup_async_rows *rows, enum cup_several which,
                  size_t count, const cupel_row *const **out, size_t *found)
{
    if (out != NULL)
        *out = NULL;
    if (found != NULL)
        *found = 0;
    return future_of(&(struct fetch){ .rows = ref(rows),
                                      .ask = ask_several,
                                      .several = which,
                                      .count = count,
                                      .found = found,
                                      .out.rows = out });
}

/* Yields. */
static cupel_status
ask_several_values(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_several_values(view, fetch->several, fetch->count,
                                   fetch->out.values, fetch->found);
}

cupel_future *
cup_fetch_several_values(struct cup_async_rows *rows, enum cup_several which,
                         size_t count, const cupel_value **out, size_t *found)
{
    if (out != NULL)
        *out = NULL;
    if (found != NULL)
        *found = 0;
    return future_of(&(struct fetch){ .rows = ref(rows),
                                      .ask = ask_several_values,
                                      .several = which,
                                      .count = count,
                                      .found = found,
                                      .out.values = out });
}

/* Yields. */
static cupel_status
ask_frozen(struct cup_view *view, const struct fetch *fetch)
{
    return cup_view_freeze(view, fetch->out.frozen);
}

cupel_future *
cup_fetch_frozen(struct cup_async_rows *rows, cupel_frozen_result **out)
{
    if (out != NULL)
        *out = NULL;
    return future_of(&(struct fetch){
        .rows = ref(rows), .ask = ask_frozen, .out.frozen = out });
}

/* ---- Ending ---------------------------------------------------------- */

/* Yields. */
static cupel_status
ask_close(struct cup_view *view, const struct fetch *fetch)
{
    (void)fetch;
    if (view == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result");
    return cup_view_close(view);
}

cupel_future *
cup_fetch_close(struct cup_async_rows *rows)
{
    return future_of(&(struct fetch){ .rows = ref(rows), .ask = ask_close });
}

/* Close it; the core shields that from cancellation. Yields. */
static cupel_status
ask_exit(struct cup_view *view, const struct fetch *fetch)
{
    struct cupel_error *error = cup_error_take();
    cupel_status rc = cup_view_close(view);

    if (fetch->status >= CUPEL_OK && rc != CUPEL_OK) {
        cup_error_free(error);
        return rc;
    }
    cup_error_give(error);
    return cup_async_hand_on(fetch->status);
}

cupel_future *
cup_fetch_exit(struct cup_async_rows *rows, cupel_status status)
{
    return future_of(
        &(struct fetch){ .rows = rows, .ask = ask_exit, .status = status });
}
