/* SPDX-License-Identifier: MIT */
/* Text without the locale. printf is used only for what has no number of the
 * floating kind in it; digits are told by their ASCII codes. */
#include "base/text.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void
cup_text_vline(char *line, size_t size, const char *format, va_list args)
{
    size_t i, len;
    int full;

    assert(size > 0);
    full = vsnprintf(line, size, format, args);
    len = full > 0 ? (size_t)full : 0;
    if (len >= size)
        len = cup_utf8_cut(line, size - 1);
    for (i = 0; i < len; i++) {
        unsigned char c = (unsigned char)line[i];

        if (c < 0x20 || c == 0x7f)
            line[i] = ' ';
    }
    while (len > 0 && line[len - 1] == ' ')
        len--;
    line[len] = '\0';
}

void
cup_writer_init(struct cup_writer *writer, char *out, size_t size)
{
    assert(out != NULL || size == 0);
    writer->out = out;
    writer->size = size;
    writer->len = 0;
}

void
cup_writer_add(struct cup_writer *writer, const void *data, size_t len)
{
    size_t room = 0;

    if (writer->size > 0 && writer->len < writer->size - 1)
        room = writer->size - 1 - writer->len;
    if (room > len)
        room = len;
    if (room > 0)
        memcpy(writer->out + writer->len, data, room);
    writer->len += len;
}

void
cup_writer_str(struct cup_writer *writer, const char *text)
{
    cup_writer_add(writer, text, strlen(text));
}

void
cup_writer_char(struct cup_writer *writer, char c)
{
    cup_writer_add(writer, &c, 1);
}

void
cup_writer_number(struct cup_writer *writer, uint64_t number, size_t width)
{
    char digits[20];
    size_t first = sizeof digits;

    assert(width <= sizeof digits);
    while (number > 0 || sizeof digits - first < width) {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    }
    if (first == sizeof digits)
        digits[--first] = '0';
    cup_writer_add(writer, digits + first, sizeof digits - first);
}

size_t
cup_writer_end(struct cup_writer *writer)
{
    if (writer->size > 0) {
        size_t last = writer->size - 1;

        writer->out[writer->len < last ? writer->len : last] = '\0';
    }
    return writer->len;
}

void
cup_reader_init(struct cup_reader *reader, const char *text, size_t len)
{
    static const char empty[] = "";

    reader->next = len > 0 ? text : empty;
    reader->end = reader->next + len;
}

bool
cup_reader_at_end(const struct cup_reader *reader)
{
    return reader->next == reader->end;
}

char
cup_reader_peek(const struct cup_reader *reader)
{
    return reader->next < reader->end ? *reader->next : '\0';
}

bool
cup_reader_char(struct cup_reader *reader, char c)
{
    if (reader->next == reader->end || *reader->next != c)
        return false;
    reader->next++;
    return true;
}

bool
cup_reader_str(struct cup_reader *reader, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(reader->end - reader->next) < len ||
        memcmp(reader->next, text, len) != 0)
        return false;
    reader->next += len;
    return true;
}

bool
cup_reader_number(struct cup_reader *reader, size_t least, size_t most,
                  uint64_t *out)
{
    const char *at = reader->next;
    uint64_t number = 0;
    size_t count = 0;

    while (count < most && at < reader->end && cup_is_digit(*at)) {
        unsigned digit = (unsigned)(*at - '0');

        if (number > (UINT64_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
        at++;
        count++;
    }
    if (count < least)
        return false;
    reader->next = at;
    *out = number;
    return true;
}

bool
cup_reader_fraction(struct cup_reader *reader, size_t places, uint64_t *out)
{
    uint64_t parts = 0;
    size_t count = 0;

    assert(places <= 18);
    while (cup_is_digit(cup_reader_peek(reader))) {
        if (count < places)
            parts = parts * 10 + (unsigned)(*reader->next - '0');
        reader->next++;
        count++;
    }
    if (count == 0)
        return false;
    for (; count < places; count++)
        parts *= 10;
    *out = parts;
    return true;
}
