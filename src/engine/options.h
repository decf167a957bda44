/* SPDX-License-Identifier: MIT */
/* Engine options: completed, merged, and told apart by the pool they need. */
#ifndef CUP_ENGINE_OPTIONS_H
#define CUP_ENGINE_OPTIONS_H

#include <cupel/options.h>

/* Every field as it is meant: defaults for zeros, 0 for CUPEL_ZERO, OFF for
 * switches that were not set (but not for the two echoes). `given` may be NULL.
 * ARGUMENT for negative numbers, values that do not exist, fields from the
 * future. */
cupel_status
cup_options_complete(const cupel_engine_options *given,
                     cupel_engine_options *out);

/* What `given` (may be NULL) sets, over `options`. ARGUMENT as above. */
cupel_status
cup_options_overlay(const cupel_engine_options *given,
                    cupel_engine_options *options);

/* Refuse, with TYPE and their names, options that a pool of this class (not
 * DEFAULT) does not have; with a ready pool, every pool option. `dialect` is
 * named in the message. `given` may be NULL and is as the caller made it. */
cupel_status
cup_options_check_pool(const cupel_engine_options *given,
                       cupel_pool_class poolclass, const char *dialect);

/* The class's name in the reference: "StaticPool". */
const char *
cup_pool_class_name(cupel_pool_class poolclass);

/* The level of the logger that an `echo` asks for; 0: the log hook's decides.
 */
int
cup_echo_level(cupel_toggle echo);

/* "true" and "false" and their like, in any case and with space around them.
 * VALUE for anything else. */
cupel_status
cup_option_bool(const char *text, bool *out);

#endif
