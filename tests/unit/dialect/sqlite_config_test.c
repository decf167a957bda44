/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/config.h"

#include "support/test.h"

#include <sqlite3.h>

static cupel_url *kept_url;

/* What `out->database` points at lives until the next call. */
static cupel_status
read(const char *address, struct cup_sqlite_config *out)
{
    cupel_url_free(kept_url);
    CHECK_OK(cupel_url_parse(address, &kept_url));
    return cup_sqlite_config_read(kept_url, out);
}

static struct cup_sqlite_config
config_of(const char *address)
{
    struct cup_sqlite_config config;

    CHECK_OK(read(address, &config));
    return config;
}

static const char *
refusal(const char *address, cupel_status status)
{
    struct cup_sqlite_config config;

    CHECK_FAILS(read(address, &config), status);
    return cupel_error_text();
}

TEST(no_database_is_memory)
{
    CHECK(config_of("sqlite://").memory);
    CHECK(config_of("sqlite:///").memory);
    CHECK(config_of("sqlite:///:memory:").memory);
    CHECK(config_of("sqlite:///:memory:").database == NULL);
}

TEST(three_slashes_are_relative)
{
    CHECK(!config_of("sqlite:///shop.db").memory);
    CHECK_STR(config_of("sqlite:///shop.db").database, "shop.db");
}

TEST(four_slashes_are_absolute)
{
    CHECK_STR(config_of("sqlite:////var/shop.db").database, "/var/shop.db");
}

TEST(what_sqlite_has_no_use_for_is_refused_with_the_forms_it_has)
{
    static const char *const addresses[] = {
        "sqlite://host/x.db",  "sqlite://user@/x.db", "sqlite://u:pw@/x.db",
        "sqlite://:1234/x.db", "sqlite://h:12/x.db",
    };
    const char *text;
    size_t i;

    for (i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        text = refusal(addresses[i], CUPEL_E_ARGUMENT);
        CHECK(strstr(text, "sqlite:///relative") != NULL);
        CHECK(strstr(text, "sqlite:////absolute") != NULL);
        CHECK(strstr(text, ":memory:") != NULL);
        CHECK(strstr(text, "pw") == NULL);
    }
}

