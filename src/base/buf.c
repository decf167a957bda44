/* SPDX-License-Identifier: MIT */
/* The growing byte buffer. It doubles, never beyond its maximum and one byte
 * for the NUL, so that a text built from strangers' input has a known end. */
#include "base/buf.h"

#include "base/alloc.h"
#include "base/error.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

void
cup_buf_init(struct cup_buf *buf, size_t max)
{
    memset(buf, 0, sizeof *buf);
    buf->max = max < PTRDIFF_MAX ? max : PTRDIFF_MAX - 1;
}

void
cup_buf_fini(struct cup_buf *buf)
{
    cup_free(buf->data);
    cup_buf_init(buf, buf->max);
}

void
cup_buf_clear(struct cup_buf *buf)
{
    buf->len = 0;
    buf->failed = CUPEL_OK;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

/* Make room for `len` more bytes and a NUL; latches failures. */
static bool
reserve(struct cup_buf *buf, size_t len)
{
    size_t size = buf->size > 0 ? buf->size : FIRST_SIZE;
    char *data;

    if (buf->failed != CUPEL_OK)
        return false;
    assert(buf->len <= buf->max);
    if (len > buf->max - buf->len) {
        buf->failed = cup_error_set(
            CUPEL_E_VALUE, "a text would be longer than %zu bytes", buf->max);
        return false;
    }
    if (buf->len + len < buf->size)
        return true;

    while (size <= buf->len + len)
        size = size <= (buf->max + 1) / 2 ? size * 2 : buf->max + 1;
    data = cup_realloc_array(buf->data, size, 1);
    if (data == NULL) {
        buf->failed = cup_nomem();
        return false;
    }
    buf->data = data;
    buf->size = size;
    return true;
}

char *
cup_buf_grow(struct cup_buf *buf, size_t len)
{
    char *room;

    if (!reserve(buf, len))
        return NULL;
    room = buf->data + buf->len;
    buf->len += len;
    buf->data[buf->len] = '\0';
    return room;
}

void
cup_buf_add(struct cup_buf *buf, const void *data, size_t len)
{
    char *room = cup_buf_grow(buf, len);

    if (room != NULL && len > 0)
        memcpy(room, data, len);
}

void
cup_buf_add_str(struct cup_buf *buf, const char *text)
{
    cup_buf_add(buf, text, strlen(text));
}

void
cup_buf_add_char(struct cup_buf *buf, char c)
{
    cup_buf_add(buf, &c, 1);
}

void
cup_buf_addf(struct cup_buf *buf, const char *format, ...)
{
    va_list args;
    char *room;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0) {
        if (buf->failed == CUPEL_OK)
            buf->failed =
                cup_error_set(CUPEL_E_VALUE, "a text cannot be formatted");
        return;
    }
    room = cup_buf_grow(buf, (size_t)len);
    if (room == NULL)
        return;
    va_start(args, format);
    vsnprintf(room, (size_t)len + 1, format, args);
    va_end(args);
}

char *
cup_buf_take(struct cup_buf *buf)
{
    char *data;

    if (!reserve(buf, 0)) /* an empty text is "", not NULL */
        return NULL;
    data = buf->data;
    data[buf->len] = '\0';
    cup_buf_init(buf, buf->max);
    return data;
}
