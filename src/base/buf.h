/* SPDX-License-Identifier: MIT */
/* A byte buffer that grows up to the maximum it was born with. A failed append
 * sets the error record and latches: later ones do nothing, and `failed` tells
 * at the end, so that building a text needs one check. */
#ifndef CUP_BASE_BUF_H
#define CUP_BASE_BUF_H

#include <cupel/error.h>
#include <stdarg.h>

struct cup_buf {
    char *data; /* owned; NUL-terminated whenever not NULL */
    size_t len;
    size_t size;         /* allocated */
    size_t max;          /* most bytes of content */
    cupel_status failed; /* OK, NOMEM, or VALUE when `max` was passed */
};

/* Empty; nothing is allocated yet. */
void
cup_buf_init(struct cup_buf *buf, size_t max);

void
cup_buf_fini(struct cup_buf *buf);

/* Forget the content, keep the memory and clear `failed`. */
void
cup_buf_clear(struct cup_buf *buf);

void
cup_buf_add(struct cup_buf *buf, const void *data, size_t len);

void
cup_buf_add_str(struct cup_buf *buf, const char *text);

void
cup_buf_add_char(struct cup_buf *buf, char c);

void
cup_buf_addf(struct cup_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for `len` more bytes at the end, counted as content; NULL on failure. */
char *
cup_buf_grow(struct cup_buf *buf, size_t len);

/* The content, NUL-terminated, now owned by the caller; NULL on failure. */
char *
cup_buf_take(struct cup_buf *buf);

#endif
