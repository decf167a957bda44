/* SPDX-License-Identifier: MIT */
/* Lines, writers and readers. */
#include "base/text.h"

#include "support/test.h"

static void
line_of(char *line, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
line_of(char *line, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    cup_text_vline(line, size, format, args);
    va_end(args);
}

TEST(a_line_has_no_control_characters_and_no_tail)
{
    char line[64];

    line_of(line, sizeof line, "a\nb\tc\x7f%s\r\n", "d");
    CHECK_STR(line, "a b c d");
    line_of(line, sizeof line, "%s", "");
    CHECK_STR(line, "");
    line_of(line, sizeof line, "\n\n");
    CHECK_STR(line, "");
}

TEST(a_line_is_cut_at_a_character)
{
    char line[8];

    line_of(line, sizeof line, "123456789");
    CHECK_STR(line, "1234567");
    line_of(line, sizeof line, "1234567");
    CHECK_STR(line, "1234567");
    line_of(line, sizeof line, "12345\xe2\x82\xac");
    CHECK_STR(line, "12345");
    line_of(line, sizeof line, "1234\xe2\x82\xac");
    CHECK_STR(line, "1234\xe2\x82\xac");
    line_of(line, 1, "x");
    CHECK_STR(line, "");
}

TEST(a_writer_counts_what_does_not_fit)
{
    char out[8];
    size_t size;

    for (size = 0; size <= sizeof out; size++) {
        struct cup_writer writer;

        memset(out, '#', sizeof out);
        cup_writer_init(&writer, size > 0 ? out : NULL, size);
        cup_writer_str(&writer, "ab");
        cup_writer_char(&writer, 'c');
        cup_writer_number(&writer, 7, 3);
        CHECK_INT(cup_writer_end(&writer), 6);
        if (size > 0) {
            CHECK_INT(strlen(out), size < 7 ? size - 1 : 6);
            CHECK(memcmp(out, "abc007", strlen(out)) == 0);
        }
        if (size < sizeof out)
            CHECK_INT(out[size], '#');
    }
}

TEST(numbers_are_written_with_zeros_in_front)
{
    char out[32];
    struct cup_writer writer;

    cup_writer_init(&writer, out, sizeof out);
    cup_writer_number(&writer, 0, 0);
    cup_writer_char(&writer, ' ');
    cup_writer_number(&writer, 5, 2);
    cup_writer_char(&writer, ' ');
    cup_writer_number(&writer, UINT64_MAX, 1);
    cup_writer_end(&writer);
    CHECK_STR(out, "0 05 18446744073709551615");
}

static bool
number_of(const char *text, size_t least, size_t most, uint64_t *out)
{
    struct cup_reader reader, before;
    bool taken;

    cup_reader_init(&reader, text, strlen(text));
    before = reader;
    taken = cup_reader_number(&reader, least, most, out);
    CHECK(taken || reader.next == before.next);
    return taken;
}

TEST(numbers_are_read_within_their_bounds)
{
    uint64_t number = 0;

    CHECK(number_of("12", 2, 2, &number));
    CHECK_INT(number, 12);
    CHECK(number_of("1234", 2, 3, &number));
    CHECK_INT(number, 123);
    CHECK(number_of("18446744073709551615", 1, 30, &number));
    CHECK(number == UINT64_MAX);
    CHECK(number_of("", 0, 3, &number));
    CHECK_INT(number, 0);
    CHECK(!number_of("18446744073709551616", 1, 30, &number));
    CHECK(!number_of("99999999999999999999", 1, 30, &number));
    CHECK(!number_of("1x", 2, 2, &number));
    CHECK(!number_of("+1", 1, 2, &number));
    CHECK(!number_of(" 1", 1, 2, &number));
    CHECK(!number_of("", 1, 2, &number));
}

TEST(fractions_are_padded_and_cut)
{
    struct cup_reader reader;
    uint64_t parts;

    cup_reader_init(&reader, "5", 1);
    CHECK(cup_reader_fraction(&reader, 6, &parts));
    CHECK_INT(parts, 500000);
    cup_reader_init(&reader, "1234567899x", 11);
    CHECK(cup_reader_fraction(&reader, 6, &parts));
    CHECK_INT(parts, 123456);
    CHECK_INT(cup_reader_peek(&reader), 'x');
    CHECK(!cup_reader_fraction(&reader, 6, &parts));
    CHECK_INT(cup_reader_peek(&reader), 'x');
}

TEST(a_reader_takes_all_or_nothing)
{
    struct cup_reader reader;

    cup_reader_init(&reader, NULL, 0);
    CHECK(cup_reader_at_end(&reader));
    CHECK_INT(cup_reader_peek(&reader), '\0');
    CHECK(!cup_reader_char(&reader, '\0'));
    CHECK(cup_reader_str(&reader, ""));

    cup_reader_init(&reader, "abc!", 3);
    CHECK(!cup_reader_str(&reader, "abc!"));
    CHECK(!cup_reader_str(&reader, "b"));
    CHECK(!cup_reader_char(&reader, 'b'));
    CHECK(cup_reader_str(&reader, "ab"));
    CHECK(cup_reader_char(&reader, 'c'));
    CHECK(cup_reader_at_end(&reader));
}
