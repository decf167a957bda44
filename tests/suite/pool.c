/* SPDX-License-Identifier: MIT */
/* The pool beneath: connections as the driver has them, replaced and detached,
 * opened ahead, and listened to. */
#include "suite/suite.h"

/* Give it back, whatever happened; `rc` is handed on. Yields. */
static cupel_status
end_raw(cupel_raw_connection *raw, cupel_status rc)
{
    cupel_status closed = cupel_raw_connection_close(raw);

    cupel_raw_connection_free(raw);
    return rc == CUPEL_OK ? closed : rc;
}

SCENARIO(raw_connections_work_and_come_back, 0)
{
    cupel_raw_connection *raw;
    cupel_status rc;

    rc = cupel_engine_raw_connection(suite->engine, &raw);
    if (rc != CUPEL_OK)
        return rc;
    CHECK(cupel_raw_connection_is_valid(raw));
    rc = cupel_raw_connection_execute(raw, "BEGIN", NULL, 0, NULL);
    TRY(rc, cupel_raw_connection_execute(
                raw, "INSERT INTO item VALUES (4, 'four')", NULL, 0, NULL));
    TRY(rc, cupel_raw_connection_rollback(raw));
    TRY(rc, cupel_raw_connection_execute(raw, "SELECT id FROM item", NULL, 0,
                                         NULL));
    TRY(rc, cupel_raw_connection_commit(raw));
    return end_raw(raw, rc);
}

SCENARIO(values_are_kept_with_a_connection, 0)
{
    cupel_raw_connection *raw;
    cupel_info *info;
    cupel_status rc;
    int value;

    rc = cupel_engine_raw_connection(suite->engine, &raw);
    if (rc != CUPEL_OK)
        return rc;
    info = cupel_raw_connection_record_info(raw);
    rc = cupel_info_set(info, "mine", &value, NULL);
    if (rc == CUPEL_OK)
        CHECK(cupel_info_get(info, "mine") == &value);
    cupel_info_clear(info);
    return end_raw(raw, rc);
}

/* A soft one, which a database that is its only connection would not survive.
 */
SCENARIO(an_invalidated_connection_is_replaced, SUITE_ONE_CONNECTION)
{
    cupel_raw_connection *raw;
    cupel_status rc;

    for (int i = 0; i < 3; i++) {
        rc = cupel_engine_raw_connection(suite->engine, &raw);
        if (rc != CUPEL_OK)
            return rc;
        rc = cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL);
        TRY(rc, cupel_raw_connection_invalidate(raw, i != 1));
        rc = end_raw(raw, rc);
        if (rc != CUPEL_OK)
            return rc;
    }
    return rc;
}

SCENARIO(a_detached_connection_works_to_its_end, SUITE_ONE_CONNECTION)
{
    cupel_raw_connection *raw;
    cupel_status rc;

    rc = cupel_engine_raw_connection(suite->engine, &raw);
    if (rc != CUPEL_OK)
        return rc;
    rc = cupel_raw_connection_detach(raw);
    TRY(rc, cupel_raw_connection_execute(raw, "SELECT 1", NULL, 0, NULL));
    return end_raw(raw, rc);
}

SCENARIO(connections_are_opened_ahead, 0)
{
    cupel_status rc;

    rc = cupel_engine_warm_up(suite->engine, 2);
    if (rc == CUPEL_OK)
        CHECK(cupel_pool_checkedin(cupel_engine_pool(suite->engine)) >= 1);
    return rc;
}

/* A listener that works on the connection. */
static cupel_status
set_up(cupel_event *event, void *arg)
{
    (void)arg;
    return cupel_raw_connection_execute(event->raw, "SELECT 1", NULL, 0, NULL);
}

SCENARIO(listeners_work_on_the_connection, 0)
{
    cupel_event_target target = cupel_on_pool(cupel_engine_pool(suite->engine));
    cupel_raw_connection *raw;
    cupel_status rc;

    rc = cupel_event_listen(target, "checkout", set_up, NULL, 0);
    TRY(rc, cupel_event_listen(target, "reset", set_up, NULL, 0));
    TRY(rc, cupel_engine_raw_connection(suite->engine, &raw));
    if (rc == CUPEL_OK)
        rc = end_raw(raw, rc);
    if (cupel_event_contains(target, "checkout", set_up, NULL))
        CHECK_OK(cupel_event_remove(target, "checkout", set_up, NULL));
    if (cupel_event_contains(target, "reset", set_up, NULL))
        CHECK_OK(cupel_event_remove(target, "reset", set_up, NULL));
    return rc;
}
