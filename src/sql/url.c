/* SPDX-License-Identifier: MIT */
/* An address's fields, its text, and its life. */
#include "sql/url.h"

#include "base/alloc.h"
#include "base/text.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
cupel_url_drivername(const cupel_url *url)
{
    return url == NULL ? "" : url->drivername;
}

const char *
cupel_url_get_backend_name(const cupel_url *url)
{
    return url == NULL ? "" : url->backend;
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
cupel_url_normalized_query_key(const cupel_url *url, size_t index)
{
    size_t i;

    for (i = 0; i < cupel_url_query_count(url); i++) {
        if (i > 0 && strcmp(url->sorted[i]->key, url->sorted[i - 1]->key) == 0)
            continue;
        if (index-- == 0)
            return url->sorted[i]->key;
    }
    return NULL;
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

/* With percent escapes for all but unreserved characters and those of `plain`.
 * In a form a space is "+". */
static void
put_quoted(struct cup_writer *writer, const char *text, const char *plain)
{
    static const char digits[] = "0123456789ABCDEF";

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (is_unreserved(*text) || strchr(plain, *text) != NULL) {
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
    static const char form[] = "";
    size_t i;

    for (i = 0; i < url->pair_count; i++) {
        cup_writer_char(writer, i == 0 ? '?' : '&');
        put_quoted(writer, url->sorted[i]->key, form);
        cup_writer_char(writer, '=');
        put_quoted(writer, url->sorted[i]->value, form);
    }
}

static void
put_url(struct cup_writer *writer, const cupel_url *url, bool hide_password)
{
    cup_writer_str(writer, url->drivername);
    cup_writer_str(writer, "://");
    if (url->username != NULL) {
        put_quoted(writer, url->username, " +");
        if (url->password != NULL) {
            cup_writer_char(writer, ':');
            if (hide_password)
                cup_writer_str(writer, "***");
            else
                put_quoted(writer, url->password, " +");
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
        put_quoted(writer, url->database, " +/");
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

/* FNV-1a: one more text. An absent one is not an empty one. */
static uint64_t
hash_text(uint64_t hash, const char *text)
{
    const uint64_t prime = UINT64_C(0x100000001b3);

    if (text == NULL)
        return (hash ^ 0xff) * prime; /* a byte that UTF-8 does not have */
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * prime;
    return hash * prime; /* the NUL, which keeps neighbours apart */
}

uint64_t
cupel_url_hash(const cupel_url *url)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char port[sizeof "65535"];
    size_t i;

    if (url == NULL)
        return 0;
    snprintf(port, sizeof port, "%d", url->port);
    hash = hash_text(hash, url->drivername);
    hash = hash_text(hash, url->username);
    hash = hash_text(hash, url->host);
    hash = hash_text(hash, port);
    hash = hash_text(hash, url->database);
    for (i = 0; i < url->pair_count; i++) {
        hash = hash_text(hash, url->sorted[i]->key);
        hash = hash_text(hash, url->sorted[i]->value);
    }
    return hash;
}

cupel_url *
cup_url_alloc(size_t pair_max, size_t text_bytes, size_t drivername_len,
              char **texts)
{
    size_t fixed, size;
    cupel_url *url;

    fixed = sizeof *url + pair_max * (sizeof *url->pairs + sizeof *url->sorted);
    size = fixed + text_bytes + drivername_len + 1; /* that of the backend */
    url = cup_alloc(size);
    if (url == NULL)
        return NULL;
    url->refs = 1;
    url->size_bytes = size;
    url->pairs = (cupel_url_pair *)(void *)(url + 1);
    url->sorted = (const cupel_url_pair **)(void *)(url->pairs + pair_max);
    *texts = (char *)url + fixed;
    return url;
}

/* The pairs are neighbours in one array, so that their addresses tell which
 * came first in the text. */
static int
compare_pairs(const void *left, const void *right)
{
    const cupel_url_pair *a = *(const cupel_url_pair *const *)left;
    const cupel_url_pair *b = *(const cupel_url_pair *const *)right;
    int order = strcmp(a->key, b->key);

    return order != 0 ? order : (a > b) - (a < b);
}

void
cup_url_complete(cupel_url *url, char *texts)
{
    size_t len = strcspn(url->drivername, "+");
    size_t i;

    assert(texts + len + 1 <= (char *)url + url->size_bytes);
    memcpy(texts, url->drivername, len);
    texts[len] = '\0';
    url->backend = texts;
    if (url->drivername[len] == '+')
        url->driver = url->drivername + len + 1;
    for (i = 0; i < url->pair_count; i++)
        url->sorted[i] = &url->pairs[i];
    if (url->pair_count > 1)
        qsort(url->sorted, url->pair_count, sizeof *url->sorted, compare_pairs);
}

cupel_url *
cupel_url_ref(const cupel_url *url)
{
    cupel_url *shared;

    if (url == NULL)
        return NULL;
    /* The count is the one part of it that is not the reader's. */
    memcpy(&shared, &url, sizeof shared);
    atomic_fetch_add_explicit(&shared->refs, 1, memory_order_relaxed);
    return shared;
}

void
cupel_url_free(cupel_url *url)
{
    /* Through a volatile pointer, or the compiler may drop it. */
    volatile unsigned char *at = (volatile unsigned char *)url;
    size_t left;

    if (url == NULL ||
        atomic_fetch_sub_explicit(&url->refs, 1, memory_order_acq_rel) > 1)
        return;
    for (left = url->size_bytes; left > 0; left--)
        *at++ = 0;
    cup_free(url);
}
