/* SPDX-License-Identifier: MIT */
/* Making, checking, comparing and copying values. */
#include "sql/value.h"

#include "sql/calendar.h"
#include "unit/base/failing_alloc.h"

#include <limits.h>
#include <math.h>

static const uint8_t some_uuid[16] = { 1, 2,  3,  4,  5,  6,  7,  8,
                                       9, 10, 11, 12, 13, 14, 15, 16 };

/* One value of each type, arrays last. */
enum { SAMPLE_COUNT = CUPEL_ARRAY + 1 };

static cupel_value array_items[3];
static cupel_value array_rows[2];
static cupel_value samples[SAMPLE_COUNT];

__attribute__((constructor)) static void
make_samples(void)
{
    array_items[0] = cupel_string("a \"quoted\" text");
    array_items[1] = cupel_null();
    array_items[2] = cupel_string("");
    array_rows[0] = cupel_array_of(CUPEL_TEXT, array_items, 3);
    array_rows[1] = cupel_array_of(CUPEL_TEXT, NULL, 0);
    samples[CUPEL_NULL] = cupel_null();
    samples[CUPEL_BOOL] = cupel_bool(true);
    samples[CUPEL_INT] = cupel_int(-42);
    samples[CUPEL_DOUBLE] = cupel_double(1.5);
    samples[CUPEL_DECIMAL] = cupel_decimal("1.50");
    samples[CUPEL_TEXT] = cupel_string("h\xc3\xa9llo");
    samples[CUPEL_BYTES] = cupel_blob("\0\xff", 2);
    samples[CUPEL_DATE] = cupel_date(2024, 2, 29);
    samples[CUPEL_TIME] = cupel_time_of_day(23, 59, 59, 999999);
    samples[CUPEL_DATETIME] = cupel_datetime(-1);
    samples[CUPEL_DATETIMETZ] = cupel_datetimetz(-1);
    samples[CUPEL_INTERVAL] = cupel_interval_of(1, -2, 3);
    samples[CUPEL_UUID] = cupel_uuid(some_uuid);
    samples[CUPEL_JSON] = cupel_json("{\"a\": [1]}");
    samples[CUPEL_ARRAY] = cupel_array_of(CUPEL_TEXT, array_rows, 2);
}

/* ---- Making ------------------------------------------------------------ */

TEST(each_constructor_makes_its_type)
{
    int32_t type;

    for (type = 0; type < SAMPLE_COUNT; type++) {
        CHECK_INT(samples[type].type, type);
        CHECK_OK(cup_value_check(&samples[type]));
    }
    CHECK_INT(samples[CUPEL_INT].as.integer, -42);
    CHECK_INT(samples[CUPEL_TEXT].as.bytes.len, 6);
    CHECK_INT(samples[CUPEL_DATE].as.integer, 19782);
    CHECK_INT(samples[CUPEL_TIME].as.integer, CUP_DAY_US - 1);
    CHECK_INT(samples[CUPEL_INTERVAL].as.interval.months, 1);
    CHECK_INT(samples[CUPEL_INTERVAL].as.interval.days, -2);
    CHECK_INT(samples[CUPEL_INTERVAL].as.interval.microseconds, 3);
    CHECK_INT(samples[CUPEL_ARRAY].element, CUPEL_TEXT);
}

TEST(a_null_pointer_is_null)
{
    CHECK_INT(cupel_string(NULL).type, CUPEL_NULL);
    CHECK_INT(cupel_decimal(NULL).type, CUPEL_NULL);
    CHECK_INT(cupel_json(NULL).type, CUPEL_NULL);
    CHECK_INT(cupel_uuid(NULL).type, CUPEL_NULL);
}

TEST(empty_text_and_bytes_need_no_pointer)
{
    cupel_value text = cupel_string_n(NULL, 0), blob = cupel_blob(NULL, 0);
    cupel_value empty = cupel_string("");

    CHECK_OK(cup_value_check(&text));
    CHECK_OK(cup_value_check(&blob));
    CHECK(cupel_value_equal(&text, &empty));
}

