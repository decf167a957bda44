/* SPDX-License-Identifier: MIT */
/* The error record. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/utf8.h"
#include "unit/base/failing_alloc.h"

#include <pthread.h>

static const struct {
    cupel_status status;
    int number;
    const char *class_name;
    const char *code;
} table[] = {
#define ROW_OF(name, number, class_name, code) \
    { CUPEL_E_##name, number, class_name, code },
    CUPEL_STATUS_LIST(ROW_OF)
#undef ROW_OF
};

enum { STATUS_COUNT = sizeof table / sizeof table[0] };

TEST(every_status_has_its_class_and_code)
{
    int i;

    for (i = 0; i < STATUS_COUNT; i++) {
        CHECK_INT(table[i].status, table[i].number);
        CHECK_STR(cupel_status_class(table[i].status), table[i].class_name);
        CHECK_INT(cup_error_set(table[i].status, "number %d", i),
                  table[i].status);
        CHECK_INT(cupel_error_status(cupel_error_last()), table[i].status);
        CHECK_STR(cupel_error_code(cupel_error_last()), table[i].code);
    }
    CHECK_STR(cupel_status_class(CUPEL_OK), "OK");
    CHECK_STR(cupel_status_class(CUPEL_ROW), "Row");
    CHECK_STR(cupel_status_class((cupel_status)-1000), "UnknownError");
    CHECK_STR(cupel_status_class((cupel_status)INT32_MIN), "UnknownError");
    CHECK_STR(cupel_status_class((cupel_status)77), "UnknownError");
    cup_error_give(NULL);
}

TEST(a_deadline_may_be_explained_once)
{
    CHECK_INT(cup_error_deadline(), CUPEL_E_TIMEOUT);
    CHECK_STR(cupel_error_text(), "the deadline passed");
    CHECK(cup_error_current()->vague);
    CHECK_INT(cup_error_set(CUPEL_E_TIMEOUT, "no answer"), CUPEL_E_TIMEOUT);
    CHECK(!cup_error_current()->vague);
}

TEST(no_error_reads_as_no_error)
{
    cup_error_give(NULL);
    CHECK(cupel_error_last() == NULL);
    CHECK(cup_error_current() == NULL);
    CHECK(cup_error_take() == NULL);
    CHECK_STR(cupel_error_text(), "no error");
    CHECK_INT(cupel_error_status(NULL), CUPEL_OK);
    CHECK_STR(cupel_error_message(NULL), "no error");
    CHECK_STR(cupel_error_code(NULL), "");
    CHECK_STR(cupel_error_sqlstate(NULL), "");
    CHECK_INT(cupel_error_vendor_code(NULL), 0);
    CHECK(cupel_error_statement(NULL) == NULL);
    CHECK_INT(cupel_error_position(NULL), 0);
    CHECK(cupel_error_detail(NULL) == NULL);
    CHECK(cupel_error_hint(NULL) == NULL);
    CHECK(cupel_error_table(NULL) == NULL);
    CHECK(cupel_error_column(NULL) == NULL);
    CHECK(cupel_error_constraint(NULL) == NULL);
    CHECK(!cupel_error_connection_lost(NULL));
    CHECK(!cupel_error_retry_safe(NULL));
    CHECK_INT(cupel_error_outcome(NULL), CUPEL_OUTCOME_NOT_APPLIED);
    cup_error_free(NULL);
}

static void
fill(struct cupel_error *error)
{
    memcpy(error->sqlstate, "23505", 6);
    error->vendor_code = 2067;
    error->position = 8;
    cup_error_field(&error->statement, "insert into t values (1)");
    cup_error_field(&error->detail, "Key (id)=(1) already exists.");
    cup_error_field(&error->hint, "Use another one.");
    cup_error_field(&error->table, "t");
    cup_error_field(&error->column, "id");
    cup_error_field(&error->constraint, "t_pkey");
    error->connection_lost = true;
    error->retry_safe = true;
    error->outcome = CUPEL_OUTCOME_UNKNOWN;
}

TEST(a_record_says_what_was_put_into_it)
{
    const cupel_error *error;

    CHECK_INT(cup_error_set_code(CUPEL_E_INTEGRITY, "abcd", "a %s", "clash"),
              CUPEL_E_INTEGRITY);
    fill(cup_error_current());
    error = cupel_error_last();
    CHECK_STR(cupel_error_message(error), "a clash");
    CHECK_STR(cupel_error_text(), "a clash");
    CHECK_STR(cupel_error_code(error), "abcd");
    CHECK_STR(cupel_error_sqlstate(error), "23505");
    CHECK_INT(cupel_error_vendor_code(error), 2067);
    CHECK_STR(cupel_error_statement(error), "insert into t values (1)");
    CHECK_INT(cupel_error_position(error), 8);
    CHECK_STR(cupel_error_detail(error), "Key (id)=(1) already exists.");
    CHECK_STR(cupel_error_hint(error), "Use another one.");
    CHECK_STR(cupel_error_table(error), "t");
    CHECK_STR(cupel_error_column(error), "id");
    CHECK_STR(cupel_error_constraint(error), "t_pkey");
    CHECK(cupel_error_connection_lost(error));
    CHECK(cupel_error_retry_safe(error));
    CHECK_INT(cupel_error_outcome(error), CUPEL_OUTCOME_UNKNOWN);
    cup_error_give(NULL);
}

TEST(a_new_failure_starts_from_nothing)
{
    cup_ignore(cup_error_set(CUPEL_E_INTEGRITY, "first"), "looked at below");
    fill(cup_error_current());
    cup_ignore(cup_error_set(CUPEL_E_DATA, "second"), "looked at below");
    CHECK_STR(cupel_error_sqlstate(cupel_error_last()), "");
    CHECK(cupel_error_statement(cupel_error_last()) == NULL);
    CHECK(!cupel_error_connection_lost(cupel_error_last()));
    cup_error_give(NULL);
}

TEST(a_message_may_quote_the_record_it_replaces)
{
    cup_ignore(cup_error_set(CUPEL_E_DATA, "inner"), "quoted below");
    cup_ignore(
        cup_error_set(CUPEL_E_STATEMENT, "outer: %s", cupel_error_text()),
        "looked at below");
    CHECK_STR(cupel_error_text(), "outer: inner");
    cup_error_field(&cup_error_current()->message,
                    cupel_error_text() + strlen("outer: "));
    CHECK_STR(cupel_error_text(), "inner");
    cup_error_give(NULL);
}

TEST(a_message_is_one_line_cut_at_a_character)
{
    char text[2000];
    size_t i;

    for (i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3);
    text[i] = '\0';
    cup_ignore(cup_error_set(CUPEL_E_VALUE, "\r%s", text), "looked at below");
    CHECK_INT(cupel_error_text()[0], ' ');
    CHECK_INT(strlen(cupel_error_text()), 1 + 340 * 3);
    CHECK(cup_utf8_valid(cupel_error_text(), strlen(cupel_error_text())));
    cup_ignore(cup_error_set(CUPEL_E_VALUE, "two\nlines\n"), "looked at below");
    CHECK_STR(cupel_error_text(), "two lines");
    cup_error_give(NULL);
}

TEST(a_record_can_be_taken_and_given_back)
{
    struct cupel_error *error;

    cup_ignore(cup_error_set(CUPEL_E_KEY, "mine"), "taken below");
    error = cup_error_take();
    CHECK(cupel_error_last() == NULL);
    cup_ignore(cup_error_set(CUPEL_E_DATA, "another"), "replaced below");
    cup_error_give(error);
    CHECK_STR(cupel_error_text(), "mine");
    cup_error_give(error); /* what is there already is not freed */
    CHECK_STR(cupel_error_text(), "mine");
    cup_error_give(NULL);
    CHECK(cupel_error_last() == NULL);
}

