/* SPDX-License-Identifier: MIT */
/* The log as a test reads it: lines kept in order. */
#ifndef TESTS_SUPPORT_LOG_LINES_H
#define TESTS_SUPPORT_LOG_LINES_H

#include <cupel/error.h>
#include <regex.h>
#include <stdio.h>

#include "support/test.h"

enum { LOG_LINES = 64, LOG_LINE_SIZE = 1024 };

/* What was logged since log_lines_begin(). */
static struct {
    size_t count;
    cupel_log_level levels[LOG_LINES];
    char loggers[LOG_LINES][128];
    char texts[LOG_LINES][LOG_LINE_SIZE];
} log_lines;

static inline void
log_lines_keep(void *context, cupel_log_level level, const char *logger,
               const char *message)
{
    size_t at = log_lines.count;

    (void)context;
    CHECK(at < LOG_LINES);
    log_lines.levels[at] = level;
    snprintf(log_lines.loggers[at], sizeof log_lines.loggers[at], "%s", logger);
    snprintf(log_lines.texts[at], LOG_LINE_SIZE, "%s", message);
    log_lines.count++;
}

/* Listen from this level on. */
static inline void
log_lines_begin(cupel_log_level least)
{
    log_lines.count = 0;
    cupel_log_set(log_lines_keep, NULL, least);
}

static inline void
log_lines_end(void)
{
    cupel_log_set(NULL, NULL, CUPEL_LOG_ERROR);
}

/* Whether line `at` matches the extended regular expression as a whole. */
static inline void
log_lines_match(size_t at, const char *pattern)
{
    char whole[LOG_LINE_SIZE];
    regex_t regex;

    if (at >= log_lines.count)
        fail_msg("there are %zu lines, none matches %s", log_lines.count,
                 pattern);
    snprintf(whole, sizeof whole, "^%s$", pattern);
    CHECK_INT(regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB), 0);
    if (regexec(&regex, log_lines.texts[at], 0, NULL, 0) != 0)
        fail_msg("line %zu is \"%s\", not %s", at, log_lines.texts[at],
                 pattern);
    regfree(&regex);
}

/* The lines so far, in order, as whole patterns; then they are forgotten. */
#define CHECK_LINES(...)                                             \
    do {                                                             \
        static const char *const patterns_[] = { __VA_ARGS__ };      \
        size_t at_, count_ = sizeof patterns_ / sizeof patterns_[0]; \
        for (at_ = 0; at_ < count_; at_++)                           \
            log_lines_match(at_, patterns_[at_]);                    \
        CHECK_INT(log_lines.count, count_);                          \
        log_lines.count = 0;                                         \
    } while (0)

#endif
