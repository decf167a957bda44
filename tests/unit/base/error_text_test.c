/* SPDX-License-Identifier: MIT */
/* Errors in full. */
#include "base/error.h"
#include "support/test.h"

static const char *
render(void)
{
    static char text[512];
    size_t len = cupel_error_render(cupel_error_last(), text, sizeof text);

    CHECK_INT(len, strlen(text));
    CHECK_INT(cupel_error_render(cupel_error_last(), NULL, 0), len);
    return text;
}

TEST(without_an_error_there_is_little_to_say)
{
    cup_error_give(NULL);
    CHECK_STR(render(), "no error");
    CHECK(cupel_error_parameters(NULL) == NULL);
    CHECK(!cupel_error_hide_parameters(NULL));
}

TEST(an_error_without_a_statement_is_class_and_message)
{
    CHECK_FAILS(cupel_error_raise(CUPEL_E_INVALID, "no"), CUPEL_E_INVALID);
    CHECK_STR(render(), "(InvalidRequestError) no");
}

TEST(a_statements_error_shows_sql_parameters_and_code)
{
    struct cupel_error *error;

    CHECK_FAILS(cupel_error_raise(CUPEL_E_INTEGRITY, "taken"),
                CUPEL_E_INTEGRITY);
    error = cup_error_current();
    cup_error_field(&error->statement, "INSERT INTO t VALUES (?)");
    CHECK_STR(render(), "(IntegrityError) taken\n"
                        "[SQL: INSERT INTO t VALUES (?)]\n"
                        "(Background on this error: gkpj)");
    cup_error_field(&error->parameters, "(7,)");
    CHECK_STR(render(), "(IntegrityError) taken\n"
                        "[SQL: INSERT INTO t VALUES (?)]\n"
                        "[parameters: (7,)]\n"
                        "(Background on this error: gkpj)");
    CHECK_STR(cupel_error_parameters(error), "(7,)");
    CHECK_STR(cupel_error_text(), "taken");
    error->hides_parameters = true;
    CHECK(cupel_error_hide_parameters(error));
    CHECK_STR(render(), "(IntegrityError) taken\n"
                        "[SQL: INSERT INTO t VALUES (?)]\n"
                        "[SQL parameters hidden due to hide_parameters=True]\n"
                        "(Background on this error: gkpj)");
    cup_error_give(NULL);
}
