/* SPDX-License-Identifier: MIT */
/* Loggers: a name, and a level past the hook's. */
#include "base/logger.h"

#include <stdio.h>

#include "support/test.h"

static char last_line[4096];
static char last_logger[128];
static int line_count;

static void
keep(void *context, cupel_log_level level, const char *logger,
     const char *message)
{
    (void)context;
    (void)level;
    snprintf(last_line, sizeof last_line, "%s", message);
    snprintf(last_logger, sizeof last_logger, "%s", logger);
    line_count++;
}

TEST(a_logger_of_no_level_follows_the_hook)
{
    struct cup_logger logger;

    cup_logger_init(&logger, "cupel.engine.Engine", NULL, 0);
    CHECK_STR(logger.name, "cupel.engine.Engine");
    CHECK(!cup_logger_on(&logger, CUPEL_LOG_ERROR));
    cupel_log_set(keep, NULL, CUPEL_LOG_WARNING);
    line_count = 0;
    CHECK(!cup_logger_on(&logger, CUPEL_LOG_INFO));
    cup_logger_write(&logger, CUPEL_LOG_INFO, "quiet");
    CHECK_INT(line_count, 0);
    cup_logger_write(&logger, CUPEL_LOG_WARNING, "%d\nloud", 1);
    CHECK_STR(last_line, "1 loud");
    CHECK_STR(last_logger, "cupel.engine.Engine");
    cupel_log_set(NULL, NULL, CUPEL_LOG_DEBUG);
}

TEST(a_logger_with_a_level_speaks_past_the_hooks)
{
    struct cup_logger logger;
    char text[3001];

    memset(text, 'x', 3000);
    text[3000] = '\0';
    cupel_log_set(keep, NULL, CUPEL_LOG_ERROR);
    cup_logger_init(&logger, "cupel.pool.NullPool", "mine", CUPEL_LOG_INFO);
    CHECK(cup_logger_on(&logger, CUPEL_LOG_INFO));
    CHECK(!cup_logger_on(&logger, CUPEL_LOG_DEBUG));
    cup_logger_text(&logger, CUPEL_LOG_INFO, text);
    CHECK_STR(last_line, text);
    CHECK_STR(last_logger, "cupel.pool.NullPool.mine");
    cup_logger_text(&logger, CUPEL_LOG_INFO, "SELECT\n1");
    CHECK_STR(last_line, "SELECT\n1");
    cupel_log_set(NULL, NULL, CUPEL_LOG_DEBUG);
}

TEST(a_name_that_is_too_long_is_cut_at_a_character)
{
    struct cup_logger logger;
    char name[201];
    size_t i;

    for (i = 0; i < 200; i += 2)
        memcpy(name + i, "\xc3\xa9", 2);
    name[200] = '\0';
    cup_logger_init(&logger, "cupel", name, 0);
    CHECK_INT(strlen(logger.name), 94);
    cup_logger_init(&logger, "cupel", "", 0);
    CHECK_STR(logger.name, "cupel");
}
