/* SPDX-License-Identifier: MIT */
#include "engine/cache.h"

#include <stdio.h>

#include "base/logger.h"
#include "dialect/fake/fake.h"
#include "support/log_lines.h"
#include "support/test.h"

static struct cup_compiled *
get(struct cup_text_cache *cache, const char *sql)
{
    struct cup_compiled *compiled;

    CHECK_OK(cup_text_cache_get(cache, &cup_fake_dialect, sql, strlen(sql),
                                &compiled));
    return compiled;
}

TEST(the_same_text_is_compiled_once)
{
    struct cup_text_cache cache;
    struct cup_compiled *first, *second;

    cup_text_cache_init(&cache, 10);
    first = get(&cache, "SELECT :a");
    second = get(&cache, "SELECT :a");
    CHECK(first == second);
    CHECK_INT(first->refs, 3);
    cup_compiled_unref(first);
    cup_text_cache_fini(&cache);
    CHECK_STR(second->sql, "SELECT ?"); /* ours outlives the cache's */
    cup_compiled_unref(second);
}

TEST(a_cache_of_size_zero_keeps_nothing)
{
    struct cup_text_cache cache;
    struct cup_compiled *first, *second;

    cup_text_cache_init(&cache, 0);
    first = get(&cache, "SELECT 1");
    second = get(&cache, "SELECT 1");
    CHECK(first != second);
    cup_compiled_unref(first);
    cup_compiled_unref(second);
    cup_text_cache_fini(&cache);
}

TEST(the_cache_grows_by_half_and_is_cut_to_its_latest)
{
    struct cup_text_cache cache;
    char sql[32];
    int i;

    cup_text_cache_init(&cache, 10);
    for (i = 0; i < 15; i++) {
        snprintf(sql, sizeof sql, "SELECT %d", i);
        cup_compiled_unref(get(&cache, sql));
    }
    CHECK_INT(cache.entries.count, 15);
    cup_compiled_unref(get(&cache, "SELECT 0")); /* now the latest but one */
    cup_compiled_unref(get(&cache, "SELECT 15"));
    CHECK_INT(cache.entries.count, 10);
    CHECK(cup_map_get(&cache.entries, "SELECT 0", 8) != NULL);
    CHECK(cup_map_get(&cache.entries, "SELECT 1", 8) == NULL);
    CHECK(cup_map_get(&cache.entries, "SELECT 15", 9) != NULL);
    cup_text_cache_fini(&cache);
}

TEST(what_does_not_compile_is_not_kept)
{
    struct cup_text_cache cache;
    struct cup_compiled *compiled;

    cup_text_cache_init(&cache, 10);
    CHECK_FAILS(cup_text_cache_get(&cache, &cup_fake_dialect, "SELECT 'a", 9,
                                   &compiled),
                CUPEL_E_COMPILE);
    CHECK_INT(cache.entries.count, 0);
    cup_text_cache_fini(&cache);
}

TEST(a_cut_is_logged)
{
    struct cup_logger logger;
    struct cup_text_cache cache;
    char sql[32];
    int i;

    cup_logger_init(&logger, "cupel.engine.Engine", NULL, CUPEL_LOG_INFO);
    cup_text_cache_init(&cache, 10);
    cache.logger = &logger;
    log_lines_begin(CUPEL_LOG_ERROR);
    for (i = 0; i < 16; i++) {
        snprintf(sql, sizeof sql, "SELECT %d", i);
        cup_compiled_unref(get(&cache, sql));
    }
    CHECK_LINES("Compiled cache size pruning from 16 items to 10\\.  Increase "
                "cache size to reduce the frequency of pruning\\.");
    log_lines_end();
    cup_text_cache_fini(&cache);
}
