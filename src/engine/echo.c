/* SPDX-License-Identifier: MIT */
/* Log lines of statements and rows. They are built in a buffer that may fail
 * for want of memory; then the line is left out, and the work goes on. */
#include "engine/echo.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "engine/connection.h"
#include "engine/notice.h"
#include "engine/repr.h"
#include "engine/watch.h"

enum { LINE_MAX_BYTES = 64 * 1024 * 1024 };

/* ---- Statements -------------------------------------------------------- */

/* Five or three places, or four digits that mean something. */
enum precision { PLACES_5, PLACES_3, DIGITS_4 };

/* printf's number with a point, whatever the locale says. */
static void
add_seconds(struct cup_buf *buf, enum precision precision, int64_t us)
{
    double seconds = (double)us / 1e6;
    char text[64];
    size_t i, len;

    if (precision == DIGITS_4)
        snprintf(text, sizeof text, "%.4g", seconds);
    else
        snprintf(text, sizeof text, "%.*f", precision == PLACES_5 ? 5 : 3,
                 seconds);
    len = strlen(text);
    for (i = 0; i < len; i++) {
        if (strchr("0123456789e+-", text[i]) != NULL)
            cup_buf_add_char(buf, text[i]);
        else if (i > 0 && strchr("0123456789", text[i - 1]) != NULL)
            cup_buf_add_char(buf, '.');
    }
}

/* "[cached since 0.1234s ago] " */
static void
add_origin(struct cup_buf *buf, const struct cup_execution *run)
{
    int64_t now = cup_watch_now_us();
    int64_t worked = run->began_us == 0 ? 0 : now - run->began_us;

    switch (run->origin) {
    case CUP_SQL_RAW:
        cup_buf_add_str(buf, "[raw sql] ");
        break;
    case CUP_SQL_NO_KEY:
        cup_buf_add_str(buf, "[no key ");
        add_seconds(buf, PLACES_5, worked);
        cup_buf_add_str(buf, "s] ");
        break;
    case CUP_SQL_GENERATED:
        cup_buf_add_str(buf, "[generated in ");
        add_seconds(buf, PLACES_5, worked);
        cup_buf_add_str(buf, "s] ");
        break;
    case CUP_SQL_CACHED:
        cup_buf_add_str(buf, "[cached since ");
        add_seconds(buf, DIGITS_4, now - run->compiled->made_us);
        cup_buf_add_str(buf, "s ago] ");
        break;
    case CUP_SQL_CACHING_DISABLED:
        cup_buf_add_str(buf, "[caching disabled ");
        add_seconds(buf, PLACES_5, worked);
        cup_buf_add_str(buf, "s] ");
        break;
    }
}

void
cup_echo_statement(const struct cup_execution *run)
{
    const cupel_connection *conn = run->conn;
    const cupel_request *request = &run->request;
    struct cupel_error *before;
    struct cup_buf line;

    if (!cup_notice_log_on(conn, CUPEL_LOG_INFO))
        return;
    before = cup_error_take();
    cup_notice_log(conn, CUPEL_LOG_INFO, request->sql);
    cup_buf_init(&line, LINE_MAX_BYTES);
    add_origin(&line, run);
    if (conn->engine->hide_parameters)
        cup_buf_add_str(&line, "[SQL parameters hidden due to "
                               "hide_parameters=True]");
    else
        cup_repr_params(&line, request->values, request->value_count,
                        request->set_count);
    if (line.failed == CUPEL_OK)
        cup_notice_log(conn, CUPEL_LOG_INFO, line.data);
    cup_buf_fini(&line);
    cup_error_give(before);
}

void
cup_echo_slow(const struct cup_execution *run, int64_t duration_us)
{
    const cupel_connection *conn = run->conn;
    int64_t limit_ms = conn->engine->slow_query_ms;
    struct cupel_error *before;
    struct cup_buf line;

    if (limit_ms <= 0 || duration_us / 1000 < limit_ms ||
        !cup_notice_log_on(conn, CUPEL_LOG_WARNING))
        return;
    before = cup_error_take();
    cup_buf_init(&line, LINE_MAX_BYTES);
    cup_buf_add_str(&line, "slow query, ");
    add_seconds(&line, PLACES_3, duration_us);
    cup_buf_add_str(&line, "s: ");
    cup_buf_add_str(&line, run->request.sql);
    if (line.failed == CUPEL_OK)
        cup_notice_log(conn, CUPEL_LOG_WARNING, line.data);
    cup_buf_fini(&line);
    cup_error_give(before);
}

char *
cup_echo_params(const cupel_connection *conn, const cupel_request *request)
{
    struct cupel_error *before;
    struct cup_buf text;
    char *params;

    if (conn->engine->hide_parameters)
        return NULL;
    before = cup_error_take();
    cup_buf_init(&text, LINE_MAX_BYTES);
    cup_repr_params(&text, request->values, request->value_count,
                    request->set_count);
    params = cup_buf_take(&text);
    cup_buf_fini(&text);
    cup_error_give(before);
    return params;
}

/* ---- Rows -------------------------------------------------------------- */

/* A result may outlive its connection, and its connection's options. */
struct cup_echo {
    cupel_engine *engine; /* one reference */
    char *token;          /* owned; NULL: none */
};

/* Write "[token] Row (1, 'x')". */
static void
show(const struct cup_echo *echo, const char *what, const cupel_rows *columns,
     cupel_rows *rows, size_t line)
{
    struct cupel_error *before = cup_error_take();
    struct cup_buf text;

    cup_buf_init(&text, LINE_MAX_BYTES);
    if (echo->token != NULL)
        cup_buf_addf(&text, "[%s] ", echo->token);
    cup_buf_add_str(&text, what);
    if (columns != NULL)
        cup_repr_columns(&text, columns);
    else
        cup_repr_row(&text, rows, line);
    if (text.failed == CUPEL_OK)
        cup_logger_text(&echo->engine->logger, CUPEL_LOG_DEBUG, text.data);
    cup_buf_fini(&text);
    cup_error_give(before);
}

struct cup_echo *
cup_echo_rows(const cupel_connection *conn, const cupel_rows *rows)
{
    const char *token = NULL;
    struct cup_echo *echo;

    if (!cup_notice_log_on(conn, CUPEL_LOG_DEBUG) || rows->column_count == 0)
        return NULL;
    echo = cup_alloc(sizeof *echo);
    if (echo == NULL)
        return NULL;
    if (conn->options != NULL)
        token = conn->options->known.logging_token;
    echo->engine = cup_engine_ref(conn->engine);
    echo->token = cup_strdup(token);
    show(echo, "Col ", rows, NULL, 0);
    return echo;
}

void
cup_echo_row(const struct cup_echo *echo, cupel_rows *rows, size_t line)
{
    show(echo, "Row ", NULL, rows, line);
}

void
cup_echo_free(struct cup_echo *echo)
{
    if (echo == NULL)
        return;
    cup_engine_unref(echo->engine);
    cup_free(echo->token);
    cup_free(echo);
}
