/* SPDX-License-Identifier: MIT */
/* Many futures as one. Its own run starts the children, so that a gather which
 * is never awaited starts nothing. */
#include "task/future_inner.h"

#include "base/alloc.h"
#include "base/error.h"

/* Owns the children that are not NULL; the array lies in the arena. */
struct gather {
    cupel_future **children;
    size_t count;
};

/* Wait for all of them; how that was interrupted first, or OK. Yields. */
static cupel_status
wait_for_all(struct gather *gather)
{
    cupel_status why = CUPEL_OK;
    size_t i, j;

    for (i = 0; i < gather->count; i++) {
        if (gather->children[i] == NULL)
            continue;
        if (why == CUPEL_OK) {
            why = cup_future_wait(gather->children[i]);
            for (j = i; why != CUPEL_OK && j < gather->count; j++)
                if (gather->children[j] != NULL)
                    cup_future_forward(gather->children[j]);
        }
        if (why != CUPEL_OK)
            cup_future_wait_out(gather->children[i]);
    }
    return why;
}

/* The answer of one child, which goes. */
static cupel_status
take_child(struct gather *gather, size_t i, cupel_status why)
{
    cupel_future *child = gather->children[i];

    gather->children[i] = NULL;
    return child != NULL ? cup_future_take(child, why) : cup_nomem();
}

/* Yields. */
static cupel_status
run_gather(void *self)
{
    struct gather *gather = self;
    struct cupel_error *error = NULL;
    cupel_status rc = CUPEL_OK, one, why;
    size_t i;

    for (i = 0; i < gather->count; i++)
        if (gather->children[i] != NULL)
            cup_future_start(gather->children[i]);
    why = wait_for_all(gather);
    for (i = 0; i < gather->count; i++) {
        one = take_child(gather, i, why);
        if ((int)one < 0 && rc == CUPEL_OK) {
            rc = one;
            error = cup_error_take();
        }
    }
    if (rc != CUPEL_OK)
        cup_error_give(error);
    return rc;
}

static void
drop_gather(void *self)
{
    struct gather *gather = self;
    size_t i;

    for (i = 0; i < gather->count; i++)
        cup_future_abandon(gather->children[i]);
}

/* Take all of them over, each once; false if one is somebody's already. */
static bool
take_over(cupel_future *const *futures, size_t count, size_t *taken)
{
    for (*taken = 0; *taken < count; ++*taken) {
        if (futures[*taken] == NULL)
            continue;
        if (!cup_future_is_free(futures[*taken]))
            return false;
        futures[*taken]->gathered = true;
    }
    return true;
}

static struct cupel_future *
make_gather(cupel_future *const *futures, size_t count)
{
    struct gather *gather;
    cupel_future *future;
    void *self;
    size_t i;

    future = cup_future_new(run_gather, drop_gather, sizeof *gather, &self);
    if (future == NULL || count == 0)
        return future;
    gather = self;
    gather->children = cup_arena_array(cup_future_arena(future), count,
                                       sizeof(cupel_future *));
    if (gather->children == NULL) {
        cup_future_release(future);
        cup_ignore(cup_nomem(), "NULL says so");
        return NULL;
    }
    gather->count = count;
    for (i = 0; i < count; i++)
        gather->children[i] = futures[i];
    return future;
}

cupel_future *
cupel_future_gather(cupel_future *const *futures, size_t count)
{
    cupel_future *future = NULL;
    size_t i, taken;

    if (futures == NULL && count > 0) {
        cup_ignore(cup_error_set(CUPEL_E_ARGUMENT, "no futures to gather"),
                   "NULL says so");
        return NULL;
    }
    if (take_over(futures, count, &taken))
        future = make_gather(futures, count);
    if (future != NULL)
        return future;
    for (i = 0; i < taken; i++)
        cup_future_abandon(futures[i]);
    for (i = taken + 1; i < count; i++)
        cupel_future_free(futures[i]);
    return NULL;
}
