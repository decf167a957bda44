/* SPDX-License-Identifier: MIT */
/* What the pool lets others know: the one place of its events and of its lines
 * of log. A listener may wait, and may use the pool: nothing of the pool's is
 * held while one is told. */
#include "pool/inner.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_SIZE = 512 };

void
cup_pool_log(const struct cupel_pool *pool, cupel_log_level level,
             const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    if (!cup_logger_on(&pool->config.logger, level))
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    cup_logger_write(&pool->config.logger, level, "%s", line);
}

void
cup_notice_initialize(const struct cup_slot *slot)
{
    const struct cup_pool_config *config = &slot->pool->config;

    if (config->dialect->initialize_sql == NULL)
        return;
    cup_logger_write(&config->sql_logger, CUPEL_LOG_INFO, "%s",
                     config->dialect->initialize_sql);
    cup_logger_write(&config->sql_logger, CUPEL_LOG_INFO, "[raw sql] ()");
}

/* ---- Events ------------------------------------------------------------- */

static struct cup_events *
list_of(const struct cup_slot *slot)
{
    return slot->pool->config.events;
}

/* What every listener is told. */
static cupel_event
describe(struct cup_slot *slot, bool has_wire)
{
    return (cupel_event){ .pool = slot->pool,
                          .raw = has_wire ? &slot->raw : NULL };
}

/* Tell of something that a listener can refuse. Yields. */
static cupel_status
ask(struct cup_slot *slot, enum cup_event_kind kind)
{
    cupel_event event;

    if (!cup_events_want(list_of(slot), kind))
        return CUPEL_OK;
    event = describe(slot, true);
    return cup_events_fire(list_of(slot), kind, NULL, &event);
}

/* The pool does not wait here; whether a listener does is his to answer for.
 * Everybody who announces something stands a wait. */
static void (*const tell)(struct cup_events *events, enum cup_event_kind kind,
                          cupel_event *event) = cup_events_announce;

/* Tell of something that happens in any case. With the guard held. */
static void
announce(struct cup_slot *slot, enum cup_event_kind kind, bool has_wire)
{
    cupel_event event;

    if (!cup_events_want(list_of(slot), kind))
        return;
    event = describe(slot, has_wire);
    cup_guard_drop(slot->pool);
    tell(list_of(slot), kind, &event);
    cup_guard_take(slot->pool);
}

/* Yields. */
cupel_status
cup_notice_first_connect(struct cup_slot *slot)
{
    return ask(slot, CUP_EVENT_FIRST_CONNECT);
}

/* Yields. */
cupel_status
cup_notice_connect(struct cup_slot *slot, bool inserted)
{
    cupel_event event;

    if (!cup_events_want(list_of(slot), CUP_EVENT_CONNECT))
        return CUPEL_OK;
    event = describe(slot, true);
    return cup_events_fire_part(list_of(slot), CUP_EVENT_CONNECT, inserted,
                                &event);
}

/* Yields. */
cupel_status
cup_notice_checkout(struct cup_slot *slot)
{
    cup_pool_log(slot->pool, CUPEL_LOG_DEBUG,
                 "Connection %p checked out from pool", (void *)slot->wire);
    return ask(slot, CUP_EVENT_CHECKOUT);
}

/* Yields. */
cupel_status
cup_notice_reset(struct cup_slot *slot, bool already_reset, bool safe)
{
    cupel_event event;
    cupel_status rc;

    cup_pool_log(slot->pool, CUPEL_LOG_DEBUG,
                 "Connection %p being returned to pool", (void *)slot->wire);
    if (already_reset)
        cup_pool_log(slot->pool, CUPEL_LOG_DEBUG,
                     "Connection %p reset, transaction already reset",
                     (void *)slot->wire);
    if (!cup_events_want(list_of(slot), CUP_EVENT_RESET))
        return CUPEL_OK;
    event = describe(slot, true);
    event.transaction_was_reset = already_reset;
    event.terminate_only = slot->state == CUP_SLOT_DETACHED || !safe;
    event.asyncio_safe = safe;
    rc = cup_events_fire(list_of(slot), CUP_EVENT_RESET, NULL, &event);
    if (rc != CUPEL_OK)
        cup_pool_log(slot->pool, CUPEL_LOG_ERROR,
                     "Exception during reset or similar: %s",
                     cupel_error_text());
    return rc;
}

