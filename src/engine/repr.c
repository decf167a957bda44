/* SPDX-License-Identifier: MIT */
/* Values to text that is shown to people. What is too long is cut while it is
 * written: a clip keeps the beginning and, in a ring, the end. */
#include "engine/repr.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

enum {
    MOST_CHARS = 300, /* of one value */
    SEGMENT_CHARS = MOST_CHARS / 2,
    MOST_PARAMS = 100,
    SEGMENT_PARAMS = MOST_PARAMS / 2,
    MOST_SETS = 10,
    LAST_SETS = 2,
    CHAR_BYTES = 4,
    LONG = 16 * 1024, /* bytes or items: the middle is not even looked at */
    END = MOST_CHARS * CHAR_BYTES /* what is, at both ends */
};

/* ---- Clips ------------------------------------------------------------- */

struct glyph {
    unsigned char len;
    char bytes[CHAR_BYTES];
};

/* The beginning and the end of a text of any length. */
struct clip {
    size_t count;       /* characters so far */
    size_t head_len;    /* bytes */
    size_t segment_len; /* bytes of the first SEGMENT_CHARS */
    char head[MOST_CHARS * CHAR_BYTES];
    struct glyph tail[SEGMENT_CHARS]; /* a ring: of character n at n % size */
};

static void
clip_add(struct clip *clip, const char *bytes, size_t len)
{
    struct glyph *last = &clip->tail[clip->count % SEGMENT_CHARS];

    memcpy(last->bytes, bytes, len);
    last->len = (unsigned char)len;
    if (clip->count < MOST_CHARS) {
        memcpy(clip->head + clip->head_len, bytes, len);
        clip->head_len += len;
    }
    clip->count++;
    if (clip->count == SEGMENT_CHARS)
        clip->segment_len = clip->head_len;
}

static void
clip_ascii(struct clip *clip, const char *text)
{
    for (; *text != '\0'; text++)
        clip_add(clip, text, 1);
}

static void
clip_write(const struct clip *clip, struct cup_buf *buf)
{
    size_t i;

    if (clip->count <= MOST_CHARS) {
        cup_buf_add(buf, clip->head, clip->head_len);
        return;
    }
    cup_buf_add(buf, clip->head, clip->segment_len);
    cup_buf_addf(buf, " ... (%zu characters truncated) ... ",
                 clip->count - MOST_CHARS);
    for (i = 0; i < SEGMENT_CHARS; i++) {
        const struct glyph *glyph =
            &clip->tail[(clip->count + i) % SEGMENT_CHARS];

        cup_buf_add(buf, glyph->bytes, glyph->len);
    }
}

/* ---- Values ------------------------------------------------------------ */

/* Bytes of the character at the start of `text`, 0 if that is none. */
static size_t
char_len(const char *text, size_t len)
{
    unsigned char first = (unsigned char)text[0];
    size_t need = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    return need <= len && cup_utf8_valid(text, need) ? need : 0;
}

static void
clip_escaped(struct clip *clip, unsigned char c)
{
    char escape[8];

    switch (c) {
    case '\n':
        clip_ascii(clip, "\\n");
        break;
    case '\r':
        clip_ascii(clip, "\\r");
        break;
    case '\t':
        clip_ascii(clip, "\\t");
        break;
    default:
        snprintf(escape, sizeof escape, "\\x%02x", c);
        clip_ascii(clip, escape);
        break;
    }
}

static void
clip_text(struct clip *clip, const char *text, size_t len)
{
    size_t i = 0, step;

    while (i < len) {
        unsigned char c = (unsigned char)text[i];

        step = char_len(text + i, len - i);
        if (c < 0x20 || c == 0x7f || step == 0) {
            clip_escaped(clip, c);
            step = 1;
        } else {
            if (c == '\'' || c == '\\')
                clip_ascii(clip, "\\");
            clip_add(clip, text + i, step);
        }
        i += step;
    }
}

