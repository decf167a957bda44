/* SPDX-License-Identifier: MIT */
/* Which statements a cursor can be declared for. */
#include "support/test.h"

#include "dialect/postgresql/keyword.h"

static bool
can(const char *sql)
{
    return cup_pg_can_declare(sql, strlen(sql));
}

TEST(queries_can)
{
    CHECK(can("select 1"));
    CHECK(can("  SELECT 1"));
    CHECK(can("values (1)"));
    CHECK(can("table t"));
    CHECK(can("(select 1) union (select 2)"));
    CHECK(can("-- a comment\n/* and /* a nested */ one */ select 1"));
    CHECK(can("with x as (select 1) select * from x"));
    CHECK(can("select 1 for update"));
    CHECK(can("with x as (select 1) select * from t for no key update"));
}

TEST(what_changes_data_cannot)
{
    CHECK(!can("insert into t values (1) returning i"));
    CHECK(!can("update t set i = 1 returning i"));
    CHECK(!can("delete from t returning i"));
    CHECK(!can("with x as (insert into t values (1) returning i) select 1"));
    CHECK(!can("with x as (select 1) update t set i = 1 returning i"));
    CHECK(!can("WITH x AS (DELETE FROM t RETURNING i) SELECT * FROM x"));
    CHECK(!can("with x as (select 1) merge into t using x on true when "
               "matched then delete"));
    CHECK(!can("select 1 into t"));
}

TEST(what_is_no_query_cannot)
{
    CHECK(!can(""));
    CHECK(!can("   "));
    CHECK(!can("/* never closed"));
    CHECK(!can("explain select 1"));
    CHECK(!can("show all"));
    CHECK(!can("fetch 1 from c"));
    CHECK(!can("selection"));
}

TEST(what_only_looks_like_a_word_is_passed_over)
{
    CHECK(can("with x as (select 'insert') select * from x"));
    CHECK(can("with x as (select \"delete\" from t) select * from x"));
    CHECK(can("with x as (select $$insert$$, $a$delete$a$) select 1"));
    CHECK(can("with x as (select E'it\\'s update') select 1"));
    CHECK(can("with x as (select 1 /* update */ -- delete\n) select 1"));
    CHECK(can("with x as (select $1, inserted, into_t from t) select 1"));
    CHECK(can("with x as (select 'it''s insert') select 1"));
    CHECK(!can("with x as (select $1) insert into t select 1"));
    CHECK(!can("with x as (select 'a') insert into t select 1"));
}
