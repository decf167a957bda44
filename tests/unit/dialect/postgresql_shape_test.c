/* SPDX-License-Identifier: MIT */
/* The columns of a result. */
#include "support/test.h"

#include "dialect/postgresql/shape.h"

/* A result of two columns; libpq copies the names. */
static PGresult *
make_result(uint32_t first, uint32_t second, int format)
{
    char one[] = "one", two[] = "two";
    PGresAttDesc columns[] = { { one, 0, 0, format, first, -1, -1 },
                               { two, 0, 0, format, second, -1, -1 } };
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);

    CHECK_INT(PQsetResultAttrs(result, 2, columns), 1);
    return result;
}

TEST(columns_have_names_and_types)
{
    PGresult *result = make_result(23, 1700, 0);
    struct cup_pg_shape *shape;

    CHECK_OK(cup_pg_shape_new(result, true, &shape));
    PQclear(result);
    CHECK(shape->binary);
    CHECK_INT(shape->column_count, 2);
    CHECK_STR(shape->columns[0].name, "one");
    CHECK_INT(shape->columns[0].type, CUPEL_INT);
    CHECK_INT(shape->columns[0].native, 23);
    CHECK_STR(shape->columns[1].name, "two");
    CHECK_INT(shape->columns[1].type, CUPEL_DECIMAL);
    CHECK(shape->readers[0].read == cup_pg_read_int4);
    cup_pg_shape_unref(shape);
}

TEST(one_unknown_type_makes_all_of_it_text)
{
    PGresult *result = make_result(23, 869, 0); /* inet */
    struct cup_pg_shape *shape;

    CHECK_OK(cup_pg_shape_new(result, true, &shape));
    PQclear(result);
    CHECK(!shape->binary);
    CHECK(shape->readers[0].read == cup_pg_read_int_text);
    CHECK_INT(shape->columns[1].type, CUPEL_TEXT);
    CHECK_INT(shape->columns[1].native, 869);
    cup_pg_shape_unref(shape);
}

TEST(a_result_fits_by_its_types_and_formats)
{
    PGresult *result = make_result(23, 25, 1);
    PGresult *other = make_result(23, 20, 1);
    PGresult *text = make_result(23, 25, 0);
    PGresult *none = PQmakeEmptyPGresult(NULL, PGRES_COMMAND_OK);
    struct cup_pg_shape *shape;

    CHECK_OK(cup_pg_shape_new(result, true, &shape));
    CHECK(cup_pg_shape_fits(shape, result));
    CHECK(!cup_pg_shape_fits(shape, other));
    CHECK(!cup_pg_shape_fits(shape, text));
    CHECK(!cup_pg_shape_fits(shape, none));
    cup_pg_shape_unref(shape);
    PQclear(result);
    PQclear(other);
    PQclear(text);
    PQclear(none);
}

TEST(the_last_reference_frees_it)
{
    PGresult *result = make_result(23, 25, 1);
    struct cup_pg_shape *shape;

    CHECK_OK(cup_pg_shape_new(result, true, &shape));
    PQclear(result);
    CHECK(cup_pg_shape_ref(shape) == shape);
    cup_pg_shape_unref(shape);
    CHECK_STR(shape->columns[0].name, "one");
    cup_pg_shape_unref(shape);
    cup_pg_shape_unref(NULL);
}
