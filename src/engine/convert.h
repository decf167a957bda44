/* SPDX-License-Identifier: MIT */
/* Values of one type as another. */
#ifndef CUP_ENGINE_CONVERT_H
#define CUP_ENGINE_CONVERT_H

#include <cupel/value.h>

/* `in` as a value of `type`: as it is, or converted where that is exact, or
 * parsed from text. NULL stays NULL. False if it does not convert. The out may
 * point at what `in` points at. Sets no error that has to stay. */
bool
cup_convert(const cupel_value *in, cupel_type type, cupel_value *out);

#endif
