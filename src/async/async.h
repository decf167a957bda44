/* SPDX-License-Identifier: MIT */
/* The handles of the facade. Each stands for one object of the core and keeps
 * nothing that could be asked of it. They are counted, because a future keeps
 * what it needs: the user's free takes only the user's share, and the object of
 * the core goes with the last one. Everything here is used on one thread. */
#ifndef CUP_ASYNC_ASYNC_H
#define CUP_ASYNC_ASYNC_H

#include <cupel/async.h>

#include "base/list.h"

/* Counted: the user, its connections, its futures. */
struct cupel_async_engine {
    size_t refs;
    cupel_engine *core; /* owned; NULL once the user freed the engine */
};

/* Counted: the user, the futures made from it. */
struct cupel_async_connection {
    size_t refs;
    cupel_async_engine *engine;   /* counted */
    cupel_connection *core;       /* owned; NULL before it is started */
    bool starting;                /* a start is under way */
    struct cup_list transactions; /* of cupel_async_transaction.link */
};

/* Counted: the user, or for one that get_transaction() made the connection;
 * and the futures made from it. */
struct cupel_async_transaction {
    size_t refs;
    cupel_async_connection *conn; /* not counted; NULL once that is gone */
    cupel_transaction *core;      /* owned; NULL before it is started */
    struct cup_list link;         /* in cupel_async_connection.transactions */
    bool nested;
    bool found; /* made by get_transaction(): the connection's */
};

/* What every handle on rows is. Counted: the user, the futures made from it. */
struct cup_async_rows {
    size_t refs;
    struct cup_view *view; /* owned; NULL while a stream is being opened */
};

struct cupel_async_result {
    struct cup_async_rows rows;
};

struct cupel_async_scalar_result {
    struct cup_async_rows rows;
};

struct cupel_async_mapping_result {
    struct cup_async_rows rows;
};

/* Take a share; NULL gives NULL. */
cupel_async_engine *
cup_async_engine_ref(cupel_async_engine *engine);
cupel_async_connection *
cup_async_connection_ref(cupel_async_connection *conn);

/* Give a share back. Never yields; a connection that is still open is given up
 * when the last one goes. NULL is allowed. */
void
cup_async_engine_unref(cupel_async_engine *engine);
void
cup_async_connection_unref(cupel_async_connection *conn);
void
cup_async_transaction_unref(cupel_async_transaction *tx);
void
cup_async_rows_unref(struct cup_async_rows *rows);

/* ---- What futures and others do with them ------------------------------- */

/* OK if it was started. ARGUMENT for NULL, NOTSTARTED. */
cupel_status
cup_async_connection_check(const cupel_async_connection *conn);

/* Check a connection out. Yields. As the future of the same name. */
cupel_status
cup_async_connection_start(cupel_async_connection *conn);

/* Close it, shielded, and hand `status` on, or the failure to close. Yields.
 * One that never started answers NOTSTARTED in place of OK. */
cupel_status
cup_async_connection_leave(cupel_async_connection *conn, cupel_status status);

/* The status that a scope's exit hands on. A failure always comes with a
 * record: one that happened in another task gets one here. */
cupel_status
cup_async_hand_on(cupel_status status);

/* A handle that is to be filled, with one share for the caller. NULL: no
 * memory. */
struct cup_async_rows *
cup_async_rows_new(void);

#endif
