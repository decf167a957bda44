/* SPDX-License-Identifier: MIT */
/* Small text work that must not depend on the locale: one-line messages,
 * writing as snprintf counts, reading piece by piece. */
#ifndef CUP_BASE_TEXT_H
#define CUP_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Format one line of at most `size` - 1 bytes: what does not fit is cut at a
 * character, control characters become spaces, spaces at the end go. */
void
cup_text_vline(char *line, size_t size, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* Text on its way into memory that may be too small. As with snprintf, `len`
 * counts what there would be. Zero `size`: only count. */
struct cup_writer {
    char *out; /* borrowed; NULL if `size` is 0 */
    size_t size;
    size_t len;
};

void
cup_writer_init(struct cup_writer *writer, char *out, size_t size);

void
cup_writer_add(struct cup_writer *writer, const void *data, size_t len);

void
cup_writer_str(struct cup_writer *writer, const char *text);

void
cup_writer_char(struct cup_writer *writer, char c);

/* A number with at least `width` digits, zeros in front. */
void
cup_writer_number(struct cup_writer *writer, uint64_t number, size_t width);

/* Put the NUL, if there is any room, and return `len`. */
size_t
cup_writer_end(struct cup_writer *writer);

/* Text that is read from its start. Each function takes what it names and
 * returns true, or takes nothing and returns false. */
struct cup_reader {
    const char *next; /* borrowed */
    const char *end;
};

void
cup_reader_init(struct cup_reader *reader, const char *text, size_t len);

bool
cup_reader_at_end(const struct cup_reader *reader);

/* The next byte, NUL at the end. Takes nothing. */
char
cup_reader_peek(const struct cup_reader *reader);

bool
cup_reader_char(struct cup_reader *reader, char c);

bool
cup_reader_str(struct cup_reader *reader, const char *text);

/* At least `least` and at most `most` decimal digits; more than 64 bits hold
 * are refused. Stops before the digit after `most`. */
bool
cup_reader_number(struct cup_reader *reader, size_t least, size_t most,
                  uint64_t *out);

/* The digits of a fraction as parts of 10^places: "5" with 6 places is 500000.
 * One digit or more; those beyond `places` (at most 18) are cut off. */
bool
cup_reader_fraction(struct cup_reader *reader, size_t places, uint64_t *out);

static inline bool
cup_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

#endif
