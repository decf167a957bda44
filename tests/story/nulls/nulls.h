/* SPDX-License-Identifier: MIT */
/* Every exported function is called with NULL for all that it is pointed at,
 * and then for each of it in turn, the rest being as it should be. What is
 * called is noted by its name, so that a function that nobody calls is found
 * (nulls.c). */
#ifndef TESTS_STORY_NULLS_NULLS_H
#define TESTS_STORY_NULLS_NULLS_H

#include <cupel/cupel.h>
#include <cupel/ext/dialect.h>

#include "support/test.h"

/* One of everything, in good order. What is refused changes none of it. */
struct nulls_given {
    cupel_engine *engine;
    cupel_connection *conn;
    cupel_transaction *tx;
    cupel_result *rows; /* which `row` is of */
    const cupel_row *row;
    cupel_result *result;
    cupel_scalar_result *scalars;
    cupel_mapping_result *mappings;
    cupel_frozen_result *frozen;
    cupel_pool *pool;
    cupel_raw_connection *raw;
    cupel_info *info;
    cupel_url *url;
    cupel_async_engine *aengine;
    cupel_async_connection *aconn;
    cupel_async_transaction *atx;
    cupel_async_result *aresult;
    cupel_async_scalar_result *ascalars;
    cupel_async_mapping_result *amappings;
    cupel_loop *loop;
    cupel_channel *channel;
    cupel_group *group;
    const cupel_statement *stmt;
    const cupel_params *params;
    const cupel_execution_options *options;
    cupel_engine_options engine_options;
    cupel_url_parts parts;
    cupel_url_pair pairs[1];
    cupel_pool_status status;
    cupel_text text_of_sql;
    cupel_value value;
    const char *names[1];
    char text[64];
    void *place; /* for anything that is given out */
    char dummy;
};

extern struct nulls_given given;

/* Note the function that `call` begins with. */
void
nulls_note(const char *call);

/* Await it, and free what is left. Yields. */
cupel_status
nulls_await(cupel_future *future);

/* Functions to be given. */
cupel_connection_fn nulls_body;
cupel_async_connection_fn nulls_async_body;
cupel_task_fn nulls_task;
cupel_row_key_fn nulls_row_key;
cupel_value_key_fn nulls_value_key;
cupel_event_fn nulls_listen;
void
nulls_free(void *value);

#define REFUSED(call, status) (nulls_note(#call), CHECK_FAILS((call), (status)))
#define ALLOWED(call) (nulls_note(#call), CHECK_OK(call))
#define REFUSED_FUTURE(call, status) \
    (nulls_note(#call), CHECK_FAILS(nulls_await(call), (status)))
#define ALLOWED_FUTURE(call) (nulls_note(#call), CHECK_OK(nulls_await(call)))
#define HARMLESS(call) (nulls_note(#call), (void)(call))
#define SAYS_YES(call) (nulls_note(#call), CHECK(call))
#define SAYS_NO(call) (nulls_note(#call), CHECK(!(call)))
#define GIVES(call, number) (nulls_note(#call), CHECK_INT((call), (number)))
#define GIVES_NULL(call) (nulls_note(#call), CHECK((call) == NULL))
#define GIVES_SOMETHING(call) (nulls_note(#call), CHECK((call) != NULL))
#define GIVES_TEXT(call, text) (nulls_note(#call), CHECK_STR((call), (text)))

/* The calls, by what they are about. All of them yield. */
void
nulls_to_engine(void);
void
nulls_to_connection(void);
void
nulls_to_result(void);
void
nulls_to_base(void);
void
nulls_to_url(void);
void
nulls_to_task(void);
void
nulls_to_async(void);
void
nulls_to_async_result(void);

#endif
