/* SPDX-License-Identifier: MIT */
#include "../base/failing_alloc.h"
#include "sqlite_support.h"
#include "task/wait.h"

#include <cupel/task.h>

/* One of everything that a connection does, in a file that has table t. The
 * answer is that of the first call that failed. */
struct errand {
    const cupel_url *url;
    bool hangs_up;  /* by free() in place of close() */
    bool committed; /* COMMIT answered OK, or is known to be applied */
    bool unknown;   /* nobody knows */
};

static void
note_outcome(struct errand *errand, cupel_status rc)
{
    cupel_outcome outcome = cupel_error_outcome(cupel_error_last());

    errand->committed = rc == CUPEL_OK || outcome == CUPEL_OUTCOME_APPLIED;
    errand->unknown = rc != CUPEL_OK && outcome == CUPEL_OUTCOME_UNKNOWN;
}

static cupel_status
read_a_stream(cupel_wire *wire)
{
    cupel_request request = sqlite_request(
        "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3", NULL, 0);
    cupel_rows *rows;
    cupel_status rc;

    request.fetch_first = 1;
    request.fetch_max = 1;
    rc = sqlite->execute(wire, &request, CUPEL_FOREVER, &rows);
    if (rc != CUPEL_OK)
        return rc;
    rc = rows->ops->fetch(rows, CUPEL_FOREVER);
    if (rc == CUPEL_OK)
        rc = rows->ops->close(rows, CUPEL_FOREVER);
    rows->ops->free(rows);
    return rc;
}

/* Twice, with another schema the second time. */
static cupel_status
read_texts(cupel_wire *wire)
{
    static const char query[] =
        "SELECT 'a text', x'0001', * FROM (SELECT 1 AS one), sqlite_temp_schema"
        " UNION ALL SELECT 'another text', NULL, 0, 0, 0, 0, 0, 0";
    cupel_status rc = sqlite_try(wire, query);

    if (rc == CUPEL_OK)
        rc = sqlite_try(wire, "CREATE TEMP TABLE u (a)");
    return rc == CUPEL_OK ? sqlite_try(wire, query) : rc;
}

static cupel_status
do_everything(void *arg)
{
    const cupel_value values[] = { cupel_string("a long enough text"),
                                   cupel_date(2024, 1, 1) };
    cupel_request insert =
        sqlite_request("INSERT INTO t VALUES (?)", values, 1);
    struct errand *errand = arg;
    cupel_wire *wire;
    cupel_status rc;

    rc = sqlite->connect(errand->url, CUPEL_FOREVER, &wire);
    if (rc != CUPEL_OK)
        return rc;
    rc = read_a_stream(wire);
    if (rc == CUPEL_OK)
        rc = read_texts(wire);
    insert.set_count = 2;
    insert.begin = sqlite->begin;
    if (rc == CUPEL_OK)
        rc = sqlite_send(wire, &insert, CUPEL_FOREVER);
    if (rc == CUPEL_OK) {
        CHECK_INT(sqlite->state(wire), CUPEL_WIRE_IN_TRANSACTION);
        rc = sqlite->commit(wire, CUPEL_FOREVER);
        note_outcome(errand, rc);
    }
    if (rc == CUPEL_OK)
        rc = sqlite_try_begin(wire, "INSERT INTO t VALUES ('undone')");
    if (rc == CUPEL_OK)
        rc = sqlite->rollback(wire, CUPEL_FOREVER);
    if (errand->hangs_up)
        sqlite->free(wire);
    else
        sqlite_end(wire);
    return rc;
}

static void
check_rows(const struct errand *errand)
{
    cupel_wire *wire;
    cupel_rows *rows;

    CHECK_OK(sqlite->connect(errand->url, CUPEL_FOREVER, &wire));
    rows = sqlite_query(wire, "SELECT count(*) FROM t", NULL, 0);
    if (!errand->unknown)
        CHECK_STR(sqlite_text(rows), errand->committed ? "2" : "0");
    rows->ops->free(rows);
    SQLITE_DO(wire, "DELETE FROM t");
    sqlite_end(wire);
}

static cupel_url *
make_file(void)
{
    const char *address = sqlite_new_file("?synchronous=off");
    cupel_wire *wire = sqlite_open(address);
    cupel_url *url;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    sqlite_end(wire);
    CHECK_OK(cupel_url_parse(address, &url));
    return url;
}

/* ---- Cancelled at every point ------------------------------------------- */

/* How many waits there were. */
static unsigned long
cancel_at(struct errand errand, unsigned long at, enum cup_probe_kind kind)
{
    struct cup_probe probe = { .cancel_at = at, .kind = kind };
    cupel_status rc;

    cup_probe_set(&probe);
    rc = cupel_run(do_everything, &errand);
    cup_probe_set(NULL);
    CHECK(rc == CUPEL_OK || rc == CUPEL_E_CANCELLED);
    check_rows(&errand);
    return probe.count;
}

static void
cancel_everywhere(enum cup_probe_kind kind)
{
    cupel_url *url = make_file();
    struct errand errand = { .url = url };
    unsigned long waits, at;
    int round;

    for (round = 0; round < 2; round++) {
        errand.hangs_up = round == 1;
        waits = cancel_at(errand, 0, kind);
        CHECK(waits >= 9);
        for (at = 1; at <= waits; at++)
            cancel_at(errand, at, kind);
    }
    cupel_url_free(url);
}

