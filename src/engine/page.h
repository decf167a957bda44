/* SPDX-License-Identifier: MIT */
/* Several rows at once, and rows that outlive their batch. */
#ifndef CUP_ENGINE_PAGE_H
#define CUP_ENGINE_PAGE_H

#include "engine/result.h"

/* Up to `count` rows into arrays of `arena`. Rows of a stream are copied there,
 * unless they are all in its present batch and stay no longer than that.
 * Yields. NOMEM, what fetching answers: rows read before a failure are lost. */
cupel_status
cup_page_rows(struct cup_view *view, size_t count, struct cup_arena *arena,
              const cupel_row *const **out, size_t *found);

/* The same with the first value of each. Yields. */
cupel_status
cup_page_values(struct cup_view *view, size_t count, struct cup_arena *arena,
                const cupel_value **out, size_t *found);

/* Keep a row of the batch until the view is freed. NOMEM, DATA. */
cupel_status
cup_page_keep(struct cup_view *view, const cupel_row *row,
              const cupel_row **out);

#endif
