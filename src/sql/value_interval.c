/* SPDX-License-Identifier: MIT */
/* Intervals in text. Both forms that are read are lists of an amount and its
 * unit; every unit belongs to one of the three parts an interval has. */
#include "sql/value_interval.h"

#include "sql/calendar.h"

enum part { PART_MONTHS, PART_DAYS, PART_MICROSECONDS, PART_COUNT };

/* The units of both forms, largest first: the order they have to come in. */
static const struct unit {
    char designator;
    const char *word; /* PostgreSQL's, without the plural's s, or NULL */
    enum part part;
    int64_t size; /* in that part's own units */
} units[] = {
    { 'Y', "year", PART_MONTHS, 12 },
    { 'M', "mon", PART_MONTHS, 1 },
    { 'W', NULL, PART_DAYS, 7 },
    { 'D', "day", PART_DAYS, 1 },
    { 'H', NULL, PART_MICROSECONDS, 3600 * CUP_SECOND_US },
    { 'M', NULL, PART_MICROSECONDS, 60 * CUP_SECOND_US },
    { 'S', NULL, PART_MICROSECONDS, CUP_SECOND_US },
};

enum { UNIT_COUNT = sizeof units / sizeof units[0], FIRST_TIME_UNIT = 4 };

/* ---- Writing ----------------------------------------------------------- */

