/* SPDX-License-Identifier: MIT */
/* Fetching, as futures: whatever handle it is asked of. */
#ifndef CUP_ASYNC_FETCH_H
#define CUP_ASYNC_FETCH_H

#include "async/async.h"
#include "engine/view.h"

/* The view behind a handle; NULL for NULL, which every call on it refuses. */
static inline struct cup_view *
cup_async_view(const struct cup_async_rows *rows)
{
    return rows == NULL ? NULL : rows->view;
}

/* The next row, or value. */
cupel_future *
cup_fetch_row(struct cup_async_rows *rows, const cupel_row **out);
cupel_future *
cup_fetch_value(struct cup_async_rows *rows, cupel_value *out);

/* The first one, or the only one; then close. */
cupel_future *
cup_fetch_single(struct cup_async_rows *rows, enum cup_single which,
                 const cupel_row **out);
cupel_future *
cup_fetch_single_value(struct cup_async_rows *rows, enum cup_single which,
                       cupel_value *out);

/* Several of them. */
cupel_future *
cup_fetch_several(struct cup_async_rows *rows, enum cup_several which,
                  size_t count, const cupel_row *const **out, size_t *found);
cupel_future *
cup_fetch_several_values(struct cup_async_rows *rows, enum cup_several which,
                         size_t count, const cupel_value **out, size_t *found);

/* All of them, to keep. */
cupel_future *
cup_fetch_frozen(struct cup_async_rows *rows, cupel_frozen_result **out);

cupel_future *
cup_fetch_close(struct cup_async_rows *rows);

/* Close, and hand `status` on. The user's share becomes the future's. */
cupel_future *
cup_fetch_exit(struct cup_async_rows *rows, cupel_status status);

#endif
