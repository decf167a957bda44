/* SPDX-License-Identifier: MIT */
/* One hook for the whole process. Its three parts are atomics so that any
 * thread may ask whether somebody listens; the level is stored last, so a
 * thread that sees it sees the hook too. */
#include "base/log.h"

#include <limits.h>
#include <stdio.h>
#include <time.h>

#include "base/text.h"

enum { LINE_SIZE = 1024, NOBODY = INT_MAX };

static _Atomic(cupel_log_fn *) hook;
static _Atomic(void *) hook_context;
atomic_int cup_log_least = NOBODY;

void
cupel_log_set(cupel_log_fn *log, void *context, cupel_log_level least)
{
    atomic_store(&cup_log_least, NOBODY);
    atomic_store(&hook, log);
    atomic_store(&hook_context, context);
    if (log != NULL)
        atomic_store(&cup_log_least, (int)least);
}

static const char *
level_name(cupel_log_level level)
{
    if (level >= CUPEL_LOG_ERROR)
        return "ERROR";
    if (level >= CUPEL_LOG_WARNING)
        return "WARNING";
    return level >= CUPEL_LOG_INFO ? "INFO" : "DEBUG";
}

void
cupel_log_stderr(void *context, cupel_log_level level, const char *logger,
                 const char *message)
{
    char when[32] = "";
    struct timespec now;
    struct tm parts;

    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    if (localtime_r(&now.tv_sec, &parts) != NULL)
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &parts);
    fprintf(stderr, "%s,%03d %s %s %s\n", when, (int)(now.tv_nsec / 1000000),
            level_name(level), logger == NULL ? "" : logger,
            message == NULL ? "" : message);
}

void
cup_log(cupel_log_level level, const char *logger, const char *format, ...)
{
    char line[LINE_SIZE];
    cupel_log_fn *log;
    va_list args;

    if (!cup_log_on(level))
        return;
    log = atomic_load(&hook);
    if (log == NULL)
        return;
    va_start(args, format);
    cup_text_vline(line, sizeof line, format, args);
    va_end(args);
    (*log)(atomic_load(&hook_context), level, logger, line);
}

void
cup_log_hand_over(cupel_log_level level, const char *logger, const char *text)
{
    cupel_log_fn *log = atomic_load(&hook);

    if (log != NULL)
        (*log)(atomic_load(&hook_context), level, logger, text);
    else
        cupel_log_stderr(NULL, level, logger, text);
}
