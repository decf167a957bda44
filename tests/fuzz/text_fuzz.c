/* SPDX-License-Identifier: MIT */
/* Any text compiles or is refused, for every database. The first byte of the
 * input chooses lexis and paramstyle. What was compiled is read by the lexer a
 * second time, as the database would: it must find as many placeholders as
 * there are values to bind, or values would go astray. */
#include "fuzz.h"

#include "sql/lexer.h"
#include "sql/text.h"

#include <string.h>

enum {
    LEXIS_BITS = CUPEL_LEX_DOLLAR_QUOTES | CUPEL_LEX_ESCAPE_STRINGS |
                 CUPEL_LEX_NESTED_COMMENTS | CUPEL_LEX_BACKTICKS |
                 CUPEL_LEX_BRACKETS
};

/* The number of a "$n". */
static size_t
number_of(const char *digits, size_t len)
{
    size_t number = 0;

    for (; len > 0; len--)
        number = number * 10 + (size_t)(*digits++ - '0');
    return number;
}

/* Each "?" is a value; each "$n" has one, and the numbers leave no gap. A colon
 * that was none of a parameter may look like one now ("\:a", ":a:b"), to this
 * lexer but not to a database: the rest of such a text proves nothing. */
static void
check_placeholders(const struct cup_compiled *compiled, uint32_t lexis,
                   cupel_paramstyle style)
{
    struct cup_lexer lexer;
    struct cup_token token;
    size_t found = 0;

    cup_lexer_init(&lexer, compiled->sql, compiled->sql_len, lexis, style);
    do {
        size_t number = found + 1;

        token = cup_lexer_next(&lexer);
        if (token.kind == CUP_TOKEN_PARAMETER)
            return;
        FUZZ_CHECK(token.kind != CUP_TOKEN_UNCLOSED);
        if (token.kind != CUP_TOKEN_PLACEHOLDER)
            continue;
        if (style == CUPEL_PARAMSTYLE_NUMERIC_DOLLAR)
            number = number_of(compiled->sql + token.start + 1, token.len - 1);
        FUZZ_CHECK(number >= 1 && number <= found + 1);
        found += number == found + 1;
    } while (token.kind != CUP_TOKEN_END);
    FUZZ_CHECK(found == compiled->position_count);
}

static void
check_names(const struct cup_compiled *compiled)
{
    size_t used = 0;
    size_t i;

    for (i = 0; i < compiled->position_count; i++) {
        FUZZ_CHECK(compiled->positions[i] <= used);
        used += compiled->positions[i] == used;
    }
    FUZZ_CHECK(used == compiled->name_count);
    for (i = 0; i < compiled->name_count; i++)
        FUZZ_CHECK(strstr(compiled->source, compiled->names[i]) != NULL);
}

static void
check_texts(const struct cup_compiled *compiled, const char *sql, size_t len)
{
    FUZZ_CHECK(strlen(compiled->sql) == compiled->sql_len);
    FUZZ_CHECK(compiled->source_len == len);
    FUZZ_CHECK(strncmp(compiled->source, sql, len) == 0);
    if (compiled->name_count == 0 && strstr(compiled->source, "\\:") == NULL)
        FUZZ_CHECK(strcmp(compiled->sql, compiled->source) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cup_compiled *compiled = NULL;
    cupel_paramstyle style;
    uint32_t lexis;
    cupel_status rc;
    char *sql;

    if (size == 0)
        return 0;
    lexis = data[0] & LEXIS_BITS;
    style = data[0] & 0x80 ? CUPEL_PARAMSTYLE_NUMERIC_DOLLAR
                           : CUPEL_PARAMSTYLE_QMARK;
    size--;
    sql = malloc(size + (size == 0)); /* exact, for the sanitizer */
    FUZZ_CHECK(sql != NULL);
    memcpy(sql, data + 1, size);
    rc = cup_text_compile(sql, size, lexis, style, &compiled);
    FUZZ_CHECK((rc == CUPEL_OK) == (compiled != NULL));
    if (rc == CUPEL_OK) {
        check_texts(compiled, sql, size);
        check_names(compiled);
        check_placeholders(compiled, lexis, style);
        cup_compiled_unref(compiled);
    } else {
        FUZZ_CHECK(rc == CUPEL_E_COMPILE);
    }
    free(sql);
    return 0;
}
