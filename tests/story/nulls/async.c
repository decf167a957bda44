/* SPDX-License-Identifier: MIT */
/* The asyncio face: engines, connections, transactions, called without what
 * they need. */
#include <cupel/async.h>

#include "nulls.h"

static void
from_create_async_engine(void)
{
    REFUSED(cupel_create_async_engine(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_create_async_engine(NULL, &given.engine_options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_create_async_engine("fake://unit", &given.engine_options, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_from_config(NULL, 1, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_from_config(NULL, 1, "id", &given.engine_options,
                                           given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_from_config(given.pairs, 1, "id",
                                           &given.engine_options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_new(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_new(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_new(given.engine, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_execution_options(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_async_engine_execution_options(NULL, given.options, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_execution_options(given.aengine, given.options,
                                                 NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_async_engine_get_execution_options(void)
{
    GIVES_SOMETHING(cupel_async_engine_get_execution_options(NULL));
    REFUSED(cupel_async_engine_update_execution_options(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_engine_update_execution_options(NULL, given.options),
            CUPEL_E_ARGUMENT);
    HARMLESS(cupel_async_engine_clear_compiled_cache(NULL));
    GIVES_NULL(cupel_async_engine_pool(NULL));
    HARMLESS(cupel_async_engine_pool_status(NULL, NULL));
    HARMLESS(cupel_async_engine_pool_status(NULL, given.place));
    HARMLESS(cupel_async_engine_pool_status(given.aengine, NULL));
    GIVES(cupel_async_engine_echo(NULL), 2);
    HARMLESS(cupel_async_engine_set_echo(NULL, (cupel_toggle)1));
    GIVES_NULL(cupel_async_engine_sync_engine(NULL));
    GIVES_TEXT(cupel_async_engine_url(NULL), "");
}

static void
from_async_engine_name(void)
{
    GIVES_TEXT(cupel_async_engine_name(NULL), "");
    GIVES_TEXT(cupel_async_engine_driver(NULL), "");
    SAYS_NO(cupel_async_engine_equal(NULL, NULL));
    SAYS_NO(cupel_async_engine_equal(NULL, given.aengine));
    SAYS_NO(cupel_async_engine_equal(given.aengine, NULL));
    REFUSED_FUTURE(cupel_async_engine_begin(NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_engine_begin(NULL, nulls_async_body, &given.dummy),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_engine_begin(given.aengine, NULL, &given.dummy),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_engine_raw_connection(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_engine_raw_connection(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_engine_raw_connection(given.aengine, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_engine_warm_up(NULL, 1), CUPEL_E_ARGUMENT);
}

static void
from_async_engine_dispose_no_close(void)
{
    REFUSED_FUTURE(cupel_async_engine_dispose_no_close(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_engine_dispose(NULL), CUPEL_E_ARGUMENT);
    ALLOWED_FUTURE(cupel_async_engine_close(NULL));
    HARMLESS(cupel_async_engine_free(NULL));
    REFUSED_FUTURE(cupel_async_connection_start(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_enter(NULL), CUPEL_E_ARGUMENT);
    ALLOWED_FUTURE(cupel_async_connection_exit(NULL, CUPEL_OK));
    GIVES_NULL(cupel_async_connection_sync_connection(NULL));
    GIVES_NULL(cupel_async_connection_engine(NULL));
    REFUSED_FUTURE(cupel_async_connection_execute(NULL, NULL, NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_execute(NULL, given.stmt,
                                                  given.params, given.options,
                                                  given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_execute(given.aconn, NULL,
                                                  given.params, given.options,
                                                  given.place),
                   CUPEL_E_NOTEXECUTABLE);
}

static void
from_async_connection_scalar(void)
{
    REFUSED_FUTURE(cupel_async_connection_scalar(NULL, NULL, NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_scalar(NULL, given.stmt, given.params,
                                                 given.options, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_scalar(given.aconn, NULL,
                                                 given.params, given.options,
                                                 given.place),
                   CUPEL_E_NOTEXECUTABLE);
    REFUSED_FUTURE(cupel_async_connection_scalar(given.aconn, given.stmt,
                                                 given.params, given.options,
                                                 NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_scalars(NULL, NULL, NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_scalars(NULL, given.stmt,
                                                  given.params, given.options,
                                                  given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_scalars(given.aconn, NULL,
                                                  given.params, given.options,
                                                  given.place),
                   CUPEL_E_NOTEXECUTABLE);
    REFUSED_FUTURE(cupel_async_connection_scalars(given.aconn, given.stmt,
                                                  given.params, given.options,
                                                  NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_exec_driver_sql(NULL, NULL, NULL, NULL, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_exec_driver_sql(NULL, "SELECT 1", given.params,
                                               given.options, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_exec_driver_sql(given.aconn, NULL, given.params,
                                               given.options, given.place),
        CUPEL_E_NOTEXECUTABLE);
    REFUSED_FUTURE(cupel_async_connection_stream(NULL, NULL, NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_stream(NULL, given.stmt, given.params,
                                                 given.options, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_stream(given.aconn, NULL,
                                                 given.params, given.options,
                                                 given.place),
                   CUPEL_E_NOTEXECUTABLE);
    REFUSED_FUTURE(cupel_async_connection_stream(given.aconn, given.stmt,
                                                 given.params, given.options,
                                                 NULL),
                   CUPEL_E_ARGUMENT);
}

static void
from_async_connection_stream_scalars(void)
{
    REFUSED_FUTURE(
        cupel_async_connection_stream_scalars(NULL, NULL, NULL, NULL, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_stream_scalars(NULL, given.stmt, given.params,
                                              given.options, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_stream_scalars(given.aconn, NULL, given.params,
                                              given.options, given.place),
        CUPEL_E_NOTEXECUTABLE);
    REFUSED_FUTURE(
        cupel_async_connection_stream_scalars(
            given.aconn, given.stmt, given.params, given.options, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_execution_options(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_execution_options(NULL, given.options),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_execution_options(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_execution_options(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_execution_options(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_get_isolation_level(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_get_isolation_level(NULL, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_get_isolation_level(given.aconn, NULL),
        CUPEL_E_ARGUMENT);
}

static void
from_async_connection_default_isolation_level(void)
{
    REFUSED(cupel_async_connection_default_isolation_level(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_default_isolation_level(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_default_isolation_level(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_get_raw_connection(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_get_raw_connection(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_get_raw_connection(given.aconn, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_info(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_info(NULL, given.place),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_info(given.aconn, NULL),
                   CUPEL_E_ARGUMENT);
    GIVES_TEXT(cupel_async_connection_dialect(NULL), "");
    SAYS_NO(cupel_async_connection_equal(NULL, NULL));
    SAYS_NO(cupel_async_connection_equal(NULL, given.aconn));
    SAYS_NO(cupel_async_connection_equal(given.aconn, NULL));
}

static void
from_async_connection_run_sync(void)
{
    REFUSED_FUTURE(cupel_async_connection_run_sync(NULL, NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_run_sync(NULL, nulls_body, &given.dummy),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(
        cupel_async_connection_run_sync(given.aconn, NULL, &given.dummy),
        CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_commit(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_rollback(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_invalidate(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_invalidate_because(NULL, NULL),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_invalidate_because(NULL, "id"),
                   CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_close(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_connection_aclose(NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_async_connection_free(NULL));
    REFUSED(cupel_async_connection_closed(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_closed(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_closed(given.aconn, NULL), CUPEL_E_ARGUMENT);
}

static void
from_async_connection_invalidated(void)
{
    REFUSED(cupel_async_connection_invalidated(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_invalidated(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_invalidated(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_in_transaction(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_in_transaction(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_in_transaction(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_in_nested_transaction(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_in_nested_transaction(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_in_nested_transaction(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_transaction(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_transaction(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_transaction(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
}

static void
from_async_connection_get_nested_transaction(void)
{
    REFUSED(cupel_async_connection_get_nested_transaction(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_nested_transaction(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_connection_get_nested_transaction(given.aconn, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_transaction_start(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_transaction_enter(NULL), CUPEL_E_ARGUMENT);
    ALLOWED_FUTURE(cupel_async_transaction_exit(NULL, CUPEL_OK));
    REFUSED_FUTURE(cupel_async_transaction_commit(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_transaction_rollback(NULL), CUPEL_E_ARGUMENT);
    REFUSED_FUTURE(cupel_async_transaction_close(NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_async_transaction_free(NULL));
    GIVES_NULL(cupel_async_transaction_sync_transaction(NULL));
    GIVES_NULL(cupel_async_transaction_connection(NULL));
}

static void
from_async_transaction_nested(void)
{
    SAYS_NO(cupel_async_transaction_nested(NULL));
    SAYS_NO(cupel_async_transaction_equal(NULL, NULL));
    REFUSED(cupel_async_transaction_is_active(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_transaction_is_active(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_transaction_is_active(given.atx, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_transaction_is_valid(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_transaction_is_valid(NULL, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_async_transaction_is_valid(given.atx, NULL),
            CUPEL_E_ARGUMENT);
}

void
nulls_to_async(void)
{
    from_create_async_engine();
    from_async_engine_get_execution_options();
    from_async_engine_name();
    from_async_engine_dispose_no_close();
    from_async_connection_scalar();
    from_async_connection_stream_scalars();
    from_async_connection_default_isolation_level();
    from_async_connection_run_sync();
    from_async_connection_invalidated();
    from_async_connection_get_nested_transaction();
    from_async_transaction_nested();
}
