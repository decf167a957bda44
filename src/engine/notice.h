/* SPDX-License-Identifier: MIT */
/* What a connection does, told to its listeners and written to its engine's
 * log. As long as nobody wants to know, nothing of this is done: whoever has
 * something to tell asks cup_connection_watched() first. */
#ifndef CUP_ENGINE_NOTICE_H
#define CUP_ENGINE_NOTICE_H

#include "base/event.h"
#include "engine/connection.h"

/* The events that statements and transactions have, but for handle_error, which
 * failures ask for themselves. */
enum { CUP_NOTICE_END = CUP_EVENT_HANDLE_ERROR };
#define CUP_NOTICE_KINDS ((UINT64_C(1) << CUP_NOTICE_END) - 1)

static inline struct cup_events *
cup_connection_events(const cupel_connection *conn)
{
    return conn->events != NULL ? conn->events : conn->engine->events;
}

/* The slow half of cup_connection_watched(). */
bool
cup_notice_has_listeners(const cupel_connection *conn);

/* Whether a line of this level of the connection's goes anywhere. */
static inline bool
cup_notice_log_on(const cupel_connection *conn, cupel_log_level level)
{
    return conn->echo != 0 ? (int)level >= conn->echo : cup_log_on(level);
}

/* Whether there may be anything to tell or write at all. */
static inline bool
cup_connection_watched(const cupel_connection *conn)
{
    return (cup_events_any(CUP_NOTICE_KINDS) &&
            cup_notice_has_listeners(conn)) ||
           conn->engine->slow_query_ms > 0 ||
           cup_notice_log_on(conn, CUPEL_LOG_INFO);
}

/* Write a text of any length, the level being on, behind the connection's
 * token. Leaves the error record as it is. */
void
cup_notice_log(const cupel_connection *conn, cupel_log_level level,
               const char *text);

/* A transaction begins: a failure prevents it. Yields. */
cupel_status
cup_notice_begin(cupel_connection *conn);

/* It is about to be rolled back, on the server only if the connection is valid.
 * Yields. */
cupel_status
cup_notice_rollback(cupel_connection *conn);

/* It is about to be committed. Yields. */
cupel_status
cup_notice_commit(cupel_connection *conn);

/* SAVEPOINT, ROLLBACK_SAVEPOINT or RELEASE_SAVEPOINT is about to run. Yields.
 */
cupel_status
cup_notice_savepoint(cupel_connection *conn, enum cup_event_kind kind,
                     const char *name);

/* BEGIN_TWOPHASE, PREPARE_TWOPHASE, ROLLBACK_TWOPHASE or COMMIT_TWOPHASE. A
 * failure prevents it. Yields. */
cupel_status
cup_notice_twophase(cupel_connection *conn, enum cup_event_kind kind,
                    const char *xid, bool is_prepared);

/* The connection was made. A failure is the answer to who wanted it. Without
 * the lock. Yields. */
cupel_status
cup_notice_engine_connect(cupel_connection *conn);

/* Options are about to be set on a connection: what the listeners leave in
 * `options` counts; its memory may be of `memory`. Yields. */
cupel_status
cup_notice_connection_options(cupel_connection *conn, struct cup_arena *memory,
                              const cupel_execution_options **options);

/* The same for an engine, a new child or itself. Yields. */
cupel_status
cup_notice_engine_options(cupel_engine *engine, struct cup_arena *memory,
                          const cupel_execution_options **options);

/* The engine has a fresh pool. Yields. */
void
cup_notice_engine_disposed(cupel_engine *engine);

#endif
