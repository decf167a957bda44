/* SPDX-License-Identifier: MIT */
/* Calls without what they need are refused, or harmless: nothing is changed by
 * any of them, and no exported function is left out. */
#include "nulls.h"

#include <stdio.h>

#include "support/fake_engine.h"

struct nulls_given given;

/* ---- What was called --------------------------------------------------- */

enum { NAMES_MAX = 4096, NAME_SIZE = 64 };

static char noted[NAMES_MAX][NAME_SIZE];
static size_t noted_count;

void
nulls_note(const char *call)
{
    size_t len = strcspn(call, "(");

    CHECK(noted_count < NAMES_MAX && len < NAME_SIZE);
    memcpy(noted[noted_count], call, len);
    noted[noted_count++][len] = '\0';
}

static bool
is_noted(const char *name)
{
    size_t i;

    for (i = 0; i < noted_count; i++)
        if (strcmp(noted[i], name) == 0)
            return true;
    return false;
}

/* They are pointed at nothing. */
static const char *const without_pointers[] = {
    "cupel_now",           "cupel_deadline_in",
    "cupel_version",       "cupel_version_number",
    "cupel_status_class",  "cupel_error_last",
    "cupel_error_text",    "cupel_on_every_engine",
    "cupel_on_every_pool", "cupel_loop_current",
    "cupel_in_task",       "cupel_yield",
    "cupel_sleep",         "cupel_sleep_until",
    "cupel_cancelled",     "cupel_group_new",
    "cupel_mutex_new",     "cupel_semaphore_new",
    "cupel_condition_new", "cupel_channel_new",
    "cupel_null",          "cupel_bool",
    "cupel_int",           "cupel_double",
    "cupel_date",          "cupel_time_of_day",
    "cupel_datetime",      "cupel_datetimetz",
    "cupel_interval_of",   "cupel_type_name",
};

static bool
has_pointers(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof without_pointers / sizeof without_pointers[0]; i++)
        if (strcmp(without_pointers[i], name) == 0)
            return false;
    return true;
}

cupel_status
nulls_await(cupel_future *future)
{
    return cupel_await(future);
}

/* ---- Functions to be given ----------------------------------------------- */

cupel_status
nulls_body(cupel_connection *conn, void *arg)
{
    (void)conn;
    (void)arg;
    return CUPEL_OK;
}

cupel_status
nulls_async_body(cupel_async_connection *conn, void *arg)
{
    (void)conn;
    (void)arg;
    return CUPEL_OK;
}

cupel_status
nulls_task(void *arg)
{
    (void)arg;
    return CUPEL_OK;
}

cupel_status
nulls_row_key(const cupel_row *row, void *arg, cupel_value *out)
{
    (void)arg;
    return cupel_row_get(row, 0, out);
}

cupel_status
nulls_value_key(const cupel_value *value, void *arg, cupel_value *out)
{
    (void)arg;
    *out = *value;
    return CUPEL_OK;
}

cupel_status
nulls_listen(cupel_event *event, void *arg)
{
    (void)event;
    (void)arg;
    return CUPEL_OK;
}

void
nulls_free(void *value)
{
    (void)value;
}

/* ---- One of everything --------------------------------------------------- */

#define QUERY CUPEL_TEXT("SELECT id, name FROM item")

static void
give_values(void)
{
    static char place[4096];
    static const cupel_param item = { "id", { .type = CUPEL_NULL } };
    static const cupel_params params = { &item, 1, 1 };
    static const cupel_execution_options options = { &item, 1 };

    given.place = place;
    given.params = &params;
    given.options = &options;
    given.stmt = cupel_text_init(&given.text_of_sql, "SELECT 1");
    given.value = cupel_int(1);
    given.names[0] = "id";
    given.pairs[0] = (cupel_url_pair){ "url", "fake://unit" };
    given.engine_options.struct_size = sizeof given.engine_options;
    given.parts.struct_size = sizeof given.parts;
    given.parts.drivername = "sqlite";
    given.status.struct_size = sizeof given.status;
    CHECK_OK(cupel_url_parse("sqlite:///x?a=1", &given.url));
    given.loop = cupel_loop_current();
    given.channel = cupel_channel_new(1);
    given.group = cupel_group_new();
}

