/* SPDX-License-Identifier: MIT */
/* What sqlite is told to open: the url's database, made absolute. */
#include "dialect/sqlite/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/error.h"

enum { PATH_MAX_BYTES = 1 << 20 };

/* In a uri, what is part of a name is escaped. */
static void
add_folder(struct cup_buf *buf, const char *folder, bool escaped)
{
    if (!escaped)
        cup_buf_add_str(buf, folder);
    for (; escaped && *folder != '\0'; folder++) {
        if (strchr("%?#", *folder) != NULL)
            cup_buf_addf(buf, "%%%02X", (unsigned)(unsigned char)*folder);
        else
            cup_buf_add(buf, folder, 1);
    }
    cup_buf_add_str(buf, "/");
}

static cupel_status
add_current_folder(struct cup_buf *buf, bool escaped)
{
    char *folder = getcwd(NULL, 0);

    if (folder == NULL)
        return cup_error_set(CUPEL_E_OPERATIONAL,
                             "the current folder has no path: %s",
                             strerror(errno));
    add_folder(buf, folder, escaped);
    free(folder);
    return CUPEL_OK;
}

static bool
is_relative(const struct cup_sqlite_config *config)
{
    const char *name = config->database;

    if (config->memory)
        return false;
    return name[config->uri ? strlen("file:") : 0] != '/';
}

/* The database as the url has it, but absolute. */
static cupel_status
add_database(struct cup_buf *buf, const struct cup_sqlite_config *config)
{
    const char *name = config->database;
    cupel_status rc = CUPEL_OK;

    if (name == NULL)
        name = ":memory:";
    if (config->uri) {
        cup_buf_add_str(buf, "file:");
        name += strlen("file:");
    }
    if (is_relative(config))
        rc = add_current_folder(buf, config->uri);
    cup_buf_add_str(buf, name);
    return rc;
}

/* What a uri says behind its name. */
static void
add_keys(struct cup_buf *buf, const struct cup_sqlite_config *config)
{
    if (config->immutable)
        cup_buf_add_str(buf, "?immutable=1");
    if (config->nolock)
        cup_buf_add_str(buf, config->immutable ? "&nolock=1" : "?nolock=1");
}

/* The buffer's text, unless something went wrong before. */
static cupel_status
take(struct cup_buf *buf, cupel_status rc, char **out)
{
    if (rc == CUPEL_OK && buf->failed != CUPEL_OK)
        rc = buf->failed == CUPEL_E_NOMEM
                 ? cup_nomem()
                 : cup_error_set(CUPEL_E_ARGUMENT, "the path is too long");
    if (rc == CUPEL_OK)
        *out = cup_buf_take(buf);
    cup_buf_fini(buf);
    return rc;
}

cupel_status
cup_sqlite_path(const struct cup_sqlite_config *config, char **out)
{
    struct cup_buf buf;
    cupel_status rc;

    cup_buf_init(&buf, PATH_MAX_BYTES);
    rc = add_database(&buf, config);
    add_keys(&buf, config);
    return take(&buf, rc, out);
}

cupel_status
cup_sqlite_settle_url(const cupel_url *url, cupel_url **out)
{
    cupel_url_parts parts = CUPEL_OPTIONS(cupel_url_parts);
    struct cup_sqlite_config config;
    struct cup_buf buf;
    char *database = NULL;
    cupel_status rc;

    *out = NULL;
    rc = cup_sqlite_config_read(url, &config);
    if (rc != CUPEL_OK || !is_relative(&config))
        return rc;
    cup_buf_init(&buf, PATH_MAX_BYTES);
    rc = add_database(&buf, &config);
    rc = take(&buf, rc, &database);
    parts.database = database;
    if (rc == CUPEL_OK)
        rc = cupel_url_set(url, &parts, out);
    cup_free(database);
    return rc;
}
