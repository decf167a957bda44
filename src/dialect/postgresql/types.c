/* SPDX-License-Identifier: MIT */
/* The table of types. It is sorted by number, which a test checks, and
 * searched by halves: a result's columns are looked up once, when its shape is
 * made, never for a cell. */
#include "dialect/postgresql/types.h"

#include "base/error.h"

#define PLAIN(oid, type, binary, text)                                   \
    {                                                                    \
        (oid), 0, CUPEL_##type, cup_pg_read_##binary, cup_pg_read_##text \
    }
#define ARRAY(oid, item)                                                      \
    {                                                                         \
        (oid), (item), CUPEL_ARRAY, cup_pg_read_array, cup_pg_read_array_text \
    }

static const struct cup_pg_type types[] = {
    PLAIN(16, BOOL, bool, bool_text),
    PLAIN(17, BYTES, bytes, bytea_text),
    PLAIN(18, TEXT, char, bytes),  /* "char", one byte */
    PLAIN(19, TEXT, bytes, bytes), /* name */
    PLAIN(20, INT, int8, int_text),
    PLAIN(21, INT, int2, int_text),
    PLAIN(23, INT, int4, int_text),
    PLAIN(25, TEXT, bytes, bytes),
    PLAIN(26, INT, oid, int_text),
    PLAIN(28, INT, oid, int_text), /* xid */
    PLAIN(114, JSON, bytes, bytes),
    ARRAY(199, 114),
    PLAIN(700, DOUBLE, float4, float_text),
    PLAIN(701, DOUBLE, float8, float_text),
    PLAIN(705, TEXT, bytes, bytes), /* unknown */
    ARRAY(1000, 16),
    ARRAY(1001, 17),
    ARRAY(1002, 18),
    ARRAY(1003, 19),
    ARRAY(1005, 21),
    ARRAY(1007, 23),
    ARRAY(1009, 25),
    ARRAY(1011, 28),
    ARRAY(1014, 1042),
    ARRAY(1015, 1043),
    ARRAY(1016, 20),
    ARRAY(1021, 700),
    ARRAY(1022, 701),
    ARRAY(1028, 26),
    PLAIN(1042, TEXT, bytes, bytes), /* char(n) */
    PLAIN(1043, TEXT, bytes, bytes), /* varchar */
    PLAIN(1082, DATE, date, date_text),
    PLAIN(1083, TIME, time, time_text),
    PLAIN(1114, DATETIME, timestamp, timestamp_text),
    ARRAY(1115, 1114),
    ARRAY(1182, 1082),
    ARRAY(1183, 1083),
    PLAIN(1184, DATETIMETZ, timestamp, timestamp_text),
    ARRAY(1185, 1184),
    PLAIN(1186, INTERVAL, interval, interval_text),
    ARRAY(1187, 1186),
    ARRAY(1231, 1700),
    PLAIN(1700, DECIMAL, numeric, bytes),
    PLAIN(2278, TEXT, bytes, bytes), /* void: no bytes at all */
    PLAIN(2950, UUID, uuid, uuid_text),
    ARRAY(2951, 2950),
    PLAIN(3802, JSON, jsonb, bytes),
    ARRAY(3807, 3802),
};

enum { TYPE_COUNT = sizeof types / sizeof types[0] };

const struct cup_pg_type cup_pg_type_other = { 0, 0, CUPEL_TEXT, NULL,
                                               cup_pg_read_bytes };

const struct cup_pg_type *
cup_pg_type_find(uint32_t oid)
{
    size_t low = 0;
    size_t high = TYPE_COUNT;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (types[middle].oid == oid)
            return &types[middle];
        if (types[middle].oid < oid)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

cupel_status
cup_pg_malformed(const struct cup_pg_type *type)
{
    return cup_error_set(
        CUPEL_E_DATA, "the server sent a malformed value of type %u (%s)",
        (unsigned)type->oid, cupel_type_name((cupel_type)type->type));
}