static void
give_core(void)
{
    cupel_result *result;

    given.engine = fake_engine();
    given.conn = connect_with_items(given.engine);
    CHECK_OK(cupel_connection_begin(given.conn, &given.tx));
    CHECK_OK(run_sql(given.conn, "INSERT INTO item VALUES (1, 'a')"));
    CHECK_OK(
        cupel_connection_execute(given.conn, QUERY, NULL, NULL, &given.rows));
    CHECK_OK(cupel_result_first(given.rows, &given.row));
    CHECK_OK(
        cupel_connection_execute(given.conn, QUERY, NULL, NULL, &given.result));
    CHECK_OK(cupel_connection_execute(given.conn, QUERY, NULL, NULL, &result));
    CHECK_OK(cupel_result_freeze(result, &given.frozen));
    cupel_result_free(result);
    CHECK_OK(cupel_frozen_result_thaw(given.frozen, &result));
    CHECK_OK(cupel_result_scalars(result, 0, &given.scalars));
    cupel_result_free(result);
    CHECK_OK(cupel_frozen_result_thaw(given.frozen, &result));
    CHECK_OK(cupel_result_mappings(result, &given.mappings));
    cupel_result_free(result);
    CHECK_OK(
        cupel_create_async_pool_from_url("fake://unit", NULL, &given.pool));
    CHECK_OK(cupel_pool_connect(given.pool, &given.raw));
    given.info = cupel_raw_connection_info(given.raw);
}

static void
give_async(void)
{
    cupel_async_result *result;

    CHECK_OK(cupel_create_async_engine("fake://unit", NULL, &given.aengine));
    given.aconn = cupel_async_engine_connect(given.aengine);
    CHECK_OK(cupel_await(cupel_async_connection_start(given.aconn)));
    given.atx = cupel_async_connection_begin(given.aconn);
    CHECK_OK(cupel_await(cupel_async_transaction_start(given.atx)));
    CHECK_OK(cupel_await(cupel_async_connection_stream(given.aconn, QUERY, NULL,
                                                       NULL, &given.aresult)));
    CHECK_OK(cupel_async_result_thaw(given.frozen, &result));
    CHECK_OK(cupel_async_result_scalars(result, 0, &given.ascalars));
    cupel_async_result_free(result);
    CHECK_OK(cupel_async_result_thaw(given.frozen, &result));
    CHECK_OK(cupel_async_result_mappings(result, &given.amappings));
    cupel_async_result_free(result);
}

/* Everything is as it was: it works, and goes in order. */
static void
take_async(void)
{
    const cupel_row *row;
    cupel_value value;

    CHECK_FAILS(cupel_await(cupel_async_result_fetchone(given.aresult, &row)),
                CUPEL_OK); /* nobody else sees what is not committed */
    CHECK_FAILS(
        cupel_await(cupel_async_scalar_result_fetchone(given.ascalars, &value)),
        CUPEL_ROW);
    CHECK_FAILS(
        cupel_await(cupel_async_mapping_result_fetchone(given.amappings, &row)),
        CUPEL_ROW);
    cupel_async_mapping_result_free(given.amappings);
    cupel_async_scalar_result_free(given.ascalars);
    cupel_async_result_free(given.aresult);
    CHECK_OK(cupel_await(cupel_async_transaction_exit(given.atx, CUPEL_OK)));
    CHECK_OK(cupel_await(cupel_async_connection_exit(given.aconn, CUPEL_OK)));
    CHECK_OK(cupel_await(cupel_async_engine_close(given.aengine)));
}

