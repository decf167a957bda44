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

/* One key of the query with one value. */
struct cup_url_pair {
    const char *key;
    const char *value;
};

struct cupel_url {
    size_t refs;       /* cupel_url_free() gives one back */
    size_t size_bytes; /* of the whole block */
    const char *drivername;
    const char *backend;  /* the part of drivername before a "+" */
    const char *driver;   /* the part behind it, or NULL */
    const char *username; /* this and the next three may be NULL */
    const char *password;
    const char *host;
    const char *database;
    int port; /* 0: none */
    size_t pair_count;
    struct cup_url_pair *pairs; /* in the order of the text */
    /* By key; equal keys in the order of the text. */
    const struct cup_url_pair **sorted;
};

#endif
