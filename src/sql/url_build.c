/* SPDX-License-Identifier: MIT */
/* From parts to address. Whatever comes in is checked here, so that what comes
 * out can be written as text and read again. */
#include "sql/url.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

static cupel_status
refuse_port(void)
{
    return cup_error_set(CUPEL_E_VALUE, "the port of a url must be a number "
                                        "from 1 to 65535");
}

/* ---- Judging ----------------------------------------------------------- */

static cupel_status
check_text(const char *field, const char *text)
{
    if (text == NULL || cup_utf8_valid(text, strlen(text)))
        return CUPEL_OK;
    return cup_error_set(CUPEL_E_TYPE,
                         "the %s of a url must be a string in UTF-8", field);
}

static cupel_status
check_drivername(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+";

    if (name == NULL)
        return cup_error_set(CUPEL_E_TYPE,
                             "the drivername of a url must be a string");
    if (name[0] == '\0' || name[strspn(name, allowed)] != '\0')
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the drivername of a url is made of letters, "
                             "digits, \"_\" and \"+\"");
    return CUPEL_OK;
}

/* The host is the one field that stands in a url as it is. */
static cupel_status
check_host(const char *host)
{
    const char *at;

    if (host == NULL)
        return CUPEL_OK;
    for (at = host; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || strchr("/?@\x7f", *at) != NULL)
            return cup_error_set(CUPEL_E_ARGUMENT,
                                 "the host of a url holds no \"/\", \"?\", "
                                 "\"@\" or control character; the folder of "
                                 "a socket belongs into the query");
    if ((host[0] == '[' || strchr(host, ':') != NULL) &&
        strpbrk(host, "[]") != NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the host of a url is given without brackets, "
                             "and its port by itself");
    return CUPEL_OK;
}

cupel_status
cup_url_check_query(const cupel_url_pair *pairs, size_t count)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    if (pairs == NULL && count > 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the query of a url is counted but not given");
    for (i = 0; i < count && rc == CUPEL_OK; i++) {
        if (pairs[i].key == NULL)
            return cup_error_set(CUPEL_E_TYPE,
                                 "a key in the query of a url must be a "
                                 "string");
        rc = check_text("query", pairs[i].key);
        if (rc != CUPEL_OK)
            return rc;
        if (pairs[i].value == NULL)
            return cup_error_set(CUPEL_E_TYPE,
                                 "the value of \"%s\" in the query of a url "
                                 "must be a string",
                                 pairs[i].key);
        if (pairs[i].value[0] == '\0')
            return cup_error_set(CUPEL_E_ARGUMENT,
                                 "the value of \"%s\" in the query of a url "
                                 "is empty, which cannot be written",
                                 pairs[i].key);
        rc = check_text("query", pairs[i].value);
    }
    return rc;
}

static cupel_status
check(const cupel_url_parts *parts)
{
    cupel_status rc = check_drivername(parts->drivername);

    if (rc == CUPEL_OK)
        rc = check_text("username", parts->username);
    if (rc == CUPEL_OK)
        rc = check_text("password", parts->password);
    if (rc == CUPEL_OK)
        rc = check_text("host", parts->host);
    if (rc == CUPEL_OK)
        rc = check_host(parts->host);
    if (rc == CUPEL_OK && (parts->port < 0 || parts->port > 65535))
        rc = refuse_port();
    if (rc == CUPEL_OK)
        rc = check_text("database", parts->database);
    if (rc == CUPEL_OK)
        rc = cup_url_check_query(parts->query, parts->query_count);
    return rc;
}

/* ---- Building ---------------------------------------------------------- */

static size_t
room_for(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

/* Copy a text to `*next`, which moves behind its NUL. NULL if absent. */
static const char *
put(const char *text, char **next)
{
    char *start = *next;
    size_t size = room_for(text);

    if (text == NULL)
        return NULL;
    memcpy(start, text, size);
    *next = start + size;
    return start;
}

cupel_status
cup_url_build(const cupel_url_parts *parts, cupel_url **out)
{
    cupel_status rc = check(parts);
    cupel_url *url;
    size_t i, size;
    char *next;

    if (rc != CUPEL_OK)
        return rc;
    size = room_for(parts->drivername) + room_for(parts->username) +
           room_for(parts->password) + room_for(parts->host) +
           room_for(parts->database);
    for (i = 0; i < parts->query_count; i++)
        size += room_for(parts->query[i].key) + room_for(parts->query[i].value);
    url = cup_url_alloc(parts->query_count, size, strlen(parts->drivername),
                        &next);
    if (url == NULL)
        return cup_nomem();
    url->drivername = put(parts->drivername, &next);
    url->username = put(parts->username, &next);
    url->password = put(parts->password, &next);
    if (parts->host != NULL && parts->host[0] != '\0')
        url->host = put(parts->host, &next);
    url->port = parts->port;
    url->database = put(parts->database, &next);
    url->pair_count = parts->query_count;
    for (i = 0; i < parts->query_count; i++) {
        url->pairs[i].key = put(parts->query[i].key, &next);
        url->pairs[i].value = put(parts->query[i].value, &next);
    }
    cup_url_complete(url, next);
    *out = url;
    return CUPEL_OK;
}

cupel_url_parts
cup_url_parts(const cupel_url *url)
{
    cupel_url_parts parts = {
        .struct_size = sizeof parts,
        .drivername = url->drivername,
        .username = url->username,
        .password = url->password,
        .host = url->host,
        .port = url->port,
        .database = url->database,
        .query = url->pairs,
        .query_count = url->pair_count,
    };

    return parts;
}

/* ---- What users call --------------------------------------------------- */

/* Copy what the caller's version of the struct has; what it has beyond ours
 * must be zero, or it asks for something this version cannot give. */
static cupel_status
copy_known(const cupel_url_parts *given, cupel_url_parts *out)
{
    const unsigned char *bytes = (const unsigned char *)given;
    size_t i, size = given->struct_size;

    if (size < sizeof given->struct_size || size > 4096)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "the struct_size of a url's parts is not set");
    for (i = sizeof *out; i < size; i++)
        if (bytes[i] != 0)
            return cup_error_set(CUPEL_E_ARGUMENT,
                                 "a url's parts have a field that this "
                                 "version of the library does not know");
    *out = (cupel_url_parts)CUPEL_OPTIONS(cupel_url_parts);
    memcpy(out, given, size < sizeof *out ? size : sizeof *out);
    return CUPEL_OK;
}