void
cup_notice_vanished(struct cup_slot *slot)
{
    cupel_event event;

    if (cup_events_want(list_of(slot), CUP_EVENT_RESET)) {
        event = describe(slot, true);
        event.terminate_only = true;
        cup_guard_drop(slot->pool);
        tell(list_of(slot), CUP_EVENT_RESET, &event);
        cup_guard_take(slot->pool);
    }
    announce(slot, CUP_EVENT_DETACH, true);
    announce(slot, CUP_EVENT_CLOSE_DETACHED, true);
}

void
cup_notice_checkin(struct cup_slot *slot, bool has_wire)
{
    announce(slot, CUP_EVENT_CHECKIN, has_wire);
}

void
cup_notice_invalidate(struct cup_slot *slot)
{
    cup_pool_log(slot->pool, CUPEL_LOG_INFO, "Invalidate connection %p",
                 (void *)slot->wire);
    announce(slot, CUP_EVENT_INVALIDATE, true);
}

void
cup_notice_soft_invalidate(struct cup_slot *slot)
{
    cup_pool_log(slot->pool, CUPEL_LOG_INFO, "Soft invalidate connection %p",
                 (void *)slot->wire);
    announce(slot, CUP_EVENT_SOFT_INVALIDATE, true);
}

void
cup_notice_close(struct cup_slot *slot, bool hard)
{
    cup_pool_log(slot->pool, CUPEL_LOG_DEBUG, "%s connection %p",
                 hard ? "Hard-closing" : "Closing", (void *)slot->wire);
    announce(slot, CUP_EVENT_CLOSE, true);
}

void
cup_notice_detach(struct cup_slot *slot)
{
    announce(slot, CUP_EVENT_DETACH, true);
}

void
cup_notice_close_detached(struct cup_slot *slot)
{
    announce(slot, CUP_EVENT_CLOSE_DETACHED, true);
}

/* ---- Of the dialect ----------------------------------------------------- */

/* Yields. */
cupel_status
cup_notice_do_connect(struct cup_slot *slot, const cupel_url **url,
                      void **connection)
{
    struct cup_events *events = slot->pool->config.dialect_events;
    cupel_event event;
    cupel_status rc;

    if (!cup_events_want(events, CUP_EVENT_DO_CONNECT))
        return CUPEL_OK;
    event = describe(slot, true);
    event.url = *url;
    rc = cup_events_fire(events, CUP_EVENT_DO_CONNECT, NULL, &event);
    *url = event.url;
    *connection = event.driver_connection;
    return rc;
}

/* Yields. */
cupel_status
cup_notice_ping_failed(struct cup_slot *slot, cupel_status rc,
                       bool is_disconnect)
{
    struct cup_events *events = slot->pool->config.dialect_events;
    cupel_failure failure = { .struct_size = sizeof failure,
                              .is_disconnect = is_disconnect,
                              .invalidate_pool_on_disconnect = true,
                              .is_pre_ping = true };
    cupel_event event;

    if (cup_events_want(events, CUP_EVENT_HANDLE_ERROR)) {
        event = describe(slot, true);
        event.failure = &failure;
        rc = cup_events_fire_failure(events, &event, &failure, true, rc);
    }
    if (!failure.is_disconnect)
        return rc;
    cup_pool_log(slot->pool, CUPEL_LOG_DEBUG,
                 "Pool pre-ping on connection %p failed, will invalidate pool",
                 (void *)slot->wire);
    return failure.invalidate_pool_on_disconnect ? CUPEL_E_INVALIDATEPOOL
                                                 : CUPEL_E_DISCONNECTION;
}
