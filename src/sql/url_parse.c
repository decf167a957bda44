/* SPDX-License-Identifier: MIT */
/* From text to address. A url is split into raw pieces first, by the rules of
 * the grammar alone, and only then decoded into its one block of memory. */
#include "sql/url.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A stretch of the text; absent if `start` is NULL. */
struct piece {
    const char *start;
    size_t len;
};

/* A url's text as the grammar splits it. */
struct pieces {
    struct piece scheme;
    struct piece username;
    struct piece password;
    struct piece host;
    struct piece port;
    struct piece database;
    struct piece query;
};

static cupel_status
refuse(const char *reason)
{
    return cup_error_set(CUPEL_E_ARGUMENT, "could not parse the url: %s",
                         reason);
}

static struct piece
piece_of(const char *start, size_t len)
{
    struct piece piece = { start, len };

    return piece;
}

static bool
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           cup_is_digit(c) || c == '_';
}

static bool
has_control_character(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/*
 * Split off user and password; returns what follows them. A user name has no
 * colon and no slash in it; a password, which may have both, reaches to the
 * first "@". Without a password the last "@" of the run counts.
 */
static const char *
split_userinfo(const char *text, struct pieces *pieces)
{
    size_t run = strcspn(text, ":/");
    const char *at;

    if (text[run] == ':') {
        at = strchr(text + run, '@');
        if (at != NULL) {
            pieces->username = piece_of(text, run);
            pieces->password =
                piece_of(text + run + 1, (size_t)(at - text) - run - 1);
            return at + 1;
        }
    }
    for (at = text + run; at > text; at--) {
        if (at[-1] == '@') {
            pieces->username = piece_of(text, (size_t)(at - text) - 1);
            return at;
        }
    }
    return text;
}

/* Split off the host; `*text` moves behind it. */
static cupel_status
split_host(const char **text, struct pieces *pieces)
{
    const char *start = *text;
    size_t run;

    if (*start == '[') {
        run = 1 + strcspn(start + 1, "[]@/?");
        if (start[run] != ']' || run == 1)
            return refuse("the brackets around the host do not match");
        pieces->host = piece_of(start + 1, run - 1);
        *text = start + run + 1;
        if (**text != '\0' && strchr(":/?", **text) == NULL)
            return refuse("something follows the bracket of the host");
        return CUPEL_OK;
    }
    run = strcspn(start, "/:?");
    if (memchr(start, '@', run) != NULL)
        return refuse("an @ in the password must be written %40");
    if (run > 0)
        pieces->host = piece_of(start, run);
    *text = start + run;
    return CUPEL_OK;
}

static cupel_status
split(const char *text, struct pieces *pieces)
{
    cupel_status rc;
    size_t run = 0;

    while (is_word(text[run]) || text[run] == '+')
        run++;
    if (run == 0 || strncmp(text + run, "://", 3) != 0)
        return refuse("it does not begin with a name and \"://\"");
    pieces->scheme = piece_of(text, run);

    text = split_userinfo(text + run + 3, pieces);
    rc = split_host(&text, pieces);
    if (rc != CUPEL_OK)
        return rc;
    if (*text == ':') {
        run = strcspn(text, "/?");
        pieces->port = piece_of(text + 1, run - 1);
        text += run;
    }
    if (*text == '/') {
        run = strcspn(text, "?");
        pieces->database = piece_of(text + 1, run - 1);
        text += run;
    }
    if (*text == '?')
        pieces->query = piece_of(text + 1, strlen(text + 1));
    return CUPEL_OK;
}

static cupel_status
read_port(struct piece piece, int *out)
{
    struct cup_reader reader;
    uint64_t port = 0;

    cup_reader_init(&reader, piece.start, piece.len);
    if (!cup_reader_number(&reader, 1, SIZE_MAX, &port) ||
        !cup_reader_at_end(&reader) || port < 1 || port > 65535)
        return cup_error_set(CUPEL_E_VALUE, "the port of a url must be a "
                                            "number from 1 to 65535");
    *out = (int)port;
    return CUPEL_OK;
}

/* Copy a piece to `*next`, which moves behind its NUL. NULL if absent. */
static const char *
copy(struct piece piece, char **next)
{
    char *start = *next;

    if (piece.start == NULL)
        return NULL;
    memcpy(start, piece.start, piece.len);
    start[piece.len] = '\0';
    *next = start + piece.len + 1;
    return start;
}

static int
hex_digit(char c)
{
    if (cup_is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/*
 * Undo the percent escapes of a piece, and in a form the "+" for a space, into
 * `*next`, which moves behind the NUL. An absent piece leaves `out` alone.
 */
static cupel_status
decode(struct piece piece, bool form, char **next, const char **out)
{
    char *end = *next;
    int high, low;
    size_t i;

    if (piece.start == NULL)
        return CUPEL_OK;
    for (i = 0; i < piece.len; i++) {
        char c = piece.start[i];

        if (c == '%') {
            high = i + 1 < piece.len ? hex_digit(piece.start[i + 1]) : -1;
            low = i + 2 < piece.len ? hex_digit(piece.start[i + 2]) : -1;
            if (high < 0 || low < 0)
                return refuse("a % must be followed by two hex digits; "
                              "for itself write %25");
            if (high == 0 && low == 0)
                return refuse("%00 stands for nothing a database can take");
            c = (char)(unsigned char)(high * 16 + low);
            i += 2;
        } else if (form && c == '+') {
            c = ' ';
        }
        *end++ = c;
    }
    if (!cup_utf8_valid(*next, (size_t)(end - *next)))
        return refuse("its escapes do not give UTF-8");
    *end = '\0';
    *out = *next;
    *next = end + 1;
    return CUPEL_OK;
}

/* Decode the query's pairs. What has no "=" or an empty value is dropped. */
static cupel_status
read_query(cupel_url *url, struct piece query, char **next)
{
    const char *at = query.start;
    const char *end = at == NULL ? at : at + query.len;

    while (at < end) {
        size_t run = strcspn(at, "&");
        const char *equals = memchr(at, '=', run);

        if (equals != NULL && equals + 1 < at + run) {
            struct cup_url_pair *pair = &url->pairs[url->pair_count++];
            size_t key_len = (size_t)(equals - at);
            cupel_status rc;

            rc = decode(piece_of(at, key_len), true, next, &pair->key);
            if (rc == CUPEL_OK)
                rc = decode(piece_of(equals + 1, run - key_len - 1), true, next,
                            &pair->value);
            if (rc != CUPEL_OK)
                return rc;
        }
        at += run + (at[run] == '&');
    }
    return CUPEL_OK;
}

/* The pairs are neighbours in one array, so that their addresses tell which
 * came first in the text. */
static int
compare_pairs(const void *left, const void *right)
{
    const struct cup_url_pair *a = *(const struct cup_url_pair *const *)left;
    const struct cup_url_pair *b = *(const struct cup_url_pair *const *)right;
    int order = strcmp(a->key, b->key);

    return order != 0 ? order : (a > b) - (a < b);
}

static void
sort_query(cupel_url *url)
{
    size_t i;

    for (i = 0; i < url->pair_count; i++)
        url->sorted[i] = &url->pairs[i];
    if (url->pair_count > 1)
        qsort(url->sorted, url->pair_count, sizeof *url->sorted, compare_pairs);
}

/* A zeroed url with room for everything the pieces can decode to. */
static cupel_url *
allocate(const char *text, const struct pieces *pieces, char **texts)
{
    size_t pair_max = pieces->query.start != NULL;
    size_t fixed, size, i;
    cupel_url *url;

    for (i = 0; i < pieces->query.len; i++)
        pair_max += pieces->query.start[i] == '&';
    /* The text itself once, the backend a second time, and a NUL for each
     * field; inside the query the separators make room for the NULs. */
    fixed = sizeof *url + pair_max * (sizeof *url->pairs + sizeof *url->sorted);
    size = fixed + strlen(text) + pieces->scheme.len + 8;
    url = cup_alloc(size);
    if (url == NULL)
        return NULL;
    url->refs = 1;
    url->size_bytes = size;
    url->pairs = (struct cup_url_pair *)(void *)(url + 1);
    url->sorted = (const struct cup_url_pair **)(void *)(url->pairs + pair_max);
    *texts = (char *)url + fixed;
    return url;
}

cupel_status
cupel_url_parse(const char *text, cupel_url **out)
{
    struct pieces pieces = { 0 };
    cupel_url *url;
    cupel_status rc;
    char *next;

    if (text == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "expected a url, got NULL");
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the url");
    if (!cup_utf8_valid(text, strlen(text)))
        return refuse("it is not UTF-8");
    if (has_control_character(text))
        return refuse("it holds a control character");
    rc = split(text, &pieces);
    if (rc != CUPEL_OK)
        return rc;

    url = allocate(text, &pieces, &next);
    if (url == NULL)
        return cup_nomem();
    url->drivername = copy(pieces.scheme, &next);
    url->driver = strchr(url->drivername, '+');
    if (url->driver != NULL)
        url->driver++;
    url->backend = copy(
        piece_of(pieces.scheme.start, strcspn(url->drivername, "+")), &next);
    url->host = copy(pieces.host, &next);
    url->database = copy(pieces.database, &next);

    if (pieces.port.start != NULL)
        rc = read_port(pieces.port, &url->port);
    if (rc == CUPEL_OK)
        rc = decode(pieces.username, false, &next, &url->username);
    if (rc == CUPEL_OK)
        rc = decode(pieces.password, false, &next, &url->password);
    if (rc == CUPEL_OK)
        rc = read_query(url, pieces.query, &next);
    assert(next <= (char *)url + url->size_bytes);
    if (rc != CUPEL_OK) {
        cupel_url_free(url);
        return rc;
    }
    sort_query(url);
    *out = url;
    return CUPEL_OK;
}
