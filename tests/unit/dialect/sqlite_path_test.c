/* SPDX-License-Identifier: MIT */
#include "dialect/sqlite/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "support/test.h"

/* What is opened for a url, beneath the current folder if it is there. */
static void
check(const char *address, const char *before, const char *folder,
      const char *after)
{
    struct cup_sqlite_config config;
    char expected[4096];
    cupel_url *url;
    char *path;

    CHECK_OK(cupel_url_parse(address, &url));
    CHECK_OK(cup_sqlite_config_read(url, &config));
    CHECK_OK(cup_sqlite_path(&config, &path));
    snprintf(expected, sizeof expected, "%s%s%s", before, folder, after);
    CHECK_STR(path, expected);
    cup_free(path);
    cupel_url_free(url);
}

TEST(names_are_made_absolute)
{
    char *here = getcwd(NULL, 0);

    check("sqlite://", ":memory:", "", "");
    check("sqlite:////a/b.db", "/a/b.db", "", "");
    check("sqlite:///a/b.db", "", here, "/a/b.db");
    check("sqlite:///file:b.db", "", here, "/file:b.db");
    free(here);
}

TEST(uris_are_made_absolute_and_complete)
{
    char *here = getcwd(NULL, 0);

    check("sqlite:///file::memory:?uri=1", "file::memory:", "", "");
    check("sqlite:///file:n?uri=1&mode=memory", "file:n", "", "");
    check("sqlite:///file:/a.db?uri=1", "file:/a.db", "", "");
    check("sqlite:///file:b.db?uri=1&immutable=1&nolock=1", "file:", here,
          "/b.db?immutable=1&nolock=1");
    check("sqlite:///file:b.db?uri=1&nolock=1", "file:", here,
          "/b.db?nolock=1");
    free(here);
}

TEST(a_folders_name_is_escaped_in_a_uri_only)
{
    char *here = getcwd(NULL, 0);
    char folder[] = "/tmp/cupel-XXXXXX";
    char odd[64], escaped[64];

    CHECK(mkdtemp(folder) != NULL);
    snprintf(odd, sizeof odd, "%s/50%%?#", folder);
    snprintf(escaped, sizeof escaped, "%s/50%%25%%3F%%23", folder);
    CHECK_INT(mkdir(odd, 0700), 0);
    CHECK_INT(chdir(odd), 0);
    check("sqlite:///file:b.db?uri=1", "file:", escaped, "/b.db");
    check("sqlite:///b.db", "", odd, "/b.db");
    CHECK_INT(chdir(here), 0);
    CHECK_INT(rmdir(odd), 0);
    CHECK_INT(rmdir(folder), 0);
    free(here);
}

/* Settled in one folder, it is opened there from any other. */
static void
check_settled(const char *address, const char *before, const char *after)
{
    struct cup_sqlite_config config;
    char *here = getcwd(NULL, 0), *path;
    cupel_url *url, *settled;
    char expected[4096];

    CHECK_OK(cupel_url_parse(address, &url));
    CHECK_OK(cup_sqlite_settle_url(url, &settled));
    CHECK_INT(chdir("/"), 0);
    CHECK_OK(cup_sqlite_config_read(settled, &config));
    CHECK_OK(cup_sqlite_path(&config, &path));
    CHECK_INT(chdir(here), 0);
    snprintf(expected, sizeof expected, "%s%s%s", before, here, after);
    CHECK_STR(path, expected);
    CHECK_STR(cupel_url_query_get(settled, "timeout"), "7");
    cup_free(path);
    free(here);
    cupel_url_free(settled);
    cupel_url_free(url);
}

TEST(a_settled_url_stays_where_it_was_settled)
{
    check_settled("sqlite:///a.db?timeout=7", "", "/a.db");
    check_settled("sqlite:///file:a.db?timeout=7", "", "/file:a.db");
    check_settled("sqlite:///file:a.db?uri=1&nolock=1&timeout=7",
                  "file:", "/a.db?nolock=1");
}

TEST(what_is_nowhere_or_absolute_is_settled)
{
    static const char *const addresses[] = {
        "sqlite://",
        "sqlite:////a.db",
        "sqlite:///file::memory:?uri=1",
        "sqlite:///file:/a.db?uri=1",
    };

    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        cupel_url *url, *settled;

        CHECK_OK(cupel_url_parse(addresses[i], &url));
        CHECK_OK(cup_sqlite_settle_url(url, &settled));
        CHECK(settled == NULL);
        cupel_url_free(url);
    }
}
