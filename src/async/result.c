/* SPDX-License-Identifier: MIT */
/* AsyncResult: a stream of the core whose fetches are futures. */
#include <assert.h>

#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "task/future.h"

cupel_async_result *
cup_async_result_new(void)
{
    cupel_async_result *result = cup_alloc(sizeof *result);

    if (result != NULL)
        result->refs = 1;
    return result;
}

static cupel_async_result *
ref(cupel_async_result *result)
{
    if (result != NULL)
        result->refs++;
    return result;
}

void
cup_async_result_unref(cupel_async_result *result)
{
    if (result == NULL)
        return;
    assert(result->refs > 0);
    if (--result->refs > 0)
        return;
    cupel_result_free(result->core);
    cup_free(result);
}

void
cupel_async_result_free(cupel_async_result *result)
{
    cup_async_result_unref(result);
}

/* OK if it can be asked. ARGUMENT for NULL, CLOSED. */
static cupel_status
check(const cupel_async_result *result)
{
    if (result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result");
    if (result->core == NULL)
        return cup_error_set(CUPEL_E_CLOSED,
                             "this result was turned into its scalars");
    return CUPEL_OK;
}

/* ---- One row ----------------------------------------------------------- */

/* A fetch that gives a row. */
struct row_call {
    cupel_async_result *result; /* counted, or NULL */
    const cupel_row **out;

    /* What of the core it stands for. Yields. */
    cupel_status (*fetch)(cupel_result *result, const cupel_row **out);
};

/* Yields. */
static cupel_status
run_row(void *self)
{
    struct row_call *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return call->fetch(call->result->core, call->out);
}

static void
drop_row(void *self)
{
    struct row_call *call = self;

    cup_async_result_unref(call->result);
}

static cupel_future *
row_new(cupel_async_result *result,
        cupel_status (*fetch)(cupel_result *result, const cupel_row **out),
        const cupel_row **out)
{
    cupel_future *future;
    void *self;

    if (out != NULL)
        *out = NULL;
    future = cup_future_new(run_row, drop_row, sizeof(struct row_call), &self);
    if (future != NULL)
        *(struct row_call *)self = (struct row_call){ ref(result), out, fetch };
    return future;
}

cupel_future *
cupel_async_result_fetchone(cupel_async_result *result, const cupel_row **out)
{
    return row_new(result, cupel_result_fetchone, out);
}

cupel_future *
cupel_async_result_first(cupel_async_result *result, const cupel_row **out)
{
    return row_new(result, cupel_result_first, out);
}

cupel_future *
cupel_async_result_one(cupel_async_result *result, const cupel_row **out)
{
    return row_new(result, cupel_result_one, out);
}

cupel_future *
cupel_async_result_one_or_none(cupel_async_result *result,
                               const cupel_row **out)
{
    return row_new(result, cupel_result_one_or_none, out);
}

/* ---- Many rows --------------------------------------------------------- */

/* A fetch that gives an array of rows. */
struct rows_call {
    cupel_async_result *result; /* counted, or NULL */
    size_t count;
    const cupel_row *const **out;
    size_t *found;
};

static void
drop_rows(void *self)
{
    struct rows_call *call = self;

    cup_async_result_unref(call->result);
}

static cupel_future *
rows_new(cup_future_fn *run, cupel_async_result *result,
         const struct rows_call *given)
{
    struct rows_call *call;
    cupel_future *future;
    void *self;

    if (given->out != NULL)
        *given->out = NULL;
    if (given->found != NULL)
        *given->found = 0;
    future = cup_future_new(run, drop_rows, sizeof *call, &self);
    if (future == NULL)
        return NULL;
    call = self;
    *call = *given;
    call->result = ref(result);
    return future;
}

/* Yields. */
static cupel_status
run_fetchmany(void *self)
{
    struct rows_call *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_result_fetchmany(call->result->core, call->count, call->out,
                                  call->found);
}

cupel_future *
cupel_async_result_fetchmany(cupel_async_result *result, size_t count,
                             const cupel_row *const **out, size_t *found)
{
    const struct rows_call given = { NULL, count, out, found };

    return rows_new(run_fetchmany, result, &given);
}

/* Yields. */
static cupel_status
run_all(void *self)
{
    struct rows_call *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_result_all(call->result->core, call->out, call->found);
}

cupel_future *
cupel_async_result_all(cupel_async_result *result, const cupel_row *const **out,
                       size_t *found)
{
    const struct rows_call given = { NULL, 0, out, found };

    return rows_new(run_all, result, &given);
}

/* ---- One value --------------------------------------------------------- */

/* A fetch that gives a value. */
struct value_call {
    cupel_async_result *result; /* counted, or NULL */
    cupel_value *out;

    /* What of the core it stands for. Yields. */
    cupel_status (*fetch)(cupel_result *result, cupel_value *out);
};

/* Yields. */
static cupel_status
run_value(void *self)
{
    struct value_call *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return call->fetch(call->result->core, call->out);
}

static void
drop_value(void *self)
{
    struct value_call *call = self;

    cup_async_result_unref(call->result);
}

static cupel_future *
value_new(cupel_async_result *result,
          cupel_status (*fetch)(cupel_result *result, cupel_value *out),
          cupel_value *out)
{
    cupel_future *future;
    void *self;

    if (out != NULL)
        *out = cupel_null();
    future =
        cup_future_new(run_value, drop_value, sizeof(struct value_call), &self);
    if (future != NULL)
        *(struct value_call *)self =
            (struct value_call){ ref(result), out, fetch };
    return future;
}

cupel_future *
cupel_async_result_scalar(cupel_async_result *result, cupel_value *out)
{
    return value_new(result, cupel_result_scalar, out);
}

cupel_future *
cupel_async_result_scalar_one(cupel_async_result *result, cupel_value *out)
{
    return value_new(result, cupel_result_scalar_one, out);
}

cupel_future *
cupel_async_result_scalar_one_or_none(cupel_async_result *result,
                                      cupel_value *out)
{
    return value_new(result, cupel_result_scalar_one_or_none, out);
}

/* ---- Ending ------------------------------------------------------------ */

/* Closing, and leaving a scope. */
struct result_end {
    cupel_async_result *result; /* counted, or NULL */
    cupel_status status;        /* what exit hands on */
};

static void
drop_end(void *self)
{
    struct result_end *call = self;

    cup_async_result_unref(call->result);
}

/* A share of `result` becomes the future's. */
static cupel_future *
end_new(cup_future_fn *run, cupel_async_result *result, cupel_status status)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run, drop_end, sizeof(struct result_end), &self);
    if (future == NULL)
        cup_async_result_unref(result);
    else
        *(struct result_end *)self = (struct result_end){ result, status };
    return future;
}

