/* SPDX-License-Identifier: MIT */
/* A text is compiled in two passes of the lexer: the first refuses what is
 * wrong and measures, the second writes into one block of memory,
 *
 *     struct cup_compiled | names | positions | source | sql | the names' text
 *
 * which the measure made large enough for the worst the second can meet. */
#include "sql/text.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "base/utf8.h"
#include "sql/lexer.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

enum {
    TEXT_MAX = 1 << 30, /* bytes; more than any database takes */
    PARAMETERS_MAX = 32767,
    PLACEHOLDER_LEN = 6 /* of "$32767" */
};

const cupel_statement *
cupel_text_init(cupel_text *text, const char *sql)
{
    return cupel_text_init_n(text, sql, sql == NULL ? 0 : strlen(sql));
}

const cupel_statement *
cupel_text_init_n(cupel_text *text, const char *sql, size_t len)
{
    if (text == NULL)
        return NULL;
    text->kind = CUP_STATEMENT_TEXT;
    text->reserved = 0;
    text->sql = sql;
    text->len = len;
    text->options = NULL;
    return (const cupel_statement *)(const void *)text;
}

const cupel_statement *
cupel_text_execution_options(cupel_text *text,
                             const cupel_execution_options *options)
{
    if (text == NULL)
        return NULL;
    text->options = options;
    return (const cupel_statement *)(const void *)text;
}

const cupel_execution_options *
cup_statement_options(const cupel_statement *stmt)
{
    if (stmt == NULL || stmt->text.kind != CUP_STATEMENT_TEXT)
        return NULL;
    return stmt->text.options;
}

/* What the first pass found. */
struct measure {
    size_t count;    /* parameters, each time they occur */
    size_t name_len; /* of all their names together, with a NUL each */
};

/* Where the second pass writes. */
struct builder {
    cupel_paramstyle style;
    struct cup_compiled *compiled;
    const char **names;
    size_t *positions;
    struct cup_writer sql;
    char *name;           /* the next byte for a name */
    struct cup_map known; /* name to its place in `names` */
};

static cupel_status
refuse_text(const char *sql, size_t len)
{
    const char *nul;

    if (len > TEXT_MAX)
        return cup_error_set(CUPEL_E_COMPILE,
                             "the statement is longer than 1 GiB");
    nul = len == 0 ? NULL : memchr(sql, '\0', len);
    if (nul != NULL)
        return cup_error_set(CUPEL_E_COMPILE,
                             "there is a NUL at character %zu of the statement",
                             cup_utf8_count(sql, (size_t)(nul - sql)) + 1);
    if (!cup_utf8_valid(sql, len))
        return cup_error_set(CUPEL_E_COMPILE, "the statement is not UTF-8");
    return CUPEL_OK;
}

static cupel_status
refuse_token(const char *sql, const struct cup_token *token)
{
    size_t character = cup_utf8_count(sql, token->start) + 1;

    if (token->kind == CUP_TOKEN_UNCLOSED)
        return cup_error_set(CUPEL_E_COMPILE,
                             "the %s that begins at character %zu of the "
                             "statement has no end",
                             token->what, character);
    return cup_error_set(CUPEL_E_COMPILE,
                         "the placeholder at character %zu of the statement "
                         "has no name: parameters are written :name",
                         character);
}

/* The first pass. */
static cupel_status
measure_text(struct cup_lexer lexer, struct measure *measure)
{
    for (;;) {
        struct cup_token token = cup_lexer_next(&lexer);

        switch (token.kind) {
        case CUP_TOKEN_END:
            return CUPEL_OK;
        case CUP_TOKEN_PARAMETER:
            measure->count++;
            measure->name_len += token.len;
            break;
        case CUP_TOKEN_ESCAPED_COLON:
            break;
        case CUP_TOKEN_PLACEHOLDER:
        case CUP_TOKEN_UNCLOSED:
            return refuse_token(lexer.sql, &token);
        }
    }
}

/* One zeroed block, so that every text in it ends with a NUL, holding a copy of
 * the source; and the builder at its start. */
static struct cup_compiled *
allocate(const struct cup_lexer *lexer, const struct measure *measure,
         struct builder *builder)
{
    struct cup_compiled *compiled;
    size_t fixed = sizeof *compiled +
                   measure->count * (sizeof(const char *) + sizeof(size_t));
    size_t sql_max = lexer->len + measure->count * PLACEHOLDER_LEN;
    char *text;

