/* SPDX-License-Identifier: MIT */
/* The rows of a statement that gives none, when no driver was asked. */
#ifndef CUP_ENGINE_NOROWS_H
#define CUP_ENGINE_NOROWS_H

#include <cupel/ext/dialect.h>

/* Owned by the caller, as rows of a driver are. NULL: no memory, recorded. */
cupel_rows *
cup_no_rows(void);

#endif
