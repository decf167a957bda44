/* SPDX-License-Identifier: MIT */
/* The boundaries of transactions, prepared. The first time one is sent, its
 * Parse goes ahead of it in the same group, so nobody ever waits for that. The
 * server may lose them with everything else that is prepared; what this side
 * does not see of it shows as an error the next time. */
#include "dialect/postgresql/boundary.h"

#include "base/alloc.h"
#include "dialect/postgresql/error.h"
#include "dialect/postgresql/send.h"

#include <string.h>

void
cup_pg_boundaries_forget(struct cup_pg_boundaries *boundaries)
{
    while (boundaries->count > 0)
        cup_free(boundaries->items[--boundaries->count].sql);
}

static const struct cup_pg_boundary *
find(const struct cup_pg_boundaries *boundaries, const char *sql)
{
    size_t i;

    for (i = 0; i < boundaries->count; i++) {
        if (strcmp(boundaries->items[i].sql, sql) == 0)
            return &boundaries->items[i];
    }
    return NULL;
}

/* NULL if it is not to be kept. */
static const struct cup_pg_boundary *
add(struct cup_pg_wire *wire, const char *sql)
{
    struct cup_pg_boundaries *boundaries = &wire->boundaries;
    struct cup_pg_boundary *added = &boundaries->items[boundaries->count];

    if (wire->prepared.limit == 0 || boundaries->count == CUP_PG_BOUNDARIES_MAX)
        return NULL;
    added->sql = cup_strdup(sql);
    if (added->sql == NULL)
        return NULL; /* it runs all the same */
    cup_pg_prepared_name(&wire->prepared, added->name);
    boundaries->count++;
    return added;
}

cupel_status
cup_pg_send_boundary(struct cup_pg_wire *wire, const char *sql,
                     struct cup_pg_call *call)
{
    const struct cup_pg_boundary *known = find(&wire->boundaries, sql);
    cupel_status rc;

    if (known != NULL)
        return cup_pg_send_named(wire, known->name, CUP_PG_BOUNDARY, call);
    known = add(wire, sql);
    if (known == NULL)
        return cup_pg_send_command(wire, sql, CUP_PG_BOUNDARY, call);
    rc = cup_pg_send_parse(wire, known->name, sql, CUP_PG_BOUNDARY, call);
    if (rc == CUPEL_OK)
        rc = cup_pg_send_named(wire, known->name, CUP_PG_BOUNDARY, call);
    return rc;
}

/* A text that does not even parse was never prepared. */
void
cup_pg_boundary_failed(struct cup_pg_wire *wire, const PGresult *error)
{
    bool missing = cup_pg_is_missing(error);

    if (missing)
        wire->boundaries.missed = true;
    if (missing || cup_pg_is_syntax(error))
        cup_pg_boundaries_forget(&wire->boundaries);
}