static void
take_core(void)
{
    const cupel_row *row;
    cupel_value value;

    CHECK_FAILS(cupel_result_fetchone(given.result, &row), CUPEL_ROW);
    CHECK_FAILS(cupel_scalar_result_fetchone(given.scalars, &value), CUPEL_ROW);
    CHECK_FAILS(cupel_mapping_result_fetchone(given.mappings, &row), CUPEL_ROW);
    CHECK_INT(cupel_row_int(given.row, 0), 1);
    cupel_result_free(given.rows);
    cupel_result_free(given.result);
    cupel_mapping_result_free(given.mappings);
    cupel_scalar_result_free(given.scalars);
    cupel_frozen_result_free(given.frozen);
    CHECK_OK(cupel_raw_connection_close(given.raw));
    cupel_raw_connection_free(given.raw);
    CHECK_INT(cupel_pool_checkedout(given.pool), 0);
    cupel_pool_close(given.pool);
    CHECK_OK(cupel_transaction_exit(given.tx, CUPEL_OK));
    CHECK_OK(cupel_connection_exit(given.conn, CUPEL_OK));
    CHECK_INT(committed_items(given.engine), 1);
    fake_engine_close(given.engine);
    cupel_url_free(given.url);
    cupel_channel_free(given.channel);
    CHECK_OK(cupel_group_wait(given.group));
}

/* ---- What gives something to be freed ------------------------------------ */

static void
nulls_to_makers(void)
{
    cupel_async_connection *conn;
    cupel_async_transaction *tx;

    nulls_note("cupel_async_engine_connect");
    conn = cupel_async_engine_connect(NULL);
    CHECK_FAILS(cupel_await(cupel_async_connection_start(conn)),
                CUPEL_E_ARGUMENT);
    cupel_async_connection_free(conn);
    nulls_note("cupel_async_connection_begin");
    tx = cupel_async_connection_begin(NULL);
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)),
                CUPEL_E_ARGUMENT);
    cupel_async_transaction_free(tx);
    nulls_note("cupel_async_connection_begin_nested");
    tx = cupel_async_connection_begin_nested(NULL);
    CHECK_FAILS(cupel_await(cupel_async_transaction_start(tx)),
                CUPEL_E_ARGUMENT);
    cupel_async_transaction_free(tx);
    GIVES_NULL(cupel_future_call(NULL, NULL));
    GIVES_NULL(cupel_future_gather(NULL, 1));
    ALLOWED_FUTURE(cupel_future_gather(NULL, 0));
    REFUSED(cupel_run(NULL, NULL), CUPEL_E_ARGUMENT);
    GIVES(cupel_row_repr(NULL, NULL, 8), 2);
    GIVES(cupel_row_repr(given.row, NULL, 8), 8);
    REFUSED(cupel_row_get_as(given.row, 0, CUPEL_INT, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_error_raise(CUPEL_E_VALUE, NULL), CUPEL_E_VALUE);
    GIVES(cupel_error_render(cupel_error_last(), NULL, 8), 13);
}

TASK_TEST(no_function_minds_nulls_and_none_is_left_out)
{
    char line[256], name[NAME_SIZE];
    bool complete = true;
    FILE *map;

    give_values();
    give_core();
    give_async();
    nulls_to_makers();
    nulls_to_engine();
    nulls_to_connection();
    nulls_to_result();
    nulls_to_base();
    nulls_to_url();
    nulls_to_task();
    nulls_to_async();
    nulls_to_async_result();
    take_async();
    take_core();

    map = fopen(CUPEL_MAP, "r");
    CHECK(map != NULL);
    while (fgets(line, sizeof line, map) != NULL) {
        if (sscanf(line, " %63[a-z0-9_];", name) != 1 ||
            strncmp(name, "cupel_", 6) != 0)
            continue;
        if (has_pointers(name) && !is_noted(name)) {
            print_error("%s() is not called here\n", name);
            complete = false;
        }
    }
    fclose(map);
    CHECK(complete);
}
