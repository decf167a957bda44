/* SPDX-License-Identifier: MIT */
/* Writing arrays. PostgreSQL's are rectangular: every inner array of a
 * dimension has the same length, and none of them is NULL. */
#include "base/error.h"
#include "dialect/postgresql/bytes.h"
#include "dialect/postgresql/params.h"
#include "dialect/postgresql/types.h"

/* The lengths of an array, outermost first, as its first items show them. */
struct extent {
    int dimensions;
    size_t lengths[CUP_PG_DIMENSIONS_MAX];
};

static cupel_status
not_rectangular(void)
{
    return cup_error_set(CUPEL_E_VALUE,
                         "the inner arrays of an array differ in length");
}

static cupel_status
measure(const cupel_value *array, struct extent *out)
{
    out->dimensions = 0;
    for (;;) {
        if (out->dimensions == CUP_PG_DIMENSIONS_MAX)
            return cup_error_set(CUPEL_E_VALUE,
                                 "an array has more than %d dimensions",
                                 CUP_PG_DIMENSIONS_MAX);
        if (array->as.array.count > INT32_MAX)
            return cup_error_set(CUPEL_E_VALUE, "an array is too long");
        out->lengths[out->dimensions++] = array->as.array.count;
        if (array->as.array.count == 0 ||
            array->as.array.items[0].type != CUPEL_ARRAY)
            return CUPEL_OK;
        array = &array->as.array.items[0];
    }
}

static void
write32(struct cup_buf *buf, int32_t number)
{
    char *to = cup_buf_grow(buf, sizeof number);

    if (to != NULL)
        cup_pg_store32(to, number);
}

/* One item with its length in front, which is known only afterwards. */
static cupel_status
write_item(struct cup_buf *buf, const cupel_value *item, uint32_t oid)
{
    size_t start = buf->len + sizeof(int32_t);
    cupel_status rc;

    write32(buf, -1);
    if (item->type == CUPEL_NULL)
        return CUPEL_OK;
    rc = cup_pg_write_value(buf, oid, item);
    if (rc == CUPEL_OK && buf->failed == CUPEL_OK)
        cup_pg_store32(buf->data + start - sizeof(int32_t),
                       (int32_t)(buf->len - start));
    return rc;
}

/* Recursive, six deep at most. */
static cupel_status
write_dimension(struct cup_buf *buf, const cupel_value *array,
                const struct extent *extent, int dimension, uint32_t oid)
{
    bool inner = dimension + 1 < extent->dimensions;
    cupel_status rc = CUPEL_OK;
    size_t i;

    if (array->as.array.count != extent->lengths[dimension])
        return not_rectangular();
    for (i = 0; i < array->as.array.count && rc == CUPEL_OK; i++) {
        const cupel_value *item = &array->as.array.items[i];

        if (inner != (item->type == CUPEL_ARRAY))
            return not_rectangular();
        rc = inner ? write_dimension(buf, item, extent, dimension + 1, oid)
                   : write_item(buf, item, oid);
    }
    return rc;
}

static bool
has_nulls(const cupel_value *array)
{
    size_t i;

    for (i = 0; i < array->as.array.count; i++) {
        const cupel_value *item = &array->as.array.items[i];

        if (item->type == CUPEL_NULL ||
            (item->type == CUPEL_ARRAY && has_nulls(item)))
            return true;
    }
    return false;
}

cupel_status
cup_pg_write_array(struct cup_buf *buf, const cupel_value *array,
                   uint32_t item_oid)
{
    struct extent extent;
    cupel_status rc;
    int i;

    rc = measure(array, &extent);
    if (rc != CUPEL_OK)
        return rc;
    if (extent.lengths[extent.dimensions - 1] == 0 && extent.dimensions == 1)
        extent.dimensions = 0; /* PostgreSQL's one empty array */
    write32(buf, extent.dimensions);
    write32(buf, has_nulls(array) ? 1 : 0);
    write32(buf, (int32_t)item_oid);
    for (i = 0; i < extent.dimensions; i++) {
        write32(buf, (int32_t)extent.lengths[i]);
        write32(buf, 1); /* indexes start there */
    }
    if (extent.dimensions == 0)
        return CUPEL_OK;
    return write_dimension(buf, array, &extent, 0, item_oid);
}

cupel_status
cup_pg_write_null_array(struct cup_buf *buf, const cupel_value *array)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    cup_buf_add_char(buf, '{');
    for (i = 0; i < array->as.array.count && rc == CUPEL_OK; i++) {
        const cupel_value *item = &array->as.array.items[i];

        if (i > 0)
            cup_buf_add_char(buf, ',');
        if (item->type == CUPEL_ARRAY)
            rc = cup_pg_write_null_array(buf, item);
        else
            cup_buf_add_str(buf, "NULL");
    }
    cup_buf_add_char(buf, '}');
    return rc;
}