TEST(without_memory_status_class_and_code_are_still_right)
{
    int i;

    failing_alloc_install(1, true);
    for (i = 0; i < STATUS_COUNT; i++) {
        const cupel_error *error;

        CHECK_INT(cup_error_set(table[i].status, "x"), table[i].status);
        error = cupel_error_last();
        CHECK(cup_error_current() == NULL);
        CHECK_INT(cupel_error_status(error), table[i].status);
        CHECK_STR(cupel_error_code(error), table[i].code);
        CHECK_STR(cupel_error_message(error),
                  table[i].status == CUPEL_E_NOMEM
                      ? "out of memory"
                      : "out of memory while reporting an error");
        cup_error_free(cup_error_take());
    }
    failing_alloc_end();
}

TEST(the_static_record_travels_like_any_other)
{
    struct cupel_error *error;

    CHECK_INT(cup_nomem(), CUPEL_E_NOMEM);
    error = cup_error_take();
    CHECK(error != NULL && cupel_error_last() == NULL);
    cup_error_give(error);
    CHECK_STR(cupel_error_text(), "out of memory");
    cup_error_free(error);
    CHECK_STR(cupel_error_text(), "out of memory");
    cup_error_give(NULL);
}

TEST(a_record_survives_every_failed_allocation)
{
    size_t n;

    for (n = 1; failing_alloc_begin(n); n++) {
        struct cupel_error *error;

        CHECK_INT(cup_error_set(CUPEL_E_DATA, "first"), CUPEL_E_DATA);
        CHECK_INT(cup_error_set_code(CUPEL_E_INTEGRITY, "abcd", "second"),
                  CUPEL_E_INTEGRITY);
        CHECK_INT(cupel_error_status(cupel_error_last()), CUPEL_E_INTEGRITY);
        error = cup_error_current();
        if (error != NULL) {
            fill(error);
            cup_error_field(&error->message, "third");
            CHECK(cupel_error_message(error)[0] != '\0');
        }
        failing_alloc_end();
    }
    CHECK_INT(n - 1, 2 + 2 + 6 + 1 + 1);
}