TEST(types_have_names)
{
    static const char *const names[] = {
        "null",       "bool",     "int",  "double", "decimal",
        "text",       "bytes",    "date", "time",   "datetime",
        "datetimetz", "interval", "uuid", "json",   "array",
    };
    int32_t type;

    for (type = 0; type < SAMPLE_COUNT; type++)
        CHECK_STR(cupel_type_name((cupel_type)type), names[type]);
    CHECK_STR(cupel_type_name((cupel_type)SAMPLE_COUNT), "unknown");
    CHECK_STR(cupel_type_name((cupel_type)-1), "unknown");
    CHECK_STR(cupel_type_name((cupel_type)INT_MIN), "unknown");
}

/* ---- Checking ---------------------------------------------------------- */

#define CHECK_BAD(value, status) check_bad((value), (status), __LINE__)

static void
check_bad(cupel_value value, cupel_status status, int line)
{
    cupel_status rc = cup_value_check(&value);

    if (rc != status)
        print_error("line %d: %s\n", line, cupel_status_class(rc));
    CHECK_FAILS(rc, status);
    CHECK(strstr(cupel_error_text(), "secret") == NULL);
}

TEST(dates_and_times_that_do_not_exist_are_refused)
{
    CHECK_BAD(cupel_date(2023, 2, 29), CUPEL_E_VALUE);
    CHECK_BAD(cupel_date(2023, 13, 1), CUPEL_E_VALUE);
    CHECK_BAD(cupel_date(2023, 0, 1), CUPEL_E_VALUE);
    CHECK_BAD(cupel_date(INT_MAX, 1, 1), CUPEL_E_VALUE);
    CHECK_BAD(cupel_date(INT_MIN, INT_MIN, INT_MIN), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(24, 0, 0, 1), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(25, 0, 0, 0), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(-1, 0, 0, 0), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(0, 60, 0, 0), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(0, -1, 0, 0), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(0, 0, 60, 0), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(0, 0, -1, 0), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(0, 0, 0, 1000000), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(0, 0, 0, -1), CUPEL_E_VALUE);
    CHECK_BAD(cupel_time_of_day(INT_MAX, INT_MAX, INT_MAX, INT_MAX),
              CUPEL_E_VALUE);
}

TEST(midnight_at_the_end_of_a_day_is_a_time)
{
    cupel_value midnight = cupel_time_of_day(24, 0, 0, 0);

    CHECK_OK(cup_value_check(&midnight));
    CHECK_INT(midnight.as.integer, CUP_DAY_US);
}

TEST(infinite_dates_are_values)
{
    cupel_value value = cupel_datetime(CUPEL_INFINITY_FUTURE);

    CHECK_OK(cup_value_check(&value));
    value.type = CUPEL_DATE;
    CHECK_OK(cup_value_check(&value));
    value.type = CUPEL_TIME;
    CHECK_FAILS(cup_value_check(&value), CUPEL_E_VALUE);
}

TEST(bad_text_is_refused_and_not_quoted)
{
    CHECK_BAD(cupel_string("secret\xff"), CUPEL_E_VALUE);
    CHECK_BAD(cupel_string("secret\xed\xa0\x80"), CUPEL_E_VALUE);
    CHECK_BAD(cupel_string_n("secret\0x", 8), CUPEL_E_VALUE);
    CHECK_BAD(cupel_string_n("secret\0", 7), CUPEL_E_VALUE);
    CHECK_BAD(cupel_json("\"secret\xff\""), CUPEL_E_VALUE);
    CHECK_BAD(cupel_decimal("secret"), CUPEL_E_VALUE);
    CHECK_BAD(cupel_decimal(""), CUPEL_E_VALUE);
    CHECK_BAD(cupel_string_n(NULL, 5), CUPEL_E_VALUE);
    CHECK_BAD(cupel_blob(NULL, 5), CUPEL_E_VALUE);
}

