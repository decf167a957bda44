/* SPDX-License-Identifier: MIT */
/* Which types parameters are declared with. The value's kind decides, not the
 * column it goes to: a server that is told nothing would have to guess, and
 * `select $1` would be text. Whole numbers are int4 if every set's fits, since
 * functions that take integer take no bigint. Text alone is left to the server
 * to place, so that it serves for enums and whatever else has a text form. */
#include "base/alloc.h"
#include "base/error.h"
#include "dialect/postgresql/params.h"
#include "dialect/postgresql/types.h"

/* What is known of one parameter after some of its values. */
struct kind {
    int32_t type;    /* a cupel_type; NULL: nothing yet */
    int32_t element; /* of an array; NULL: nothing yet */
    bool wide;       /* a whole number needs more than 32 bits */
};

static const char *
name_of(int32_t type)
{
    return cupel_type_name((cupel_type)type);
}

static void
look_at_integer(struct kind *kind, const cupel_value *value)
{
    if (value->as.integer < INT32_MIN || value->as.integer > INT32_MAX)
        kind->wide = true;
}

/* Recursive, no deeper than an array may be. */
static cupel_status
look_at_items(struct kind *kind, const cupel_value *array, int depth)
{
    cupel_status rc = CUPEL_OK;
    size_t i;

    if (depth > CUP_PG_DIMENSIONS_MAX)
        return cup_error_set(CUPEL_E_VALUE,
                             "an array has more than %d "
                             "dimensions",
                             CUP_PG_DIMENSIONS_MAX);
    for (i = 0; i < array->as.array.count && rc == CUPEL_OK; i++) {
        const cupel_value *item = &array->as.array.items[i];

        if (item->type == CUPEL_ARRAY)
            rc = look_at_items(kind, item, depth + 1);
        else if (item->type == CUPEL_NULL)
            continue;
        else if (item->type != kind->element)
            rc = cup_error_set(CUPEL_E_TYPE, "an array of %s holds a %s",
                               name_of(kind->element), name_of(item->type));
        else if (item->type == CUPEL_INT)
            look_at_integer(kind, item);
    }
    return rc;
}

static cupel_status
disagree(size_t index, int32_t before, int32_t now)
{
    return cup_error_set(CUPEL_E_TYPE,
                         "parameter %zu is %s in one set and %s in another",
                         index + 1, name_of(before), name_of(now));
}

static cupel_status
look_at(struct kind *kind, size_t index, const cupel_value *value)
{
    if (value->type == CUPEL_NULL)
        return CUPEL_OK;
    if (kind->type == CUPEL_NULL)
        kind->type = value->type;
    else if (kind->type != value->type)
        return disagree(index, kind->type, value->type);
    if (value->type == CUPEL_INT)
        look_at_integer(kind, value);
    if (value->type != CUPEL_ARRAY)
        return CUPEL_OK;

    if (kind->element == CUPEL_NULL)
        kind->element = value->element;
    else if (value->element != CUPEL_NULL && value->element != kind->element)
        return disagree(index, kind->element, value->element);
    return look_at_items(kind, value, 1);
}

static uint32_t
array_oid(const struct kind *kind)
{
    switch ((cupel_type)kind->element) {
    case CUPEL_BOOL:
        return CUP_PG_BOOL_ARRAY;
    case CUPEL_INT:
        return kind->wide ? CUP_PG_INT8_ARRAY : CUP_PG_INT4_ARRAY;
    case CUPEL_DOUBLE:
        return CUP_PG_FLOAT8_ARRAY;
    case CUPEL_DECIMAL:
        return CUP_PG_NUMERIC_ARRAY;
    case CUPEL_TEXT:
        return CUP_PG_TEXT_ARRAY;
    case CUPEL_BYTES:
        return CUP_PG_BYTEA_ARRAY;
    case CUPEL_DATE:
        return CUP_PG_DATE_ARRAY;
    case CUPEL_TIME:
        return CUP_PG_TIME_ARRAY;
    case CUPEL_DATETIME:
        return CUP_PG_TIMESTAMP_ARRAY;
    case CUPEL_DATETIMETZ:
        return CUP_PG_TIMESTAMPTZ_ARRAY;
    case CUPEL_INTERVAL:
        return CUP_PG_INTERVAL_ARRAY;
    case CUPEL_UUID:
        return CUP_PG_UUID_ARRAY;
    case CUPEL_JSON:
        return CUP_PG_JSON_ARRAY;
    case CUPEL_NULL:
    case CUPEL_ARRAY:
        break;
    }
    return CUP_PG_UNKNOWN; /* nothing but NULL inside */
}

static uint32_t
oid_of(const struct kind *kind)
{
    switch ((cupel_type)kind->type) {
    case CUPEL_BOOL:
        return CUP_PG_BOOL;
    case CUPEL_INT:
        return kind->wide ? CUP_PG_INT8 : CUP_PG_INT4;
    case CUPEL_DOUBLE:
        return CUP_PG_FLOAT8;
    case CUPEL_DECIMAL:
        return CUP_PG_NUMERIC;
    case CUPEL_BYTES:
        return CUP_PG_BYTEA;
    case CUPEL_DATE:
        return CUP_PG_DATE;
    case CUPEL_TIME:
        return CUP_PG_TIME;
    case CUPEL_DATETIME:
        return CUP_PG_TIMESTAMP;
    case CUPEL_DATETIMETZ:
        return CUP_PG_TIMESTAMPTZ;
    case CUPEL_INTERVAL:
        return CUP_PG_INTERVAL;
    case CUPEL_UUID:
        return CUP_PG_UUID;
    case CUPEL_JSON:
        return CUP_PG_JSON;
    case CUPEL_ARRAY:
        return array_oid(kind);
    case CUPEL_NULL:
    case CUPEL_TEXT:
        break;
    }
    return CUP_PG_UNKNOWN;
}

/* Room for `count` parameters; what was in it is lost. One block holds the five
 * arrays, those of the widest members first. */
static cupel_status
reserve(struct cup_pg_params *params, size_t count)
{
    enum { EACH = sizeof(char *) + sizeof(size_t) + 3 * sizeof(int) };
    size_t size = count < 16 ? 16 : count;
    char *memory;

    if (count <= params->size)
        return CUPEL_OK;
    memory = cup_alloc_array(size, EACH);
    if (memory == NULL)
        return cup_nomem();
    cup_free(params->values);
    params->values = (const char **)(void *)memory;
    params->offsets = (size_t *)(void *)(params->values + size);
    params->types = (uint32_t *)(void *)(params->offsets + size);
    params->lengths = (int *)(void *)(params->types + size);
    params->formats = params->lengths + size;
    params->size = size;
    return CUPEL_OK;
}

cupel_status
cup_pg_params_declare(struct cup_pg_params *params,
                      const cupel_request *request)
{
    size_t count = request->value_count;
    cupel_status rc;
    size_t i, set;

    if (count > CUP_PG_PARAMS_MAX)
        return cup_error_set(CUPEL_E_ARGUMENT,
                             "%zu parameters; PostgreSQL takes %d", count,
                             CUP_PG_PARAMS_MAX);
    rc = reserve(params, count);
    if (rc != CUPEL_OK)
        return rc;
    params->count = count;
    for (i = 0; i < count; i++) {
        struct kind kind = { CUPEL_NULL, CUPEL_NULL, false };

        for (set = 0; set < request->set_count; set++) {
            rc = look_at(&kind, i, &request->values[set * count + i]);
            if (rc != CUPEL_OK)
                return rc;
        }
        params->types[i] = oid_of(&kind);
    }
    return CUPEL_OK;
}
