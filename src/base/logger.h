/* SPDX-License-Identifier: MIT */
/* The voice of one engine or one pool: a name, and a level of its own if the
 * user asked for its echo. */
#ifndef CUP_BASE_LOGGER_H
#define CUP_BASE_LOGGER_H

#include "base/log.h"

enum { CUP_LOGGER_NAME_SIZE = 96 };

/* By value. Zeroed memory is a logger without a name. */
struct cup_logger {
    int level; /* a cupel_log_level; 0: the hook's level decides */
    char name[CUP_LOGGER_NAME_SIZE];
};

/* `name` behind a point if it is not NULL or ""; what is too long is cut. */
void
cup_logger_init(struct cup_logger *logger, const char *part, const char *name,
                int level);

/* Whether a line of this level goes anywhere: ask before building one. */
static inline bool
cup_logger_on(const struct cup_logger *logger, cupel_log_level level)
{
    return logger->level != 0 ? (int)level >= logger->level : cup_log_on(level);
}

/* One line: cut where it gets too long, without control characters. Nothing
 * happens if the level is not on. */
void
cup_logger_write(const struct cup_logger *logger, cupel_log_level level,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A text of any length, as it is, the level being on. */
void
cup_logger_text(const struct cup_logger *logger, cupel_log_level level,
                const char *text);

#endif