static uint64_t
magnitude(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static void
write_part(struct cup_writer *writer, int64_t amount, char designator)
{
    if (amount == 0)
        return;
    if (amount < 0)
        cup_writer_char(writer, '-');
    cup_writer_number(writer, magnitude(amount), 1);
    cup_writer_char(writer, designator);
}

static void
write_seconds(struct cup_writer *writer, int64_t microseconds)
{
    uint64_t rest = magnitude(microseconds);
    uint64_t fraction = rest % (uint64_t)CUP_SECOND_US;
    size_t places = 6;

    if (rest == 0)
        return;
    if (microseconds < 0)
        cup_writer_char(writer, '-');
    cup_writer_number(writer, rest / (uint64_t)CUP_SECOND_US, 1);
    if (fraction > 0) {
        for (; fraction % 10 == 0; fraction /= 10)
            places--;
        cup_writer_char(writer, '.');
        cup_writer_number(writer, fraction, places);
    }
    cup_writer_char(writer, 'S');
}

void
cup_interval_write(struct cup_writer *writer, const cupel_interval *interval)
{
    int64_t time = interval->microseconds;

    if (interval->months == 0 && interval->days == 0 && time == 0) {
        cup_writer_str(writer, "PT0S");
        return;
    }
    cup_writer_char(writer, 'P');
    write_part(writer, interval->months / 12, 'Y');
    write_part(writer, interval->months % 12, 'M');
    write_part(writer, interval->days, 'D');
    if (time == 0)
        return;
    cup_writer_char(writer, 'T');
    write_part(writer, time / (3600 * CUP_SECOND_US), 'H');
    write_part(writer, time / (60 * CUP_SECOND_US) % 60, 'M');
    write_seconds(writer, time % (60 * CUP_SECOND_US));
}

/* ---- Reading ----------------------------------------------------------- */

/* What stands before a unit. */
struct amount {
    bool negative;
    uint64_t whole;
    bool has_fraction;
    uint64_t fraction; /* in parts of FRACTION_PARTS */
};

#define FRACTION_PARTS INT64_C(1000000000)

/* What has been read of an interval. */
struct sum {
    int64_t parts[PART_COUNT];
    size_t next_unit; /* the units before it have had their turn */
    bool any;
};

static bool
read_sign(struct cup_reader *reader)
{
    if (cup_reader_char(reader, '-'))
        return true;
    cup_reader_char(reader, '+');
    return false;
}

static bool
read_amount(struct cup_reader *reader, struct amount *amount)
{
    amount->negative = read_sign(reader);
    amount->fraction = 0;
    if (!cup_reader_number(reader, 1, 20, &amount->whole))
        return false;
    amount->has_fraction = cup_reader_char(reader, '.');
    return !amount->has_fraction ||
           cup_reader_fraction(reader, 9, &amount->fraction);
}

static bool
add_signed(int64_t *total, uint64_t amount, bool negative)
{
    if (negative)
        return !__builtin_sub_overflow(*total, amount, total);
    return !__builtin_add_overflow(*total, amount, total);
}

/* Fractions count only where a unit is a fixed number of microseconds. */
static bool
add_amount(struct sum *sum, const struct amount *amount,
           const struct unit *unit)
{
    int64_t *total = &sum->parts[unit->part];
    uint64_t whole, fraction;

    if (amount->has_fraction && unit->part != PART_MICROSECONDS)
        return false;
    if (__builtin_mul_overflow(amount->whole, (uint64_t)unit->size, &whole))
        return false;
    fraction = amount->fraction * (uint64_t)unit->size / FRACTION_PARTS;
    if (!add_signed(total, whole, amount->negative) ||
        !add_signed(total, fraction, amount->negative))
        return false;
    sum->next_unit = (size_t)(unit - units) + 1;
    sum->any = true;
    return true;
}

/* "1Y2M3DT4H5M6.7S", behind the P; every sign is turned if `negative`. */
static bool
read_designators(struct cup_reader *reader, bool negative, struct sum *sum)
{
    size_t end = FIRST_TIME_UNIT;

    while (!cup_reader_at_end(reader)) {
        struct amount amount;
        size_t i;

        if (end < UNIT_COUNT && cup_reader_char(reader, 'T')) {
            end = UNIT_COUNT;
            sum->next_unit = FIRST_TIME_UNIT;
            sum->any = false; /* T alone says nothing */
        }
        if (!read_amount(reader, &amount))
            return false;
        amount.negative = amount.negative != negative;
        for (i = sum->next_unit; i < end; i++) {
            if (cup_reader_char(reader, units[i].designator))
                break;
        }
        if (i == end || !add_amount(sum, &amount, &units[i]))
            return false;
    }
    return sum->any;
}

/* " year", " years" and so on. */
static const struct unit *
read_word(struct cup_reader *reader, size_t next_unit)
{
    size_t i;

    if (!cup_reader_char(reader, ' '))
        return NULL;
    for (i = next_unit; i < FIRST_TIME_UNIT; i++) {
        if (units[i].word == NULL || !cup_reader_str(reader, units[i].word))
            continue;
        cup_reader_char(reader, 's');
        return &units[i];
    }
    return NULL;
}

/* "1 year 2 mons -3 days 04:05:06.789": the clock, if any, comes last. */
static bool
read_words(struct cup_reader *reader, struct sum *sum)
{
    do {
        struct cup_reader start = *reader;
        const struct unit *unit;
        struct amount amount;

        if (!read_amount(reader, &amount))
            return false;
        if (cup_reader_peek(reader) == ':') {
            uint64_t time;
            bool negative = read_sign(&start);

            *reader = start;
            return cup_clock_read(reader, 10, &time) &&
                   cup_reader_at_end(reader) &&
                   add_signed(&sum->parts[PART_MICROSECONDS], time, negative);
        }
        unit = read_word(reader, sum->next_unit);
        if (unit == NULL || !add_amount(sum, &amount, unit))
            return false;
    } while (cup_reader_char(reader, ' '));
    return cup_reader_at_end(reader);
}

bool
cup_interval_parse(const char *text, size_t len, cupel_interval *out)
{
    struct sum sum = { { 0, 0, 0 }, 0, false };
    struct cup_reader reader, start;
    bool negative;

    cup_reader_init(&reader, text, len);
    start = reader;
    negative = read_sign(&reader);
    if (cup_reader_char(&reader, 'P')) {
        if (!read_designators(&reader, negative, &sum))
            return false;
    } else if (!read_words(&start, &sum)) {
        return false;
    }
    if (sum.parts[PART_MONTHS] != (int32_t)sum.parts[PART_MONTHS] ||
        sum.parts[PART_DAYS] != (int32_t)sum.parts[PART_DAYS])
        return false;
    out->months = (int32_t)sum.parts[PART_MONTHS];
    out->days = (int32_t)sum.parts[PART_DAYS];
    out->microseconds = sum.parts[PART_MICROSECONDS];
    return true;
}
