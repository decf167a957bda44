/* SPDX-License-Identifier: MIT */
/* Reading arrays of one or more dimensions. The items go into the arena of the
 * rows; what they point at stays in the driver's memory where it can. How many
 * items there are is the server's word, so it is believed only as far as the
 * bytes that follow could hold them. */
#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/bytes.h"
#include "dialect/postgresql/types.h"

#include <string.h>

enum { HEAD_SIZE = 12, DIMENSION_SIZE = 8, ITEM_HEAD_SIZE = 4 };

/* An array on its way out of its binary form. */
struct source {
    const struct cup_pg_type *type; /* the array's */
    const struct cup_pg_type *item; /* its items' */
    const char *next;
    const char *end;
    struct cup_arena *arena;
    int dimensions;
    size_t lengths[CUP_PG_DIMENSIONS_MAX];
};

static size_t
bytes_left(const struct source *source)
{
    return (size_t)(source->end - source->next);
}

static cupel_status
read_head(struct source *source)
{
    uint64_t most = bytes_left(source) / ITEM_HEAD_SIZE;
    uint64_t product = 1;
    int i;

    if (bytes_left(source) < HEAD_SIZE)
        return cup_pg_malformed(source->type);
    source->dimensions = cup_pg_load32(source->next);
    if (source->dimensions < 0 || source->dimensions > CUP_PG_DIMENSIONS_MAX ||
        (uint32_t)cup_pg_load32(source->next + 8) != source->item->oid)
        return cup_pg_malformed(source->type);
    source->next += HEAD_SIZE;
    if (bytes_left(source) < (size_t)source->dimensions * DIMENSION_SIZE)
        return cup_pg_malformed(source->type);
    for (i = 0; i < source->dimensions; i++) {
        int32_t length = cup_pg_load32(source->next);

        if (length <= 0)
            return cup_pg_malformed(source->type);
        product *= (uint64_t)length;
        if (product > most) /* also keeps the next product from wrapping */
            return cup_pg_malformed(source->type);
        source->lengths[i] = (size_t)length;
        source->next += DIMENSION_SIZE;
    }
    return CUPEL_OK;
}

static cupel_status
read_item(struct source *source, cupel_value *out)
{
    int32_t len;
    const char *data;

    memset(out, 0, sizeof *out);
    if (bytes_left(source) < ITEM_HEAD_SIZE)
        return cup_pg_malformed(source->type);
    len = cup_pg_load32(source->next);
    source->next += ITEM_HEAD_SIZE;
    if (len == -1)
        return CUPEL_OK;
    if (len < 0 || (size_t)len > bytes_left(source))
        return cup_pg_malformed(source->type);
    data = source->next;
    source->next += len;
    return source->item->read_binary(source->item, data, (size_t)len,
                                     source->arena, out);
}

/* Recursive, as deep as the array has dimensions: six at most. */
static cupel_status
read_dimension(struct source *source, int dimension, cupel_value *out)
{
    size_t count = source->lengths[dimension];
    cupel_value *items;
    cupel_status rc = CUPEL_OK;
    size_t i;

    items = cup_arena_array(source->arena, count, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    for (i = 0; i < count && rc == CUPEL_OK; i++)
        rc = dimension + 1 < source->dimensions
                 ? read_dimension(source, dimension + 1, &items[i])
                 : read_item(source, &items[i]);
    out->type = CUPEL_ARRAY;
    out->element = source->item->type;
    out->as.array.items = items;
    out->as.array.count = count;
    return rc;
}

cupel_status
cup_pg_read_array(const struct cup_pg_type *type, const char *data, size_t len,
                  struct cup_arena *arena, cupel_value *out)
{
    struct source source = { .type = type,
                             .item = cup_pg_type_find(type->item),
                             .next = data,
                             .end = data + len,
                             .arena = arena };
    cupel_status rc;

    rc = read_head(&source);
    if (rc != CUPEL_OK)
        return rc;
    if (source.dimensions > 0) {
        rc = read_dimension(&source, 0, out);
        if (rc == CUPEL_OK && source.next != source.end)
            rc = cup_pg_malformed(type);
        return rc;
    }
    out->type = CUPEL_ARRAY;
    out->element = source.item->type;
    out->as.array.items = NULL;
    out->as.array.count = 0;
    return source.next == source.end ? CUPEL_OK : cup_pg_malformed(type);
}
