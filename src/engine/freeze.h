/* SPDX-License-Identifier: MIT */
/* Frozen results. */
#ifndef CUP_ENGINE_FREEZE_H
#define CUP_ENGINE_FREEZE_H

#include "engine/result.h"

/* As cupel_result_freeze(). Yields. */
cupel_status
cup_view_freeze(struct cup_view *view, cupel_frozen_result **out);

#endif
