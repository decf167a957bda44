/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What a program keeps with a connection: values of its own, by name.
 */
#ifndef CUPEL_INFO_H
#define CUPEL_INFO_H

#include <cupel/error.h>

CUPEL_BEGIN_DECLS

/**
 * Values by name. The pool keeps two for each connection: one that lives as
 * long as the connection to the database, one that outlives it and is there
 * again when the pool has replaced it. Use it where the connection is used.
 * @since 0.1
 */
typedef struct cupel_info cupel_info;

/**
 * Frees a value that is replaced, removed, or goes with its connection. Must
 * not wait for anything, nor use an engine or a pool: that of a blocking engine
 * is locked while a connection goes.
 * @since 0.1
 */
typedef void
cupel_info_free_fn(void *value);

/**
 * Keep `value` under `name` (copied), in the place of what was there. With
 * `free_value` (may be NULL) the info owns it from now on, unless this fails.
 * NOMEM; ARGUMENT without an info or a name; INVALID when the connection that
 * it belongs to is ending.
 * @since 0.1
 */
CUPEL_CHECKED cupel_status
cupel_info_set(cupel_info *info, const char *name, void *value,
               cupel_info_free_fn *free_value);

/** What is kept under `name`; NULL: nothing. Borrowed. @since 0.1 */
CUPEL_API void *
cupel_info_get(const cupel_info *info, const char *name);

/** Forget what is kept under `name`. False if that was nothing. @since 0.1 */
CUPEL_API bool
cupel_info_remove(cupel_info *info, const char *name);

/** Forget everything. @since 0.1 */
CUPEL_API void
cupel_info_clear(cupel_info *info);

/** How many values there are. @since 0.1 */
CUPEL_API size_t
cupel_info_count(const cupel_info *info);

/**
 * The name of one of them, in the order they were first set in. Borrowed until
 * it is removed. NULL out of range.
 * @since 0.1
 */
CUPEL_API const char *
cupel_info_name(const cupel_info *info, size_t index);

CUPEL_END_DECLS

#endif
