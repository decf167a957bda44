/* SPDX-License-Identifier: MIT */
/* Which of two values is the smaller one. */
#ifndef CUP_SQL_VALUE_ORDER_H
#define CUP_SQL_VALUE_ORDER_H

#include <cupel/value.h>

/* Whether the two have an order; then `order` is negative, 0 or positive as the
 * left one is smaller, equal or larger, and 0 exactly when cupel_value_equal()
 * says that they are equal. Values of two types have none; neither have NULL
 * and a value, nor two JSON documents, unless they are equal. */
bool
cup_value_order(const cupel_value *left, const cupel_value *right, int *order);

#endif