/* The fields that are given, as bits. */
static uint32_t
given_in(const cupel_url_parts *parts)
{
    uint32_t given = 0;

    given |= parts->username != NULL ? CUPEL_URL_USERNAME : 0;
    given |= parts->password != NULL ? CUPEL_URL_PASSWORD : 0;
    given |= parts->host != NULL ? CUPEL_URL_HOST : 0;
    given |= parts->port != 0 ? CUPEL_URL_PORT : 0;
    given |= parts->database != NULL ? CUPEL_URL_DATABASE : 0;
    given |=
        parts->query != NULL || parts->query_count > 0 ? CUPEL_URL_QUERY : 0;
    return given;
}

static cupel_status
take_parts(const cupel_url_parts *given, cupel_url_parts *out)
{
    const uint32_t all = CUPEL_URL_USERNAME | CUPEL_URL_PASSWORD |
                         CUPEL_URL_HOST | CUPEL_URL_PORT | CUPEL_URL_DATABASE |
                         CUPEL_URL_QUERY;
    cupel_status rc;

    if (given == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "expected a url's parts, got "
                                               "NULL");
    rc = copy_known(given, out);
    if (rc != CUPEL_OK)
        return rc;
    if ((out->clear & ~all) != 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a url has no such field to clear");
    if ((out->clear & given_in(out)) != 0)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a part of a url is both given and cleared");
    return CUPEL_OK;
}

cupel_status
cupel_url_create(const cupel_url_parts *parts, cupel_url **out)
{
    cupel_url_parts known;
    cupel_status rc;

    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the url");
    rc = take_parts(parts, &known);
    return rc == CUPEL_OK ? cup_url_build(&known, out) : rc;
}

cupel_status
cupel_url_set(const cupel_url *url, const cupel_url_parts *parts,
              cupel_url **out)
{
    cupel_url_parts changes, all;
    uint32_t changed;
    cupel_status rc;

    if (url == NULL || out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no url, or no place for one");
    rc = take_parts(parts, &changes);
    if (rc != CUPEL_OK)
        return rc;
    all = cup_url_parts(url);
    changed = given_in(&changes) | changes.clear;
    if (changes.drivername != NULL)
        all.drivername = changes.drivername;
    if ((changed & CUPEL_URL_USERNAME) != 0)
        all.username = changes.username;
    if ((changed & CUPEL_URL_PASSWORD) != 0)
        all.password = changes.password;
    if ((changed & CUPEL_URL_HOST) != 0)
        all.host = changes.host;
    if ((changed & CUPEL_URL_PORT) != 0)
        all.port = changes.port;
    if ((changed & CUPEL_URL_DATABASE) != 0)
        all.database = changes.database;
    if ((changed & CUPEL_URL_QUERY) != 0) {
        all.query = changes.query;
        all.query_count = changes.query_count;
    }
    return cup_url_build(&all, out);
}

static cupel_status
parse_port(const char *text, int *out)
{
    struct cup_reader reader;
    uint64_t port = 0;

    if (text == NULL) {
        *out = 0;
        return CUPEL_OK;
    }
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return cup_error_set(CUPEL_E_TYPE,
                             "the port of a url must be a whole number");
    cup_reader_init(&reader, text, strlen(text));
    if (!cup_reader_number(&reader, 1, SIZE_MAX, &port) || port < 1 ||
        port > 65535)
        return refuse_port();
    *out = (int)port;
    return CUPEL_OK;
}

cupel_status
cupel_url_parts_set(cupel_url_parts *parts, const char *name, const char *value)
{
    static const struct {
        const char *name;
        size_t offset;
    } texts[] = {
        { "drivername", offsetof(cupel_url_parts, drivername) },
        { "username", offsetof(cupel_url_parts, username) },
        { "password", offsetof(cupel_url_parts, password) },
        { "host", offsetof(cupel_url_parts, host) },
        { "database", offsetof(cupel_url_parts, database) },
    };
    size_t i;

    if (parts == NULL || name == NULL ||
        parts->struct_size < offsetof(cupel_url_parts, query))
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "a part of a url needs its struct and its name");
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(texts[i].name, name) != 0)
            continue;
        *(const char **)(void *)((char *)parts + texts[i].offset) = value;
        return CUPEL_OK;
    }
    if (strcmp(name, "port") == 0)
        return parse_port(value, &parts->port);
    return cup_error_set(CUPEL_E_KEY, "a url has no part of that name that a "
                                      "text can set");
}
