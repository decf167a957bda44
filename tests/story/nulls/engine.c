/* SPDX-License-Identifier: MIT */
/* Engines, their options, pools, and what is kept with a connection, called
 * without what they need. */
#include <cupel/engine.h>
#include <cupel/info.h>
#include <cupel/options.h>
#include <cupel/pool.h>

#include "nulls.h"

static void
from_engine_create(void)
{
    REFUSED(cupel_engine_create(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_create(NULL, &given.engine_options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_create("fake://unit", &given.engine_options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_create_async(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_create_async(NULL, &given.engine_options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_engine_create_async("fake://unit", &given.engine_options, NULL),
        CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_from_config(NULL, 1, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_from_config(NULL, 1, "id", &given.engine_options,
                                     given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_from_config_async(NULL, 1, NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_from_config_async(NULL, 1, "id", &given.engine_options,
                                           given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_create_pool_from_url(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_create_pool_from_url(NULL, &given.engine_options, given.place),
        CUPEL_E_ARGUMENT);
    REFUSED(
        cupel_create_pool_from_url("fake://unit", &given.engine_options, NULL),
        CUPEL_E_ARGUMENT);
}

static void
from_create_async_pool_from_url(void)
{
    REFUSED(cupel_create_async_pool_from_url(NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_create_async_pool_from_url(NULL, &given.engine_options,
                                             given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_create_async_pool_from_url("fake://unit",
                                             &given.engine_options, NULL),
            CUPEL_E_ARGUMENT);
    GIVES_TEXT(cupel_engine_url(NULL), "");
    GIVES_NULL(cupel_engine_parsed_url(NULL));
    GIVES_TEXT(cupel_engine_name(NULL), "");
    GIVES_TEXT(cupel_engine_driver(NULL), "");
    SAYS_NO(cupel_engine_is_async(NULL));
    SAYS_NO(cupel_engine_hide_parameters(NULL));
    GIVES(cupel_engine_echo(NULL), 2);
    HARMLESS(cupel_engine_set_echo(NULL, (cupel_toggle)1));
    GIVES_NULL(cupel_engine_default_isolation_level(NULL));
}

static void
from_engine_default_schema_name(void)
{
    GIVES_NULL(cupel_engine_default_schema_name(NULL));
    SAYS_NO(cupel_engine_server_version(NULL, NULL));
    SAYS_NO(cupel_engine_server_version(NULL, given.place));
    SAYS_NO(cupel_engine_server_version(given.engine, NULL));
    REFUSED(cupel_engine_execution_options(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_execution_options(NULL, given.options, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_execution_options(given.engine, given.options, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_update_execution_options(NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_update_execution_options(NULL, given.options),
            CUPEL_E_ARGUMENT);
    GIVES_SOMETHING(cupel_engine_get_execution_options(NULL));
    HARMLESS(cupel_engine_clear_compiled_cache(NULL));
    GIVES_NULL(cupel_engine_pool(NULL));
}

static void
from_engine_pool_status(void)
{
    HARMLESS(cupel_engine_pool_status(NULL, NULL));
    HARMLESS(cupel_engine_pool_status(NULL, given.place));
    HARMLESS(cupel_engine_pool_status(given.engine, NULL));
    REFUSED(cupel_engine_raw_connection(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_raw_connection(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_raw_connection(given.engine, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_warm_up(NULL, 1), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_connect(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_connect(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_connect(given.engine, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_begin(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_begin(NULL, nulls_body, &given.dummy),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_begin(given.engine, NULL, &given.dummy),
            CUPEL_E_ARGUMENT);
}

static void
from_engine_dispose(void)
{
    REFUSED(cupel_engine_dispose(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_dispose_no_close(NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_engine_close(NULL));
    HARMLESS(cupel_engine_free(NULL));
    REFUSED(cupel_info_set(NULL, NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_info_set(NULL, "id", &given.dummy, nulls_free),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_info_set(given.info, NULL, &given.dummy, nulls_free),
            CUPEL_E_ARGUMENT);
    GIVES_NULL(cupel_info_get(NULL, NULL));
    SAYS_NO(cupel_info_remove(NULL, NULL));
    SAYS_NO(cupel_info_remove(NULL, "id"));
    SAYS_NO(cupel_info_remove(given.info, NULL));
    HARMLESS(cupel_info_clear(NULL));
}

static void
from_info_count(void)
{
    GIVES(cupel_info_count(NULL), 0);
    GIVES_NULL(cupel_info_name(NULL, 1));
    REFUSED(cupel_engine_options_set(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_options_set(NULL, "pool_size", "5"), CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_options_set(&given.engine_options, NULL, "5"),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_engine_options_set(&given.engine_options, "pool_size", NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_options_set(NULL, NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_options_set(NULL, "pool_size", "5"), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_options_set(&given.engine_options, NULL, "5"),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_options_set(&given.engine_options, "pool_size", NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_connect(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_connect(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_connect(given.pool, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_warm_up(NULL, 1), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_pool_invalidate(NULL));
}

static void
from_pool_dispose(void)
{
    REFUSED(cupel_pool_dispose(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_recreate(NULL, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_recreate(NULL, given.place), CUPEL_E_ARGUMENT);
    REFUSED(cupel_pool_recreate(given.pool, NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_pool_close(NULL));
    HARMLESS(cupel_pool_free(NULL));
    GIVES_TEXT(cupel_pool_class_name(NULL), "");
    GIVES(cupel_pool_size(NULL), 0);
    GIVES(cupel_pool_checkedin(NULL), 0);
    GIVES(cupel_pool_checkedout(NULL), 0);
    GIVES(cupel_pool_overflow(NULL), 0);
    GIVES(cupel_pool_timeout_ms(NULL), 0);
}

static void
from_pool_status_text(void)
{
    GIVES(cupel_pool_status_text(NULL, NULL, 1), 0);
    HARMLESS(cupel_pool_figures(NULL, NULL));
    HARMLESS(cupel_pool_figures(NULL, given.place));
    HARMLESS(cupel_pool_figures(given.pool, NULL));
    REFUSED(cupel_raw_connection_execute(NULL, NULL, NULL, 1, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_execute(NULL, "SELECT 1", &given.value, 1,
                                         given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_execute(given.raw, NULL, &given.value, 1,
                                         given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_execute(given.raw, "SELECT 1", NULL, 1,
                                         given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_commit(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_rollback(NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_close(NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_raw_connection_free(NULL));
}

static void
from_raw_connection_invalidate(void)
{
    REFUSED(cupel_raw_connection_invalidate(NULL, true), CUPEL_E_ARGUMENT);
    REFUSED(cupel_raw_connection_detach(NULL), CUPEL_E_ARGUMENT);
    GIVES_NULL(cupel_raw_connection_info(NULL));
    GIVES_NULL(cupel_raw_connection_record_info(NULL));
    SAYS_NO(cupel_raw_connection_is_valid(NULL));
    SAYS_NO(cupel_raw_connection_is_detached(NULL));
    GIVES_NULL(cupel_raw_connection_dbapi_connection(NULL));
    GIVES_NULL(cupel_raw_connection_driver_connection(NULL));
}

void
nulls_to_engine(void)
{
    from_engine_create();
    from_create_async_pool_from_url();
    from_engine_default_schema_name();
    from_engine_pool_status();
    from_engine_dispose();
    from_info_count();
    from_pool_dispose();
    from_pool_status_text();
    from_raw_connection_invalidate();
}
