/* SPDX-License-Identifier: MIT */
/* A batch of cells. Two blocks that double, kept from one use to the next while
 * they are small. */
#include "dialect/sqlite/batch.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"

enum {
    CELLS_FIRST = 64,
    BYTES_FIRST = 1024,
    CELLS_KEPT = 4096,      /* 64 KiB */
    BYTES_KEPT = 128 * 1024 /* of an emptied batch */
};

void
cup_sqlite_batch_fini(struct cup_sqlite_batch *batch)
{
    cup_free(batch->cells);
    cup_free(batch->bytes);
    memset(batch, 0, sizeof *batch);
}

void
cup_sqlite_batch_clear(struct cup_sqlite_batch *batch)
{
    batch->cell_count = 0;
    batch->len = 0;
}

void
cup_sqlite_batch_reset(struct cup_sqlite_batch *batch)
{
    if (batch->cell_size > CELLS_KEPT || batch->size > BYTES_KEPT)
        cup_sqlite_batch_fini(batch);
    else
        cup_sqlite_batch_clear(batch);
}

struct cup_sqlite_mark
cup_sqlite_batch_mark(const struct cup_sqlite_batch *batch)
{
    return (struct cup_sqlite_mark){ batch->cell_count, batch->len };
}

void
cup_sqlite_batch_cut(struct cup_sqlite_batch *batch,
                     struct cup_sqlite_mark mark)
{
    assert(mark.cell_count <= batch->cell_count);
    assert(mark.len <= batch->len);
    batch->cell_count = mark.cell_count;
    batch->len = mark.len;
}

/* The next size for `used` + `more` things; 0 when that overflows. */
static size_t
grown(size_t size, size_t used, size_t more, size_t first)
{
    if (more > SIZE_MAX / 2 - used)
        return 0;
    if (size == 0)
        size = first;
    while (size < used + more)
        size *= 2;
    return size;
}

struct cup_sqlite_cell *
cup_sqlite_batch_cells(struct cup_sqlite_batch *batch, size_t count)
{
    struct cup_sqlite_cell *cells;
    size_t size;

    if (count > batch->cell_size - batch->cell_count) {
        size = grown(batch->cell_size, batch->cell_count, count, CELLS_FIRST);
        if (size == 0)
            return NULL;
        cells = cup_realloc_array(batch->cells, size, sizeof *cells);
        if (cells == NULL)
            return NULL;
        batch->cells = cells;
        batch->cell_size = size;
    }
    cells = batch->cells + batch->cell_count;
    batch->cell_count += count;
    return cells;
}

bool
cup_sqlite_batch_bytes(struct cup_sqlite_batch *batch,
                       struct cup_sqlite_cell *cell, const void *data,
                       size_t len)
{
    char *bytes;
    size_t size;

    assert(len <= UINT32_MAX);
    if (len > batch->size - batch->len) {
        size = grown(batch->size, batch->len, len, BYTES_FIRST);
        if (size == 0)
            return false;
        bytes = cup_realloc_array(batch->bytes, size, 1);
        if (bytes == NULL)
            return false;
        batch->bytes = bytes;
        batch->size = size;
    }
    if (len > 0)
        memcpy(batch->bytes + batch->len, data, len);
    cell->as.offset = batch->len;
    cell->len = (uint32_t)len;
    batch->len += len;
    return true;
}
