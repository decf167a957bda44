/* SPDX-License-Identifier: MIT */
/* Values by name. Programs keep one or two of them with a connection, so they
 * are looked for from the first to the last. */
#include "base/info.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

/* One value. Owns its name, and the value if there is a function to free it. */
struct cup_info_entry {
    char *name;
    void *value;
    cupel_info_free_fn *free_value; /* may be NULL */
};

enum { FIRST_CAPACITY = 4 };

static struct cup_info_entry *
find(const struct cupel_info *info, const char *name)
{
    for (size_t i = 0; i < info->count; i++) {
        if (strcmp(info->entries[i].name, name) == 0)
            return &info->entries[i];
    }
    return NULL;
}

static void
drop_value(const struct cup_info_entry *entry)
{
    if (entry->free_value != NULL)
        entry->free_value(entry->value);
}

/* Room for one more, with its name. */
static struct cup_info_entry *
add(struct cupel_info *info, const char *name)
{
    size_t capacity = info->capacity > 0 ? info->capacity * 2 : FIRST_CAPACITY;
    struct cup_info_entry *entries;
    char *copy;

    if (info->count == info->capacity) {
        entries = cup_realloc_array(info->entries, capacity, sizeof *entries);
        if (entries == NULL)
            return NULL;
        info->entries = entries;
        info->capacity = capacity;
    }
    copy = cup_strdup(name);
    if (copy == NULL)
        return NULL;
    entries = &info->entries[info->count++];
    *entries = (struct cup_info_entry){ .name = copy };
    return entries;
}

cupel_status
cupel_info_set(cupel_info *info, const char *name, void *value,
               cupel_info_free_fn *free_value)
{
    struct cup_info_entry *entry, old;

    if (info == NULL || name == NULL)
        return cup_error_set(CUPEL_E_ARGUMENT, "no info, or no name");
    if (info->ending)
        return cup_error_set(CUPEL_E_INVALID, "the connection is ending");
    entry = find(info, name);
    if (entry == NULL)
        entry = add(info, name);
    if (entry == NULL)
        return cup_nomem();
    old = *entry;
    entry->value = value;
    entry->free_value = free_value;
    drop_value(&old);
    return CUPEL_OK;
}

void *
cupel_info_get(const cupel_info *info, const char *name)
{
    const struct cup_info_entry *entry = NULL;

    if (info != NULL && name != NULL)
        entry = find(info, name);
    return entry != NULL ? entry->value : NULL;
}

bool
cupel_info_remove(cupel_info *info, const char *name)
{
    struct cup_info_entry *entry = NULL, old;

    if (info != NULL && name != NULL)
        entry = find(info, name);
    if (entry == NULL)
        return false;
    old = *entry;
    info->count--;
    memmove(entry, entry + 1,
            (size_t)(info->entries + info->count - entry) * sizeof *entry);
    cup_free(old.name);
    drop_value(&old);
    return true;
}

void
cupel_info_clear(cupel_info *info)
{
    size_t left = cupel_info_count(info);

    /* What a value sets when it is freed is not for this call. */
    for (; left > 0 && info->count > 0; left--) {
        struct cup_info_entry last = info->entries[--info->count];

        cup_free(last.name);
        drop_value(&last);
    }
}

size_t
cupel_info_count(const cupel_info *info)
{
    return info != NULL ? info->count : 0;
}

const char *
cupel_info_name(const cupel_info *info, size_t index)
{
    if (info == NULL || index >= info->count)
        return NULL;
    return info->entries[index].name;
}

void
cup_info_fini(struct cupel_info *info)
{
    info->ending = true;
    cupel_info_clear(info);
    cup_free(info->entries);
    *info = (struct cupel_info){ 0 };
}

void
cup_info_move(struct cupel_info *from, struct cupel_info *to)
{
    *to = *from;
    *from = (struct cupel_info){ 0 };
}
