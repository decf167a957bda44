/* SPDX-License-Identifier: MIT */
/* Words of a statement, with strings, quoted names and comments passed over. A
 * wrong guess does no harm: a query that is taken for more is run as a whole
 * instead of in batches, and for the other mistake the server has an error. */
#include "dialect/postgresql/keyword.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool
is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool
is_word_char(char c)
{
    return is_word_start(c) || cup_is_digit(c) || c == '$';
}

static void
skip_line(struct cup_reader *sql)
{
    while (!cup_reader_at_end(sql) && *sql->next != '\n')
        sql->next++;
}

/* Block comments nest. The opening is taken. */
static void
skip_comment(struct cup_reader *sql)
{
    int depth = 1;

    while (!cup_reader_at_end(sql) && depth > 0) {
        if (cup_reader_str(sql, "/*"))
            depth++;
        else if (cup_reader_str(sql, "*/"))
            depth--;
        else
            sql->next++;
    }
}

/* Up to the closing quote; a doubled one just opens another string. */
static void
skip_quoted(struct cup_reader *sql, char quote, bool escapes)
{
    while (!cup_reader_at_end(sql)) {
        char c = *sql->next++;

        if (c == quote)
            return;
        if (c == '\\' && escapes && !cup_reader_at_end(sql))
            sql->next++;
    }
}

/* $tag$ ... $tag$; a lone dollar is nothing. */
static void
skip_dollar_quoted(struct cup_reader *sql)
{
    const char *start = sql->next;
    size_t len;

    sql->next++;
    while (is_word_char(cup_reader_peek(sql)) && *sql->next != '$')
        sql->next++;
    if (!cup_reader_char(sql, '$'))
        return;
    len = (size_t)(sql->next - start);
    for (; (size_t)(sql->end - sql->next) >= len; sql->next++) {
        if (memcmp(sql->next, start, len) == 0) {
            sql->next += len;
            return;
        }
    }
    sql->next = sql->end;
}

/* Pass over one thing that is no word. */
static void
skip_one(struct cup_reader *sql)
{
    if (cup_reader_str(sql, "--"))
        skip_line(sql);
    else if (cup_reader_str(sql, "/*"))
        skip_comment(sql);
    else if (cup_reader_char(sql, '\''))
        skip_quoted(sql, '\'', false);
    else if (cup_reader_char(sql, '"'))
        skip_quoted(sql, '"', false);
    else if (*sql->next == '$')
        skip_dollar_quoted(sql);
    else
        sql->next++;
}

/* The next word, or false at the end. */
static bool
next_word(struct cup_reader *sql, const char **word, size_t *len)
{
    while (!cup_reader_at_end(sql) && !is_word_start(*sql->next))
        skip_one(sql);
    *word = sql->next;
    while (is_word_char(cup_reader_peek(sql)))
        sql->next++;
    *len = (size_t)(sql->next - *word);
    if (*len == 1 && (**word == 'e' || **word == 'E') &&
        cup_reader_char(sql, '\''))
        skip_quoted(sql, '\'', true);
    return *len > 0;
}

static bool
is_word(const char *word, size_t len, const char *keyword)
{
    return len == strlen(keyword) && strncasecmp(word, keyword, len) == 0;
}

/* Whether a query does more than that: INSERT, UPDATE, DELETE or MERGE in a
 * WITH, or SELECT INTO. The UPDATE of FOR UPDATE and FOR NO KEY UPDATE is not
 * the one that is meant. */
static bool
changes_data(struct cup_reader *sql, bool has_with)
{
    bool locking = false;
    const char *word;
    size_t len;

    while (next_word(sql, &word, &len)) {
        if (is_word(word, len, "into"))
            return true;
        if (has_with &&
            (is_word(word, len, "insert") || is_word(word, len, "delete") ||
             is_word(word, len, "merge") ||
             (is_word(word, len, "update") && !locking)))
            return true;
        locking = is_word(word, len, "for") || is_word(word, len, "key");
    }
    return false;
}

bool
cup_pg_can_declare(const char *sql, size_t len)
{
    struct cup_reader reader;
    const char *word;

    cup_reader_init(&reader, sql, len);
    if (!next_word(&reader, &word, &len))
        return false;
    if (is_word(word, len, "with"))
        return !changes_data(&reader, true);
    if (is_word(word, len, "select"))
        return !changes_data(&reader, false);
    return is_word(word, len, "values") || is_word(word, len, "table");
}
