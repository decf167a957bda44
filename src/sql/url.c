/* SPDX-License-Identifier: MIT */
/* An address's fields, its text, and its end. */
#include "sql/url.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

const char *
cupel_url_drivername(const cupel_url *url)
{
    return url == NULL ? "" : url->drivername;
}

const char *
cupel_url_backend_name(const cupel_url *url)
{
    return url == NULL ? "" : url->backend;
}

const char *
cupel_url_driver_name(const cupel_url *url)
{
    return url == NULL ? NULL : url->driver;
}

const char *
cupel_url_username(const cupel_url *url)
{
    return url == NULL ? NULL : url->username;
}

const char *
cupel_url_password(const cupel_url *url)
{
    return url == NULL ? NULL : url->password;
}

const char *
cupel_url_host(const cupel_url *url)
{
    return url == NULL ? NULL : url->host;
}

int
cupel_url_port(const cupel_url *url)
{
    return url == NULL ? 0 : url->port;
}

const char *
cupel_url_database(const cupel_url *url)
{
    return url == NULL ? NULL : url->database;
}

size_t
cupel_url_query_count(const cupel_url *url)
{
    return url == NULL ? 0 : url->pair_count;
}

const char *
cupel_url_query_key(const cupel_url *url, size_t index)
{
    return index < cupel_url_query_count(url) ? url->pairs[index].key : NULL;
}

const char *
cupel_url_query_value(const cupel_url *url, size_t index)
{
    return index < cupel_url_query_count(url) ? url->pairs[index].value : NULL;
}

const char *
cupel_url_query_get(const cupel_url *url, const char *key)
{
    size_t i;

    if (key == NULL)
        return NULL;
    for (i = cupel_url_query_count(url); i > 0; i--)
        if (strcmp(url->pairs[i - 1].key, key) == 0)
            return url->pairs[i - 1].value;
    return NULL;
}

/* Where a key's pairs begin among the sorted ones: at the first that is not
 * before it. */
static size_t
find_key(const cupel_url *url, const char *key)
{
    size_t low = 0, high = cupel_url_query_count(url);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(url->sorted[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const char *
cupel_url_normalized_query_value(const cupel_url *url, const char *key,
                                 size_t index)
{
    size_t first;

    if (key == NULL || index >= cupel_url_query_count(url))
        return NULL;
    first = find_key(url, key);
    if (index >= url->pair_count - first ||
        strcmp(url->sorted[first + index]->key, key) != 0)
        return NULL;
    return url->sorted[first + index]->value;
}

size_t
cupel_url_normalized_query_count(const cupel_url *url, const char *key)
{
    size_t count = 0;

    while (cupel_url_normalized_query_value(url, key, count) != NULL)
        count++;
    return count;
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           cup_is_digit(c) || (c != '\0' && strchr("_-.~", c) != NULL);
}

/* With percent escapes for all but unreserved characters; spaces and "+" stay
 * as they are outside of a form. */
static void
put_quoted(struct cup_writer *writer, const char *text, bool form)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (is_unreserved(*text) || (!form && (c == ' ' || c == '+'))) {
            cup_writer_char(writer, *text);
        } else if (c == ' ') {
            cup_writer_char(writer, '+');
        } else {
            cup_writer_char(writer, '%');
            cup_writer_char(writer, digits[c >> 4]);
            cup_writer_char(writer, digits[c & 15]);
        }
    }
}

static void
put_host(struct cup_writer *writer, const char *host)
{
    bool brackets = strchr(host, ':') != NULL;

    if (brackets)
        cup_writer_char(writer, '[');
    cup_writer_str(writer, host);
    if (brackets)
        cup_writer_char(writer, ']');
}

static void
put_query(struct cup_writer *writer, const cupel_url *url)
{
    size_t i;

    for (i = 0; i < url->pair_count; i++) {
        cup_writer_char(writer, i == 0 ? '?' : '&');
        put_quoted(writer, url->sorted[i]->key, true);
        cup_writer_char(writer, '=');
        put_quoted(writer, url->sorted[i]->value, true);
    }
}

static void
put_url(struct cup_writer *writer, const cupel_url *url, bool hide_password)
{
    cup_writer_str(writer, url->drivername);
    cup_writer_str(writer, "://");
    if (url->username != NULL) {
        put_quoted(writer, url->username, false);
        if (url->password != NULL) {
            cup_writer_char(writer, ':');
            if (hide_password)
                cup_writer_str(writer, "***");
            else
                put_quoted(writer, url->password, false);
        }
        cup_writer_char(writer, '@');
    }
    if (url->host != NULL)
        put_host(writer, url->host);
    if (url->port != 0) {
        cup_writer_char(writer, ':');
        cup_writer_number(writer, (uint64_t)url->port, 1);
    }
    if (url->database != NULL) {
        cup_writer_char(writer, '/');
        cup_writer_str(writer, url->database);
    }
    put_query(writer, url);
}

size_t
cupel_url_render(const cupel_url *url, bool hide_password, char *buf,
                 size_t size)
{
    struct cup_writer writer;

    cup_writer_init(&writer, buf, buf == NULL ? 0 : size);
    if (url != NULL)
        put_url(&writer, url, hide_password);
    return cup_writer_end(&writer);
}

static bool
same(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return strcmp(left, right) == 0;
}

static bool
same_query(const cupel_url *left, const cupel_url *right)
{
    size_t i;

    if (left->pair_count != right->pair_count)
        return false;
    for (i = 0; i < left->pair_count; i++)
        if (!same(left->sorted[i]->key, right->sorted[i]->key) ||
            !same(left->sorted[i]->value, right->sorted[i]->value))
            return false;
    return true;
}

bool
cupel_url_equal(const cupel_url *left, const cupel_url *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return same(left->drivername, right->drivername) &&
           same(left->username, right->username) &&
           same(left->password, right->password) &&
           same(left->host, right->host) && left->port == right->port &&
           same(left->database, right->database) && same_query(left, right);
}

cupel_url *
cupel_url_ref(const cupel_url *url)
{
    cupel_url *shared;

    if (url == NULL)
        return NULL;
    /* The count is the one part of it that is not the reader's. */
    memcpy(&shared, &url, sizeof shared);
    shared->refs++;
    return shared;
}

void
cupel_url_free(cupel_url *url)
{
    /* Through a volatile pointer, or the compiler may drop it. */
    volatile unsigned char *at = (volatile unsigned char *)url;
    size_t left;

    if (url == NULL || --url->refs > 0)
        return;
    for (left = url->size_bytes; left > 0; left--)
        *at++ = 0;
    cup_free(url);
}
