/* SPDX-License-Identifier: MIT */
/* What the acceptance cases about pools share: a pool by itself, and what it
 * tells its listeners, as one line of names. */
#ifndef TESTS_ACCEPTANCE_POOL_SUPPORT_H
#define TESTS_ACCEPTANCE_POOL_SUPPORT_H

#include "acceptance/acceptance.h"
#include "support/pools.h"

#include <cupel/ext/dialect.h>

#include <stdio.h>

static cupel_pool *pool;
static char heard[2048];

static inline cupel_status
hear(cupel_event *event, void *arg)
{
    size_t len = strlen(heard);

    (void)arg;
    snprintf(heard + len, sizeof heard - len, "%s%s%s", len > 0 ? " " : "",
             event->name, event->raw == NULL ? "-" : "");
    return CUPEL_OK;
}

static inline void
listen(void)
{
    static const char *const names[] = {
        "connect", "first_connect",   "checkout", "checkin",    "reset",
        "close",   "soft_invalidate", "detach",   "invalidate", "close_detached"
    };

    heard[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        CHECK_OK(
            cupel_event_listen(cupel_on_pool(pool), names[i], hear, NULL, 0));
}

#define CHECK_HEARD(expected)       \
    do {                            \
        CHECK_STR(heard, expected); \
        heard[0] = '\0';            \
    } while (0)

static inline void
open_with(const cupel_engine_options *options)
{
    CHECK_OK(cupel_create_async_pool_from_url(accept_url(), options, &pool));
}

/* `max_overflow` may be CUPEL_ZERO or CUPEL_UNLIMITED, as everywhere. */
static inline void
open_pool(int64_t size, int64_t max_overflow)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.pool_size = size;
    options.max_overflow = max_overflow;
    open_with(&options);
}

static inline void
open_class(cupel_pool_class poolclass)
{
    cupel_engine_options options = CUPEL_OPTIONS(cupel_engine_options);

    options.poolclass = poolclass;
    open_with(&options);
}

static inline cupel_raw_connection *
take(void)
{
    cupel_raw_connection *raw;

    CHECK_OK(cupel_pool_connect(pool, &raw));
    return raw;
}

static inline void
give(cupel_raw_connection *raw)
{
    CHECK_OK(cupel_raw_connection_close(raw));
    cupel_raw_connection_free(raw);
}

/* The connection to the database behind it: the same, or another one. */
static inline void *
wire(cupel_raw_connection *raw)
{
    return cupel_raw_connection_dbapi_connection(raw);
}

static inline void
run(cupel_raw_connection *raw, const char *sql)
{
    CHECK_OK(cupel_raw_connection_execute(raw, sql, NULL, 0, NULL));
}

#endif
