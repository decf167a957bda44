/* SPDX-License-Identifier: MIT */
/* What a unique view has seen: the keys of its rows, in a map. A key is bytes
 * that equal values have in common, so that any kind of value can be told from
 * others. */
#include "engine/unique.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "engine/tuple.h"
#include "sql/value.h"

struct cup_unique {
    struct cup_strategy strategy;
    struct cup_map seen;   /* its keys are in the arena */
    struct cup_arena keys; /* one for each kind of row that was seen */
    struct cup_buf key;    /* of the row under consideration */
};

struct cup_unique *
cup_unique_new(const struct cup_strategy *strategy)
{
    struct cup_unique *unique = cup_alloc(sizeof *unique);

    if (unique == NULL) {
        cup_ignore(cup_nomem(), "the caller returns NOMEM for our NULL");
        return NULL;
    }
    unique->strategy = *strategy;
    cup_buf_init(&unique->key, SIZE_MAX / 2);
    return unique;
}

void
cup_unique_free(struct cup_unique *unique)
{
    if (unique == NULL)
        return;
    cup_map_fini(&unique->seen);
    cup_arena_fini(&unique->keys);
    cup_buf_fini(&unique->key);
    cup_free(unique);
}

const struct cup_strategy *
cup_unique_strategy(const struct cup_unique *unique)
{
    return &unique->strategy;
}

/* A failure of the strategy may come with ROW or another number that is no
 * failure at all. */
static cupel_status
add_chosen(struct cup_unique *unique, cupel_status rc, const cupel_value *key)
{
    if (rc < CUPEL_OK)
        return rc;
    cup_value_key(&unique->key, key);
    return unique->key.failed;
}

/* Write the row's key. */
static cupel_status
write_key(struct cup_unique *unique, const cupel_row *row)
{
    const struct cup_strategy *strategy = &unique->strategy;
    cupel_value value, key = cupel_null();
    cupel_status rc;

    cup_buf_clear(&unique->key);
    if (strategy->row_key != NULL)
        return add_chosen(unique, strategy->row_key(row, strategy->arg, &key),
                          &key);
    if (strategy->value_key != NULL) {
        rc = cupel_row_get(row, 0, &value);
        if (rc != CUPEL_OK)
            return rc;
        return add_chosen(
            unique, strategy->value_key(&value, strategy->arg, &key), &key);
    }
    return cup_row_key(row, &unique->key);
}

cupel_status
cup_unique_see(struct cup_unique *unique, const cupel_row *row, bool *fresh)
{
    cupel_status rc = write_key(unique, row);
    struct cup_buf *key = &unique->key;
    char *kept;

    *fresh = false;
    if (rc != CUPEL_OK)
        return rc;
    if (cup_map_get(&unique->seen, key->data, key->len) != NULL)
        return CUPEL_OK;
    kept = cup_arena_strndup(&unique->keys, key->data, key->len);
    if (kept == NULL)
        return cup_nomem();
    rc = cup_map_put(&unique->seen, kept, key->len, kept);
    *fresh = rc == CUPEL_OK;
    return rc;
}
