/* SPDX-License-Identifier: MIT */
/* Opening one wire: dialled, or made by the program; then shown to whom it
 * concerns before anybody uses it. The order is the reference's: the listeners
 * to first_connect, those to connect who were put before the others, the
 * isolation level, what the server says of itself, the other listeners to
 * connect. What is done once for the pool is done by one of those
 * who connect at the same time, while the others wait; if it fails, the next
 * connect tries again. */
#include "pool/inner.h"

#include "base/error.h"
#include "task/loop.h"
#include "task/task.h"

#include <string.h>

/* A wire that is replaced goes first. Yields. */
static void
end_old(struct cup_slot *slot)
{
    const struct cup_pool_config *config = &slot->pool->config;

    cupel_info_clear(&slot->info);
    if (slot->wire == NULL)
        return;
    config->dialect->close(slot->wire,
                           cupel_deadline_in(config->close_timeout_ms));
    slot->wire = NULL;
}

/* Yields. */
static cupel_status
dial(struct cup_slot *slot, cupel_time until)
{
    const struct cup_pool_config *config = &slot->pool->config;
    const cupel_url *url = slot->pool->url;
    void *connection = NULL;
    cupel_status rc;

    rc = cup_notice_do_connect(slot, &url, &connection);
    if (rc != CUPEL_OK)
        return rc;
    if (connection != NULL)
        return cup_slot_adopt(slot, connection, until, &slot->wire);
    if (config->creator != NULL || config->async_creator != NULL)
        return cup_slot_create(slot, until, &slot->wire);
    return config->dialect->connect(url, until, &slot->wire);
}

/* ---- Once for the pool -------------------------------------------------- */

/* Wait until no other thread is at it. */
static cupel_status
enter_gate(struct cupel_pool *pool, cupel_time until)
{
    bool entered;

    pthread_mutex_lock(&pool->gate);
    while (pool->gate_taken &&
           cup_news_wait(&pool->gate_news, &pool->gate, until))
        continue;
    entered = !pool->gate_taken;
    pool->gate_taken = true;
    pthread_mutex_unlock(&pool->gate);
    return entered ? CUPEL_OK : CUPEL_E_TIMEOUT;
}

/* Wait until nobody else is at it. Yields. */
static cupel_status
enter_door(struct cupel_pool *pool, cupel_time until)
{
    cupel_status rc;

    if (pool->config.blocking)
        rc = enter_gate(pool, cup_deadline_cap(until));
    else
        rc = cup_mutex_lock(&pool->door, until);
    if (rc == CUPEL_E_TIMEOUT)
        return cup_error_set(rc, "the deadline passed while waiting for "
                                 "the pool's first connection");
    return rc;
}

static void
leave_door(struct cupel_pool *pool)
{
    if (!pool->config.blocking) {
        cup_mutex_unlock(&pool->door);
        return;
    }
    pthread_mutex_lock(&pool->gate);
    pool->gate_taken = false;
    pthread_cond_signal(&pool->gate_news);
    pthread_mutex_unlock(&pool->gate);
}

/* Yields. */
static cupel_status
ask_server(struct cup_slot *slot, cupel_time until)
{
    struct cupel_pool *pool = slot->pool;
    const cupel_dialect *dialect = pool->config.dialect;
    cupel_server_info server = { .struct_size = sizeof server };
    cupel_status rc;

    if (!pool->config.initialize || pool->server.struct_size != 0 ||
        dialect->initialize == NULL)
        return CUPEL_OK;
    cup_notice_initialize(slot);
    rc = dialect->initialize(slot->wire, until, &server);
    if (rc == CUPEL_OK)
        pool->server = server;
    return rc;
}

/* What is done to every wire. Yields. */
static cupel_status
set_up(struct cup_slot *slot, cupel_time until)
{
    const struct cup_pool_config *config = &slot->pool->config;
    cupel_status rc;

    rc = cup_notice_connect(slot, true);
    if (rc != CUPEL_OK || config->isolation_level == NULL)
        return rc;
    if (config->dialect->set_isolation_level == NULL)
        return cup_error_set(CUPEL_E_NOTSUPPORTED,
                             "the database has no isolation levels to choose "
                             "from");
    return config->dialect->set_isolation_level(slot->wire,
                                                config->isolation_level, until);
}

/* Yields. */
static cupel_status
introduce_first(struct cup_slot *slot, cupel_time until)
{
    struct cupel_pool *pool = slot->pool;
    cupel_status rc;

    rc = enter_door(pool, until);
    if (rc != CUPEL_OK)
        return rc;
    if (pool->introduced) {
        leave_door(pool);
        return set_up(slot, until);
    }
    rc = cup_notice_first_connect(slot);
    if (rc == CUPEL_OK)
        rc = set_up(slot, until);
    if (rc == CUPEL_OK)
        rc = ask_server(slot, until);
    if (rc == CUPEL_OK)
        pool->introduced = true;
    leave_door(pool);
    return rc;
}

/* Yields. */
static cupel_status
introduce(struct cup_slot *slot, cupel_time until)
{
    cupel_status rc;

    if (slot->pool->introduced)
        rc = set_up(slot, until);
    else
        rc = introduce_first(slot, until);
    if (rc == CUPEL_OK)
        rc = cup_notice_connect(slot, false);
    return rc;
}

/* ---- One wire ----------------------------------------------------------- */

/* Yields. */
cupel_status
cup_slot_open(struct cup_slot *slot, cupel_time until)
{
    struct cupel_pool *pool = slot->pool;
    cupel_time end = cupel_deadline_in(pool->config.connect_timeout_ms);
    struct cupel_error *kept;
    cupel_status rc;

    if (until < end)
        end = until;
    end_old(slot);
    cup_guard_take(pool);
    slot->expires_at = cup_pool_expiry(pool);
    cup_guard_drop(pool);
    rc = dial(slot, end);
    if (rc != CUPEL_OK) {
        slot->wire = NULL;
        cup_pool_log(pool, CUPEL_LOG_DEBUG, "Error on connect(): %s",
                     cupel_error_text());
        return rc;
    }
    slot->fresh = true;
    cup_pool_log(pool, CUPEL_LOG_DEBUG, "Created new connection %p",
                 (void *)slot->wire);
    rc = introduce(slot, end);
    if (rc != CUPEL_OK) {
        kept = cup_error_take();
        end_old(slot);
        cup_error_give(kept);
    }
    return rc;
}

const cupel_server_info *
cup_pool_server(const struct cupel_pool *pool)
{
    if (pool->config.server.struct_size != 0)
        return &pool->config.server;
    return pool->introduced && pool->server.struct_size != 0 ? &pool->server
                                                             : NULL;
}
