/* SPDX-License-Identifier: MIT */
/* Several rows at once, and rows that outlive their batch. */
#ifndef CUP_ENGINE_PAGE_H
#define CUP_ENGINE_PAGE_H

#include "engine/result.h"

/* Up to `count` rows into arrays of `arena`. Rows of a stream are copied there,
 * unless they are all in its present batch. Yields. NOMEM, what fetching
 * answers: rows read before a failure are lost. */
cupel_status
cup_page_fetch(cupel_result *result, size_t count, struct cup_arena *arena,
               const cupel_row *const **out, size_t *found);

/* Keep one line of the batch until the result is freed. NOMEM, DATA. */
cupel_status
cup_page_keep(cupel_result *result, size_t line, const cupel_row **out);

#endif
