/* SPDX-License-Identifier: MIT */
/* What a sqlite url asks for. */
#ifndef CUP_DIALECT_SQLITE_CONFIG_H
#define CUP_DIALECT_SQLITE_CONFIG_H

#include <cupel/error.h>
#include <cupel/url.h>

/* A url's choices. The texts are static, except `database`. */
struct cup_sqlite_config {
    bool memory;    /* nobody else can open it */
    bool uri;       /* `database` is one of sqlite's own, "file:..." */
    bool immutable; /* of these two: said in that */
    bool nolock;
    const char *database;     /* borrowed from the url; NULL: ":memory:" */
    int open_flags;           /* SQLITE_OPEN_... */
    int64_t busy_timeout_ms;  /* longest wait for another's lock */
    size_t cached_statements; /* 0: none is kept */
    const char *begin;        /* the SQL that opens a transaction */
    const char *foreign_keys; /* of these three, NULL: as sqlite has it */
    const char *journal_mode;
    const char *synchronous;
};

/* ARGUMENT for a url that is not sqlite's, an unknown key or word; VALUE for
 * what is no number. The messages name the key and never show its value. */
cupel_status
cup_sqlite_config_read(const cupel_url *url, struct cup_sqlite_config *out);

#endif