TEST(a_gibibyte_is_too_much_and_not_looked_at)
{
    CHECK_BAD(cupel_string_n("short", (size_t)CUP_VALUE_BYTES_MAX + 1),
              CUPEL_E_VALUE);
    CHECK_BAD(cupel_blob("short", SIZE_MAX), CUPEL_E_VALUE);
}

TEST(unknown_types_are_refused)
{
    CHECK_BAD((cupel_value){ .type = SAMPLE_COUNT }, CUPEL_E_TYPE);
    CHECK_BAD((cupel_value){ .type = -1 }, CUPEL_E_TYPE);
    CHECK_BAD((cupel_value){ .type = INT32_MIN }, CUPEL_E_TYPE);
    CHECK_BAD(cupel_array_of(CUPEL_ARRAY, NULL, 0), CUPEL_E_TYPE);
    CHECK_BAD(cupel_array_of((cupel_type)99, NULL, 0), CUPEL_E_TYPE);
    CHECK_BAD(cupel_array_of((cupel_type)-1, NULL, 0), CUPEL_E_TYPE);
}

TEST(array_items_must_be_of_the_arrays_type)
{
    cupel_value items[2] = { cupel_int(1), cupel_null() };
    cupel_value inner[1] = { cupel_array_of(CUPEL_TEXT, NULL, 0) };
    cupel_value array = cupel_array_of(CUPEL_INT, items, 2);

    CHECK_OK(cup_value_check(&array));
    CHECK_BAD(cupel_array_of(CUPEL_TEXT, items, 2), CUPEL_E_TYPE);
    CHECK_BAD(cupel_array_of(CUPEL_INT, inner, 1), CUPEL_E_TYPE);
    CHECK_BAD(cupel_array_of(CUPEL_INT, NULL, 2), CUPEL_E_VALUE);
    items[1] = cupel_string("secret");
    CHECK_BAD(cupel_array_of(CUPEL_INT, items, 2), CUPEL_E_TYPE);
    items[0] = cupel_string("secret\xff");
    CHECK_BAD(cupel_array_of(CUPEL_TEXT, items, 2), CUPEL_E_VALUE);
}

enum { CHAIN_MAX = 100000 };

/* An array in an array, `depth` of them. */
static cupel_value
nested(size_t depth)
{
    static cupel_value chain[CHAIN_MAX];
    size_t i;

    chain[0] = cupel_array_of(CUPEL_INT, NULL, 0);
    for (i = 1; i < depth; i++)
        chain[i] = cupel_array_of(CUPEL_INT, &chain[i - 1], 1);
    return chain[depth - 1];
}

TEST(deep_arrays_are_refused_everywhere_without_recursing)
{
    struct cup_arena arena = { 0 };
    cupel_value copy = cupel_int(7);
    cupel_value deep = nested(CUP_ARRAY_DEPTH_MAX);
    char text[200];

    CHECK_OK(cup_value_check(&deep));
    CHECK(cupel_value_equal(&deep, &deep));
    CHECK_OK(cup_value_copy(&arena, &deep, &copy));
    CHECK(cupel_value_equal(&deep, &copy));

    copy = cupel_int(7);
    deep = nested(CUP_ARRAY_DEPTH_MAX + 1);
    CHECK_FAILS(cup_value_check(&deep), CUPEL_E_VALUE);
    CHECK_FAILS(cup_value_copy(&arena, &deep, &copy), CUPEL_E_VALUE);
    CHECK_INT(copy.as.integer, 7);
    deep = nested(CHAIN_MAX);
    CHECK_FAILS(cup_value_check(&deep), CUPEL_E_VALUE);
    CHECK_FAILS(cup_value_copy(&arena, &deep, &copy), CUPEL_E_VALUE);
    CHECK(!cupel_value_equal(&deep, &deep));
    CHECK(cupel_value_format(&deep, text, sizeof text) < sizeof text);
    cup_arena_fini(&arena);
}

/* ---- Comparing --------------------------------------------------------- */

static bool
equal(cupel_value left, cupel_value right)
{
    CHECK_INT(cupel_value_equal(&left, &right),
              cupel_value_equal(&right, &left));
    return cupel_value_equal(&left, &right);
}

