/* SPDX-License-Identifier: MIT */
/* Errors, logs, events, statements and values, called without what they need.
 */
#include <cupel/event.h>
#include <cupel/ext/dialect.h>
#include <cupel/sql.h>

#include "nulls.h"

static void
from_allocator_set(void)
{
    HARMLESS(cupel_allocator_set(NULL));
    REFUSED(cupel_error_raise(CUPEL_OK, NULL), CUPEL_E_ARGUMENT);
    ALLOWED(cupel_error_status(NULL));
    GIVES_TEXT(cupel_error_message(NULL), "no error");
    GIVES_TEXT(cupel_error_code(NULL), "");
    GIVES_TEXT(cupel_error_sqlstate(NULL), "");
    GIVES(cupel_error_vendor_code(NULL), 0);
    GIVES_NULL(cupel_error_statement(NULL));
    GIVES_NULL(cupel_error_parameters(NULL));
    SAYS_NO(cupel_error_hide_parameters(NULL));
    GIVES(cupel_error_render(NULL, NULL, 1), 8);
    GIVES(cupel_error_position(NULL), 0);
}

static void
from_error_detail(void)
{
    GIVES_NULL(cupel_error_detail(NULL));
    GIVES_NULL(cupel_error_hint(NULL));
    GIVES_NULL(cupel_error_table(NULL));
    GIVES_NULL(cupel_error_column(NULL));
    GIVES_NULL(cupel_error_constraint(NULL));
    SAYS_NO(cupel_error_connection_lost(NULL));
    SAYS_NO(cupel_error_retry_safe(NULL));
    GIVES(cupel_error_outcome(NULL), 0);
    HARMLESS(cupel_log_set(NULL, NULL, (cupel_log_level)1));
    HARMLESS(cupel_log_stderr(NULL, (cupel_log_level)1, NULL, NULL));
    GIVES_NULL(cupel_event_alloc(NULL, 1));
    HARMLESS(cupel_on_engine(NULL));
}

static void
from_on_connection(void)
{
    HARMLESS(cupel_on_connection(NULL));
    HARMLESS(cupel_on_pool(NULL));
    HARMLESS(cupel_on_dialect(NULL));
    REFUSED(cupel_event_listen(cupel_on_engine(NULL), NULL, NULL, NULL, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_event_listen(cupel_on_engine(given.engine), NULL,
                               nulls_listen, &given.dummy, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_event_listen(cupel_on_engine(given.engine), "before_execute",
                               NULL, &given.dummy, 1),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_event_remove(cupel_on_engine(NULL), NULL, NULL, NULL),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_event_remove(cupel_on_engine(given.engine), NULL,
                               nulls_listen, &given.dummy),
            CUPEL_E_ARGUMENT);
    SAYS_NO(cupel_event_contains(cupel_on_engine(NULL), NULL, NULL, NULL));
    SAYS_NO(cupel_event_contains(cupel_on_engine(given.engine), NULL,
                                 nulls_listen, &given.dummy));
    SAYS_NO(cupel_event_contains(cupel_on_engine(given.engine),
                                 "before_execute", NULL, &given.dummy));
    SAYS_NO(cupel_event_contains(cupel_on_engine(given.engine),
                                 "before_execute", nulls_listen, NULL));
}

static void
from_dialect_register(void)
{
    REFUSED(cupel_dialect_register(NULL), CUPEL_E_ARGUMENT);
    GIVES_NULL(cupel_text_init(NULL, NULL));
    GIVES_NULL(cupel_text_init_n(NULL, NULL, 1));
    GIVES_NULL(cupel_text_execution_options(NULL, NULL));
    HARMLESS(cupel_decimal(NULL));
    HARMLESS(cupel_string(NULL));
    HARMLESS(cupel_string_n(NULL, 1));
    HARMLESS(cupel_blob(NULL, 1));
    HARMLESS(cupel_uuid(NULL));
    HARMLESS(cupel_json(NULL));
    HARMLESS(cupel_array_of((cupel_type)1, NULL, 1));
    SAYS_YES(cupel_value_equal(NULL, NULL));
    SAYS_NO(cupel_value_equal(NULL, &given.value));
    SAYS_NO(cupel_value_equal(&given.value, NULL));
}

static void
from_value_format(void)
{
    GIVES(cupel_value_format(NULL, NULL, 1), 0);
    GIVES(cupel_value_format(&given.value, NULL, 1), 1);
    REFUSED(cupel_value_parse((cupel_type)1, NULL, 1, NULL), CUPEL_E_ARGUMENT);
    REFUSED(cupel_value_parse((cupel_type)1, NULL, 1, given.place),
            CUPEL_E_ARGUMENT);
    REFUSED(cupel_value_parse((cupel_type)1, "id", 1, NULL), CUPEL_E_ARGUMENT);
    HARMLESS(cupel_date_split(1, NULL, NULL, NULL));
    HARMLESS(cupel_date_split(1, NULL, given.place, given.place));
    HARMLESS(cupel_date_split(1, given.place, NULL, given.place));
    HARMLESS(cupel_date_split(1, given.place, given.place, NULL));
}

void
nulls_to_base(void)
{
    from_allocator_set();
    from_error_detail();
    from_on_connection();
    from_dialect_register();
    from_value_format();
}