static struct cupel_error *own_slot;

static struct cupel_error **
own_slot_fn(void)
{
    return &own_slot;
}

TEST(the_record_lives_where_the_slot_function_says)
{
    cup_ignore(cup_error_set(CUPEL_E_KEY, "thread's"), "looked at below");
    cup_error_slot_set(own_slot_fn);
    CHECK(cupel_error_last() == NULL);
    cup_ignore(cup_error_set(CUPEL_E_KEY, "own"), "looked at below");
    CHECK_STR(cupel_error_message(own_slot), "own");
    CHECK_STR(cupel_error_message(*cup_error_thread_slot()), "thread's");
    cup_error_give(NULL);
    cup_error_slot_set(NULL);
    CHECK_STR(cupel_error_text(), "thread's");
    cup_error_give(NULL);
}

static pthread_key_t late_key;

static void
fail_late(void *unused)
{
    (void)unused;
    cup_ignore(cup_error_set(CUPEL_E_KEY, "late"), "the thread is ending");
}

static void *
fail_in_thread(void *unused)
{
    (void)unused;
    CHECK(cupel_error_last() == NULL);
    pthread_setspecific(late_key, &late_key);
    cup_ignore(cup_error_set(CUPEL_E_KEY, "theirs"), "freed by the end");
    CHECK_STR(cupel_error_text(), "theirs");
    return NULL;
}

TEST(each_thread_has_a_record_that_its_end_frees)
{
    pthread_t thread;

    CHECK_INT(pthread_key_create(&late_key, fail_late), 0);
    failing_alloc_install(0, false);
    cup_ignore(cup_error_set(CUPEL_E_DATA, "mine"), "looked at below");
    CHECK_INT(pthread_create(&thread, NULL, fail_in_thread, NULL), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(failing_alloc.calls, 2 + 4);
    CHECK_INT(failing_alloc.blocks, 2);
    CHECK_STR(cupel_error_text(), "mine");
    failing_alloc_end();
    pthread_key_delete(late_key);
}
