/* SPDX-License-Identifier: MIT */
/* Connections that the program opens itself. An ordinary creator may block, so
 * an async pool calls it on a worker; when nobody waits for it any more, what
 * it gives is closed. */
#include "pool/inner.h"

#include "base/alloc.h"
#include "base/error.h"
#include "task/offload.h"
#include "task/task.h"

enum { GOODBYE_MS = 2000 };

/* One call of a creator. Belongs to the task that waits, or, when that has
 * given up, to the worker. */
struct creation {
    struct cup_job job;
    const cupel_dialect *dialect;
    cupel_url *url; /* a share */
    cupel_creator_fn *creator;
    void *arg;
    void *connection;          /* the driver's; NULL: none */
    cupel_status rc;           /* what the creator answered */
    struct cupel_error *error; /* its record, owned; may be NULL */
};

static void
free_creation(struct creation *creation)
{
    cup_error_free(creation->error);
    cupel_url_free(creation->url);
    cup_free(creation);
}

static void
work(struct cup_job *job)
{
    struct creation *creation = CUP_CONTAINER(job, struct creation, job);

    creation->rc = creation->creator(creation->arg, &creation->connection);
    if (creation->rc != CUPEL_OK)
        creation->error = cup_error_take();
}

/* Close what came too late. Yields. */
static cupel_status
end_late(void *arg)
{
    struct creation *creation = arg;
    cupel_time until = cupel_deadline_in(GOODBYE_MS);
    cupel_wire *wire;

    if (creation->dialect->adopt(creation->url, creation->connection, until,
                                 &wire) == CUPEL_OK)
        creation->dialect->close(wire, until);
    free_creation(creation);
    return CUPEL_OK;
}

static void
drop(struct cup_job *job)
{
    struct creation *creation = CUP_CONTAINER(job, struct creation, job);

    if (creation->rc != CUPEL_OK || creation->connection == NULL ||
        cup_task_spawn(end_late, creation, NULL, NULL, NULL) != CUPEL_OK)
        free_creation(creation);
}

static cupel_status
not_adoptable(void)
{
    return cup_error_set(CUPEL_E_NOTSUPPORTED,
                         "the driver takes no connections that others opened");
}

/* Yields. */
cupel_status
cup_slot_adopt(struct cup_slot *slot, void *connection, cupel_time until,
               cupel_wire **out)
{
    const struct cup_pool_config *config = &slot->pool->config;

    *out = NULL;
    if (config->dialect->adopt == NULL)
        return not_adoptable();
    return config->dialect->adopt(slot->pool->url, connection, until, out);
}

/* Take what the creator answered. Yields. */
static cupel_status
adopt(struct cup_slot *slot, void *connection, cupel_status rc,
      cupel_time until, cupel_wire **out)
{
    if (rc > CUPEL_OK || (rc == CUPEL_OK && connection == NULL))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the creator gave no connection");
    if (rc != CUPEL_OK)
        return rc;
    return cup_slot_adopt(slot, connection, until, out);
}

/* Yields. */
static cupel_status
create_on_worker(struct cup_slot *slot, cupel_time until, cupel_wire **out)
{
    const struct cup_pool_config *config = &slot->pool->config;
    struct creation *creation = cup_alloc(sizeof *creation);
    bool running = false;
    void *connection;
    cupel_status rc;

    if (creation == NULL)
        return cup_nomem();
    creation->job.work = work;
    creation->job.drop = drop;
    creation->dialect = config->dialect;
    creation->url = cupel_url_ref(slot->pool->url);
    creation->creator = config->creator;
    creation->arg = config->creator_arg;
    rc = cup_offload(&creation->job, CUP_LANE_LONG, until, &running);
    if (running)
        return rc;
    if (rc != CUPEL_OK) {
        drop(&creation->job);
        return rc;
    }
    rc = creation->rc;
    connection = creation->connection;
    if (rc != CUPEL_OK) {
        cup_error_give(creation->error);
        creation->error = NULL;
    }
    free_creation(creation);
    return adopt(slot, connection, rc, until, out);
}

/* Yields. */
cupel_status
cup_slot_create(struct cup_slot *slot, cupel_time until, cupel_wire **out)
{
    const struct cup_pool_config *config = &slot->pool->config;
    cupel_creator_fn *creator = config->async_creator;
    void *connection = NULL;
    cupel_status rc;

    *out = NULL;
    if (config->dialect->adopt == NULL)
        return not_adoptable();
    if (creator == NULL && !config->blocking)
        return create_on_worker(slot, until, out);
    if (creator == NULL)
        creator = config->creator;
    rc = creator(config->creator_arg, &connection);
    return adopt(slot, connection, rc, until, out);
}
