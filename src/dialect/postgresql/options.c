/* SPDX-License-Identifier: MIT */
/* Urls. A key of the query is either one of libpq's that makes sense here or
 * one of ours; anything else is refused by name, for a misspelt option that was
 * silently ignored might have been the one that asked for TLS. */
#include "dialect/postgresql/options.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"
#include "sql/value.h"

#include <assert.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Where Debian, and what derives from it, keep what the system trusts. libpq
 * learns to ask the system itself only with version 16. */
static const char system_ca[] = "/etc/ssl/certs/ca-certificates.crt";

enum { CACHE_DEFAULT = 100, CACHE_MAX = 100000, SESSION_MAX = 8192 };

/* What a key's value may be. */
enum form { TEXT, NUMBER, WORD, OURS };

/* A key of the query. */
struct key {
    const char *name;
    enum form form;
    const char *words; /* of a WORD: what it may be, a blank behind each */
};

#define TLS_VERSIONS "TLSv1.2 TLSv1.3 "

static const struct key keys[] = {
    { "application_name", TEXT, NULL },
    { "channel_binding", WORD, "disable prefer require " },
    { "client_encoding", WORD, "utf8 UTF8 utf-8 UTF-8 " },
    { "connect_timeout", OURS, NULL },
    { "gssencmode", WORD, "disable prefer require " },
    { "host", OURS, NULL },
    { "hostaddr", OURS, NULL },
    { "keepalives", NUMBER, NULL },
    { "keepalives_count", NUMBER, NULL },
    { "keepalives_idle", NUMBER, NULL },
    { "keepalives_interval", NUMBER, NULL },
    { "options", OURS, NULL },
    { "passfile", TEXT, NULL },
    { "pooler", OURS, "none transaction " },
    { "port", OURS, NULL },
    { "prepared_statement_cache_size", OURS, NULL },
    { "ssl_max_protocol_version", WORD, TLS_VERSIONS },
    { "ssl_min_protocol_version", WORD, TLS_VERSIONS },
    { "sslcert", TEXT, NULL },
    { "sslcrl", TEXT, NULL },
    { "sslkey", TEXT, NULL },
    { "sslmode", WORD, "disable allow prefer require verify-ca verify-full " },
    { "sslpassword", TEXT, NULL },
    { "sslrootcert", TEXT, NULL },
    { "sslsni", NUMBER, NULL },
    { "target_session_attrs", WORD,
      "any read-write read-only primary standby prefer-standby " },
    { "tcp_user_timeout", NUMBER, NULL },
};

