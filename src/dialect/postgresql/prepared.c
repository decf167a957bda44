/* SPDX-License-Identifier: MIT */
/* The cache of prepared statements. A name is never used twice and holds a
 * random number of its wire's, so neither a pooler nor a statement that was
 * dropped too late can make one mean something else.
 *
 * When a table changes, the server refuses a statement whose columns are others
 * now. Outside a transaction it is just prepared again; inside one the
 * transaction is spoilt by then. So every change that this process makes or
 * hears of, on whatever wire, has the statements that are used next inside
 * transactions prepared anew. */
#include "dialect/postgresql/prepared.h"

#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/wire.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* Changes that this process has made or heard of. */
static atomic_ulong schema;

void
cup_pg_prepared_init(struct cup_pg_prepared *prepared)
{
    memset(prepared, 0, sizeof *prepared);
    cup_list_init(&prepared->recent);
    cup_buf_init(&prepared->key,
                 CUP_PG_TEXT_KEPT + sizeof(uint32_t) * CUP_PG_PARAMS_MAX);
}

static void
forget(struct cup_pg_prepared *prepared, struct cup_pg_statement *statement)
{
    cup_map_remove(&prepared->map, statement->key, statement->key_len);
    cup_list_remove(&statement->link);
    prepared->count--;
    cup_pg_shape_unref(statement->shape);
    cup_free(statement);
}

void
cup_pg_prepared_forget(struct cup_pg_prepared *prepared)
{
    struct cup_list *item, *after;

    CUP_LIST_EACH (item, after, &prepared->recent) {
        forget(prepared, CUP_CONTAINER(item, struct cup_pg_statement, link));
    }
}

void
cup_pg_prepared_fini(struct cup_pg_prepared *prepared)
{
    cup_pg_prepared_forget(prepared);
    cup_map_fini(&prepared->map);
    cup_buf_fini(&prepared->key);
}

void
cup_pg_prepared_name(struct cup_pg_prepared *prepared,
                     char out[CUP_PG_NAME_SIZE])
{
    snprintf(out, CUP_PG_NAME_SIZE, "cupel_%016" PRIx64 "_%lu",
             prepared->random, prepared->made++);
}

/* The text, a NUL, the types: no two statements share that. */
static bool
make_key(struct cup_pg_wire *wire, const cupel_request *request)
{
    struct cup_buf *key = &wire->prepared.key;

    if (wire->prepared.limit == 0 || request->sql_len > CUP_PG_TEXT_KEPT / 2)
        return false;
    cup_buf_clear(key);
    cup_buf_add(key, request->sql, request->sql_len + 1);
    cup_buf_add(key, wire->params.types,
                wire->params.count * sizeof *wire->params.types);
    return key->failed == CUPEL_OK;
}

/* The statement used last, if it is this one, as it often is: then neither a
 * key nor a hash is needed. */
static struct cup_pg_statement *
find_latest(const struct cup_pg_wire *wire, const cupel_request *request)
{
    const struct cup_list *recent = &wire->prepared.recent;
    size_t text_size = request->sql_len + 1;
    size_t types_size = wire->params.count * sizeof *wire->params.types;
    struct cup_pg_statement *latest;

    if (cup_list_empty(recent))
        return NULL;
    latest = CUP_CONTAINER(recent->prev, struct cup_pg_statement, link);
    if (latest->key_len == text_size + types_size &&
        memcmp(latest->key, request->sql, text_size) == 0 &&
        (types_size == 0 ||
         memcmp(latest->key + text_size, wire->params.types, types_size) == 0))
        return latest;
    return NULL;
}

struct cup_pg_statement *
cup_pg_prepared_find(struct cup_pg_wire *wire, const cupel_request *request)
{
    struct cup_pg_prepared *prepared = &wire->prepared;
    struct cup_pg_statement *statement = find_latest(wire, request);

    if (statement != NULL)
        return statement;
    if (!make_key(wire, request))
        return NULL;
    statement =
        cup_map_get(&prepared->map, prepared->key.data, prepared->key.len);
    if (statement == NULL)
        return NULL;
    cup_list_remove(&statement->link);
    cup_list_push(&prepared->recent, &statement->link);
    return statement;
}

struct cup_pg_statement *
cup_pg_prepared_use(struct cup_pg_wire *wire, const cupel_request *request)
{
    struct cup_pg_statement *statement = cup_pg_prepared_find(wire, request);
    unsigned long now = atomic_load_explicit(&schema, memory_order_relaxed);

    if (statement == NULL || statement->schema == now)
        return statement;
    if (wire->status != CUPEL_WIRE_IDLE) {
        cup_pg_prepared_drop(wire, statement, true);
        return NULL;
    }
    statement->schema = now;
    return statement;
}

void
cup_pg_prepared_outdate(void)
{
    atomic_fetch_add_explicit(&schema, 1, memory_order_relaxed);
}

/* Make room for one more. In a long transaction nothing is deallocated, so what
 * was dropped piles up on the server: then no more is prepared. */
static bool
make_room(struct cup_pg_wire *wire)
{
    struct cup_pg_prepared *prepared = &wire->prepared;

    if (prepared->count < prepared->limit)
        return true;
    if (wire->chores.idle_count >= prepared->limit)
        return false;
    cup_pg_prepared_drop(
        wire,
        CUP_CONTAINER(prepared->recent.next, struct cup_pg_statement, link),
        true);
    return true;
}

cupel_status
cup_pg_prepared_add(struct cup_pg_wire *wire, const cupel_request *request,
                    struct cup_pg_statement **out)
{
    struct cup_pg_prepared *prepared = &wire->prepared;
    struct cup_pg_statement *statement;
    cupel_status rc;

    *out = NULL;
    if (!make_key(wire, request) || !make_room(wire))
        return CUPEL_OK;
    statement = cup_alloc(sizeof *statement + prepared->key.len);
    if (statement == NULL)
        return cup_nomem();
    memcpy(statement->key, prepared->key.data, prepared->key.len);
    statement->key_len = prepared->key.len;
    statement->schema = atomic_load_explicit(&schema, memory_order_relaxed);
    cup_pg_prepared_name(prepared, statement->name);
    cup_list_init(&statement->link);
    rc = cup_map_put(&prepared->map, statement->key, statement->key_len,
                     statement);
    if (rc != CUPEL_OK) {
        cup_free(statement);
        return rc;
    }
    cup_list_push(&prepared->recent, &statement->link);
    prepared->count++;
    *out = statement;
    return CUPEL_OK;
}

void
cup_pg_prepared_drop(struct cup_pg_wire *wire,
                     struct cup_pg_statement *statement, bool on_server)
{
    char command[CUP_PG_NAME_SIZE + 16];

    snprintf(command, sizeof command, "DEALLOCATE %s", statement->name);
    if (on_server)
        cup_pg_chores_add(&wire->chores, command);
    forget(&wire->prepared, statement);
}