TEST(a_value_equals_itself_and_no_other)
{
    int i, j;

    for (i = 0; i < SAMPLE_COUNT; i++) {
        for (j = 0; j < SAMPLE_COUNT; j++)
            CHECK_INT(equal(samples[i], samples[j]), i == j);
    }
    CHECK(cupel_value_equal(NULL, NULL));
    CHECK(!cupel_value_equal(NULL, &samples[0]));
    CHECK(!cupel_value_equal(&samples[0], NULL));
}

TEST(equality_is_of_the_value_not_of_its_spelling)
{
    CHECK(equal(cupel_decimal("1.50"), cupel_decimal("1.5")));
    CHECK(!equal(cupel_decimal("1.50"), cupel_decimal("1.51")));
    CHECK(equal(cupel_double(NAN), cupel_double(-NAN)));
    CHECK(equal(cupel_double(0.0), cupel_double(-0.0)));
    CHECK(!equal(cupel_double(0), cupel_int(0)));
    CHECK(!equal(cupel_string("1"), cupel_json("1")));
    CHECK(!equal(cupel_string("a"), cupel_string("ab")));
    CHECK(!equal(cupel_string("ac"), cupel_string("ab")));
    CHECK(!equal(cupel_interval_of(1, 0, 0), cupel_interval_of(0, 30, 0)));
    CHECK(!equal(cupel_interval_of(0, 0, 1), cupel_interval_of(0, 0, 2)));
    CHECK(!equal(cupel_datetime(0), cupel_datetimetz(0)));
    CHECK(!equal(cupel_bool(true), cupel_bool(false)));
    CHECK(equal(cupel_decimal("x"), cupel_decimal("x")));
    CHECK(!equal(cupel_decimal("x"), cupel_decimal("y")));
    CHECK(!equal((cupel_value){ .type = 99 }, (cupel_value){ .type = 99 }));
}

TEST(arrays_are_equal_item_by_item)
{
    cupel_value left[2] = { cupel_decimal("1"), cupel_null() };
    cupel_value right[2] = { cupel_decimal("1.0"), cupel_null() };

    CHECK(equal(cupel_array_of(CUPEL_DECIMAL, left, 2),
                cupel_array_of(CUPEL_DECIMAL, right, 2)));
    CHECK(!equal(cupel_array_of(CUPEL_DECIMAL, left, 2),
                 cupel_array_of(CUPEL_DECIMAL, right, 1)));
    CHECK(!equal(cupel_array_of(CUPEL_DECIMAL, left, 0),
                 cupel_array_of(CUPEL_INT, right, 0)));
    right[1] = cupel_decimal("0");
    CHECK(!equal(cupel_array_of(CUPEL_DECIMAL, left, 2),
                 cupel_array_of(CUPEL_DECIMAL, right, 2)));
}

static bool
same_key(const cupel_value *left, const cupel_value *right)
{
    struct cup_buf a, b;
    bool same;

    cup_buf_init(&a, 1000);
    cup_buf_init(&b, 1000);
    cup_value_key(&a, left);
    cup_value_key(&b, right);
    CHECK_OK(a.failed);
    CHECK_OK(b.failed);
    same = a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
    cup_buf_fini(&a);
    cup_buf_fini(&b);
    return same;
}

TEST(keys_are_the_same_exactly_for_equal_values)
{
    cupel_value more[SAMPLE_COUNT + 12];
    size_t i, j, count = 0;

    for (i = 0; i < SAMPLE_COUNT; i++)
        more[count++] = samples[i];
    more[count++] = cupel_double(NAN);
    more[count++] = cupel_double(-NAN);
    more[count++] = cupel_double(0.0);
    more[count++] = cupel_double(-0.0);
    more[count++] = cupel_decimal("1.5");
    more[count++] = cupel_decimal("15e-1");
    more[count++] = cupel_string("");
    more[count++] = cupel_array_of(CUPEL_TEXT, array_items, 2);
    more[count++] = cupel_array_of(CUPEL_TEXT, array_items, 3);
    more[count++] = cupel_array_of(CUPEL_INT, NULL, 0);
    more[count++] = cupel_bool(false);
    more[count++] = cupel_interval_of(1, -2, 4);
    CHECK_INT(count, sizeof more / sizeof more[0]);
    for (i = 0; i < count; i++) {
        for (j = 0; j < count; j++)
            CHECK_INT(same_key(&more[i], &more[j]),
                      cupel_value_equal(&more[i], &more[j]));
    }
}

