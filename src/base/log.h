/* SPDX-License-Identifier: MIT */
/* Log lines on their way to the user's hook. */
#ifndef CUP_BASE_LOG_H
#define CUP_BASE_LOG_H

#include <cupel/error.h>
#include <stdatomic.h>

/* The logger of warnings: what a program does that it probably does not mean.
 */
#define CUP_LOG_WARNINGS "cupel.warnings"

/* The least level that the hook takes; INT_MAX while there is none. */
extern atomic_int cup_log_least;

/* Whether anybody listens at this level: ask before building a text. */
static inline bool
cup_log_on(cupel_log_level level)
{
    return (int)level >=
           atomic_load_explicit(&cup_log_least, memory_order_relaxed);
}

/* One line: cut where it gets too long, without control characters. */
void
cup_log(cupel_log_level level, const char *logger, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Hand over a text as it is, whatever the hook's least level; if there is no
 * hook, to cupel_log_stderr(). */
void
cup_log_hand_over(cupel_log_level level, const char *logger, const char *text);

#endif
