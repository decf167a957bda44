/* SPDX-License-Identifier: MIT */
/* Streams: rows of a cursor, batch by batch. */
#ifndef CUP_DIALECT_POSTGRESQL_STREAM_H
#define CUP_DIALECT_POSTGRESQL_STREAM_H

#include "dialect/postgresql/rows.h"
#include "dialect/postgresql/wire.h"

/* Declare a cursor for the request's query and fetch its first batch. It lives
 * in the transaction that is open. Yields. */
cupel_status
cup_pg_stream_open(struct cup_pg_wire *wire, const cupel_request *request,
                   cupel_time until, cupel_rows **out);

/* The wire goes; its streams stay as long as their owners want. */
void
cup_pg_streams_detach(struct cup_pg_wire *wire);

#endif
