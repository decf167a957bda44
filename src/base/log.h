/* SPDX-License-Identifier: MIT */
/* Log lines on their way to the user's hook. */
#ifndef CUP_BASE_LOG_H
#define CUP_BASE_LOG_H

#include <cupel/error.h>

/* Whether anybody listens at this level: ask before building a text. */
bool
cup_log_on(cupel_log_level level);

void
cup_log(cupel_log_level level, const char *logger, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
