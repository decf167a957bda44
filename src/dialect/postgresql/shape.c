/* SPDX-License-Identifier: MIT */
/* libpq asks for all columns of a result in one format. So a shape is binary
 * only if every column's type can be read so; one column of an enum makes the
 * whole result text, and each reader then reads text. */
#include "dialect/postgresql/shape.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

static const struct cup_pg_type *
type_of(const PGresult *described, int column)
{
    const struct cup_pg_type *type =
        cup_pg_type_find(PQftype(described, column));

    return type != NULL ? type : &cup_pg_type_other;
}

/* Whether every column can be read in binary form, and how long the names
 * are together. */
static bool
survey(const PGresult *described, size_t *out_names)
{
    int count = PQnfields(described);
    bool binary = true;
    int i;

    *out_names = 0;
    for (i = 0; i < count; i++) {
        *out_names += strlen(PQfname(described, i)) + 1;
        if (type_of(described, i)->read_binary == NULL)
            binary = false;
    }
    return binary;
}

cupel_status
cup_pg_shape_new(const PGresult *described, bool binary,
                 struct cup_pg_shape **out)
{
    size_t count = (size_t)PQnfields(described);
    struct cup_pg_column *readers;
    struct cup_pg_shape *shape;
    cupel_column *columns;
    size_t names_size, i;
    char *name;

    if (!survey(described, &names_size))
        binary = false;
    shape = cup_alloc(sizeof *shape +
                      count * (sizeof *columns + sizeof *readers) + names_size);
    if (shape == NULL)
        return cup_nomem();
    columns = (cupel_column *)(void *)(shape + 1);
    readers = (struct cup_pg_column *)(void *)(columns + count);
    name = (char *)(readers + count);
    for (i = 0; i < count; i++) {
        const struct cup_pg_type *type = type_of(described, (int)i);
        const char *given = PQfname(described, (int)i);
        size_t size = strlen(given) + 1;

        readers[i].type = type;
        readers[i].read = binary ? type->read_binary : type->read_text;
        columns[i].name = memcpy(name, given, size);
        columns[i].type = type->type;
        columns[i].native = PQftype(described, (int)i);
        name += size;
    }
    atomic_init(&shape->refs, 1);
    shape->column_count = count;
    shape->binary = binary;
    shape->columns = columns;
    shape->readers = readers;
    *out = shape;
    return CUPEL_OK;
}

struct cup_pg_shape *
cup_pg_shape_ref(struct cup_pg_shape *shape)
{
    atomic_fetch_add_explicit(&shape->refs, 1, memory_order_relaxed);
    return shape;
}

void
cup_pg_shape_unref(struct cup_pg_shape *shape)
{
    if (shape == NULL)
        return;
    if (atomic_fetch_sub_explicit(&shape->refs, 1, memory_order_acq_rel) == 1)
        cup_free(shape);
}

bool
cup_pg_shape_fits(const struct cup_pg_shape *shape, const PGresult *rows)
{
    size_t i;

    if ((size_t)PQnfields(rows) != shape->column_count)
        return false;
    for (i = 0; i < shape->column_count; i++) {
        if (PQftype(rows, (int)i) != shape->columns[i].native ||
            (PQfformat(rows, (int)i) == 1) != shape->binary)
            return false;
    }
    return true;
}
