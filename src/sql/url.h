/* SPDX-License-Identifier: MIT */
/* A database address, taken apart: one block of memory,
 *
 *     struct cupel_url | pairs | sorted | the texts, one behind the other
 *
 * Any of the texts may be a secret (a password can stand in the query too), so
 * the whole block is wiped when it is freed. */
#ifndef CUP_SQL_URL_H
#define CUP_SQL_URL_H

#include <cupel/url.h>

struct cupel_url {
    _Atomic size_t refs; /* cupel_url_free() gives one back */
    size_t size_bytes;   /* of the whole block */
    const char *drivername;
    const char *backend;  /* the part of drivername before a "+" */
    const char *driver;   /* the part behind it, or NULL */
    const char *username; /* this and the next three may be NULL */
    const char *password;
    const char *host;
    const char *database;
    int port; /* 0: none */
    size_t pair_count;
    cupel_url_pair *pairs; /* in the order of the text */
    /* By key; equal keys in the order of the text. */
    const cupel_url_pair **sorted;
};

/* A zeroed url with one owner and room for so many pairs and bytes of text, the
 * backend's name not among them; `texts` is where these begin. NULL without
 * memory. */
cupel_url *
cup_url_alloc(size_t pair_max, size_t text_bytes, size_t drivername_len,
              char **texts);

/* Fill in what follows from the drivername and the pairs. `texts` is where the
 * texts have ended. */
void
cup_url_complete(cupel_url *url, char *texts);

/* A url of nothing but a query, "a=1&b=2". ARGUMENT, NOMEM. */
cupel_status
cup_url_parse_query(const char *text, cupel_url **out);

/* The fields of a url, borrowed from it. */
cupel_url_parts
cup_url_parts(const cupel_url *url);

/* TYPE or ARGUMENT if one of the pairs is none. */
cupel_status
cup_url_check_query(const cupel_url_pair *pairs, size_t count);

/* A url of all of its parts, `clear` not regarded. As cupel_url_create(). */
cupel_status
cup_url_build(const cupel_url_parts *parts, cupel_url **out);

#endif
