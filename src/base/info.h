/* SPDX-License-Identifier: MIT */
/* Values by name, in place: a short array, since nobody keeps many. */
#ifndef CUP_BASE_INFO_H
#define CUP_BASE_INFO_H

#include <cupel/info.h>

struct cup_info_entry;

/* Zeroed memory is an empty one. */
struct cupel_info {
    struct cup_info_entry *entries; /* owned; NULL: none ever */
    size_t count;
    size_t capacity;
    bool ending; /* nothing is set any more */
};

/* Forget everything and free the memory. */
void
cup_info_fini(struct cupel_info *info);

/* Give everything to `to`, which was empty; `from` is empty afterwards. */
void
cup_info_move(struct cupel_info *from, struct cupel_info *to);

#endif