TEST(keys_of_neighbours_do_not_run_into_each_other)
{
    cupel_value left[2] = { cupel_string("ab"), cupel_string("c") };
    cupel_value right[2] = { cupel_string("a"), cupel_string("bc") };
    cupel_value a = cupel_array_of(CUPEL_TEXT, left, 2);
    cupel_value b = cupel_array_of(CUPEL_TEXT, right, 2);

    CHECK(!same_key(&a, &b));
}

/* ---- Copying ----------------------------------------------------------- */

TEST(a_copy_outlives_what_it_was_made_of)
{
    char text[] = "short-lived";
    cupel_value items[2] = { cupel_string_n(text, 5), cupel_null() };
    cupel_value value = cupel_array_of(CUPEL_TEXT, items, 2);
    struct cup_arena arena = { 0 };
    const cupel_value *copies;

    CHECK_OK(cup_value_copy(&arena, &value, &value)); /* onto itself */
    memset(text, 'x', sizeof text);
    memset(items, 0xff, sizeof items);
    CHECK_INT(value.element, CUPEL_TEXT);
    CHECK_INT(value.as.array.count, 2);
    copies = value.as.array.items;
    CHECK_STR(copies[0].as.bytes.data, "short");
    CHECK_INT(copies[0].as.bytes.len, 5);
    CHECK_INT(copies[1].type, CUPEL_NULL);
    cup_arena_fini(&arena);
}

TEST(what_is_not_in_the_value_itself_is_borrowed)
{
    int i;

    for (i = 0; i < SAMPLE_COUNT; i++) {
        bool bytes = i == CUPEL_DECIMAL || i == CUPEL_TEXT ||
                     i == CUPEL_BYTES || i == CUPEL_JSON;

        CHECK_INT(cup_value_borrows(&samples[i]), bytes || i == CUPEL_ARRAY);
    }
}

TEST(every_type_is_copied)
{
    struct cup_arena arena = { 0 };
    cupel_value copy;
    int i;

    for (i = 0; i < SAMPLE_COUNT; i++) {
        CHECK_OK(cup_value_copy(&arena, &samples[i], &copy));
        CHECK(cupel_value_equal(&copy, &samples[i]));
    }
    copy = cupel_blob(NULL, 0);
    CHECK_OK(cup_value_copy(&arena, &copy, &copy));
    CHECK(copy.as.bytes.data != NULL);
    CHECK_INT(copy.as.bytes.len, 0);
    cup_arena_fini(&arena);
}

TEST(copying_survives_every_failed_allocation)
{
    static char large[10000];
    size_t n;

    memset(large, 'x', sizeof large - 1);
    for (n = 1; failing_alloc_begin(n); n++) {
        cupel_value items[2] = { cupel_string(large), cupel_string(large) };
        cupel_value value = cupel_array_of(CUPEL_TEXT, items, 2);
        cupel_value copy = cupel_int(7);
        struct cup_arena arena = { 0 };
        cupel_status rc = cup_value_copy(&arena, &value, &copy);

        if (failing_alloc.failed > 0) {
            CHECK_FAILS(rc, CUPEL_E_NOMEM);
            CHECK_INT(copy.as.integer, 7);
        } else {
            CHECK_OK(rc);
            CHECK(cupel_value_equal(&copy, &value));
        }
        cup_arena_fini(&arena);
        failing_alloc_end();
    }
    CHECK_INT(n - 1, 3 + 1);
}