static const struct key *
find_key(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

static bool
is_word_of(const char *word, const char *words)
{
    size_t len = strlen(word);

    for (; *words != '\0'; words += strcspn(words, " ") + 1) {
        if (len == strcspn(words, " ") && memcmp(word, words, len) == 0)
            return true;
    }
    return false;
}

static bool
is_number(const char *value, int64_t most, int64_t *out)
{
    return cup_int_parse(value, strlen(value), out) && *out >= 0 &&
           *out <= most;
}

static cupel_status
refuse(const struct key *key)
{
    if (key->words != NULL)
        return cup_error_set(CUPEL_E_VALUE, "url option %s takes one of: %s",
                             key->name, key->words);
    return cup_error_set(CUPEL_E_VALUE,
                         "url option %s has a value it cannot "
                         "take",
                         key->name);
}

/* ---- The parameters as a list ---------------------------------------- */

void
cup_pg_options_fini(struct cup_pg_options *options)
{
    size_t i;

    for (i = 0; i < options->count; i++)
        cup_free_secret(options->values[i]);
    memset(options, 0, sizeof *options);
}

static size_t
index_of(const struct cup_pg_options *options, const char *keyword)
{
    size_t i;

    for (i = 0; i < options->count; i++) {
        if (strcmp(options->keywords[i], keyword) == 0)
            break;
    }
    return i;
}

const char *
cup_pg_options_get(const struct cup_pg_options *options, const char *keyword)
{
    return options->values[index_of(options, keyword)];
}

cupel_status
cup_pg_options_set(struct cup_pg_options *options, const char *keyword,
                   const char *value)
{
    size_t i = index_of(options, keyword);
    char *copy = cup_strdup(value);

    assert(i < CUP_PG_OPTIONS_MAX);
    if (copy == NULL)
        return cup_nomem();
    cup_free_secret(options->values[i]);
    options->keywords[i] = keyword;
    options->values[i] = copy;
    if (i == options->count)
        options->count++;
    return CUPEL_OK;
}

/* Set a parameter that nobody has chosen. */
static cupel_status
set_default(struct cup_pg_options *options, const char *keyword,
            const char *value)
{
    if (cup_pg_options_get(options, keyword) != NULL)
        return CUPEL_OK;
    return cup_pg_options_set(options, keyword, value);
}

/* ---- Reading the url ------------------------------------------------- */

/* The keys that are not just handed on. */
static cupel_status
take_ours(struct cup_pg_options *options, const struct key *key,
          const char *value)
{
    int64_t number;

    if (strcmp(key->name, "host") == 0 || strcmp(key->name, "hostaddr") == 0 ||
        strcmp(key->name, "port") == 0)
        return CUPEL_OK; /* cup_pg_hosts_init() has read them */
    if (strcmp(key->name, "options") == 0)
        return cup_pg_options_set(options, "options", value);
    if (strcmp(key->name, "pooler") == 0) {
        options->pooler = strcmp(value, "transaction") == 0;
        return is_word_of(value, key->words) ? CUPEL_OK : refuse(key);
    }
    if (strcmp(key->name, "connect_timeout") == 0) {
        if (!is_number(value, 86400, &number))
            return refuse(key);
        options->timeout_ms = number * 1000;
        return CUPEL_OK;
    }
    assert(strcmp(key->name, "prepared_statement_cache_size") == 0);
    if (!is_number(value, CACHE_MAX, &number))
        return refuse(key);
    options->cache_size = (size_t)number;
    return CUPEL_OK;
}

static cupel_status
take_query(struct cup_pg_options *options, const cupel_url *url, size_t i)
{
    const char *value = cupel_url_query_value(url, i);
    const struct key *key = find_key(cupel_url_query_key(url, i));
    int64_t number;

    if (key == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "postgresql has no url option \"%s\"",
                             cupel_url_query_key(url, i));
    switch (key->form) {
    case TEXT:
        break;
    case NUMBER:
        if (!is_number(value, INT32_MAX, &number))
            return refuse(key);
        break;
    case WORD:
        if (!is_word_of(value, key->words))
            return refuse(key);
        break;
    case OURS:
        return take_ours(options, key, value);
    }
    return cup_pg_options_set(options, key->name, value);
}

static cupel_status
take_host(struct cup_pg_options *options, const struct cup_pg_host *host)
{
    cupel_status rc = CUPEL_OK;

    if (host->name != NULL)
        rc = cup_pg_options_set(options, "host", host->name);
    if (rc == CUPEL_OK && host->addresses != NULL)
        rc = cup_pg_options_set(options, "hostaddr", host->addresses);
    if (rc == CUPEL_OK && host->port != NULL)
        rc = cup_pg_options_set(options, "port", host->port);
    return rc;
}

static cupel_status
take_authority(struct cup_pg_options *options, const cupel_url *url)
{
    const char *database = cupel_url_database(url);
    cupel_status rc = CUPEL_OK;

    if (cupel_url_username(url) != NULL)
        rc = cup_pg_options_set(options, "user", cupel_url_username(url));
    if (rc == CUPEL_OK && cupel_url_password(url) != NULL)
        rc = cup_pg_options_set(options, "password", cupel_url_password(url));
    if (rc == CUPEL_OK && database != NULL && *database != '\0')
        rc = cup_pg_options_set(options, "dbname", database);
    return rc;
}

/* ---- Defaults -------------------------------------------------------- */

/* Judged by the text: what a name resolves to is not ours to trust. */
static bool
is_loopback(const char *host)
{
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
           (strncmp(host, "127.", 4) == 0 &&
            host[strspn(host, "0123456789.")] == '\0');
}

static bool
all_loopback(const char *addresses)
{
    char address[64];
    size_t len;

    for (; *addresses != '\0'; addresses += len) {
        if (*addresses == ',')
            addresses++;
        len = strcspn(addresses, ",");
        if (len == 0 || len >= sizeof address)
            return false;
        memcpy(address, addresses, len);
        address[len] = '\0';
        if (!is_loopback(address))
            return false;
    }
    return true;
}

static enum cup_pg_place
place_of(const struct cup_pg_options *options)
{
    const char *host = cup_pg_options_get(options, "host");
    const char *addresses = cup_pg_options_get(options, "hostaddr");

    if (addresses != NULL && !all_loopback(addresses))
        return CUP_PG_REMOTE;
    if (host != NULL && (host[0] == '/' || host[0] == '@'))
        return CUP_PG_SOCKET;
    if (host != NULL)
        return is_loopback(host) ? CUP_PG_LOOPBACK : CUP_PG_REMOTE;
    return addresses != NULL ? CUP_PG_LOOPBACK : CUP_PG_SOCKET;
}

/* Beyond this machine a server proves who it is, unless the url says that it
 * need not. And a password proves who we are without being shown to it. */
static cupel_status
choose_tls(struct cup_pg_options *options)
{
    static const char *const modes[] = { [CUP_PG_SOCKET] = "disable",
                                         [CUP_PG_LOOPBACK] = "prefer",
                                         [CUP_PG_REMOTE] = "verify-full" };
    cupel_status rc;
    const char *mode;
    bool verified;

    options->sslmode_given = cup_pg_options_get(options, "sslmode") != NULL;
    options->binding_given =
        cup_pg_options_get(options, "channel_binding") != NULL;
    rc = set_default(options, "sslmode", modes[options->place]);
    if (rc != CUPEL_OK)
        return rc;
    mode = cup_pg_options_get(options, "sslmode");
    verified = strncmp(mode, "verify-", 7) == 0;
    options->private = options->place != CUP_PG_SOCKET &&
                       (verified || strcmp(mode, "require") == 0);
    if (!verified)
        return CUPEL_OK;
    if (access(system_ca, R_OK) == 0)
        rc = set_default(options, "sslrootcert", system_ca);
    if (rc == CUPEL_OK && options->place != CUP_PG_SOCKET &&
        cup_pg_options_get(options, "sslcert") == NULL)
        rc = set_default(options, "channel_binding", "require");
    return rc;
}

/* What text results look like is ours to say; a pooler may not let us. */
static cupel_status
choose_session(struct cup_pg_options *options)
{
    static const char style[] = "-c DateStyle=ISO ";
    const char *given = cup_pg_options_get(options, "options");
    struct cup_buf all;
    cupel_status rc;

    if (options->pooler)
        return CUPEL_OK;
    cup_buf_init(&all, SESSION_MAX);
    cup_buf_add_str(&all, style);
    if (given != NULL)
        cup_buf_add_str(&all, given);
    rc = all.failed;
    if (rc == CUPEL_OK)
        rc = cup_pg_options_set(options, "options", all.data);
    cup_buf_fini(&all);
    return rc;
}

static cupel_status
choose_defaults(struct cup_pg_options *options)
{
    static const char *const defaults[][2] = {
        { "fallback_application_name", "cupel" },
        { "gssencmode", "disable" },
        { "keepalives_idle", "30" },
        { "keepalives_interval", "10" },
        { "keepalives_count", "3" },
        { "tcp_user_timeout", "30000" },
    };
    cupel_status rc;
    size_t i;

    options->place = place_of(options);
    rc = cup_pg_options_set(options, "client_encoding", "UTF8");
    for (i = 0; i < sizeof defaults / sizeof defaults[0] && rc == CUPEL_OK; i++)
        rc = set_default(options, defaults[i][0], defaults[i][1]);
    if (rc == CUPEL_OK)
        rc = choose_tls(options);
    if (rc == CUPEL_OK)
        rc = choose_session(options);
    return rc;
}

cupel_status
cup_pg_options_init(struct cup_pg_options *out, const cupel_url *url,
                    const struct cup_pg_host *host)
{
    cupel_status rc;
    size_t i;

    memset(out, 0, sizeof *out);
    out->cache_size = CACHE_DEFAULT;
    rc = take_authority(out, url);
    if (rc == CUPEL_OK)
        rc = take_host(out, host);
    for (i = 0; i < cupel_url_query_count(url) && rc == CUPEL_OK; i++)
        rc = take_query(out, url, i);
    if (rc == CUPEL_OK)
        rc = choose_defaults(out);
    if (rc != CUPEL_OK)
        cup_pg_options_fini(out);
    return rc;
}

cupel_status
cup_pg_options_check(const cupel_url *url)
{
    struct cup_pg_options options;
    struct cup_pg_hosts hosts;
    cupel_status rc;
    size_t i;

    rc = cup_pg_hosts_init(&hosts, url);
    if (rc != CUPEL_OK)
        return rc;
    for (i = 0; i < hosts.count && rc == CUPEL_OK; i++) {
        rc = cup_pg_options_init(&options, url, &hosts.list[i]);
        if (rc == CUPEL_OK)
            cup_pg_options_fini(&options);
    }
    cup_pg_hosts_fini(&hosts);
    return rc;
}
