/* SPDX-License-Identifier: MIT */
/* AsyncScalarResult: the first column of a stream, whose fetches are futures.
 */
#include <assert.h>

#include "async/async.h"
#include "base/alloc.h"
#include "base/error.h"
#include "engine/result.h"
#include "task/future.h"

cupel_async_scalar_result *
cup_async_scalar_result_new(void)
{
    cupel_async_scalar_result *result = cup_alloc(sizeof *result);

    if (result != NULL)
        result->refs = 1;
    return result;
}

cupel_status
cup_async_scalar_result_take(cupel_result **core,
                             cupel_async_scalar_result **out)
{
    cupel_async_scalar_result *result;
    cupel_status rc;

    result = cup_async_scalar_result_new();
    if (result == NULL)
        return cup_nomem();
    rc = cup_result_into_scalars(*core, &result->core);
    *core = NULL;
    if (rc == CUPEL_OK)
        *out = result;
    else
        cup_async_scalar_result_unref(result);
    return rc;
}

static cupel_async_scalar_result *
ref(cupel_async_scalar_result *result)
{
    if (result != NULL)
        result->refs++;
    return result;
}

void
cup_async_scalar_result_unref(cupel_async_scalar_result *result)
{
    if (result == NULL)
        return;
    assert(result->refs > 0);
    if (--result->refs > 0)
        return;
    cupel_scalar_result_free(result->core);
    cup_free(result);
}

void
cupel_async_scalar_result_free(cupel_async_scalar_result *result)
{
    cup_async_scalar_result_unref(result);
}

static cupel_status
check(const cupel_async_scalar_result *result)
{
    if (result == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no result");
    return CUPEL_OK;
}

/* ---- One value --------------------------------------------------------- */

/* A fetch that gives a value. */
struct value_call {
    cupel_async_scalar_result *result; /* counted, or NULL */
    cupel_value *out;

    /* What of the core it stands for. Yields. */
    cupel_status (*fetch)(cupel_scalar_result *result, cupel_value *out);
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

    cup_async_scalar_result_unref(call->result);
}

static cupel_future *
value_new(cupel_async_scalar_result *result,
          cupel_status (*fetch)(cupel_scalar_result *result, cupel_value *out),
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
cupel_async_scalar_result_fetchone(cupel_async_scalar_result *result,
                                   cupel_value *out)
{
    return value_new(result, cupel_scalar_result_fetchone, out);
}

cupel_future *
cupel_async_scalar_result_first(cupel_async_scalar_result *result,
                                cupel_value *out)
{
    return value_new(result, cupel_scalar_result_first, out);
}

cupel_future *
cupel_async_scalar_result_one(cupel_async_scalar_result *result,
                              cupel_value *out)
{
    return value_new(result, cupel_scalar_result_one, out);
}

cupel_future *
cupel_async_scalar_result_one_or_none(cupel_async_scalar_result *result,
                                      cupel_value *out)
{
    return value_new(result, cupel_scalar_result_one_or_none, out);
}

/* ---- Every value ------------------------------------------------------- */

/* Fetching the rest, or letting go of it. */
struct rest_call {
    cupel_async_scalar_result *result; /* counted, or NULL */
    const cupel_value **out;           /* of all */
    size_t *found;                     /* of all */
};

static void
drop_rest(void *self)
{
    struct rest_call *call = self;

    cup_async_scalar_result_unref(call->result);
}

static cupel_future *
rest_new(cup_future_fn *run, const struct rest_call *given)
{
    cupel_future *future;
    void *self;

    future = cup_future_new(run, drop_rest, sizeof *given, &self);
    if (future == NULL)
        return NULL;
    *(struct rest_call *)self = *given;
    ref(given->result);
    return future;
}

/* Yields. */
static cupel_status
run_all(void *self)
{
    struct rest_call *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_scalar_result_all(call->result->core, call->out, call->found);
}

cupel_future *
cupel_async_scalar_result_all(cupel_async_scalar_result *result,
                              const cupel_value **out, size_t *found)
{
    const struct rest_call given = { result, out, found };

    if (out != NULL)
        *out = NULL;
    if (found != NULL)
        *found = 0;
    return rest_new(run_all, &given);
}

/* Yields. */
static cupel_status
run_close(void *self)
{
    struct rest_call *call = self;
    cupel_status rc;

    rc = check(call->result);
    if (rc != CUPEL_OK)
        return rc;
    return cupel_scalar_result_close(call->result->core);
}

cupel_future *
cupel_async_scalar_result_close(cupel_async_scalar_result *result)
{
    const struct rest_call given = { result, NULL, NULL };

    return rest_new(run_close, &given);
}