    compiled = cup_alloc(fixed + lexer->len + sql_max + measure->name_len + 2);
    if (compiled == NULL)
        return NULL;
    builder->compiled = compiled;
    builder->names = (const char **)(void *)(compiled + 1);
    builder->positions = (size_t *)(void *)(builder->names + measure->count);
    text = (char *)compiled + fixed;
    memcpy(text, lexer->sql, lexer->len);
    cup_writer_init(&builder->sql, text + lexer->len + 1, sql_max + 1);
    builder->name = text + lexer->len + 1 + sql_max + 1;

    compiled->refs = 1;
    compiled->source = text;
    compiled->source_len = lexer->len;
    compiled->sql = builder->sql.out;
    compiled->names = builder->names;
    compiled->positions = builder->positions;
    return compiled;
}

/* The index of a name among the distinct ones, which it may join. */
static cupel_status
find_name(struct builder *builder, const char *name, size_t len, size_t *out)
{
    struct cup_compiled *compiled = builder->compiled;
    const char **place = cup_map_get(&builder->known, name, len);
    cupel_status rc;

    if (place == NULL) {
        place = &builder->names[compiled->name_count];
        *place = memcpy(builder->name, name, len);
        rc = cup_map_put(&builder->known, *place, len, place);
        if (rc != CUPEL_OK)
            return rc;
        builder->name += len + 1;
        compiled->name_count++;
    }
    *out = (size_t)(place - builder->names);
    return CUPEL_OK;
}

/* Numbered placeholders are bound once a name, the others each time. */
static cupel_status
write_parameter(struct builder *builder, const char *name, size_t len)
{
    struct cup_compiled *compiled = builder->compiled;
    bool numbered = builder->style == CUPEL_PARAMSTYLE_NUMERIC_DOLLAR;
    size_t index = 0;
    cupel_status rc = find_name(builder, name, len, &index);

    if (rc != CUPEL_OK)
        return rc;
    if (!numbered || index == compiled->position_count)
        builder->positions[compiled->position_count++] = index;
    if (compiled->position_count > PARAMETERS_MAX)
        return cup_error_set(CUPEL_E_COMPILE,
                             "the statement has more than %d parameters",
                             PARAMETERS_MAX);
    cup_writer_char(&builder->sql, numbered ? '$' : '?');
    if (numbered)
        cup_writer_number(&builder->sql, index + 1, 1);
    return CUPEL_OK;
}

/* The second pass. */
static cupel_status
write_text(struct cup_lexer lexer, struct builder *builder)
{
    size_t copied = 0;
    cupel_status rc = CUPEL_OK;

    while (rc == CUPEL_OK) {
        struct cup_token token = cup_lexer_next(&lexer);

        cup_writer_add(&builder->sql, lexer.sql + copied, token.start - copied);
        copied = token.start + token.len;
        if (token.kind == CUP_TOKEN_END)
            break;
        if (token.kind == CUP_TOKEN_PARAMETER)
            rc = write_parameter(builder, lexer.sql + token.start + 1,
                                 token.len - 1);
        else
            cup_writer_char(&builder->sql, ':');
    }
    builder->compiled->sql_len = cup_writer_end(&builder->sql);
    assert(builder->sql.len < builder->sql.size);
    return rc;
}

cupel_status
cup_text_compile(const char *sql, size_t len, uint32_t lexis,
                 cupel_paramstyle style, struct cup_compiled **out)
{
    struct measure measure = { 0, 0 };
    struct builder builder = { .style = style };
    struct cup_lexer lexer;
    cupel_status rc;

    assert(sql != NULL || len == 0);
    if (sql == NULL)
        sql = "";
    rc = refuse_text(sql, len);
    if (rc != CUPEL_OK)
        return rc;
    cup_lexer_init(&lexer, sql, len, lexis, style);
    rc = measure_text(lexer, &measure);
    if (rc != CUPEL_OK)
        return rc;
    if (allocate(&lexer, &measure, &builder) == NULL)
        return cup_nomem();

    rc = write_text(lexer, &builder);
    cup_map_fini(&builder.known);
    if (rc == CUPEL_OK)
        *out = builder.compiled;
    else
        cup_free(builder.compiled);
    return rc;
}

struct cup_compiled *
cup_compiled_ref(struct cup_compiled *compiled)
{
    atomic_fetch_add_explicit(&compiled->refs, 1, memory_order_relaxed);
    return compiled;
}

void
cup_compiled_unref(struct cup_compiled *compiled)
{
    if (compiled == NULL)
        return;
    if (atomic_fetch_sub_explicit(&compiled->refs, 1, memory_order_acq_rel) ==
        1)
        cup_free(compiled);
}
