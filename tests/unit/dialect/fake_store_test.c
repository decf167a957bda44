/* SPDX-License-Identifier: MIT */
#include "dialect/fake/fake.h"
#include "unit/base/failing_alloc.h"
#include "unit/dialect/fake_support.h"

#include "base/error.h"
#include "dialect/fake/store.h"

TEST(versions_are_shared_until_somebody_writes)
{
    struct cup_fake_database *database;
    struct cup_fake_data *mine;

    cup_fake_reset();
    cup_fake_lock();
    database = cup_fake_database_open("test");
    CHECK(database != NULL);
    CHECK(cup_fake_database_open("test") == database);
    mine = cup_fake_data_ref(database->data);
    CHECK_INT(mine->refs, 2);
    CHECK_OK(cup_fake_data_own(&mine));
    CHECK(mine != database->data);
    CHECK_INT(mine->refs, 1);
    CHECK_INT(database->data->refs, 1);
    cup_fake_data_unref(mine);
    cup_fake_database_close(database);
    cup_fake_database_close(database);
    cup_fake_unlock();
    cup_fake_reset();
}

TEST(a_reset_forgets_databases_but_not_those_in_use)
{
    cupel_wire *old, *new;

    cup_fake_reset();
    old = fake_open("fake://test");
    CHECK_OK(fake_run(old, "CREATE TABLE t (a INT)"));
    cup_fake_reset();
    new = fake_open("fake://test");
    CHECK_ASK(old, "SELECT count(*) FROM t", "0");
    CHECK_FAILS(fake_run(new, "SELECT 1 FROM t"), CUPEL_E_PROGRAMMING);
    fake->free(old);
    fake->free(new);
    cup_fake_reset();
}

static const char *const script[] = {
    "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE)",
    "CREATE TABLE w (id INT, v TEXT, CONSTRAINT both UNIQUE (id, v))",
    "INSERT INTO t (v) VALUES ('a'), ('b' || 'c'), (CAST(3 AS TEXT))",
    "INSERT INTO t (v) VALUES ('a')",
    "BEGIN",
    "UPDATE t SET v = v || '!' WHERE id = 1 RETURNING *",
    "SAVEPOINT s",
    "DELETE FROM t WHERE id = 2 RETURNING v AS gone",
    "CREATE TABLE u (a INT)",
    "ROLLBACK TO s",
    "SELECT v, count(*), max(v) FROM t WHERE v = 'x' OR id > 0",
    "ROLLBACK TO s",
    "SELECT *, -id, X'00' FROM t ORDER BY v DESC, id LIMIT 2",
    "RELEASE s",
    "COMMIT",
    "DROP TABLE t",
};

/* Statements of the script fail with memory alone, or as they always do. */
static void
run_script(void)
{
    cupel_url *url;
    cupel_wire *wire;
    cupel_status rc;

    if (cupel_url_parse("fake://test", &url) != CUPEL_OK)
        return;
    rc = fake->connect(url, CUPEL_FOREVER, &wire);
    cupel_url_free(url);
    CHECK(rc == CUPEL_OK || rc == CUPEL_E_NOMEM);
    if (rc != CUPEL_OK)
        return;
    for (size_t i = 0; i < sizeof script / sizeof script[0]; i++) {
        rc = fake_run(wire, script[i]);
        CHECK(rc == CUPEL_OK || cupel_error_last() != NULL);
    }
    fake->free(wire);
}

static void
torture(bool for_good)
{
    cup_error_give(NULL);
    for (size_t n = 1; failing_alloc_begin(n); n++) {
        if (for_good)
            failing_alloc_install(n, true);
        run_script();
        CHECK_INT(cup_fake_wire_count(), 0);
        cup_fake_reset();
        cup_error_give(NULL);
        failing_alloc_end();
    }
}

TEST(every_failed_allocation_is_survived)
{
    cup_fake_reset();
    torture(false);
}

TEST(no_memory_from_any_moment_on_is_survived)
{
    cup_fake_reset();
    torture(true);
}
