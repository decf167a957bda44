/* SPDX-License-Identifier: MIT */
/* The log hook. */
#include "base/log.h"

#include "support/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static char last_line[2048];
static char last_logger[32];
static cupel_log_level last_level;
static int line_count;

static void
keep(void *context, cupel_log_level level, const char *logger,
     const char *message)
{
    CHECK(context == &line_count);
    CHECK(strlen(message) < sizeof last_line);
    strcpy(last_line, message);
    strcpy(last_logger, logger);
    last_level = level;
    line_count++;
}

TEST(nobody_listens_at_first)
{
    CHECK(!cup_log_on(CUPEL_LOG_ERROR));
    cup_log(CUPEL_LOG_ERROR, "cupel.test", "lost");
}

TEST(lines_of_the_level_and_above_reach_the_hook)
{
    line_count = 0;
    cupel_log_set(keep, &line_count, CUPEL_LOG_WARNING);
    CHECK(!cup_log_on(CUPEL_LOG_INFO));
    CHECK(cup_log_on(CUPEL_LOG_WARNING));
    CHECK(cup_log_on(CUPEL_LOG_ERROR));
    cup_log(CUPEL_LOG_INFO, "cupel.test", "too quiet");
    CHECK_INT(line_count, 0);
    cup_log(CUPEL_LOG_ERROR, "cupel.test", "%s: %d", "loud", 7);
    CHECK_INT(line_count, 1);
    CHECK_STR(last_line, "loud: 7");
    CHECK_STR(last_logger, "cupel.test");
    CHECK_INT(last_level, CUPEL_LOG_ERROR);

    cupel_log_set(NULL, NULL, CUPEL_LOG_DEBUG);
    CHECK(!cup_log_on(CUPEL_LOG_ERROR));
    cup_log(CUPEL_LOG_ERROR, "cupel.test", "gone");
    CHECK_INT(line_count, 1);
}

TEST(a_log_line_is_one_line_of_bounded_length)
{
    char text[3000];

    memset(text, 'x', sizeof text);
    text[0] = '\n';
    text[sizeof text - 1] = '\0';
    cupel_log_set(keep, &line_count, CUPEL_LOG_DEBUG);
    cup_log(CUPEL_LOG_DEBUG, "cupel.test", "%s", text);
    cupel_log_set(NULL, NULL, CUPEL_LOG_DEBUG);
    CHECK_INT(last_line[0], ' ');
    CHECK_INT(strlen(last_line), 1023);
}

static void
count(void *context, cupel_log_level level, const char *logger,
      const char *message)
{
    (void)level;
    (void)logger;
    (void)message;
    atomic_fetch_add((atomic_int *)context, 1);
}

static void *
log_much(void *unused)
{
    int i;

    (void)unused;
    for (i = 0; i < 1000; i++)
        cup_log(CUPEL_LOG_INFO, "cupel.test", "line %d", i);
    return NULL;
}

TEST(threads_log_at_the_same_time)
{
    static atomic_int counted;
    pthread_t threads[4];
    int i;

    cupel_log_set(count, &counted, CUPEL_LOG_INFO);
    for (i = 0; i < 4; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, log_much, NULL), 0);
    for (i = 0; i < 4; i++)
        CHECK_INT(pthread_join(threads[i], NULL), 0);
    CHECK_INT(atomic_load(&counted), 4000);
    cupel_log_set(NULL, NULL, CUPEL_LOG_INFO);
}

/* What `work` writes to stderr, in static memory. */
static const char *
stderr_of(void (*work)(void))
{
    static char text[512];
    FILE *file = tmpfile();
    int kept = dup(STDERR_FILENO);
    size_t len;

    CHECK(file != NULL && kept >= 0);
    CHECK(dup2(fileno(file), STDERR_FILENO) >= 0);
    work();
    fflush(stderr);
    CHECK(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    rewind(file);
    len = fread(text, 1, sizeof text - 1, file);
    text[len] = '\0';
    fclose(file);
    return text;
}

static void
print_lines(void)
{
    cupel_log_stderr(NULL, CUPEL_LOG_WARNING, "cupel.test", "first");
    cup_log_hand_over(CUPEL_LOG_INFO, "cupel.test", "second");
    cup_log(CUPEL_LOG_ERROR, "cupel.test", "nobody wants it");
}

TEST(what_was_asked_for_goes_to_stderr_if_there_is_no_hook)
{
    const char *text = stderr_of(print_lines);
    int year, month, day, hour, minute, second, ms, end = 0;

    CHECK_INT(sscanf(text, "%d-%d-%d %d:%d:%d,%3d%n", &year, &month, &day,
                     &hour, &minute, &second, &ms, &end),
              7);
    CHECK(strncmp(text + end, " WARNING cupel.test first\n", 26) == 0);
    CHECK(strstr(text, " INFO cupel.test second\n") != NULL);
    CHECK(strstr(text, "nobody") == NULL);
}
