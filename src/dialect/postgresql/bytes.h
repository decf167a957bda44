/* SPDX-License-Identifier: MIT */
/* Numbers in the order of the network, as PostgreSQL sends and wants them. */
#ifndef CUP_DIALECT_POSTGRESQL_BYTES_H
#define CUP_DIALECT_POSTGRESQL_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static inline int16_t
cup_pg_load16(const void *from)
{
    uint16_t number;

    memcpy(&number, from, sizeof number);
    return (int16_t)be16toh(number);
}

static inline int32_t
cup_pg_load32(const void *from)
{
    uint32_t number;

    memcpy(&number, from, sizeof number);
    return (int32_t)be32toh(number);
}

static inline int64_t
cup_pg_load64(const void *from)
{
    uint64_t number;

    memcpy(&number, from, sizeof number);
    return (int64_t)be64toh(number);
}

static inline void
cup_pg_store16(void *to, int16_t value)
{
    uint16_t number = htobe16((uint16_t)value);

    memcpy(to, &number, sizeof number);
}

static inline void
cup_pg_store32(void *to, int32_t value)
{
    uint32_t number = htobe32((uint32_t)value);

    memcpy(to, &number, sizeof number);
}

static inline void
cup_pg_store64(void *to, int64_t value)
{
    uint64_t number = htobe64((uint64_t)value);

    memcpy(to, &number, sizeof number);
}

#endif
