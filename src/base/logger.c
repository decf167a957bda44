/* SPDX-License-Identifier: MIT */
/* A logger with a level of its own speaks past the hook's level, since the user
 * asked for it by name. */
#include "base/logger.h"

#include "base/text.h"
#include "base/utf8.h"

enum { LINE_SIZE = 1024 };

void
cup_logger_init(struct cup_logger *logger, const char *part, const char *name,
                int level)
{
    struct cup_writer writer;

    logger->level = level;
    cup_writer_init(&writer, logger->name, sizeof logger->name);
    cup_writer_str(&writer, part);
    if (name != NULL && name[0] != '\0') {
        cup_writer_char(&writer, '.');
        cup_writer_str(&writer, name);
    }
    if (cup_writer_end(&writer) >= sizeof logger->name)
        logger->name[cup_utf8_cut(logger->name, sizeof logger->name - 1)] =
            '\0';
}

void
cup_logger_write(const struct cup_logger *logger, cupel_log_level level,
                 const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    if (!cup_logger_on(logger, level))
        return;
    va_start(args, format);
    cup_text_vline(line, sizeof line, format, args);
    va_end(args);
    cup_logger_text(logger, level, line);
}

void
cup_logger_text(const struct cup_logger *logger, cupel_log_level level,
                const char *text)
{
    cup_log_hand_over(level, logger->name, text);
}