/* Yields. */
static cupel_status
run_close(void *self)
{
    struct result_end *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_result_close(call->result->core);
}

cupel_future *
cupel_async_result_close(cupel_async_result *result)
{
    return end_new(run_close, ref(result), CUPEL_OK);
}

/* Close it; the core shields that from cancellation. Yields. */
static cupel_status
run_exit(void *self)
{
    struct result_end *call = self;
    cupel_status status = call->status;
    struct cupel_error *error;
    cupel_status rc;

    if (call->result == NULL || call->result->core == NULL)
        return cup_async_hand_on(status);
    error = cup_error_take();
    rc = cupel_result_close(call->result->core);
    if (status >= CUPEL_OK && rc != CUPEL_OK) {
        cup_error_free(error);
        return rc;
    }
    cup_error_give(error);
    return cup_async_hand_on(status);
}

/* The handle is given away here: the user's share becomes the future's. */
cupel_future *
cupel_async_result_exit(cupel_async_result *result, cupel_status status)
{
    return end_new(run_exit, result, status);
}

cupel_status
cupel_async_result_scalars(cupel_async_result **result,
                           cupel_async_scalar_result **out)
{
    cupel_async_result *taken;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the result");
    *out = NULL;
    if (result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result");
    taken = *result;
    *result = NULL;
    rc = check(taken);
    if (rc == CUPEL_OK && taken->refs > 1)
        rc = cup_error_set(CUPEL_E_INVALID,
                           "a fetch of this result has not ended yet");
    if (rc == CUPEL_OK)
        rc = cup_async_scalar_result_take(&taken->core, out);
    cup_async_result_unref(taken);
    return rc;
}

/* ---- Properties -------------------------------------------------------- */

cupel_result *
cupel_async_result_sync_result(cupel_async_result *result)
{
    return result == NULL ? NULL : result->core;
}

size_t
cupel_async_result_column_count(const cupel_async_result *result)
{
    return result == NULL ? 0 : cupel_result_column_count(result->core);
}

const char *
cupel_async_result_key(const cupel_async_result *result, size_t column)
{
    return result == NULL ? NULL : cupel_result_key(result->core, column);
}

bool
cupel_async_result_closed(const cupel_async_result *result)
{
    return result == NULL || cupel_result_closed(result->core);
}
