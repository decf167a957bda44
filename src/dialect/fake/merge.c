/* SPDX-License-Identifier: MIT */
/* COMMIT when others committed meanwhile.
 *
 * Three versions are compared: what the transaction began with, what it made of
 * that, and what is committed now. Rows that are the same object in the first
 * two were not touched by it. */
#include "dialect/fake/store.h"

#include "dialect/fake/errors.h"

#include "base/alloc.h"

#include <assert.h>

static cupel_status
conflict(const struct cup_fake_table *table)
{
    return cup_fake_fail("40001",
                         "table \"%s\" was changed by another transaction",
                         table->schema->name);
}

static struct cup_fake_table *
find(const struct cup_fake_data *data, const char *name)
{
    size_t index = cup_fake_table_find(data, name);

    return index != SIZE_MAX ? data->tables[index] : NULL;
}

/* The row of that number at `*at` or nowhere; moves on when it is taken. */
static struct cup_fake_row *
take(const struct cup_fake_table *table, size_t *at, int64_t id)
{
    if (*at < table->count && table->rows[*at]->id == id)
        return table->rows[(*at)++];
    return NULL;
}

static int64_t
lower(const struct cup_fake_table *table, size_t at, int64_t id)
{
    return at < table->count && table->rows[at]->id < id ? table->rows[at]->id
                                                         : id;
}

/* Which of three versions of a row stays; NULL: none. */
static struct cup_fake_row *
choose(struct cup_fake_row *base, struct cup_fake_row *mine,
       struct cup_fake_row *theirs)
{
    if (mine == base || (mine != NULL && base != NULL && theirs == NULL))
        return theirs;
    return mine;
}

/* Check the rows that the transaction changed against the merged whole. */
static cupel_status
check_mine(const struct cup_fake_table *base, const struct cup_fake_table *mine,
           const struct cup_fake_table *merged)
{
    size_t at = 0;

    for (size_t i = 0; i < mine->count; i++) {
        struct cup_fake_row *row = mine->rows[i];
        cupel_status rc;

        while (at < base->count && base->rows[at]->id < row->id)
            at++;
        if (at < base->count && base->rows[at] == row)
            continue;
        rc = cup_fake_check_keys(merged, row);
        if (rc != CUPEL_OK)
            return rc;
    }
    return CUPEL_OK;
}

/* Merge the rows of one table into `out`, which is new and empty. */
static cupel_status
merge_rows(const struct cup_fake_table *base, const struct cup_fake_table *mine,
           const struct cup_fake_table *theirs, struct cup_fake_table *out)
{
    size_t at_base = 0, at_mine = 0, at_theirs = 0;
    cupel_status rc;

    rc = cup_fake_table_reserve(out, mine->count + theirs->count);
    if (rc != CUPEL_OK)
        return rc;
    for (;;) {
        struct cup_fake_row *row;
        int64_t id = INT64_MAX;

        id = lower(base, at_base, id);
        id = lower(mine, at_mine, id);
        id = lower(theirs, at_theirs, id);
        if (id == INT64_MAX)
            break;
        row = choose(take(base, &at_base, id), take(mine, &at_mine, id),
                     take(theirs, &at_theirs, id));
        if (row != NULL)
            out->rows[out->count++] = cup_fake_row_ref(row);
    }
    out->serial = mine->serial > theirs->serial ? mine->serial : theirs->serial;
    return check_mine(base, mine, out);
}

/* Put the merge of one table in the place of theirs. */
static cupel_status
merge_table(struct cup_fake_table *base, struct cup_fake_table *mine,
            struct cup_fake_data *out, size_t index)
{
    struct cup_fake_table *theirs = out->tables[index];
    struct cup_fake_table *merged;
    cupel_status rc;

    if (theirs == base) {
        out->tables[index] = cup_fake_table_ref(mine);
        cup_fake_table_unref(theirs);
        return CUPEL_OK;
    }
    if (mine->schema != theirs->schema)
        return conflict(mine);
    mine->schema->refs++;
    merged = cup_fake_table_new(mine->schema);
    if (merged == NULL)
        return cup_nomem();
    rc = merge_rows(base, mine, theirs, merged);
    if (rc != CUPEL_OK) {
        cup_fake_table_unref(merged);
        return rc;
    }
    out->tables[index] = merged;
    cup_fake_table_unref(theirs);
    return CUPEL_OK;
}

/* Bring one table of the transaction into `out`. */
static cupel_status
bring(struct cup_fake_data *base, struct cup_fake_table *mine,
      struct cup_fake_data *out)
{
    const char *name = mine->schema->name;
    struct cup_fake_table *before = find(base, name);
    size_t index = cup_fake_table_find(out, name);

    if (before == mine)
        return CUPEL_OK;
    if (before != NULL && before->schema == mine->schema)
        return index != SIZE_MAX ? merge_table(before, mine, out, index)
                                 : conflict(mine);
    if (before == NULL && index != SIZE_MAX)
        return conflict(mine);
    if (index != SIZE_MAX)
        cup_fake_table_remove(out, index); /* dropped and made anew */
    return cup_fake_table_add(out, cup_fake_table_ref(mine));
}

static cupel_status
merge_into(struct cup_fake_data *base, struct cup_fake_data *mine,
           struct cup_fake_data *out)
{
    cupel_status rc;
    size_t index;

    for (size_t i = 0; i < mine->count; i++) {
        rc = bring(base, mine->tables[i], out);
        if (rc != CUPEL_OK)
            return rc;
    }
    for (size_t i = 0; i < base->count; i++) {
        const char *name = base->tables[i]->schema->name;

        index = cup_fake_table_find(out, name);
        if (find(mine, name) == NULL && index != SIZE_MAX)
            cup_fake_table_remove(out, index);
    }
    return CUPEL_OK;
}

cupel_status
cup_fake_merge(struct cup_fake_data *base, struct cup_fake_data *mine,
               struct cup_fake_data *theirs, struct cup_fake_data **out)
{
    struct cup_fake_data *merged;
    cupel_status rc;

    if (theirs == base || mine == base) {
        *out = cup_fake_data_ref(mine == base ? theirs : mine);
        return CUPEL_OK;
    }
    merged = cup_fake_data_ref(theirs);
    rc = cup_fake_data_own(&merged);
    if (rc == CUPEL_OK)
        rc = merge_into(base, mine, merged);
    if (rc != CUPEL_OK) {
        cup_fake_data_unref(merged);
        return rc;
    }
    *out = merged;
    return CUPEL_OK;
}