static bool
is_continued(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* What is cut anyway is only counted, without its escapes. */
static void
clip_middle(struct clip *clip, const char *text, size_t len)
{
    size_t count = 0, i;

    for (i = 0; i < len; i++)
        count += !is_continued(text[i]);
    clip->count += count;
}

static void
clip_quoted(struct clip *clip, const char *text, size_t len)
{
    size_t from = END, to = len - END; /* the middle */
    int i;

    clip_ascii(clip, "'");
    if (len < LONG) {
        clip_text(clip, text, len);
    } else {
        for (i = 1; i < CHAR_BYTES && is_continued(text[from]); i++)
            from++;
        for (i = 1; i < CHAR_BYTES && is_continued(text[to]); i++)
            to++;
        clip_text(clip, text, from);
        clip_middle(clip, text + from, to - from);
        clip_text(clip, text + to, len - to);
    }
    clip_ascii(clip, "'");
}

static void
clip_bytes(struct clip *clip, const cupel_bytes *bytes)
{
    char hex[3];
    size_t i;

    clip_ascii(clip, "x'");
    for (i = 0; i < bytes->len; i++) {
        if (i == END && bytes->len >= LONG) {
            clip->count += 2 * (bytes->len - (size_t)2 * END);
            i = bytes->len - END;
        }
        snprintf(hex, sizeof hex, "%02x", (unsigned char)bytes->data[i]);
        clip_ascii(clip, hex);
    }
    clip_ascii(clip, "'");
}

/* What has a short text of its own, in quotes or not. */
static void
clip_formatted(struct clip *clip, const cupel_value *value, bool quoted)
{
    char text[128];

    cupel_value_format(value, text, sizeof text);
    if (quoted)
        clip_quoted(clip, text, strlen(text));
    else
        clip_ascii(clip, text);
}

static void
clip_value(struct clip *clip, const cupel_value *value);

static void
clip_array(struct clip *clip, const cupel_array *array)
{
    size_t i;

    clip_ascii(clip, "[");
    for (i = 0; i < array->count; i++) {
        if (i == END && array->count >= LONG) {
            clip->count +=
                array->count - (size_t)2 * END; /* and more, uncounted */
            i = array->count - END;
        }
        if (i > 0)
            clip_ascii(clip, ", ");
        clip_value(clip, &array->items[i]);
    }
    clip_ascii(clip, "]");
}

static void
clip_value(struct clip *clip, const cupel_value *value)
{
    const cupel_bytes *bytes = &value->as.bytes;
    size_t i;

    switch ((cupel_type)value->type) {
    case CUPEL_NULL:
    case CUPEL_BOOL:
    case CUPEL_INT:
    case CUPEL_DOUBLE:
        clip_formatted(clip, value, false);
        break;
    case CUPEL_DECIMAL:
        for (i = 0; i < bytes->len; i++)
            clip_add(clip, bytes->data + i, 1);
        break;
    case CUPEL_TEXT:
    case CUPEL_JSON:
        clip_quoted(clip, bytes->data, bytes->len);
        break;
    case CUPEL_BYTES:
        clip_bytes(clip, bytes);
        break;
    case CUPEL_DATE:
    case CUPEL_TIME:
    case CUPEL_DATETIME:
    case CUPEL_DATETIMETZ:
    case CUPEL_INTERVAL:
    case CUPEL_UUID:
        clip_formatted(clip, value, true);
        break;
    case CUPEL_ARRAY:
        clip_array(clip, &value->as.array);
        break;
    }
}

static void
write_value(struct cup_buf *buf, const cupel_value *value)
{
    struct clip clip;

    clip.count = clip.head_len = clip.segment_len = 0;
    clip_value(&clip, value);
    clip_write(&clip, buf);
}

/* ---- Parameters -------------------------------------------------------- */

static void
write_values(struct cup_buf *buf, const cupel_value *values, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (i > 0)
            cup_buf_add_str(buf, ", ");
        write_value(buf, &values[i]);
    }
}

static void
write_set(struct cup_buf *buf, const cupel_value *values, size_t count)
{
    cup_buf_add_char(buf, '(');
    if (count > MOST_PARAMS) {
        write_values(buf, values, SEGMENT_PARAMS);
        cup_buf_addf(buf, " ... %zu parameters truncated ... ",
                     count - MOST_PARAMS);
        write_values(buf, values + count - SEGMENT_PARAMS, SEGMENT_PARAMS);
    } else {
        write_values(buf, values, count);
    }
    cup_buf_add_str(buf, count == 1 ? ",)" : ")");
}

static void
write_sets(struct cup_buf *buf, const cupel_value *values, size_t count,
           size_t from, size_t to)
{
    size_t set;

    for (set = from; set < to; set++) {
        if (set > from)
            cup_buf_add_str(buf, ", ");
        write_set(buf, count == 0 ? NULL : values + set * count, count);
    }
}

void
cup_repr_params(struct cup_buf *buf, const cupel_value *values, size_t count,
                size_t sets)
{
    if (sets <= 1) {
        write_set(buf, values, count);
        return;
    }
    cup_buf_add_char(buf, '[');
    if (sets > MOST_SETS) {
        write_sets(buf, values, count, 0, MOST_SETS - LAST_SETS);
        cup_buf_addf(buf,
                     "  ... displaying %d of %zu total bound parameter sets "
                     "...  ",
                     (int)MOST_SETS, sets);
        write_sets(buf, values, count, sets - LAST_SETS, sets);
    } else {
        write_sets(buf, values, count, 0, sets);
    }
    cup_buf_add_char(buf, ']');
}

/* ---- Rows -------------------------------------------------------------- */

void
cup_repr_row(struct cup_buf *buf, cupel_rows *rows, size_t line)
{
    cupel_value value;
    size_t i;

    cup_buf_add_char(buf, '(');
    for (i = 0; i < rows->column_count; i++) {
        if (i > 0)
            cup_buf_add_str(buf, ", ");
        if (rows->ops->cell(rows, line, i, &value) == CUPEL_OK)
            write_value(buf, &value);
        else
            cup_buf_add_char(buf, '?');
    }
    cup_buf_add_str(buf, rows->column_count == 1 ? ",)" : ")");
}

void
cup_repr_columns(struct cup_buf *buf, const cupel_rows *rows)
{
    size_t i;

    cup_buf_add_char(buf, '(');
    for (i = 0; i < rows->column_count; i++) {
        cupel_value name = cupel_string(rows->columns[i].name);

        if (i > 0)
            cup_buf_add_str(buf, ", ");
        write_value(buf, &name);
    }
    cup_buf_add_str(buf, rows->column_count == 1 ? ",)" : ")");
}
