/* SPDX-License-Identifier: MIT */
/* From text to address. A url is split into raw pieces first, by the rules of
 * the grammar alone, and only then decoded into its one block of memory. */
#include "sql/url.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"

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
            cupel_url_pair *pair = &url->pairs[url->pair_count++];
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

/* Room for everything that the pieces of a text can decode to. */
static cupel_url *
allocate(const char *text, const struct pieces *pieces, char **texts)
{
    size_t pair_max = pieces->query.start != NULL;
    size_t i;

    for (i = 0; i < pieces->query.len; i++)
        pair_max += pieces->query.start[i] == '&';
    /* The text itself once and a NUL for each field; inside the query the
     * separators make room for the NULs. */
    return cup_url_alloc(pair_max, strlen(text) + 8, pieces->scheme.len, texts);
}

/* Make a url of a text's pieces. */
static cupel_status
decode_all(const char *text, const struct pieces *pieces, cupel_url **out)
{
    cupel_status rc = CUPEL_OK;
    cupel_url *url;
    char *next;

    url = allocate(text, pieces, &next);
    if (url == NULL)
        return cup_nomem();
    url->drivername = copy(pieces->scheme, &next);
    url->host = copy(pieces->host, &next);
    if (pieces->port.start != NULL)
        rc = read_port(pieces->port, &url->port);
    if (rc == CUPEL_OK)
        rc = decode(pieces->username, false, &next, &url->username);
    if (rc == CUPEL_OK)
        rc = decode(pieces->password, false, &next, &url->password);
    if (rc == CUPEL_OK)
        rc = decode(pieces->database, false, &next, &url->database);
    if (rc == CUPEL_OK)
        rc = read_query(url, pieces->query, &next);
    if (rc != CUPEL_OK) {
        cupel_url_free(url);
        return rc;
    }
    cup_url_complete(url, next);
    *out = url;
    return CUPEL_OK;
}

static cupel_status
check_text(const char *text)
{
    if (!cup_utf8_valid(text, strlen(text)))
        return refuse("it is not UTF-8");
    if (has_control_character(text))
        return refuse("it holds a control character");
    return CUPEL_OK;
}

cupel_status
cupel_url_parse(const char *text, cupel_url **out)
{
    struct pieces pieces = { 0 };
    cupel_status rc;

    if (text == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "expected a url as a string, got NULL");
    if (out == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no place for the url");
    rc = check_text(text);
    if (rc == CUPEL_OK)
        rc = split(text, &pieces);
    return rc == CUPEL_OK ? decode_all(text, &pieces, out) : rc;
}

cupel_status
cupel_url_make(const char *text, cupel_url **out)
{
    return cupel_url_parse(text, out);
}

cupel_status
cup_url_parse_query(const char *text, cupel_url **out)
{
    struct pieces pieces = { .scheme = { "", 0 } };
    cupel_status rc = check_text(text);

    pieces.query = piece_of(text, strlen(text));
    return rc == CUPEL_OK ? decode_all(text, &pieces, out) : rc;
}
