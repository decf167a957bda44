/* SPDX-License-Identifier: MIT */
/* The kinds of result: what holds for one holds for all of them. */
#ifndef TESTS_ACCEPTANCE_KINDS_H
#define TESTS_ACCEPTANCE_KINDS_H

#include "acceptance/matrix.h"

static inline cupel_result *
kind_query(cupel_connection *conn, const char *sql)
{
    cupel_result *result;

    CHECK_OK(
        cupel_connection_execute(conn, CUPEL_TEXT(sql), NULL, NULL, &result));
    return result;
}

/* ---- Kinds of result ------------------------------------------------- */

static inline cupel_result *
kind_buffered(cupel_connection *conn)
{
    return kind_query(conn, MATRIX_SELECT);
}

static inline cupel_result *
kind_streamed(cupel_connection *conn)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_stream(conn, CUPEL_TEXT(MATRIX_SELECT), NULL,
                                     NULL, &result));
    return result;
}

static inline cupel_result *
kind_streamed_one_by_one(cupel_connection *conn)
{
    cupel_result *result;

    CHECK_OK(cupel_connection_stream(conn, CUPEL_TEXT(MATRIX_SELECT), NULL,
                                     CUPEL_WITH({ "yield_per", cupel_int(1) }),
                                     &result));
    CHECK_OK(cupel_result_yield_per(result, 0));
    CHECK_OK(cupel_result_yield_per(result, 1));
    return result;
}

static inline cupel_result *
kind_thawed(cupel_connection *conn)
{
    cupel_result *result = kind_streamed(conn);
    cupel_frozen_result *frozen;

    CHECK_OK(cupel_result_freeze(result, &frozen));
    cupel_result_free(result);
    CHECK_OK(cupel_frozen_result_thaw(frozen, &result));
    cupel_frozen_result_free(frozen);
    return result;
}

static inline cupel_result *
kind_merged(cupel_connection *conn)
{
    cupel_result *parts[3], *result;
    size_t i;

    parts[0] = kind_query(conn, "SELECT a, b, c FROM numbers WHERE n < 2 "
                                "ORDER BY n");
    CHECK_OK(cupel_connection_stream(
        conn,
        CUPEL_TEXT("SELECT a, b, c FROM numbers WHERE n > 1 AND n < 5 "
                   "ORDER BY n"),
        NULL, CUPEL_WITH({ "yield_per", cupel_int(2) }), &parts[1]));
    parts[2] = kind_query(conn, "SELECT a, b, c FROM numbers WHERE n = 5");
    CHECK_OK(cupel_result_merge(parts, 3, &result));
    for (i = 0; i < 3; i++)
        cupel_result_free(parts[i]);
    return result;
}

typedef cupel_result *
kind_fn(cupel_connection *conn);

static kind_fn *const kinds[] = { kind_buffered, kind_streamed,
                                  kind_streamed_one_by_one, kind_thawed,
                                  kind_merged };

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Run the check on a fresh result of every kind, which it frees. */
static inline void
on_each_kind(void (*check)(cupel_result *result))
{
    cupel_engine *engine = accept_engine(NULL);
    cupel_connection *conn = accept_connect(engine);
    size_t i;

    matrix_fill(conn);
    for (i = 0; i < KINDS; i++)
        check(kinds[i](conn));
    CHECK_OK(cupel_connection_exit(conn, CUPEL_OK));
    accept_close(engine);
}

#endif
