/* SPDX-License-Identifier: MIT */
/* What a sqlite url asks for. Words are looked up in lists of static texts, so
 * that whatever reaches a PRAGMA later is a text of ours. */
#include "dialect/sqlite/config.h"

#include <sqlite3.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/text.h"

enum {
    BUSY_TIMEOUT_MS = 5000, /* what Python's driver waits */
    CACHED_STATEMENTS = 100,
    SECONDS_MAX = 1000000,
    STATEMENTS_MAX = 1000000,
    MODE_FLAGS = SQLITE_OPEN_READONLY | SQLITE_OPEN_READWRITE |
                 SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
};

static const char *const on_off[] = { "on", "off", NULL };
static const char *const journal_modes[] = { "delete", "truncate", "persist",
                                             "memory", "wal",      "off",
                                             NULL };
static const char *const sync_modes[] = { "off", "normal", "full", "extra",
                                          NULL };

static const struct {
    const char *word;
    const char *sql;
} begins[] = {
    { "deferred", "BEGIN" },
    { "immediate", "BEGIN IMMEDIATE" },
    { "exclusive", "BEGIN EXCLUSIVE" },
};

static const struct {
    const char *word;
    int flags;
} modes[] = {
    { "ro", SQLITE_OPEN_READONLY },
    { "rw", SQLITE_OPEN_READWRITE },
    { "rwc", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE },
    { "memory",
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY },
};

static const struct {
    const char *word;
    bool value;
} truths[] = {
    { "true", true }, { "false", false }, { "1", true },  { "0", false },
    { "yes", true },  { "no", false },    { "on", true }, { "off", false },
    { "True", true }, { "False", false },
};

static cupel_status
bad_word(const char *key, const char *words)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "the sqlite url's %s is one of %s",
                         key, words);
}

static const char *
find_word(const char *const *words, const char *value)
{
    while (*words != NULL && strcmp(*words, value) != 0)
        words++;
    return *words;
}

static cupel_status
read_begin(struct cup_sqlite_config *config, const char *value)
{
    size_t i;

    for (i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (strcmp(begins[i].word, value) == 0) {
            config->begin = begins[i].sql;
            return CUPEL_OK;
        }
    }
    return bad_word("begin", "deferred, immediate, exclusive");
}

/* As Python's driver has it: which BEGIN is sent. */
static cupel_status
read_isolation_level(struct cup_sqlite_config *config, const char *value)
{
    size_t i;

    for (i = 0; i < sizeof begins / sizeof begins[0]; i++) {
        if (strcasecmp(begins[i].word, value) == 0) {
            config->begin = begins[i].sql;
            return CUPEL_OK;
        }
    }
    return cup_error_set(CUPEL_E_ARGUMENT,
                         "the sqlite url's isolation_level is one of DEFERRED, "
                         "IMMEDIATE, EXCLUSIVE: the BEGIN that is sent; "
                         "AUTOCOMMIT, SERIALIZABLE and READ UNCOMMITTED are "
                         "values of the engine's option isolation_level");
}

static cupel_status
read_mode(struct cup_sqlite_config *config, const char *value)
{
    size_t i;

    for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(modes[i].word, value) == 0) {
            config->open_flags &= ~MODE_FLAGS;
            config->open_flags |= modes[i].flags;
            return CUPEL_OK;
        }
    }
    return bad_word("mode", "ro, rw, rwc, memory");
}

/* ---- What sqlite's own uris can say ------------------------------------- */

static cupel_status
read_truth(const char *key, const char *value, bool *out)
{
    size_t i;

    for (i = 0; i < sizeof truths / sizeof truths[0]; i++) {
        if (strcmp(truths[i].word, value) == 0) {
            *out = truths[i].value;
            return CUPEL_OK;
        }
    }
    return bad_word(key, "true, false");
}

static cupel_status
read_uri(struct cup_sqlite_config *config, const char *value)
{
    return read_truth("uri", value, &config->uri);
}

static cupel_status
read_immutable(struct cup_sqlite_config *config, const char *value)
{
    return read_truth("immutable", value, &config->immutable);
}

static cupel_status
read_nolock(struct cup_sqlite_config *config, const char *value)
{
    return read_truth("nolock", value, &config->nolock);
}

static cupel_status
read_cache(struct cup_sqlite_config *config, const char *value)
{
    config->open_flags &= ~(SQLITE_OPEN_SHAREDCACHE | SQLITE_OPEN_PRIVATECACHE);
    if (strcmp(value, "shared") == 0)
        config->open_flags |= SQLITE_OPEN_SHAREDCACHE;
    else if (strcmp(value, "private") == 0)
        config->open_flags |= SQLITE_OPEN_PRIVATECACHE;
    else
        return bad_word("cache", "shared, private");
    return CUPEL_OK;
}

/* ---- Numbers and other words -------------------------------------------- */

/* Seconds with a fraction, whatever the locale writes between the two. */
static cupel_status
read_timeout(struct cup_sqlite_config *config, const char *value)
{
    struct cup_reader reader;
    uint64_t seconds, thousandths = 0;
    bool good;

    cup_reader_init(&reader, value, strlen(value));
    good = cup_reader_number(&reader, 1, 7, &seconds);
    if (good && cup_reader_char(&reader, '.'))
        good = cup_reader_fraction(&reader, 3, &thousandths);
    if (!good || !cup_reader_at_end(&reader) || seconds > SECONDS_MAX)
        return cup_error_set(CUPEL_E_VALUE,
                             "the sqlite url's timeout is a number of seconds "
                             "up to %d",
                             SECONDS_MAX);
    config->busy_timeout_ms = (int64_t)(seconds * 1000 + thousandths);
    return CUPEL_OK;
}

