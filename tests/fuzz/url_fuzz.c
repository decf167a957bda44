/* SPDX-License-Identifier: MIT */
/* Any text is a url or is refused; what is one survives being written and read
 * again, and shows no password when it is asked to hide it. */
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
    const char *backend = cupel_url_backend_name(url);
    const char *driver = cupel_url_driver_name(url);

    FUZZ_CHECK(strncmp(name, backend, strlen(backend)) == 0);
    FUZZ_CHECK(strcspn(name, "+") == strlen(backend));
    FUZZ_CHECK((driver == NULL) == (strchr(name, '+') == NULL));
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
    free(text);
    return 0;
}
