/* SPDX-License-Identifier: MIT */
/* Any text as a value of any type: what parses is a value that may be sent, and
 * its text reads back as an equal one. The first byte chooses the type. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/error.h"
#include "sql/value.h"

#include <string.h>

/* The value's text, written into exactly the room it needs. */
static char *
format(const cupel_value *value, size_t *len)
{
    char *text;

    *len = cupel_value_format(value, NULL, 0);
    text = malloc(*len + 1);
    FUZZ_CHECK(text != NULL);
    FUZZ_CHECK(cupel_value_format(value, text, *len + 1) == *len);
    FUZZ_CHECK(strlen(text) == *len);
    return text;
}

static void
check_copy(const cupel_value *value)
{
    char memory[256];
    struct cup_arena arena;
    cupel_value copy;

    cup_arena_init(&arena, memory, sizeof memory);
    FUZZ_CHECK(cup_value_copy(&arena, value, &copy) == CUPEL_OK);
    FUZZ_CHECK(cupel_value_equal(&copy, value));
    cup_arena_fini(&arena);
}

static void
check_key(const cupel_value *value, const cupel_value *equal)
{
    struct cup_buf key, other;

    cup_buf_init(&key, CUP_VALUE_BYTES_MAX);
    cup_buf_init(&other, CUP_VALUE_BYTES_MAX);
    cup_value_key(&key, value);
    cup_value_key(&other, equal);
    FUZZ_CHECK(key.failed == CUPEL_OK && other.failed == CUPEL_OK);
    FUZZ_CHECK(key.len == other.len);
    FUZZ_CHECK(memcmp(key.data, other.data, key.len) == 0);
    cup_buf_fini(&key);
    cup_buf_fini(&other);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cupel_value value, again;
    cupel_type type;
    char *input, *text, *text_again;
    size_t len, len_again;

    if (size == 0)
        return 0;
    type = (cupel_type)(data[0] % (CUPEL_ARRAY + 2));
    input = malloc(size); /* one byte more than the text, so never NULL */
    FUZZ_CHECK(input != NULL);
    memcpy(input, data + 1, size - 1);
    if (cupel_value_parse(type, input, size - 1, &value) == CUPEL_OK) {
        FUZZ_CHECK(value.type == (int32_t)type);
        FUZZ_CHECK(cup_value_check(&value) == CUPEL_OK);
        text = format(&value, &len);
        FUZZ_CHECK(cupel_value_parse(type, text, len, &again) == CUPEL_OK);
        FUZZ_CHECK(cupel_value_equal(&value, &again));
        text_again = format(&again, &len_again);
        FUZZ_CHECK(strcmp(text, text_again) == 0);
        check_copy(&value);
        check_key(&value, &again);
        free(text);
        free(text_again);
    }
    free(input);
    cup_error_give(NULL);
    return 0;
}
