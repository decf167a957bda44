/* SPDX-License-Identifier: MIT */
/* Reading arrays in their text form: {1,2,NULL}, {{"a b","c\"d"},{e,f}}, with
 * the bounds in front, [0:1]={...}, if they do not start at one. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "dialect/postgresql/types.h"

#include <string.h>
#include <strings.h>

/* An array on its way out of its text form. */
struct source {
    const struct cup_pg_type *type;
    const struct cup_pg_type *item;
    struct cup_reader reader;
    struct cup_arena *arena;
};

/* How many items stand between the brace that was just taken and its partner:
 * one more than there are commas outside quotes and inner braces. */
static size_t
count_items(const struct cup_reader *reader)
{
    const char *next = reader->next;
    size_t count = 1;
    int depth = 1;
    bool quoted = false;

    for (; next < reader->end && depth > 0; next++) {
        if (*next == '\\' && next + 1 < reader->end)
            next++;
        else if (*next == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (*next == '{')
            depth++;
        else if (*next == '}')
            depth--;
        else if (*next == ',' && depth == 1)
            count++;
    }
    return count;
}

/* Where the item ends that the reader stands at. */
static const char *
item_end(const struct cup_reader *reader, bool quoted)
{
    const char *next = reader->next;

    for (; next < reader->end; next++) {
        if (*next == '\\' && next + 1 < reader->end)
            next++;
        else if (quoted ? *next == '"' : (*next == ',' || *next == '}'))
            break;
    }
    return next;
}

/* A copy of the item with its backslashes taken off; NULL without memory. */
static char *
unescape(struct source *source, const char *end, size_t *out_len)
{
    char *copy =
        cup_arena_alloc(source->arena, (size_t)(end - source->reader.next) + 1);
    char *to = copy;

    if (copy == NULL)
        return NULL;
    while (source->reader.next < end) {
        if (*source->reader.next == '\\' && source->reader.next + 1 < end)
            source->reader.next++;
        *to++ = *source->reader.next++;
    }
    *to = '\0';
    *out_len = (size_t)(to - copy);
    return copy;
}

static cupel_status
read_item(struct source *source, cupel_value *out)
{
    bool quoted = cup_reader_char(&source->reader, '"');
    const char *end = item_end(&source->reader, quoted);
    size_t len;
    char *text = unescape(source, end, &len);

    if (text == NULL)
        return cup_nomem();
    if (quoted && !cup_reader_char(&source->reader, '"'))
        return cup_pg_malformed(source->type);
    if (!quoted && strcasecmp(text, "NULL") == 0)
        return CUPEL_OK; /* the items are zeroed, and so NULL */
    return source->item->read_text(source->item, text, len, source->arena, out);
}

/* One pair of braces. Recursive: six deep at most. */
static cupel_status
read_dimension(struct source *source, int depth, cupel_value *out)
{
    cupel_value *items;
    cupel_status rc = CUPEL_OK;
    size_t count, i;

    if (depth == CUP_PG_DIMENSIONS_MAX ||
        !cup_reader_char(&source->reader, '{'))
        return cup_pg_malformed(source->type);
    out->type = CUPEL_ARRAY;
    out->element = source->item->type;
    out->as.array.items = NULL;
    out->as.array.count = 0;
    if (cup_reader_char(&source->reader, '}'))
        return CUPEL_OK;

    count = count_items(&source->reader);
    items = cup_arena_array(source->arena, count, sizeof *items);
    if (items == NULL)
        return cup_nomem();
    for (i = 0; i < count && rc == CUPEL_OK; i++) {
        if (cup_reader_peek(&source->reader) == '{')
            rc = read_dimension(source, depth + 1, &items[i]);
        else
            rc = read_item(source, &items[i]);
        if (rc == CUPEL_OK &&
            !cup_reader_char(&source->reader, i + 1 < count ? ',' : '}'))
            rc = cup_pg_malformed(source->type);
    }
    out->as.array.items = items;
    out->as.array.count = count;
    return rc;
}

/* "[1:2][0:4]=", which says nothing that we keep. */
static bool
skip_bounds(struct cup_reader *reader)
{
    if (cup_reader_peek(reader) != '[')
        return true;
    while (!cup_reader_at_end(reader)) {
        if (cup_reader_char(reader, '='))
            return true;
        reader->next++;
    }
    return false;
}

cupel_status
cup_pg_read_array_text(const struct cup_pg_type *type, const char *data,
                       size_t len, struct cup_arena *arena, cupel_value *out)
{
    struct source source = { .type = type,
                             .item = cup_pg_type_find(type->item),
                             .arena = arena };
    cupel_status rc;

    cup_reader_init(&source.reader, data, len);
    if (!skip_bounds(&source.reader))
        return cup_pg_malformed(type);
    rc = read_dimension(&source, 0, out);
    if (rc == CUPEL_OK && !cup_reader_at_end(&source.reader))
        rc = cup_pg_malformed(type);
    return rc;
}