static cupel_status
read_cached_statements(struct cup_sqlite_config *config, const char *value)
{
    struct cup_reader reader;
    uint64_t count;

    cup_reader_init(&reader, value, strlen(value));
    if (!cup_reader_number(&reader, 1, 7, &count) ||
        !cup_reader_at_end(&reader) || count > STATEMENTS_MAX)
        return cup_error_set(CUPEL_E_VALUE,
                             "the sqlite url's cached_statements is a number "
                             "up to %d",
                             STATEMENTS_MAX);
    config->cached_statements = (size_t)count;
    return CUPEL_OK;
}

static cupel_status
read_foreign_keys(struct cup_sqlite_config *config, const char *value)
{
    config->foreign_keys = find_word(on_off, value);
    return config->foreign_keys != NULL ? CUPEL_OK
                                        : bad_word("foreign_keys", "on, off");
}

static cupel_status
read_journal_mode(struct cup_sqlite_config *config, const char *value)
{
    config->journal_mode = find_word(journal_modes, value);
    if (config->journal_mode != NULL)
        return CUPEL_OK;
    return bad_word("journal_mode", "delete, truncate, persist, memory, wal, "
                                    "off");
}

static cupel_status
read_synchronous(struct cup_sqlite_config *config, const char *value)
{
    config->synchronous = find_word(sync_modes, value);
    return config->synchronous != NULL
               ? CUPEL_OK
               : bad_word("synchronous", "off, normal, full, extra");
}

/* Connections go from thread to thread in any case. */
static cupel_status
read_check_same_thread(struct cup_sqlite_config *config, const char *value)
{
    bool ignored;

    (void)config;
    return read_truth("check_same_thread", value, &ignored);
}

static cupel_status
read_detect_types(struct cup_sqlite_config *config, const char *value)
{
    (void)config;
    (void)value;
    return cup_error_set(CUPEL_E_ARGUMENT,
                         "the sqlite url has no detect_types: values are not "
                         "converted by the declared types of their columns");
}

static const struct {
    const char *name;
    cupel_status (*read)(struct cup_sqlite_config *config, const char *value);
} keys[] = {
    { "timeout", read_timeout },
    { "begin", read_begin },
    { "mode", read_mode },
    { "cached_statements", read_cached_statements },
    { "foreign_keys", read_foreign_keys },
    { "journal_mode", read_journal_mode },
    { "synchronous", read_synchronous },
    { "isolation_level", read_isolation_level },
    { "uri", read_uri },
    { "cache", read_cache },
    { "immutable", read_immutable },
    { "nolock", read_nolock },
    { "check_same_thread", read_check_same_thread },
    { "detect_types", read_detect_types },
};

static cupel_status
read_key(struct cup_sqlite_config *config, const char *name, const char *value)
{
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].read(config, value);
    return cup_error_set(CUPEL_E_ARGUMENT,
                         "the sqlite url's query has an unknown key: %s", name);
}

static bool
is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static cupel_status
check_form(const cupel_url *url)
{
    if (!is_given(cupel_url_username(url)) &&
        !is_given(cupel_url_password(url)) && !is_given(cupel_url_host(url)) &&
        cupel_url_port(url) == 0)
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_ARGUMENT,
                         "a sqlite url has no host, port, user or password; "
                         "valid forms are sqlite:// and sqlite:///:memory: "
                         "(in memory), sqlite:///relative/path.db and "
                         "sqlite:////absolute/path.db");
}

/* Put together what single keys cannot know of each other. */
static cupel_status
settle(struct cup_sqlite_config *config, const char *database)
{
    const int of_uris =
        SQLITE_OPEN_MEMORY | SQLITE_OPEN_SHAREDCACHE | SQLITE_OPEN_PRIVATECACHE;

    config->uri =
        config->uri && is_given(database) && strncmp(database, "file:", 5) == 0;
    if (!config->uri && ((config->open_flags & of_uris) != 0 ||
                         config->immutable || config->nolock))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the sqlite url's cache, immutable, nolock and "
                             "mode=memory need uri=true and a database that "
                             "begins with file:");
    if (config->uri && strpbrk(database, "?#") != NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "what belongs to sqlite's uri stands in the "
                             "query of the url itself");
    if (config->uri)
        config->open_flags |= SQLITE_OPEN_URI;
    config->memory = !is_given(database) || strcmp(database, ":memory:") == 0;
    if (!config->memory)
        config->database = database;
    if (config->uri && ((config->open_flags & SQLITE_OPEN_MEMORY) != 0 ||
                        strcmp(database, "file::memory:") == 0))
        config->memory = true;
    return CUPEL_OK;
}

cupel_status
cup_sqlite_config_read(const cupel_url *url, struct cup_sqlite_config *out)
{
    cupel_status rc = check_form(url);
    size_t i;

    *out = (struct cup_sqlite_config){
        .open_flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        .busy_timeout_ms = BUSY_TIMEOUT_MS,
        .cached_statements = CACHED_STATEMENTS,
        .begin = "BEGIN",
    };
    for (i = 0; rc == CUPEL_OK && i < cupel_url_query_count(url); i++)
        rc = read_key(out, cupel_url_query_key(url, i),
                      cupel_url_query_value(url, i));
    return rc == CUPEL_OK ? settle(out, cupel_url_database(url)) : rc;
}