TEST(a_cancellation_before_any_wait_leaves_nothing_behind)
{
    cancel_everywhere(CUP_PROBE_BEFORE);
}

TEST(a_cancellation_during_any_wait_leaves_nothing_behind)
{
    cancel_everywhere(CUP_PROBE_DURING);
}

TEST(a_cancellation_after_any_wait_leaves_nothing_behind)
{
    cancel_everywhere(CUP_PROBE_AFTER);
}

/* ---- Without memory ----------------------------------------------------- */

/* Outside tasks: then every allocation is the dialect's own, made on this very
 * thread. */
static void
starve(bool for_good)
{
    cupel_url *url = make_file();
    struct errand errand;
    cupel_status rc;
    size_t n;

    for (n = 1;; n++) {
        errand = (struct errand){ .url = url };
        failing_alloc_install(n, for_good);
        rc = do_everything(&errand);
        cup_error_give(NULL);
        CHECK(rc == CUPEL_OK || failing_alloc.failed > 0);
        CHECK_INT(failing_alloc.blocks, 0);
        cupel_allocator_set(NULL);
        check_rows(&errand);
        if (failing_alloc.failed == 0)
            break;
        CHECK(n < 10000);
    }
    CHECK_OK(rc);
    CHECK(n > 10);
    cupel_url_free(url);
}

TEST(every_failed_allocation_is_survived)
{
    starve(false);
}

TEST(the_end_of_memory_is_survived)
{
    starve(true);
}

/* ---- The order of things ------------------------------------------------ */

TASK_TEST(the_columns_are_those_of_the_moment)
{
    cupel_wire *wire = sqlite_open("sqlite://");
    const cupel_value values[] = { cupel_int(1), cupel_int(2) };
    cupel_request request =
        sqlite_request("INSERT INTO t (a) VALUES (?) RETURNING *", values, 1);
    cupel_rows *rows;

    SQLITE_DO(wire, "CREATE TABLE t (a)");
    request.set_count = 2;
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_STR(sqlite_text(rows), "1;2");
    rows->ops->free(rows);
    SQLITE_DO(wire, "ALTER TABLE t ADD COLUMN b");
    CHECK_OK(sqlite->execute(wire, &request, CUPEL_FOREVER, &rows));
    CHECK_STR(sqlite_text(rows), "1,NULL;2,NULL");
    rows->ops->free(rows);
    sqlite_end(wire);
}

TASK_TEST(nothing_is_kept_where_the_url_says_so)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file("?cached_statements=0"));
    cupel_rows *rows = sqlite_stream(wire, "SELECT 1 UNION SELECT 2", 1, 1);

    SQLITE_ROWS(wire, "SELECT 1", "1");
    CHECK_INT(cup_sqlite_wire_of(wire)->cache.by_sql.count, 0);
    CHECK_OK(rows->ops->close(rows, CUPEL_FOREVER));
    rows->ops->free(rows);
    CHECK(sqlite3_next_stmt(cup_sqlite_wire_of(wire)->db, NULL) == NULL);
    sqlite_end(wire);
}

TASK_TEST(statements_are_kept_up_to_the_urls_number)
{
    cupel_wire *wire = sqlite_open(sqlite_new_file("?cached_statements=3"));
    char sql[32];
    int i;

    for (i = 0; i < 10; i++) {
        snprintf(sql, sizeof sql, "SELECT %d", i);
        SQLITE_DO(wire, sql);
    }
    CHECK_INT(cup_sqlite_wire_of(wire)->cache.by_sql.count, 3);
    sqlite_end(wire);
}

static cupel_status
send_batch(void *arg)
{
    const struct sqlite_errand *errand = arg;
    cupel_value *values = calloc(200000, sizeof *values);
    cupel_request request = sqlite_request(errand->sql, values, 1);
    cupel_status rc;

    CHECK(values != NULL);
    request.set_count = 200000;
    request.begin = sqlite->begin;
    rc = sqlite_send(errand->wire, &request, CUPEL_FOREVER);
    free(values);
    return rc;
}

TASK_TEST(an_interrupted_batch_can_be_sent_again)
{
    struct sqlite_errand errand = { sqlite_open(sqlite_new_file("")),
                                    "INSERT INTO t VALUES (called(?))",
                                    CUPEL_FOREVER };

    sqlite_add_called(errand.wire);
    SQLITE_DO(errand.wire, "CREATE TABLE t (a)");
    cup_clock_freeze(cupel_now());
    CHECK_FAILS(sqlite_cancel_when_called(send_batch, &errand),
                CUPEL_E_CANCELLED);
    cup_clock_thaw();
    CHECK(sqlite->state(errand.wire) != CUPEL_WIRE_BROKEN);
    CHECK_OK(sqlite->rollback(errand.wire, CUPEL_FOREVER));
    SQLITE_ROWS(errand.wire, "SELECT count(*) FROM t", "0");
    CHECK_OK(send_batch(&errand));
    CHECK_OK(sqlite->commit(errand.wire, CUPEL_FOREVER));
    SQLITE_ROWS(errand.wire, "SELECT count(*) FROM t", "200000");
    sqlite_end(errand.wire);
}
