/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/batch.h"

#include "../base/failing_alloc.h"

#include <stdio.h>

TEST(an_empty_batch_needs_no_memory)
{
    struct cup_sqlite_batch batch = { 0 };

    failing_alloc_install(1, true);
    cup_sqlite_batch_clear(&batch);
    cup_sqlite_batch_reset(&batch);
    cup_sqlite_batch_fini(&batch);
    failing_alloc_end();
}

TEST(cells_and_bytes_survive_growing)
{
    struct cup_sqlite_batch batch = { 0 };
    struct cup_sqlite_cell *cell;
    char word[16];
    size_t i;

    for (i = 0; i < 5000; i++) {
        cell = cup_sqlite_batch_cells(&batch, 1);
        snprintf(word, sizeof word, "w%zu", i);
        CHECK(cup_sqlite_batch_bytes(&batch, cell, word, strlen(word)));
    }
    CHECK_INT(batch.cell_count, 5000);
    for (i = 0; i < 5000; i++) {
        snprintf(word, sizeof word, "w%zu", i);
        cell = &batch.cells[i];
        CHECK_INT(cell->len, strlen(word));
        CHECK(memcmp(cup_sqlite_cell_data(&batch, cell), word, cell->len) == 0);
    }
    cup_sqlite_batch_fini(&batch);
}

TEST(no_bytes_still_point_somewhere)
{
    struct cup_sqlite_batch batch = { 0 };
    struct cup_sqlite_cell *cell = cup_sqlite_batch_cells(&batch, 1);

    CHECK(cup_sqlite_batch_bytes(&batch, cell, NULL, 0));
    CHECK(cup_sqlite_cell_data(&batch, cell) != NULL);
    cup_sqlite_batch_fini(&batch);
}

TEST(a_batch_is_cut_back_to_a_mark)
{
    struct cup_sqlite_batch batch = { 0 };
    struct cup_sqlite_cell *cell = cup_sqlite_batch_cells(&batch, 1);
    struct cup_sqlite_mark mark;

    CHECK(cup_sqlite_batch_bytes(&batch, cell, "one", 3));
    mark = cup_sqlite_batch_mark(&batch);
    cell = cup_sqlite_batch_cells(&batch, 2);
    CHECK(cup_sqlite_batch_bytes(&batch, cell, "two", 3));
    cup_sqlite_batch_cut(&batch, mark);
    CHECK_INT(batch.cell_count, 1);
    CHECK_INT(batch.len, 3);
    cup_sqlite_batch_fini(&batch);
}

TEST(a_small_batch_keeps_its_memory)
{
    struct cup_sqlite_batch batch = { 0 };

    CHECK(cup_sqlite_batch_cells(&batch, 10) != NULL);
    cup_sqlite_batch_reset(&batch);
    CHECK(batch.cells != NULL);
    CHECK_INT(batch.cell_count, 0);
    cup_sqlite_batch_fini(&batch);
}

TEST(a_large_batch_gives_its_memory_back)
{
    struct cup_sqlite_batch batch = { 0 };

    CHECK(cup_sqlite_batch_cells(&batch, 100000) != NULL);
    cup_sqlite_batch_reset(&batch);
    CHECK(batch.cells == NULL);
}

TEST(without_memory_a_batch_stays_as_it_was)
{
    static const char large[1 << 16];
    struct cup_sqlite_batch batch = { 0 };
    struct cup_sqlite_cell *cell;

    failing_alloc_install(0, false);
    cell = cup_sqlite_batch_cells(&batch, 1);
    CHECK(cup_sqlite_batch_bytes(&batch, cell, "kept", 4));
    failing_alloc.fail_at = failing_alloc.calls + 1;
    failing_alloc.for_good = true;
    CHECK(cup_sqlite_batch_cells(&batch, 1000) == NULL);
    CHECK(!cup_sqlite_batch_bytes(&batch, cell, large, sizeof large));
    CHECK_INT(batch.cell_count, 1);
    CHECK(memcmp(cup_sqlite_cell_data(&batch, &batch.cells[0]), "kept", 4) ==
          0);
    cup_sqlite_batch_fini(&batch);
    failing_alloc_end();
}

TEST(a_count_that_overflows_is_no_memory)
{
    struct cup_sqlite_batch batch = { 0 };

    CHECK(cup_sqlite_batch_cells(&batch, SIZE_MAX) == NULL);
    CHECK(cup_sqlite_batch_cells(&batch, SIZE_MAX / 4) == NULL);
    cup_sqlite_batch_fini(&batch);
}
