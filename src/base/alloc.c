/* SPDX-License-Identifier: MIT */
/* The allocator of the library. There is one, chosen before anything else
 * runs, so reading it takes no lock: whoever starts a thread has set it. */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { LARGE = 64 * 1024 };

static void *
libc_allocate(void *context, size_t size_bytes)
{
    (void)context;
    return malloc(size_bytes);
}

static void *
libc_reallocate(void *context, void *memory, size_t size_bytes)
{
    (void)context;
    return realloc(memory, size_bytes);
}

static void
libc_release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

static const cupel_allocator libc_allocator = { sizeof(cupel_allocator), NULL,
                                                libc_allocate, libc_reallocate,
                                                libc_release };

/* Starts as libc_allocator, which is no constant expression in C. */
static cupel_allocator allocator = { sizeof(cupel_allocator), NULL,
                                     libc_allocate, libc_reallocate,
                                     libc_release };

void
cupel_allocator_set(const cupel_allocator *chosen)
{
    if (chosen == NULL) {
        allocator = libc_allocator;
        return;
    }
    if (chosen->struct_size < sizeof *chosen || chosen->allocate == NULL ||
        chosen->reallocate == NULL || chosen->release == NULL)
        return; /* half an allocator would only crash later */
    allocator = *chosen;
}

/* The bytes to ask for, never 0; false if no object can be that large. */
static bool
checked_size(size_t count, size_t size, size_t *out)
{
    if (size != 0 && count > PTRDIFF_MAX / size)
        return false;
    *out = count * size;
    if (*out == 0)
        *out = 1;
    return true;
}

void *
cup_alloc_array(size_t count, size_t size)
{
    size_t size_bytes;
    void *memory;

    if (!checked_size(count, size, &size_bytes))
        return NULL;
    /* Of large blocks calloc knows which pages are zero already; for small
     * ones it goes past glibc's cache of the thread. */
    if (allocator.allocate == libc_allocate && size_bytes >= LARGE)
        return calloc(1, size_bytes);
    memory = allocator.allocate(allocator.context, size_bytes);
    if (memory != NULL)
        memset(memory, 0, size_bytes);
    return memory;
}

void *
cup_alloc(size_t size)
{
    return cup_alloc_array(1, size);
}

void *
cup_realloc_array(void *memory, size_t count, size_t size)
{
    size_t size_bytes;

    if (!checked_size(count, size, &size_bytes))
        return NULL;
    return allocator.reallocate(allocator.context, memory, size_bytes);
}

void
cup_free(void *memory)
{
    if (memory != NULL)
        allocator.release(allocator.context, memory);
}

char *
cup_strndup(const char *text, size_t len)
{
    char *copy;

    if (len >= PTRDIFF_MAX)
        return NULL;
    copy = allocator.allocate(allocator.context, len + 1);
    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *
cup_strdup(const char *text)
{
    return text == NULL ? NULL : cup_strndup(text, strlen(text));
}

void
cup_free_secret(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    cup_free(text);
}
