/* SPDX-License-Identifier: MIT */
/* The types of PostgreSQL that have a number of their own in every database,
 * and how their values are read from the two forms a server sends: binary and
 * text. A type that is not here (an enum, a domain's base is, an extension's)
 * is read as text, so a statement that returns one asks for text results. */
#ifndef CUP_DIALECT_POSTGRESQL_TYPES_H
#define CUP_DIALECT_POSTGRESQL_TYPES_H

#include <cupel/value.h>

#include "base/arena.h"

/* The numbers that parameters are sent with. */
enum cup_pg_oid {
    CUP_PG_UNKNOWN = 0, /* the server decides */
    CUP_PG_BOOL = 16,
    CUP_PG_BYTEA = 17,
    CUP_PG_INT8 = 20,
    CUP_PG_INT4 = 23,
    CUP_PG_TEXT = 25,
    CUP_PG_JSON = 114,
    CUP_PG_FLOAT8 = 701,
    CUP_PG_DATE = 1082,
    CUP_PG_TIME = 1083,
    CUP_PG_TIMESTAMP = 1114,
    CUP_PG_TIMESTAMPTZ = 1184,
    CUP_PG_INTERVAL = 1186,
    CUP_PG_NUMERIC = 1700,
    CUP_PG_UUID = 2950,
    CUP_PG_BOOL_ARRAY = 1000,
    CUP_PG_BYTEA_ARRAY = 1001,
    CUP_PG_INT4_ARRAY = 1007,
    CUP_PG_TEXT_ARRAY = 1009,
    CUP_PG_INT8_ARRAY = 1016,
    CUP_PG_FLOAT8_ARRAY = 1022,
    CUP_PG_TIMESTAMP_ARRAY = 1115,
    CUP_PG_DATE_ARRAY = 1182,
    CUP_PG_TIME_ARRAY = 1183,
    CUP_PG_TIMESTAMPTZ_ARRAY = 1185,
    CUP_PG_INTERVAL_ARRAY = 1187,
    CUP_PG_NUMERIC_ARRAY = 1231,
    CUP_PG_UUID_ARRAY = 2951,
    CUP_PG_JSON_ARRAY = 199
};

/* PostgreSQL counts from 2000-01-01, we count from 1970-01-01. */
#define CUP_PG_EPOCH_DAYS INT64_C(10957)
#define CUP_PG_EPOCH_MICROSECONDS INT64_C(946684800000000)

/* What PostgreSQL stores at most, which also keeps decoders in bounds. */
enum { CUP_PG_DIMENSIONS_MAX = 6 };

struct cup_pg_type;

/* Read one value that is not NULL. `data` is the server's: trust nothing, not
 * even `len` for a type of fixed size. `data[len]` is a NUL (libpq puts it
 * there), except for items inside an array. Memory for what cannot be read in
 * place comes from the arena. DATA, NOMEM. */
typedef cupel_status
cup_pg_read_fn(const struct cup_pg_type *type, const char *data, size_t len,
               struct cup_arena *arena, cupel_value *out);

struct cup_pg_type {
    uint32_t oid;
    uint32_t item; /* of an array: its items' type, else 0 */
    int32_t type;  /* a cupel_type */
    cup_pg_read_fn *read_binary;
    cup_pg_read_fn *read_text;
};

/* NULL for a type that is only known as text. */
const struct cup_pg_type *
cup_pg_type_find(uint32_t oid);

/* What stands in for a type that is not in the table. */
extern const struct cup_pg_type cup_pg_type_other;

/* "the server sent a malformed value of type N". */
cupel_status
cup_pg_malformed(const struct cup_pg_type *type);

/* The readers of the binary form. */
cup_pg_read_fn cup_pg_read_bool, cup_pg_read_int2, cup_pg_read_int4,
    cup_pg_read_int8, cup_pg_read_oid, cup_pg_read_float4, cup_pg_read_float8,
    cup_pg_read_bytes, cup_pg_read_jsonb, cup_pg_read_date, cup_pg_read_time,
    cup_pg_read_timestamp, cup_pg_read_interval, cup_pg_read_uuid,
    cup_pg_read_char, cup_pg_read_numeric, cup_pg_read_array;

/* The readers of the text form; cup_pg_read_bytes serves text-like types. */
cup_pg_read_fn cup_pg_read_bool_text, cup_pg_read_int_text,
    cup_pg_read_float_text, cup_pg_read_bytea_text, cup_pg_read_date_text,
    cup_pg_read_time_text, cup_pg_read_timestamp_text,
    cup_pg_read_interval_text, cup_pg_read_uuid_text, cup_pg_read_array_text;

#endif
