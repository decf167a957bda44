/* SPDX-License-Identifier: MIT */
/* Parameters on their way to the server: which types they are declared with,
 * and their bytes. */
#ifndef CUP_DIALECT_POSTGRESQL_PARAMS_H
#define CUP_DIALECT_POSTGRESQL_PARAMS_H

#include <cupel/ext/dialect.h>

#include "base/buf.h"

enum {
    CUP_PG_PARAMS_MAX = 65535,     /* the protocol counts them in 16 bits */
    CUP_PG_BYTES_MAX = 0x3ff00000, /* a message stays below 1 GiB */
    CUP_PG_BYTES_KEPT = 64 * 1024  /* of scratch memory, between requests */
};

/* One set of parameters in the form that libpq takes. It belongs to a wire and
 * is used again for each request, so that the usual one allocates nothing. */
struct cup_pg_params {
    const char **values; /* into `bytes`; NULL is SQL's NULL. Owned: the block
                          * that the other four are in, too */
    size_t *offsets;     /* into `bytes`, while that may still move */
    uint32_t *types;     /* the declared type of each */
    int *lengths;
    int *formats; /* 0 text, 1 binary */
    size_t size;  /* how many parameters there is room for */
    size_t count; /* how many there are */
    struct cup_buf bytes;
};

void
cup_pg_params_init(struct cup_pg_params *params);

void
cup_pg_params_fini(struct cup_pg_params *params);

/* Decide the declared types for all sets of a request: a parameter has the same
 * one in every set. ARGUMENT for too many parameters, TYPE for sets that do not
 * agree or items of an array that are not of its type, NOMEM. */
cupel_status
cup_pg_params_declare(struct cup_pg_params *params,
                      const cupel_request *request);

/* Write one set, of the declared types. What it points at is borrowed until
 * the next call. VALUE, NOMEM. */
cupel_status
cup_pg_params_write(struct cup_pg_params *params, const cupel_value *values);

/* Give back what an unusually large request has left behind. */
void
cup_pg_params_trim(struct cup_pg_params *params);

/* Append an array in binary form, its items as `oid` wants them. VALUE if it is
 * not rectangular or too deep. Failures of the buffer latch there. */
cupel_status
cup_pg_write_array(struct cup_buf *buf, const cupel_value *array,
                   uint32_t item_oid);

/* Append an array that holds nothing but NULL, in text form. */
cupel_status
cup_pg_write_null_array(struct cup_buf *buf, const cupel_value *array);

/* Append the binary form of a value that is not NULL, without its length. */
cupel_status
cup_pg_write_value(struct cup_buf *buf, uint32_t oid, const cupel_value *value);

#endif
