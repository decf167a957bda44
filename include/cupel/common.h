/* SPDX-License-Identifier: MIT */
/**
 * @file
 * What every other header needs: export marks, the version, time.
 */
#ifndef CUPEL_COMMON_H
#define CUPEL_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Opens the declarations of a header, for C++ too. @since 0.1 */
#ifdef __cplusplus
#define CUPEL_BEGIN_DECLS extern "C" {
#else
#define CUPEL_BEGIN_DECLS
#endif

/** Closes them. @since 0.1 */
#ifdef __cplusplus
#define CUPEL_END_DECLS }
#else
#define CUPEL_END_DECLS
#endif

/** Exported. @since 0.1 */
#if defined(__GNUC__)
#define CUPEL_API __attribute__((visibility("default")))
#else
#define CUPEL_API
#endif

/** Exported, and the compiler warns when the answer is dropped. @since 0.1 */
#if defined(__GNUC__)
#define CUPEL_CHECKED __attribute__((visibility("default"), warn_unused_result))
#else
#define CUPEL_CHECKED
#endif

/** The first number of the version these headers belong to. @since 0.1 */
#define CUPEL_VERSION_MAJOR 0
/** The second number of the version. @since 0.1 */
#define CUPEL_VERSION_MINOR 1
/** The third number of the version. @since 0.1 */
#define CUPEL_VERSION_PATCH 0
/**
 * The version in one number; compare it with cupel_version_number().
 * @since 0.1
 */
#define CUPEL_VERSION_NUMBER                                   \
    (CUPEL_VERSION_MAJOR * 10000 + CUPEL_VERSION_MINOR * 100 + \
     CUPEL_VERSION_PATCH)

/**
 * An options struct ready to be filled: CUPEL_OPTIONS(cupel_engine_options).
 * @since 0.1
 */
#define CUPEL_OPTIONS(type)         \
    {                               \
        .struct_size = sizeof(type) \
    }

CUPEL_BEGIN_DECLS

/**
 * A point in time: milliseconds on the monotonic clock, absolute. Every wait
 * of the library takes one of these, never a span, so that a call made of
 * several waits passes the same number through all of them.
 * @since 0.1
 */
typedef int64_t cupel_time;

/** No deadline. Nothing waits for ever unless this was said. @since 0.1 */
#define CUPEL_FOREVER INT64_MAX

/** Now, on the clock that deadlines are measured by. @since 0.1 */
CUPEL_API cupel_time
cupel_now(void);

/**
 * The deadline `span_ms` milliseconds from now; saturates at CUPEL_FOREVER.
 * @since 0.1
 */
CUPEL_API cupel_time
cupel_deadline_in(int64_t span_ms);

/** The library's version as text, "0.1.0". Static. @since 0.1 */
CUPEL_API const char *
cupel_version(void);

/**
 * The library's version as CUPEL_VERSION_NUMBER had it when it was built.
 * @since 0.1
 */
CUPEL_API int
cupel_version_number(void);

/**
 * Where the library takes its memory from. The three must behave as malloc,
 * realloc and free do; `context` is handed back to each.
 * @since 0.1
 */
typedef struct cupel_allocator {
    size_t struct_size; /**< sizeof(cupel_allocator) */
    void *context;      /**< handed to the three, otherwise not looked at */
    /** As malloc. */
    void *(*allocate)(void *context, size_t size_bytes);
    /** As realloc. */
    void *(*reallocate)(void *context, void *memory, size_t size_bytes);
    /** As free. */
    void (*release)(void *context, void *memory);
} cupel_allocator;

/**
 * Replace malloc for the whole library. Call it before anything else and from
 * one thread: memory taken from one allocator is never given to another. NULL
 * restores the C library's. Task stacks are mapped, and libpq, sqlite and uv
 * keep their own allocators.
 * @since 0.1
 */
CUPEL_API void
cupel_allocator_set(const cupel_allocator *allocator);

CUPEL_END_DECLS

#endif
