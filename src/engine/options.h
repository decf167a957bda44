/* SPDX-License-Identifier: MIT */
/* Engine options with their defaults filled in. */
#ifndef CUP_ENGINE_OPTIONS_H
#define CUP_ENGINE_OPTIONS_H

#include <cupel/engine.h>

/* Every field as it is meant: defaults for zeros, 0 for CUPEL_ZERO. `given` may
 * be NULL. ARGUMENT for negative numbers and fields from the future. */
cupel_status
cup_options_complete(const cupel_engine_options *given,
                     cupel_engine_options *out);

#endif
