/* SPDX-License-Identifier: MIT */
/* Any text is a url or is refused; what is one survives being written and read
 * again, and shows no password when it is asked to hide it. The same for any
 * parts; and parts that are replaced by themselves change nothing. */
#include "fuzz.h"

#include <cupel/url.h>

#include <string.h>

static bool
same(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return strcmp(left, right) == 0;
}

/* The url that comes out when this one is written and read. */
static cupel_url *
write_and_read(const cupel_url *url, bool hide_password)
{
    size_t len = cupel_url_render(url, hide_password, NULL, 0);
    char *text = malloc(len + 1);
    cupel_url *again = NULL;

    FUZZ_CHECK(text != NULL);
    FUZZ_CHECK(cupel_url_render(url, hide_password, text, len + 1) == len);
    FUZZ_CHECK(strlen(text) == len);
    FUZZ_CHECK(cupel_url_parse(text, &again) == CUPEL_OK);
    free(text);
    return again;
}

static void
check_names(const cupel_url *url)
{
    const char *name = cupel_url_drivername(url);
    const char *backend = cupel_url_get_backend_name(url);

    FUZZ_CHECK(strncmp(name, backend, strlen(backend)) == 0);
    FUZZ_CHECK(strcspn(name, "+") == strlen(backend));
}

static void
check_query(const cupel_url *url)
{
    size_t count = cupel_url_query_count(url);
    size_t i;

    for (i = 0; i < count; i++) {
        const char *key = cupel_url_query_key(url, i);

        FUZZ_CHECK(cupel_url_query_value(url, i)[0] != '\0');
        FUZZ_CHECK(cupel_url_query_get(url, key) != NULL);
    }
    FUZZ_CHECK(cupel_url_query_key(url, count) == NULL);
}

static void
check_url(const cupel_url *url)
{
    const char *host = cupel_url_host(url);
    cupel_url *again = write_and_read(url, false);
    cupel_url *hidden = write_and_read(url, true);

    FUZZ_CHECK(host == NULL || strpbrk(host, "@/?") == NULL);
    FUZZ_CHECK(cupel_url_port(url) >= 0 && cupel_url_port(url) <= 65535);
    FUZZ_CHECK(cupel_url_equal(url, again));
    FUZZ_CHECK(same(cupel_url_username(url), cupel_url_username(hidden)));
    FUZZ_CHECK(same(cupel_url_host(url), cupel_url_host(hidden)));
    FUZZ_CHECK(same(cupel_url_database(url), cupel_url_database(hidden)));
    FUZZ_CHECK(same(cupel_url_password(hidden),
                    cupel_url_password(url) == NULL ? NULL : "***"));
    cupel_url_free(hidden);
    cupel_url_free(again);
}

static cupel_url_parts
parts_of(const cupel_url *url, cupel_url_pair *pair)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);

    parts.drivername = cupel_url_drivername(url);
    parts.username = cupel_url_username(url);
    parts.password = cupel_url_password(url);
    parts.host = cupel_url_host(url);
    parts.port = cupel_url_port(url);
    parts.database = cupel_url_database(url);
    pair->key = cupel_url_query_key(url, 0);
    pair->value = cupel_url_query_value(url, 0);
    if (pair->key != NULL) {
        parts.query = pair;
        parts.query_count = 1;
    }
    return parts;
}

/* Set to its own parts, and with its query taken away and given back. */
static void
check_changes(const cupel_url *url)
{
    cupel_url *same_url, *fewer, *again;
    cupel_url_parts parts;
    cupel_url_pair pair;
    const char *key;

    parts = parts_of(url, &pair);
    parts.query = NULL;
    parts.query_count = 0;
    FUZZ_CHECK(cupel_url_set(url, &parts, &same_url) == CUPEL_OK);
    FUZZ_CHECK(cupel_url_equal(url, same_url));
    FUZZ_CHECK(cupel_url_hash(url) == cupel_url_hash(same_url));
    cupel_url_free(same_url);
    key = cupel_url_normalized_query_key(url, 0);
    if (key == NULL || cupel_url_normalized_query_count(url, key) > 1)
        return;
    pair.key = key;
    pair.value = cupel_url_query_get(url, key);
    FUZZ_CHECK(cupel_url_difference_update_query(url, &key, 1, &fewer) ==
               CUPEL_OK);
    FUZZ_CHECK(cupel_url_query_get(fewer, key) == NULL);
    FUZZ_CHECK(!cupel_url_equal(url, fewer));
    FUZZ_CHECK(cupel_url_update_query_pairs(fewer, &pair, 1, true, &again) ==
               CUPEL_OK);
    FUZZ_CHECK(cupel_url_equal(url, again));
    cupel_url_free(again);
    cupel_url_free(fewer);
}

/* The text up to the next blank; NULL if nothing is there. */
static const char *
next_word(char **text)
{
    char *word = *text;
    size_t len = strcspn(word, " ");

    *text += len + (word[len] != '\0');
    word[len] = '\0';
    return len == 0 ? NULL : word;
}

/* The words of any text as the parts of a url. */
static void
check_parts(char *text)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    cupel_url *url = NULL;
    cupel_url_pair pair;
    cupel_status rc;

    parts.drivername = "x";
    parts.username = next_word(&text);
    parts.password = parts.username == NULL ? NULL : next_word(&text);
    parts.host = next_word(&text);
    parts.database = next_word(&text);
    pair.key = next_word(&text);
    pair.value = next_word(&text);
    if (pair.key != NULL) {
        parts.query = &pair;
        parts.query_count = 1;
    }
    rc = cupel_url_create(&parts, &url);
    FUZZ_CHECK((rc == CUPEL_OK) == (url != NULL));
    if (rc == CUPEL_OK) {
        check_url(url);
        check_changes(url);
        cupel_url_free(url);
    } else {
        FUZZ_CHECK(rc == CUPEL_E_ARGUMENT || rc == CUPEL_E_TYPE);
    }
}

static void
check_text(const char *text)
{
    cupel_url *url = NULL;
    cupel_status rc = cupel_url_parse(text, &url);

    FUZZ_CHECK((rc == CUPEL_OK) == (url != NULL));
    if (rc == CUPEL_OK) {
        check_names(url);
        check_query(url);
        check_url(url);
        check_changes(url);
        cupel_url_free(url);
    } else {
        FUZZ_CHECK(rc == CUPEL_E_ARGUMENT || rc == CUPEL_E_VALUE);
    }
}

/* Few inputs begin as a url does, so each is also tried behind a beginning. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char beginning[] = "x://";
    size_t skip = strlen(beginning);
    char *text = malloc(skip + size + 1);

    FUZZ_CHECK(text != NULL);
    memcpy(text, beginning, skip);
    if (size > 0)
        memcpy(text + skip, data, size);
    text[skip + size] = '\0';
    check_text(text);
    check_text(text + skip);
    check_parts(text + skip);
    free(text);
    return 0;
}