TEST(without_a_query_the_defaults_hold)
{
    struct cup_sqlite_config config = config_of("sqlite:///x.db");

    CHECK_INT(config.busy_timeout_ms, 5000);
    CHECK_INT(config.cached_statements, 100);
    CHECK_INT(config.open_flags, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    CHECK_STR(config.begin, "BEGIN");
    CHECK(config.foreign_keys == NULL && config.journal_mode == NULL);
    CHECK(config.synchronous == NULL);
}

TEST(every_key_is_read)
{
    struct cup_sqlite_config config = config_of(
        "sqlite:///x.db?timeout=2.5&begin=immediate&mode=rw&foreign_keys=on&"
        "journal_mode=wal&synchronous=normal&cached_statements=7");

    CHECK_INT(config.busy_timeout_ms, 2500);
    CHECK_INT(config.cached_statements, 7);
    CHECK_INT(config.open_flags, SQLITE_OPEN_READWRITE);
    CHECK_STR(config.begin, "BEGIN IMMEDIATE");
    CHECK_STR(config.foreign_keys, "on");
    CHECK_STR(config.journal_mode, "wal");
    CHECK_STR(config.synchronous, "normal");
}

TEST(begin_has_three_ways)
{
    CHECK_STR(config_of("sqlite://?begin=deferred").begin, "BEGIN");
    CHECK_STR(config_of("sqlite://?begin=exclusive").begin, "BEGIN EXCLUSIVE");
    CHECK(strstr(refusal("sqlite://?begin=soon", CUPEL_E_ARGUMENT),
                 "immediate") != NULL);
}

TEST(mode_has_three_ways)
{
    CHECK_INT(config_of("sqlite://?mode=ro").open_flags, SQLITE_OPEN_READONLY);
    CHECK_INT(config_of("sqlite://?mode=rwc").open_flags,
              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    CHECK(strstr(refusal("sqlite://?mode=x", CUPEL_E_ARGUMENT), "rwc") != NULL);
}

TEST(a_word_that_is_none_is_refused)
{
    refusal("sqlite://?foreign_keys=maybe", CUPEL_E_ARGUMENT);
    refusal("sqlite://?journal_mode=paper", CUPEL_E_ARGUMENT);
    refusal("sqlite://?synchronous=later", CUPEL_E_ARGUMENT);
}

TEST(the_value_of_a_key_is_not_shown)
{
    CHECK(strstr(refusal("sqlite://?journal_mode=secret", CUPEL_E_ARGUMENT),
                 "secret") == NULL);
    CHECK(strstr(refusal("sqlite://?timeout=secret", CUPEL_E_VALUE),
                 "secret") == NULL);
}

TEST(a_timeout_is_a_number_of_seconds)
{
    CHECK_INT(config_of("sqlite://?timeout=0").busy_timeout_ms, 0);
    CHECK_INT(config_of("sqlite://?timeout=30").busy_timeout_ms, 30000);
    CHECK_INT(config_of("sqlite://?timeout=0.0015").busy_timeout_ms, 1);
    refusal("sqlite://?timeout=-1", CUPEL_E_VALUE);
    refusal("sqlite://?timeout=5s", CUPEL_E_VALUE);
    refusal("sqlite://?timeout=1.", CUPEL_E_VALUE);
    refusal("sqlite://?timeout=1000001", CUPEL_E_VALUE);
    refusal("sqlite://?timeout=99999999999999999999", CUPEL_E_VALUE);
}

TEST(cached_statements_is_a_number)
{
    CHECK_INT(config_of("sqlite://?cached_statements=0").cached_statements, 0);
    refusal("sqlite://?cached_statements=many", CUPEL_E_VALUE);
    refusal("sqlite://?cached_statements=1.5", CUPEL_E_VALUE);
    refusal("sqlite://?cached_statements=1000001", CUPEL_E_VALUE);
}

TEST(an_unknown_key_is_named)
{
    CHECK(strstr(refusal("sqlite://?isolation=x", CUPEL_E_ARGUMENT),
                 "isolation") != NULL);
}

TEST(the_drivers_isolation_level_is_a_kind_of_begin)
{
    CHECK_STR(config_of("sqlite://?isolation_level=IMMEDIATE").begin,
              "BEGIN IMMEDIATE");
    CHECK_STR(config_of("sqlite://?isolation_level=deferred").begin, "BEGIN");
    CHECK(strstr(
              refusal("sqlite://?isolation_level=AUTOCOMMIT", CUPEL_E_ARGUMENT),
              "the engine's option") != NULL);
}

TEST(types_are_not_detected_and_threads_do_not_matter)
{
    CHECK(strstr(refusal("sqlite://?detect_types=1", CUPEL_E_ARGUMENT),
                 "declared types") != NULL);
    CHECK(config_of("sqlite://?check_same_thread=false").memory);
    CHECK(config_of("sqlite://?check_same_thread=True").memory);
    refusal("sqlite://?check_same_thread=x", CUPEL_E_ARGUMENT);
}

TEST(memory_has_many_names_where_uris_are_meant)
{
    struct cup_sqlite_config config =
        config_of("sqlite:///file::memory:?uri=true");

    CHECK(config.memory && config.uri);
    CHECK_STR(config.database, "file::memory:");
    CHECK((config.open_flags & SQLITE_OPEN_URI) != 0);
    config = config_of("sqlite:///file:x?mode=memory&cache=shared&uri=true");
    CHECK(config.memory);
    CHECK((config.open_flags & SQLITE_OPEN_MEMORY) != 0);
    CHECK((config.open_flags & SQLITE_OPEN_SHAREDCACHE) != 0);
    CHECK(!config_of("sqlite:///file:x.db?uri=true").memory);
    CHECK(!config_of("sqlite:///file::memory:").memory);
    CHECK(!config_of("sqlite:///file::memory:").uri);
    CHECK(!config_of("sqlite:///x.db?uri=true").uri);
}

TEST(what_only_uris_can_say_needs_one)
{
    static const char *const addresses[] = {
        "sqlite:///x.db?mode=memory",
        "sqlite:///file:x.db?cache=shared",
        "sqlite:///x.db?immutable=1&uri=true",
        "sqlite://?nolock=true&uri=true",
    };
    struct cup_sqlite_config config =
        config_of("sqlite:///file:x.db?uri=yes&nolock=on&immutable=1");

    CHECK(config.nolock && config.immutable);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        CHECK(strstr(refusal(addresses[i], CUPEL_E_ARGUMENT), "uri=true") !=
              NULL);
    refusal("sqlite:///file:x.db#part?uri=true", CUPEL_E_ARGUMENT);
    refusal("sqlite:///file:x.db?uri=perhaps", CUPEL_E_ARGUMENT);
    refusal("sqlite:///file:x.db?uri=1&cache=big", CUPEL_E_ARGUMENT);
}

TEST(the_last_of_a_repeated_key_counts)
{
    CHECK_INT(config_of("sqlite://?timeout=1&timeout=2").busy_timeout_ms, 2000);
    cupel_url_free(kept_url);
    kept_url = NULL;
}
