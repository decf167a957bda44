/* SPDX-License-Identifier: MIT */
/* An error in full, for people: in the reference's layout. */
#include "base/error.h"
#include "base/text.h"

static void
write_statement(struct cup_writer *writer, const cupel_error *error)
{
    if (error->statement == NULL)
        return;
    cup_writer_str(writer, "\n[SQL: ");
    cup_writer_str(writer, error->statement);
    cup_writer_char(writer, ']');
    if (error->hides_parameters) {
        cup_writer_str(writer, "\n[SQL parameters hidden due to "
                               "hide_parameters=True]");
    } else if (error->parameters != NULL) {
        cup_writer_str(writer, "\n[parameters: ");
        cup_writer_str(writer, error->parameters);
        cup_writer_char(writer, ']');
    }
}

size_t
cupel_error_render(const cupel_error *error, char *buf, size_t size)
{
    const char *code = cupel_error_code(error);
    struct cup_writer writer;

    cup_writer_init(&writer, buf, buf == NULL ? 0 : size);
    if (error != NULL) {
        cup_writer_char(&writer, '(');
        cup_writer_str(&writer, cupel_status_class(error->status));
        cup_writer_str(&writer, ") ");
    }
    cup_writer_str(&writer, cupel_error_message(error));
    if (error != NULL)
        write_statement(&writer, error);
    if (code[0] != '\0') {
        cup_writer_str(&writer, "\n(Background on this error: ");
        cup_writer_str(&writer, code);
        cup_writer_char(&writer, ')');
    }
    return cup_writer_end(&writer);
}

const char *
cupel_error_parameters(const cupel_error *error)
{
    return error == NULL ? NULL : error->parameters;
}

bool
cupel_error_hide_parameters(const cupel_error *error)
{
    return error != NULL && error->hides_parameters;
}
